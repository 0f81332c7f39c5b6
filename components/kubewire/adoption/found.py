"""A load balancer and what belongs to it, as AWS and the cluster say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import SecurityGroupTypeDef
    from types_boto3_elbv2.type_defs import ListenerTypeDef, LoadBalancerTypeDef, TargetGroupTypeDef

Object = Mapping[str, Any]
"""An object of the cluster's, with every field that the API server gives."""


@dataclass(frozen=True)
class FoundGroup:
    """A target group.

    Attributes:
        row: as AWS describes it.
        settings: its attributes.
    """

    row: TargetGroupTypeDef
    settings: Mapping[str, str]

    @property
    def arn(self) -> str:
        """Give its ARN."""
        return self.row["TargetGroupArn"]


@dataclass(frozen=True)
class FoundBalancer:
    """A load balancer of any kind, and what belongs to it.

    Attributes:
        row: as AWS describes it.
        settings: its attributes.
        tags: its tags.
        listeners: by the port that they listen on.
        sent: by that port, the ARNs of the target groups behind it.
        groups: target groups that its listeners send to, by their ARNs.
        security_groups: all of its VPC's, by their ids.
    """

    row: LoadBalancerTypeDef
    settings: Mapping[str, str]
    tags: Mapping[str, str]
    listeners: Mapping[int, ListenerTypeDef]
    sent: Mapping[int, Sequence[str]]
    groups: Mapping[str, FoundGroup]
    security_groups: Mapping[str, SecurityGroupTypeDef]

    @property
    def arn(self) -> str:
        """Give its ARN."""
        return self.row["LoadBalancerArn"]

    @property
    def name(self) -> str:
        """Give its name on AWS."""
        return self.row["LoadBalancerName"]

    @property
    def guards(self) -> Sequence[SecurityGroupTypeDef]:
        """Give its security groups."""
        return [self.security_groups[one] for one in self.row.get("SecurityGroups", []) if one in self.security_groups]

    def group_of(self, port: int) -> FoundGroup | None:
        """Give the target group behind a listener; None if it has none, or several with weights."""
        sent = self.sent.get(port, ())
        return self.groups.get(sent[0]) if len(sent) == 1 else None


def tags_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Give the tags of an object of EC2's."""
    return {pair["Key"]: pair["Value"] for pair in row.get("Tags", [])}
