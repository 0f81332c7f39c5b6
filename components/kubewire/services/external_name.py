"""ExternalName: a name inside the cluster for a name outside of it. No port, no address, nothing else."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Any, Literal

import pulumi
from pydantic import AfterValidator, Field, model_validator

from kubewire.declared import Declared
from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import Described, Ref
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.resources.record import Record
from kubewire.resources.records import Records, RecordsArgs
from kubewire.services.common import ServiceArgs, dns_name, kubernetes_service
from kubewire.services.kubernetes_names import DNS_SUBDOMAIN, LONGEST_SUBDOMAIN, ServiceName
from kubewire.services.written import ALWAYS_IN_SPEC, IN_SPEC


def _dns_name(name: str) -> str:
    plain = name.removesuffix(".")
    try:
        ip_address(plain)
    except ValueError:
        pass
    else:
        detail = "An ExternalName is answered as a CNAME, and a CNAME leads to a name. Use a ClusterIP Service instead."
        raise InvalidInputError(f"{name} is an IP address, not a name", detail=detail)
    # No top-level domain is a number (RFC 3696, section 2): 10.0.0.256 is a mistaken address.
    if len(plain) > LONGEST_SUBDOMAIN or not DNS_SUBDOMAIN.fullmatch(plain) or plain.rpartition(".")[2].isdigit():
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

    name: ServiceName
    """Its first label; the zone's domain follows."""
    zone: HostedZoneRef | None = None
    """The zone. Default: the network's own."""
    ttl: int = Field(default=300, ge=0, le=2147483647)
    """Seconds that resolvers may keep it."""


class ExternalNameServiceArgs(ServiceArgs):
    """What describes an ExternalName Service."""

    type: Annotated[Literal["ExternalName"], ALWAYS_IN_SPEC] = "ExternalName"
    external_name: Annotated[DnsName, IN_SPEC]
    """The name that it stands for."""
    cname: Cname | None = None
    """A record in Route53 besides, for those outside the cluster's DNS."""

    @model_validator(mode="before")
    @classmethod
    def _has_no_ports(cls, given: Any) -> Any:
        if isinstance(given, dict) and "ports" in given:
            detail = "It is a name and nothing else: clients use the port of what it leads to. Remove the ports."
            raise InvalidInputError("an ExternalName Service has no ports", detail=detail, path="ports")
        return given

    def record_name(self, domain: str | None, path: str) -> str | None:
        """Give the name of the record that it asks for.

        Args:
            domain: of the network's own zone, if it has one.
            path: where the Service stands.

        Raises:
            InvalidInputError: the record has no zone, is too long, or leads to itself.
        """
        if self.cname is None:
            return None
        zone = self.cname.zone.domain if self.cname.zone else domain
        if zone is None:
            detail = "Give the record a `zone`, or the network a `domain`."
            raise InvalidInputError("there is no zone for the record", detail=detail, path=f"{path}.cname.zone")
        name = f"{self.cname.name}.{zone.removesuffix('.')}"
        if len(name) > LONGEST_SUBDOMAIN:
            detail = f"A DNS name has {LONGEST_SUBDOMAIN} characters at most."
            raise InvalidInputError(f"{name} is too long", detail=detail, path=f"{path}.cname.name")
        if name == self.external_name.removesuffix("."):
            detail = "Nobody could resolve it. Give the record another name."
            raise InvalidInputError(f"{name} would lead to itself", detail=detail, path=f"{path}.cname.name")
        return name


class ExternalNameService(pulumi.ComponentResource):
    """A Service that is a CNAME in the cluster's DNS, and on request one in Route53.

    Attributes:
        dns_name: the name that pods find it by.
        record_name: the name of the Route53 record, if it has one.
    """

    def __init__(
        self, args: ExternalNameServiceArgs, network: ClusterNetwork, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        self.record_name = args.record_name(network.args.domain, args.label)
        name = args.name_in(network)
        super().__init__("kubewire:services:ExternalNameService", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        kubernetes_service(name, args, self, opts)
        self.dns_name = dns_name(args)
        zone = _zone(args, network)
        if args.cname and zone:
            record = Record(ttl=args.cname.ttl, values=(args.external_name,))
            records = RecordsArgs(zone=zone, records={f"{self.record_name} CNAME": record})
            network.forecast.watch(Declared(Records, name, records, child))
        self.outputs = {"dnsName": self.dns_name, "externalName": args.external_name}
        if self.record_name:
            self.outputs["recordName"] = self.record_name
        self.register_outputs(self.outputs)


def _zone(args: ExternalNameServiceArgs, network: ClusterNetwork) -> Ref | None:
    if args.cname and args.cname.zone:
        return Ref(name=args.cname.zone.domain, id=args.cname.zone.id)
    return network.zone
