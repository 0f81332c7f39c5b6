"""The nodes of a cluster: declared machines, interfaces made ahead for machines to come, or those that are there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubewire.functions.get_cluster_nodes import Labels
from kubewire.model import Cidr, Cidr6, Described
from kubewire.network.names import Label, ZoneName
from kubewire.resources.auto_scaling_groups import AutoScalingGroupName
from kubewire.resources.instance_sets import ImageId, InstanceTypeName
from kubewire.unions import OneOf

MOST_SLOTS = 1000
"""Slots of a zone: as many as a route table has routes, whatever AWS is asked for.
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""


class Node(Described):
    """A machine of the cluster."""

    name: Label
    """Its name."""
    zone: ZoneName
    """One of the network's zones."""
    image: ImageId
    """The AMI that it boots."""
    instance_type: InstanceTypeName = "t3.medium"
    """Its size."""
    pod_cidr: Cidr | None = None
    """The addresses of its pods, with routed pods: a part of their range. It stays with the name."""
    pod_cidr6: Cidr6 | None = None
    """Their IPv6 addresses, where routed pods have these."""


class DeclaredNodes(Described):
    """Machines of the stack's own, each with its interface."""

    kind: Literal["declared"] = "declared"
    machines: tuple[Node, ...] = ()
    """The machines."""
    max_unavailable: int = Field(default=1, ge=1)
    """How many may be away at once while a change, of their image for example, replaces machines."""


class NodeSlots(Described):
    """Interfaces that are made ahead, with addresses and pod ranges that are known before anything is made.

    An instance, or an autoscaling group of one, attaches one as its first interface. Whatever machine comes, its
    routes and targets are there already. A slot's pod range and address follow from its zone and its number alone.
    """

    kind: Literal["slots"] = "slots"
    zones: dict[ZoneName, Annotated[int, Field(ge=0, le=MOST_SLOTS)]]
    """How many each zone has."""


class ClusterNodes(Described):
    """The machines that the cluster's Node objects name: their pod ranges are Kubernetes' own (`spec.podCIDRs`).

    They are read whenever a plan is made: a node that has come gets its routes with the next `pulumi up`, and one that
    has gone takes them with it.
    """

    kind: Literal["cluster"] = "cluster"
    selector: Labels = {}
    """Labels that they have. Default: all nodes."""


class AutoScalingGroupNodes(Described):
    """The machines of an autoscaling group, read whenever a plan is made. Their pods can't be routed ones.

    A machine that comes later becomes a load balancer's target with the next update, or at once with `attach`.
    """

    kind: Literal["auto-scaling-group"] = "auto-scaling-group"
    group: AutoScalingGroupName
    """The group's name."""
    max_size: int | None = Field(default=None, ge=1)
    """How many machines it has at most, its `MaxSize`: told, it is proved that subnets and quotas suffice for them."""
    attach: bool = False
    """Whether load balancers' target groups are attached to the group, so that it registers its machines itself, those
    that come later too. The group must be there, and its health checks be EC2's: with those of load balancers it ends
    machines without a ready pod of a Service whose `externalTrafficPolicy` is Local, which are unhealthy by design.
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html"""


NodesDescription = Annotated[DeclaredNodes | NodeSlots | ClusterNodes | AutoScalingGroupNodes, OneOf()]
