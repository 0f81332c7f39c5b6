"""ExternalName: a name inside the cluster for a name outside of it. No port, no address, nothing else."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pulumi
from pydantic import model_validator

from kubewire.deferred import UNKNOWN, Later
from kubewire.errors import InvalidInputError
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.resources.dns_names import canonical, is_within
from kubewire.resources.record import AliasRecord, Record
from kubewire.resources.record_values import RecordType
from kubewire.services.common import ServiceArgs, dns_name, kubernetes_service
from kubewire.services.component import ServiceComponent
from kubewire.services.declaration import declaration
from kubewire.services.dns.alias_targets import hosted_zone_of
from kubewire.services.dns.declare import RecordsOf, Wanted
from kubewire.services.dns.description import Ttl
from kubewire.services.dns.zones import APEX, DnsName, InZone
from kubewire.services.written import ALWAYS_IN_SPEC, IN_SPEC


class Cname(InZone):
    """A CNAME in Route53 that leads to the same name. At a zone's apex it is an alias, where AWS has one."""

    ttl: Ttl = 300
    """Seconds that resolvers may keep it; an alias has none of its own."""


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
        name = self.cname.full_name(domain, f"{path}.cname")
        if name == canonical(self.external_name):
            detail = "Nobody could resolve it. Give the record another name."
            raise InvalidInputError(f"{name} would lead to itself", detail=detail, path=f"{path}.cname.name")
        return name

    def record(self, domain: str | None, zone_id: Later[str], path: str) -> Wanted | None:
        """Give the record that it asks for.

        Args:
            domain: of the network's own zone, if it has one.
            zone_id: the id of that.
            path: where the Service stands.

        Raises:
            InvalidInputError: as `record_name` does, and at an apex where AWS has no alias for the name.
        """
        name = self.record_name(domain, path)
        if name is None or self.cname is None:
            return None
        target = canonical(self.external_name)
        if self.cname.name != APEX:
            row: Record | AliasRecord = Record(ttl=self.cname.ttl, values=(target,))
            return Wanted(self.cname, {f"{name} {RecordType.CNAME}": row}, f"{path}.cname")
        own = self.cname.zone.id if self.cname.zone else zone_id
        zone = own if is_within(target, name) else hosted_zone_of(target)
        if zone is None:
            detail = (
                "A zone's apex can't be a CNAME, and an alias leads to a load balancer's, CloudFront's or Global "
                "Accelerator's name, or to one of the zone. Give the record another name, `www` for example."
            )
            raise InvalidInputError(f"AWS has no alias for {target}", detail=detail, path=f"{path}.cname.name")
        alias = AliasRecord(dns_name=target, hosted_zone_id=zone)
        return Wanted(self.cname, {f"{name} {RecordType.A}": alias}, f"{path}.cname")


class ExternalNameService(ServiceComponent):
    """A Service that is a CNAME in the cluster's DNS, and on request one in Route53.

    Attributes:
        dns_name: the name that pods find it by.
        record_name: the name of the Route53 record, if it has one.
    """

    def __init__(
        self, args: ExternalNameServiceArgs, network: ClusterNetwork, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        domain, zone = network.args.domain, network.zone
        unknown: Any = UNKNOWN
        record = args.record(domain, zone.id if zone else unknown, args.label)
        self.record_name = args.record_name(domain, args.label)
        name = args.name_in(network)
        super().__init__("kubewire:services:ExternalNameService", name, declaration(network), opts, network=network)
        kubernetes_service(name, args, self, opts)
        self.dns_name = dns_name(args)
        if record:
            RecordsOf(network, name, args.label, self).declare([record], alone=True)
        self.outputs = {"dnsName": self.dns_name, "externalName": args.external_name}
        if self.record_name:
            self.outputs["recordName"] = self.record_name
        self.register_outputs(self.outputs)
