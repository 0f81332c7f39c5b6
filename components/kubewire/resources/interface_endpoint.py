"""An interface endpoint: a service of AWS's at addresses of one's own subnets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from kubewire.deferred import UNKNOWN, Later
from kubewire.model import REPLACE
from kubewire.resources.base import Resource
from kubewire.resources.calls import Calls, counted, made_or_retagged
from kubewire.resources.references import named, named_set
from kubewire.resources.tagging import named_fields, retag
from kubewire.resources.vpc_endpoints import (
    EndpointArgs,
    ServiceName,
    change_endpoint,
    delete_endpoint,
    difference,
    live_endpoint,
    make_endpoint,
    owned_endpoints,
)

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import VpcEndpointTypeDef

S3 = ".s3"
"""How its service's name ends."""


class InterfaceEndpointArgs(EndpointArgs):
    """Inputs of an interface endpoint."""

    service: Annotated[ServiceName, REPLACE]
    """What it leads to: `com.amazonaws.<region>.<service>`."""
    subnets: dict[str, Later[str]] = {}
    """The subnets that it has an interface in, name to id: one of each zone at most."""
    security_groups: dict[str, Later[str]] = Field(min_length=1)
    """The groups of its interfaces, name to id. They must let in what is to reach the service, HTTPS as a rule."""
    private_dns: bool = True
    """Whether the service's public name leads to it inside the VPC, which must have DNS and hostnames then.
    A VPC has one endpoint of each service like that."""


class InterfaceEndpointState(InterfaceEndpointArgs):
    """An interface endpoint as it is."""

    dns_names: tuple[str, ...]
    """Its names: for all zones, for each, and the service's own, if private DNS is on."""


class InterfaceEndpoint(Resource[InterfaceEndpointArgs, InterfaceEndpointState]):
    """The way from a VPC to a service, by an interface in each zone. AWS bills it by the hour and zone."""

    Args, State = InterfaceEndpointArgs, InterfaceEndpointState

    @classmethod
    def calls(cls, old: InterfaceEndpointState | None, new: InterfaceEndpointArgs) -> Calls:
        changed = old is not None and (
            set(old.subnets.values()) != set(new.subnets.values())
            or set(old.security_groups.values()) != set(new.security_groups.values())
            or old.private_dns != new.private_dns
        )
        return made_or_retagged("ec2:CreateVpcEndpoint", old, new) + counted(ModifyVpcEndpoint=changed)

    @classmethod
    def foresee(cls, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> dict[str, Any]:
        foreseen = super().foresee(old, new)
        if old is not None and any(old.get(name) != new.get(name) for name in ("subnets", "privateDns")):
            # It has a name in each zone, and the service's own with private DNS.
            foreseen["dnsNames"] = UNKNOWN
        return foreseen

    def find(self, args: InterfaceEndpointArgs) -> list[str]:
        return owned_endpoints(self.cloud, self.owner)

    def create(self, args: InterfaceEndpointArgs) -> str:
        # With all that could be changed later, too: each change takes AWS a minute, and one without a group gets the
        # VPC's default one.
        return make_endpoint(
            self.cloud,
            self.owner,
            self.client_token,
            args,
            "Interface",
            ServiceName=args.service,
            SubnetIds=sorted(args.subnets.values()),
            SecurityGroupIds=sorted(args.security_groups.values()),
            **_private_dns(args),
        )

    def read(self, object_id: str, known: InterfaceEndpointArgs | None) -> InterfaceEndpointState | None:
        endpoint = live_endpoint(self.cloud, object_id, "Interface")
        return None if endpoint is None else _state(endpoint, known)

    def converge(
        self, object_id: str, old: InterfaceEndpointState, new: InterfaceEndpointArgs
    ) -> InterfaceEndpointState:
        def missing(endpoint: VpcEndpointTypeDef) -> dict[str, Any]:
            private = endpoint.get("PrivateDnsEnabled", False)
            return {
                **difference("Subnet", endpoint.get("SubnetIds", []), new.subnets),
                **difference("SecurityGroup", _groups(endpoint), new.security_groups),
                **({} if private is new.private_dns else _private_dns(new)),
            }

        endpoint = change_endpoint(self.cloud, object_id, new.name, missing)
        retag(self.cloud, object_id, old, new, self.owner)
        return _state(endpoint, new).model_copy(update=dict(new))

    def delete(self, object_id: str, state: InterfaceEndpointState) -> None:
        delete_endpoint(self.cloud, object_id, state.name)


def _state(endpoint: VpcEndpointTypeDef, known: InterfaceEndpointArgs | None) -> InterfaceEndpointState:
    return InterfaceEndpointState(
        **named_fields(endpoint.get("Tags", [])),
        vpc=named(endpoint["VpcId"], known.vpc if known else None),
        service=endpoint["ServiceName"],
        subnets=named_set(endpoint.get("SubnetIds", []), known.subnets if known else None),
        security_groups=named_set(_groups(endpoint), known.security_groups if known else None),
        private_dns=endpoint.get("PrivateDnsEnabled", False),
        dns_names=tuple(entry["DnsName"] for entry in endpoint.get("DnsEntries", [])),
    )


def _private_dns(args: InterfaceEndpointArgs) -> dict[str, Any]:
    """Write whether the service's public name leads here.

    For S3, which has gateway endpoints too, AWS would let it lead here for networks outside of the VPC alone, and
    refuse that without a gateway endpoint: https://github.com/hashicorp/terraform-provider-aws/issues/33689
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html#private-dns
    """
    asked: dict[str, Any] = {"PrivateDnsEnabled": args.private_dns}
    if args.private_dns and args.service.endswith(S3):
        asked["DnsOptions"] = {"PrivateDnsOnlyForInboundResolverEndpoint": False}
    return asked


def _groups(endpoint: VpcEndpointTypeDef) -> list[str]:
    return [group["GroupId"] for group in endpoint.get("Groups", [])]
