"""A network load balancer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from kubewire.deferred import Later, is_deferred
from kubewire.errors import InUseError, InvalidInputError, NotFoundError, RefusedError
from kubewire.found import Found, is_declared
from kubewire.model import REPLACE, REPLACE_KEPT, UNIQUE
from kubewire.resources.balancer_addresses import (
    Addressing,
    IpAddressType,
    SubnetAddress,
    addressing_of,
    found_addresses,
    placement,
)
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.calls import Calls, counted, made_or_retagged
from kubewire.resources.elb import BalancerName, read_as
from kubewire.resources.elb_tags import on_create, owned, pairs, require_own, retag, tags_of
from kubewire.resources.references import named_set
from kubewire.resources.tagging import named_fields, where
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from types_boto3_elbv2.type_defs import (
        CreateLoadBalancerOutputTypeDef,
        LoadBalancerAttributeTypeDef,
        LoadBalancerTypeDef,
    )

CROSS_ZONE = "load_balancing.cross_zone.enabled"
DELETION_PROTECTION = "deletion_protection.enabled"
FRESH = {CROSS_ZONE: "false", DELETION_PROTECTION: "false"}
"""What AWS gives a new one.
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#load-balancer-attributes"""
TAKES_TRAFFIC = ("active", "active_impaired")


class Scheme(StrEnum):
    """Who can reach a load balancer."""

    INTERNAL = "internal"
    INTERNET_FACING = "internet-facing"


def _has_groups(fields: dict[str, Any]) -> bool:
    return bool(fields.get("security_groups"))


def _addressing(fields: dict[str, Any]) -> Addressing:
    return addressing_of(fields.get("addresses", {}))


class NetworkLoadBalancerArgs(NamedArgs):
    """Inputs of a network load balancer."""

    name: Annotated[BalancerName, REPLACE, UNIQUE]
    """Its name, one in account and region: 1 to 32 letters, digits and hyphens. Its DNS name starts with it."""
    scheme: Annotated[Scheme, REPLACE] = Scheme.INTERNAL
    """Who can reach it."""
    subnets: dict[str, Later[str]] = Field(min_length=1)
    """The subnets that it has an address in, names to ids; one a zone."""
    security_groups: dict[str, Later[str]] = {}
    """The groups that guard it, names to ids. Without any, it takes traffic from everywhere."""
    guarded: Annotated[bool, REPLACE] = Field(default_factory=_has_groups)
    """Whether it has security groups; follows from `securityGroups`, and need not be given. AWS takes no groups for a
    load balancer that was made without any."""
    cross_zone: bool = True
    """Whether each of its addresses sends to the targets of every zone."""
    ip_address_type: IpAddressType = IpAddressType.IPV4
    """By which families clients reach it. Changed in place."""
    addresses: Annotated[dict[str, SubnetAddress], REPLACE_KEPT] = {}
    """Its addresses, by the names of its subnets: none, and AWS chooses; or one in each, all of a kind. A load
    balancer keeps its address in a subnet for as long as it is there, so a change of one replaces it."""
    addressing: Annotated[Addressing, REPLACE] = Field(default_factory=_addressing)
    """Who says which addresses it has; follows from `addresses`, and need not be given."""
    deletion_protection: bool = False
    """Whether AWS refuses to delete it. Before it can go, this is set to false, and that is applied."""

    @field_validator("guarded")
    @classmethod
    def _follows_from_groups(cls, guarded: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic calls it
        if "security_groups" in info.data and guarded != _has_groups(info.data):
            raise InvalidInputError("contradicts securityGroups", detail="Leave it out: it follows from them.")
        return guarded

    @field_validator("addressing")
    @classmethod
    def _follows_from_addresses(cls, addressing: Addressing, info: ValidationInfo) -> Addressing:
        if "addresses" in info.data and addressing is not _addressing(info.data):
            raise InvalidInputError("contradicts addresses", detail="Leave it out: it follows from them.")
        return addressing

    @model_validator(mode="after")
    def _addresses_fit(self, info: ValidationInfo) -> Self:
        if not self.addresses or not is_declared(type(self), info):
            return self
        if odd := sorted(self.addresses.keys() ^ self.subnets.keys()):
            detail = "It has an address in each of its subnets: give all of them, or none."
            raise InvalidInputError(f"{', '.join(odd)}: not in both", detail=detail, path="addresses")
        wrong = Addressing.ELASTIC if self.scheme is Scheme.INTERNAL else Addressing.PRIVATE
        for name, address in self.addresses.items():
            path = f'addresses["{name}"]'
            if address.addressing is not self.addressing:
                detail = f"The others are {self.addressing}."
                raise InvalidInputError(f"is {address.addressing}", detail=detail, path=path)
            if address.addressing is wrong:
                detail = "Elastic addresses are for internet-facing load balancers, private ones for internal ones."
                raise InvalidInputError(f"not of one that is {self.scheme}", detail=detail, path=path)
            if address.ipv6 is not None and self.ip_address_type is IpAddressType.IPV4:
                detail = "Make `ipAddressType` dualstack, or leave it out."
                raise InvalidInputError("it has no IPv6", detail=detail, path=f"{path}.ipv6")
        return self


class NetworkLoadBalancerState(NetworkLoadBalancerArgs, Found):
    """A network load balancer as it is."""

    dns_name: str
    """The name that its addresses are found by."""
    canonical_hosted_zone_id: str
    """The hosted zone of its name, as alias records need it."""
    active: bool
    """Whether it takes traffic; a new one doesn't for some minutes."""


class NetworkLoadBalancer(Resource[NetworkLoadBalancerArgs, NetworkLoadBalancerState]):
    """A load balancer for TCP, UDP and TLS: one address in each of its subnets. Its id is its ARN."""

    Args, State = NetworkLoadBalancerArgs, NetworkLoadBalancerState

    @classmethod
    def refuse_change(cls, old: Mapping[str, Any], new: NetworkLoadBalancerArgs) -> list[InvalidInputError]:
        wire = new.to_wire()
        moved = {name for name in ("name", "scheme", "addressing") if name in old and old[name] != wire[name]}
        kept = dict(_in_both(old.get("addresses"), wire["addresses"]))
        if old.get("deletionProtection") is True and (moved or not all(kept.values())):
            detail = "Another one would take its place. Set `deletionProtection` to false alone and run `pulumi up`; "
            detail += "then change the rest."
            message = f"load balancer {old.get('name')} is protected from deletion"
            return [InvalidInputError(message, detail=detail, path="deletionProtection")]
        if "scheme" in moved and "name" not in moved:
            detail = "The old one stays until the new one is in use, and AWS has one of a name. Give it another name "
            detail += "with the other scheme; where a Service's or a shared load balancer's isn't written, it has one."
            message = f"a load balancer {new.name} is there, {old['scheme']}"
            return [InvalidInputError(message, detail=detail, path="name")]
        if "name" in moved and any(kept.values()):
            detail = (
                "The old one stays until the new one is in use, and AWS gives an address to one. Keep the name, or "
            )
            detail += "let the new one have other addresses first."
            message = f"load balancer {old['name']} has these addresses"
            return [InvalidInputError(message, detail=detail, path="addresses")]
        return []

    @classmethod
    def calls(cls, old: NetworkLoadBalancerState | None, new: NetworkLoadBalancerArgs) -> Calls:
        made = made_or_retagged("elbv2:CreateLoadBalancer", old, new)
        attributes = _attributes(new) != (_attributes(old) if old else FRESH)
        before, after = (set(old.subnets.values()), set(new.subnets.values())) if old else (set(), set())
        twice = before & after and before - after and after - before
        groups = set(old.security_groups.values()) != set(new.security_groups.values()) if old else False
        return made + counted(
            "elbv2",
            SetIpAddressType=old is not None and old.ip_address_type is not new.ip_address_type,
            ModifyLoadBalancerAttributes=attributes,
            SetSubnets=2 if twice else before != after,
            SetSecurityGroups=groups,
        )

    def find(self, args: NetworkLoadBalancerArgs) -> list[str]:
        try:
            balancers = self.cloud.elbv2.describe_load_balancers(Names=[args.name])["LoadBalancers"]
        except NotFoundError:
            return []
        return owned(self.cloud, self.owner, [item["LoadBalancerArn"] for item in balancers])

    def create(self, args: NetworkLoadBalancerArgs) -> str:
        made = self._create(args)
        # A resource renamed in the program is such a stranger too: its new self would get the old one's load
        # balancer, which the engine deletes a moment later.
        arn = made["LoadBalancers"][0]["LoadBalancerArn"]
        return require_own(self.cloud, self.owner, arn, f"a load balancer with the name {args.name}")

    def read(self, object_id: str, known: NetworkLoadBalancerArgs | None) -> NetworkLoadBalancerState | None:
        balancer = self._describe(object_id)
        if balancer is None:
            return None
        answer = self.cloud.elbv2.describe_load_balancer_attributes(LoadBalancerArn=object_id)
        attributes = {item["Key"]: item["Value"] for item in answer["Attributes"]}
        tags = named_fields(pairs(tags_of(self.cloud, [object_id]).get(object_id, {})))["tags"]
        zones = balancer["AvailabilityZones"]
        subnets = named_set([zone["SubnetId"] for zone in zones], known.subnets if known else None)
        return NetworkLoadBalancerState(
            name=balancer["LoadBalancerName"],
            tags=tags,
            scheme=Scheme(balancer["Scheme"]),
            subnets=subnets,
            security_groups=named_set(balancer.get("SecurityGroups", []), known.security_groups if known else None),
            cross_zone=attributes.get(CROSS_ZONE) == "true",
            ip_address_type=read_as(IpAddressType, balancer.get("IpAddressType", "ipv4"), object_id),
            addresses=found_addresses(zones, subnets),
            deletion_protection=attributes.get(DELETION_PROTECTION) == "true",
            dns_name=balancer["DNSName"],
            canonical_hosted_zone_id=balancer["CanonicalHostedZoneId"],
            active=balancer["State"]["Code"] in TAKES_TRAFFIC,
        )

    def converge(
        self, object_id: str, old: NetworkLoadBalancerState, new: NetworkLoadBalancerArgs
    ) -> NetworkLoadBalancerState:
        elbv2 = self.cloud.elbv2
        before, after = set(old.subnets.values()), set(new.subnets.values())
        if self._stops_ipv6(old, new):
            # Subnets that come may have no IPv6, and those that go may be the ones that have.
            elbv2.set_ip_address_type(LoadBalancerArn=object_id, IpAddressType="ipv4")
        if before & after and before - after and after - before:
            # One subnet a zone: a zone whose subnet is exchanged must be left before it is entered again.
            staying = {name: subnet for name, subnet in new.subnets.items() if subnet in before}
            elbv2.set_subnets(LoadBalancerArn=object_id, **placement(staying, new.addresses))
        if before != after:
            elbv2.set_subnets(LoadBalancerArn=object_id, **placement(new.subnets, new.addresses))
        if self._stops_ipv6(new, old):
            elbv2.set_ip_address_type(LoadBalancerArn=object_id, IpAddressType="dualstack")
        if set(new.security_groups.values()) != set(old.security_groups.values()):
            elbv2.set_security_groups(LoadBalancerArn=object_id, SecurityGroups=list(new.security_groups.values()))
        present = _attributes(old)
        changed: list[LoadBalancerAttributeTypeDef] = [
            {"Key": key, "Value": value} for key, value in _attributes(new).items() if value != present[key]
        ]
        if changed:
            elbv2.modify_load_balancer_attributes(LoadBalancerArn=object_id, Attributes=changed)
        retag(self.cloud, object_id, old, new, self.owner)
        if not old.active:
            wait_for(self.cloud.clock, f"load balancer {new.name} to become active", lambda: self._active(object_id))
        return old.model_copy(update={**dict(new), "active": True})

    def delete(self, object_id: str, state: NetworkLoadBalancerState) -> None:
        if state.deletion_protection:
            detail = "Set `deletionProtection` to false and run `pulumi up`; then it can go."
            message = f"load balancer {state.name} is protected from deletion"
            raise RefusedError(message, code="Protected", operation="elbv2:DeleteLoadBalancer", detail=detail)
        # Its listeners go with it. Its interfaces take minutes; what they are in waits for them.
        self.cloud.elbv2.delete_load_balancer(LoadBalancerArn=object_id)

    def _create(self, args: NetworkLoadBalancerArgs) -> CreateLoadBalancerOutputTypeDef:
        """Make it; a predecessor of the same name may hold its addresses for a minute after it is gone."""

        def made() -> CreateLoadBalancerOutputTypeDef | None:
            try:
                return self.cloud.elbv2.create_load_balancer(
                    Name=args.name,
                    Type="network",
                    Scheme=args.scheme.value,
                    IpAddressType=args.ip_address_type.value,
                    SecurityGroups=list(args.security_groups.values()),
                    Tags=on_create(args, self.owner),
                    **placement(args.subnets, args.addresses),
                )
            except InUseError:
                if not args.addresses or not self._leaves(args.name):
                    raise
                return None

        return wait_for(self.cloud.clock, f"the addresses of load balancer {args.name} to be free", made)

    @staticmethod
    def _stops_ipv6(old: NetworkLoadBalancerArgs, new: NetworkLoadBalancerArgs) -> bool:
        return old.ip_address_type is not new.ip_address_type and new.ip_address_type is IpAddressType.IPV4

    def _leaves(self, name: str) -> bool:
        """Whether a load balancer of that name, which is gone, still has interfaces."""
        described = {"description": f"ELB net/{name}/*"}
        return bool(self.cloud.ec2.describe_network_interfaces(Filters=where(described))["NetworkInterfaces"])

    def _describe(self, arn: str) -> LoadBalancerTypeDef | None:
        balancers = self.cloud.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
        if balancers and balancers[0]["Type"] != "network":
            message = f"{arn} is no network load balancer: its type is {balancers[0]['Type']}"
            raise RefusedError(message, code="WrongType", operation="elbv2:DescribeLoadBalancers")
        return balancers[0] if balancers else None

    def _active(self, arn: str) -> bool | None:
        balancer = self._describe(arn)
        state = balancer["State"] if balancer else {}
        if balancer is None or state.get("Code") == "failed":
            reason = state.get("Reason", "AWS gives no reason" if balancer else "it is gone")
            detail = "Remove the cause, then replace it: `pulumi up --replace` with its URN."
            message = f"load balancer {arn} could not be set up: {reason}"
            raise RefusedError(message, code="LoadBalancerFailed", operation="elbv2:CreateLoadBalancer", detail=detail)
        return True if state.get("Code") in TAKES_TRAFFIC else None


def _in_both(old: Any, new: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Give the subnets that have an address before and after, as far as that is known, and whether it's the same."""
    before = old if isinstance(old, Mapping) else {}
    for name in before.keys() & new.keys():
        if not any(map(is_deferred, new[name].values())):
            yield name, before[name] == new[name]


def _attributes(args: NetworkLoadBalancerArgs) -> dict[str, str]:
    return {
        CROSS_ZONE: str(args.cross_zone).lower(),
        DELETION_PROTECTION: str(args.deletion_protection).lower(),
    }
