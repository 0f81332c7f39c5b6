"""ExternalName: a name inside the cluster for a name outside of it. No port, no address, nothing else."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Literal

import pulumi
from pydantic import AfterValidator, Field

from kubewire.declared import Declared
from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import Described, Ref
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.resources.record import Record
from kubewire.resources.records import Records, RecordsArgs
from kubewire.services.common import KubernetesName, ServiceArgs, dns_name, kubernetes_service

# RFC 1123, as the API server checks it
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DNS_NAME = re.compile(rf"{LABEL}(\.{LABEL})*")
LONGEST_NAME = 253


def _dns_name(name: str) -> str:
    try:
        ip_address(name)
    except ValueError:
        pass
    else:
        detail = "An ExternalName is answered as a CNAME, and a CNAME leads to a name. Use a ClusterIP Service instead."
        raise InvalidInputError(f"{name} is an IP address, not a name", detail=detail)
    if len(name) > LONGEST_NAME or not DNS_NAME.fullmatch(name.removesuffix(".")):
        detail = "Labels of lower-case letters, digits and hyphens, joined by dots: `db.example.com`."
        raise InvalidInputError(f"{name!r} is no DNS name", detail=detail)
    return name


DnsName = Annotated[str, AfterValidator(_dns_name)]


class HostedZoneRef(Described):
    """A Route53 zone that exists."""

    domain: DnsName
    """Its name."""
    id: Later[str]
    """Its id."""


class Cname(Described):
    """A CNAME in Route53 that leads to the same name."""

    name: KubernetesName
    """Its first label; the zone's domain follows."""
    zone: HostedZoneRef | None = None
    """The zone. Default: the network's own."""
    ttl: int = Field(default=300, ge=0, le=2147483647)
    """Seconds that resolvers may keep it."""


class ExternalNameServiceArgs(ServiceArgs):
    """What describes an ExternalName Service."""

    type: Literal["ExternalName"] = "ExternalName"
    external_name: DnsName
    """The name that it stands for."""
    cname: Cname | None = None
    """A record in Route53 besides, for those outside the cluster's DNS."""

    def check_zone(self, domain: str | None, path: str) -> None:
        """Refuse a record that has no zone. Raises InvalidInputError.

        Args:
            domain: of the network's own zone, if it has one.
            path: where the Service stands.
        """
        if self.cname and not self.cname.zone and not domain:
            detail = "Give the record a `zone`, or the network a `domain`."
            raise InvalidInputError("there is no zone for the record", detail=detail, path=f"{path}.cname.zone")


class ExternalNameService(pulumi.ComponentResource):
    """A Service that is a CNAME in the cluster's DNS, and on request one in Route53.

    Attributes:
        dns_name: the name that pods find it by.
        record_name: the name of the Route53 record, if it has one.
    """

    def __init__(
        self, args: ExternalNameServiceArgs, network: ClusterNetwork, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        zone = _zone(args, network)
        name = f"{args.namespace}-{args.name}"
        super().__init__("kubewire:services:ExternalNameService", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        kubernetes_service(args, {"type": args.type, "external_name": args.external_name}, self, opts)
        self.dns_name = dns_name(args)
        self.record_name: str | None = None
        if args.cname and zone:
            self.record_name = f"{args.cname.name}.{zone.name}"
            record = Record(ttl=args.cname.ttl, values=(args.external_name,))
            records = RecordsArgs(zone=zone, records={f"{self.record_name} CNAME": record})
            Declared(Records, name, records, child)
        self.outputs = {"dnsName": self.dns_name, "externalName": args.external_name}
        if self.record_name:
            self.outputs["recordName"] = self.record_name
        self.register_outputs(self.outputs)


def _zone(args: ExternalNameServiceArgs, network: ClusterNetwork) -> Ref | None:
    args.check_zone(network.args.domain, f"{args.namespace}/{args.name}")
    if args.cname and args.cname.zone:
        return Ref(name=args.cname.zone.domain, id=args.cname.zone.id)
    return network.zone
