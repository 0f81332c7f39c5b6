"""A target group, with its targets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from kubewire.deferred import Later, is_deferred
from kubewire.errors import InvalidInputError, NotFoundError
from kubewire.model import REPLACE, Model, PortNumber, Ref
from kubewire.resources.auto_scaling_groups import AutoScalingGroupName, detach
from kubewire.resources.base import Cloud, NamedArgs, Resource
from kubewire.resources.calls import Calls, batches, came, counted, made_or_retagged
from kubewire.resources.elb import GroupName, TransportProtocol, read_as
from kubewire.resources.elb_tags import on_create, owned, pairs, retag, tags_of
from kubewire.resources.health_check import HealthCheck
from kubewire.resources.references import named
from kubewire.resources.tagging import named_fields

if TYPE_CHECKING:
    from types_boto3_elbv2.type_defs import (
        TargetDescriptionTypeDef,
        TargetGroupAttributeTypeDef,
        TargetHealthDescriptionTypeDef,
    )

MOST_AT_ONCE = 200
"""Targets in one call. AWS documents no limit; its own controller sends as many:
https://github.com/kubernetes-sigs/aws-load-balancer-controller (pkg/targetgroupbinding)."""

LEAVING = "draining"
"""The state of a target that was deregistered and finishes its connections.
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html"""

EVERY_ZONE: Final = "all"
PRESERVE_CLIENT_IP = "preserve_client_ip.enabled"
PROXY_PROTOCOL = "proxy_protocol_v2.enabled"
DEREGISTRATION_DELAY = "deregistration_delay.timeout_seconds"
STICKY = "stickiness.enabled"
READABLE_LENGTH = 23
"""Characters of a group's name that go before the hyphen and the eight of the digest."""


class TargetType(StrEnum):
    """What targets are named by."""

    INSTANCE = "instance"
    IP = "ip"


class Stickiness(StrEnum):
    """Whether a client's connections all go to one target.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#sticky-sessions
    """

    OFF = "off"
    SOURCE_IP = "source_ip"
    """Those of one address, as long as the target is healthy."""


class Target(Model):
    """One address that a group sends to."""

    id: Later[str]
    """The instance's id, or an IPv4 address of the VPC's or of a private range."""
    port: Later[PortNumber]
    """The port that it answers on."""
    availability_zone: Literal["all"] | None = None
    """`all` for an address outside the VPC, a routed pod's for example: AWS can't tell its zone. With a target type of
    `ip` alone. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html"""


class TargetGroupArgs(NamedArgs):
    """Inputs of a target group."""

    name: Annotated[GroupName, REPLACE]
    """Its name: 1 to 32 letters, digits and hyphens. In AWS it ends in a digest: see `groupName`."""
    vpc: Annotated[Ref, REPLACE]
    """The VPC of its targets."""
    protocol: Annotated[TransportProtocol, REPLACE]
    """What is sent to the targets."""
    port: Annotated[Later[PortNumber], REPLACE]
    """The port of targets that are registered without one, as others may do."""
    target_type: Annotated[TargetType, REPLACE] = TargetType.INSTANCE
    """What targets are named by: instances' ids, or addresses."""
    auto_scaling_group: Annotated[AutoScalingGroupName | None, REPLACE] = None
    """The Auto Scaling group that registers its machines here, those that come later too, at `port`; an
    AutoScalingAttachment has it do so. Default: none does, `targets` has all. A group of one kind takes the other's
    place, so that a listener always has some to send to."""
    targets: dict[str, Target] = {}
    """All of its targets, by names that people read, `node-a`. One that others register shows as drift. None where an
    Auto Scaling group registers its machines: these are its own affair."""
    health_check: HealthCheck = HealthCheck()
    """How it finds out which targets answer."""
    preserve_client_ip: bool = True
    """Whether targets see the client's address. They always do with UDP."""
    proxy_protocol: bool = False
    """Whether connections begin with a header of proxy protocol v2, which tells the client's address to targets that
    read it; those that don't fail, in health checks too."""
    deregistration_delay_seconds: int = Field(default=300, ge=0, le=3600)
    """How long a removed target may finish its connections."""
    stickiness: Stickiness = Stickiness.OFF
    """Whether a client's connections all go to one target. AWS has it for all protocols but TLS."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.stickiness is not Stickiness.OFF and self.protocol is TransportProtocol.TLS:
            detail = "AWS has no stickiness for target groups with the TLS protocol."
            raise InvalidInputError("not with TLS", detail=detail, path="stickiness")
        if not self.preserve_client_ip and self.protocol in (TransportProtocol.UDP, TransportProtocol.TCP_UDP):
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
            detail = "AWS always preserves the client's address with UDP and TCP_UDP."
            raise InvalidInputError("can't be false", detail=detail, path="preserveClientIp")
        if self.auto_scaling_group:
            self._check_registered_by_others()
        rows: dict[tuple[str, int], str] = {}
        for name, target in self.targets.items():
            self._check_id(name, target.id)
            if target.availability_zone and self.target_type is TargetType.INSTANCE:
                detail = "An instance is where it is. Leave it out."
                path = f'targets["{name}"].availabilityZone'
                raise InvalidInputError("only for addresses", detail=detail, path=path)
            if is_deferred(target.id) or is_deferred(target.port):
                continue
            twin = rows.setdefault((target.id, target.port), name)
            if twin != name:
                raise InvalidInputError(f"is the same target as {twin!r}", path=f'targets["{name}"]')
        return self

    def _check_registered_by_others(self) -> None:
        if self.target_type is not TargetType.INSTANCE:
            detail = "An Auto Scaling group registers its instances, and not addresses."
            raise InvalidInputError("must be instance", detail=detail, path="targetType")
        if self.targets:
            detail = "The Auto Scaling group registers its machines itself. Leave them out."
            raise InvalidInputError("must be empty", detail=detail, path="targets")

    def _check_id(self, name: str, target: str) -> None:
        if is_deferred(target):
            return
        path = f'targets["{name}"].id'
        if self.target_type is TargetType.INSTANCE:
            if not target.startswith("i-"):
                raise InvalidInputError("not the id of an instance", detail=f"Given: {target!r}.", path=path)
            return
        try:
            IPv4Address(target)
        except ValueError as error:
            raise InvalidInputError("not an IPv4 address", detail=f"Given: {target!r}.", path=path) from error


class TargetGroupState(TargetGroupArgs):
    """A target group as it is."""

    group_name: str
    """Its name in AWS: the name that it was given, and a digest of what can't be changed. So a replacement can be made
    while a listener still sends to the old group, which AWS doesn't delete before."""


class TargetGroup(Resource[TargetGroupArgs, TargetGroupState]):
    """The addresses that a load balancer sends to, and the check that tells which of them answer. Its id is its ARN."""

    Args, State = TargetGroupArgs, TargetGroupState

    @classmethod
    def calls(cls, old: TargetGroupState | None, new: TargetGroupArgs) -> Calls:
        before, rows = set(_rows(old)) if old else set(), list(_rows(new))
        return made_or_retagged("elbv2:CreateTargetGroup", old, new) + counted(
            "elbv2",
            ModifyTargetGroup=old is not None and old.health_check != new.health_check,
            ModifyTargetGroupAttributes=_attributes(new) != (_attributes(old) if old else _fresh(new)),
            RegisterTargets=batches(came(before, rows), MOST_AT_ONCE),
            DeregisterTargets=batches(len(before.difference(rows)), MOST_AT_ONCE),
        )

    def find(self, args: TargetGroupArgs) -> list[str]:
        try:
            groups = self.cloud.elbv2.describe_target_groups(Names=[self._group_name(args)])["TargetGroups"]
        except NotFoundError:
            return []
        return owned(self.cloud, self.owner, [group["TargetGroupArn"] for group in groups])

    def create(self, args: TargetGroupArgs) -> str:
        made = self.cloud.elbv2.create_target_group(
            Name=self._group_name(args),
            VpcId=args.vpc.id,
            Protocol=args.protocol.value,
            Port=args.port,
            TargetType=args.target_type.value,
            Tags=on_create(args, self.owner),
            **args.health_check.to_elb(),
        )
        return made["TargetGroups"][0]["TargetGroupArn"]

    def read(self, object_id: str, known: TargetGroupArgs | None) -> TargetGroupState | None:
        elbv2 = self.cloud.elbv2
        groups = elbv2.describe_target_groups(TargetGroupArns=[object_id])["TargetGroups"]
        if not groups:
            return None
        group = groups[0]
        answer = elbv2.describe_target_group_attributes(TargetGroupArn=object_id)
        attributes = {item["Key"]: item["Value"] for item in answer["Attributes"]}
        fields = named_fields(pairs(tags_of(self.cloud, [object_id]).get(object_id, {})))
        return TargetGroupState(
            name=known.name if known else _given_name(group["TargetGroupName"], fields["name"]),
            tags=fields["tags"],
            vpc=named(group["VpcId"], known.vpc if known else None),
            protocol=read_as(TransportProtocol, group["Protocol"], object_id),
            port=group["Port"],
            target_type=read_as(TargetType, group["TargetType"], object_id),
            auto_scaling_group=known.auto_scaling_group if known else None,
            targets=self._registered(object_id, known),
            health_check=HealthCheck.from_elb(group),
            preserve_client_ip=attributes.get(PRESERVE_CLIENT_IP) == "true",
            proxy_protocol=attributes.get(PROXY_PROTOCOL) == "true",
            deregistration_delay_seconds=int(attributes[DEREGISTRATION_DELAY]),
            stickiness=Stickiness.SOURCE_IP if attributes.get(STICKY) == "true" else Stickiness.OFF,
            group_name=group["TargetGroupName"],
        )

    def converge(self, object_id: str, old: TargetGroupState, new: TargetGroupArgs) -> TargetGroupState:
        elbv2 = self.cloud.elbv2
        if new.health_check != old.health_check:
            elbv2.modify_target_group(TargetGroupArn=object_id, **new.health_check.to_elb())
        attributes = _attributes(new)
        before = _attributes(old)
        changed: list[TargetGroupAttributeTypeDef] = [
            {"Key": key, "Value": value} for key, value in attributes.items() if value != before[key]
        ]
        if changed:
            elbv2.modify_target_group_attributes(TargetGroupArn=object_id, Attributes=changed)
        present, wanted = set(_rows(old)), set(_rows(new))
        # New ones first, so that a group whose targets all change is never empty.
        for batch in _batches(wanted - present):
            elbv2.register_targets(TargetGroupArn=object_id, Targets=batch)
        for batch in _batches(present - wanted):
            elbv2.deregister_targets(TargetGroupArn=object_id, Targets=batch)
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: TargetGroupState) -> None:
        if state.auto_scaling_group:
            # A killed run may have attached it and could not say so. An Auto Scaling group with a target group that is
            # gone launches no machines.
            detach(self.cloud.autoscaling, state.auto_scaling_group, object_id)
        self.cloud.elbv2.delete_target_group(TargetGroupArn=object_id)

    def _group_name(self, args: TargetGroupArgs) -> str:
        """Name the group in AWS. The owner is in the digest too, so no stranger's group answers to it."""
        fixed = (self.owner.stack, self.owner.resource, args.name, args.vpc.id, args.protocol, args.port)
        # Groups that were made before there was this keep their names.
        other = (args.auto_scaling_group,) if args.auto_scaling_group else ()
        digest = hashlib.sha256("\0".join(map(str, (*fixed, args.target_type, *other))).encode()).hexdigest()[:8]
        return f"{args.name[:READABLE_LENGTH].rstrip('-')}-{digest}"

    def _registered(self, arn: str, known: TargetGroupArgs | None) -> dict[str, Target]:
        if known and known.auto_scaling_group:
            return {}
        present = {_row(item["Target"]) for item in staying(self.cloud, arn)}
        names = {row: name for name, row in zip(known.targets, _rows(known), strict=True)} if known else {}
        rows = {names.get(row, f"{row.id}:{row.port}"): row for row in present}
        return {name: Target.model_validate(row._asdict()) for name, row in sorted(rows.items())}


def staying(cloud: Cloud, arn: str) -> list[TargetHealthDescriptionTypeDef]:
    """Give the targets of a group, without those that were deregistered and finish their connections."""
    found = cloud.elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    return [row for row in found if row["TargetHealth"]["State"] != LEAVING]


def _given_name(group_name: str, tagged: str) -> str:
    """Tell what an imported group was called: its Name tag, if its name in AWS is made of that, else the latter."""
    return tagged if group_name.startswith(tagged[:READABLE_LENGTH].rstrip("-")) else group_name


def _attributes(args: TargetGroupArgs) -> dict[str, str]:
    return {
        PRESERVE_CLIENT_IP: str(args.preserve_client_ip).lower(),
        PROXY_PROTOCOL: str(args.proxy_protocol).lower(),
        DEREGISTRATION_DELAY: str(args.deregistration_delay_seconds),
        STICKY: str(args.stickiness is not Stickiness.OFF).lower(),
    }


def _fresh(args: TargetGroupArgs) -> dict[str, str]:
    """Give the attributes that AWS gives a new group.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
    """
    preserved = args.target_type is TargetType.INSTANCE or args.protocol not in (
        TransportProtocol.TCP,
        TransportProtocol.TLS,
    )
    return {
        PRESERVE_CLIENT_IP: str(preserved).lower(),
        PROXY_PROTOCOL: "false",
        DEREGISTRATION_DELAY: "300",
        STICKY: "false",
    }


class _Row(NamedTuple):
    """A target as AWS tells one from the others."""

    id: str
    port: int
    availability_zone: str | None


def _rows(args: TargetGroupArgs) -> Iterable[_Row]:
    return (_Row(target.id, target.port, target.availability_zone) for target in args.targets.values())


def _row(target: TargetDescriptionTypeDef) -> _Row:
    """Read a target. AWS tells the zone of each that is in the VPC, and nobody gave it."""
    zone = target.get("AvailabilityZone")
    return _Row(target["Id"], target["Port"], zone if zone == EVERY_ZONE else None)


def _batches(rows: Iterable[_Row]) -> Iterator[list[TargetDescriptionTypeDef]]:
    written = [described(row) for row in sorted(rows, key=lambda row: (row.id, row.port))]
    for start in range(0, len(written), MOST_AT_ONCE):
        yield written[start : start + MOST_AT_ONCE]


def described(target: _Row | Target) -> TargetDescriptionTypeDef:
    """Write a target as the calls that are about some take it."""
    row: TargetDescriptionTypeDef = {"Id": target.id, "Port": target.port}
    if target.availability_zone:
        row["AvailabilityZone"] = target.availability_zone
    return row
