"""A network load balancer."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, ValidationInfo, field_validator

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError, NotFoundError, RefusedError
from kubewire.model import REPLACE, UNIQUE
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.calls import Calls, counted, made_or_retagged
from kubewire.resources.elb import BalancerName
from kubewire.resources.elb_tags import on_create, owned, pairs, require_own, retag, tags_of
from kubewire.resources.references import named_set
from kubewire.resources.tagging import named_fields
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from types_boto3_elbv2.type_defs import LoadBalancerAttributeTypeDef, LoadBalancerTypeDef

CROSS_ZONE = "load_balancing.cross_zone.enabled"
TAKES_TRAFFIC = ("active", "active_impaired")


class Scheme(StrEnum):
    """Who can reach a load balancer."""

    INTERNAL = "internal"
    INTERNET_FACING = "internet-facing"


def _has_groups(fields: dict[str, Any]) -> bool:
    return bool(fields.get("security_groups"))


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

    @field_validator("guarded")
    @classmethod
    def _follows_from_groups(cls, guarded: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic calls it
        if "security_groups" in info.data and guarded != _has_groups(info.data):
            raise InvalidInputError("contradicts securityGroups", detail="Leave it out: it follows from them.")
        return guarded


class NetworkLoadBalancerState(NetworkLoadBalancerArgs):
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
    def calls(cls, old: NetworkLoadBalancerState | None, new: NetworkLoadBalancerArgs) -> Calls:
        made = made_or_retagged("elbv2:CreateLoadBalancer", old, new)
        crossed = new.cross_zone != (old is not None and old.cross_zone)
        before, after = (set(old.subnets.values()), set(new.subnets.values())) if old else (set(), set())
        twice = before & after and before - after and after - before
        groups = set(old.security_groups.values()) != set(new.security_groups.values()) if old else False
        return made + counted(
            "elbv2",
            ModifyLoadBalancerAttributes=crossed,
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
        made = self.cloud.elbv2.create_load_balancer(
            Name=args.name,
            Type="network",
            Scheme=args.scheme.value,
            Subnets=list(args.subnets.values()),
            SecurityGroups=list(args.security_groups.values()),
            Tags=on_create(args, self.owner),
        )
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
        subnets = [zone["SubnetId"] for zone in balancer["AvailabilityZones"]]
        return NetworkLoadBalancerState(
            name=balancer["LoadBalancerName"],
            tags=tags,
            scheme=Scheme(balancer["Scheme"]),
            subnets=named_set(subnets, known.subnets if known else None),
            security_groups=named_set(balancer.get("SecurityGroups", []), known.security_groups if known else None),
            cross_zone=attributes.get(CROSS_ZONE) == "true",
            dns_name=balancer["DNSName"],
            canonical_hosted_zone_id=balancer["CanonicalHostedZoneId"],
            active=balancer["State"]["Code"] in TAKES_TRAFFIC,
        )

    def converge(
        self, object_id: str, old: NetworkLoadBalancerState, new: NetworkLoadBalancerArgs
    ) -> NetworkLoadBalancerState:
        elbv2 = self.cloud.elbv2
        before, after = set(old.subnets.values()), set(new.subnets.values())
        kept = sorted(before & after)
        if kept and before - after and after - before:
            # One subnet a zone: a zone whose subnet is exchanged must be left before it is entered again.
            elbv2.set_subnets(LoadBalancerArn=object_id, Subnets=kept)
        if before != after:
            elbv2.set_subnets(LoadBalancerArn=object_id, Subnets=list(new.subnets.values()))
        if set(new.security_groups.values()) != set(old.security_groups.values()):
            elbv2.set_security_groups(LoadBalancerArn=object_id, SecurityGroups=list(new.security_groups.values()))
        if new.cross_zone != old.cross_zone:
            attribute: LoadBalancerAttributeTypeDef = {"Key": CROSS_ZONE, "Value": str(new.cross_zone).lower()}
            elbv2.modify_load_balancer_attributes(LoadBalancerArn=object_id, Attributes=[attribute])
        retag(self.cloud, object_id, old, new, self.owner)
        if not old.active:
            wait_for(self.cloud.clock, f"load balancer {new.name} to become active", lambda: self._active(object_id))
        return old.model_copy(update={**dict(new), "active": True})

    def delete(self, object_id: str, state: NetworkLoadBalancerState) -> None:
        # Its listeners go with it. Its interfaces take minutes; what they are in waits for them.
        self.cloud.elbv2.delete_load_balancer(LoadBalancerArn=object_id)

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
