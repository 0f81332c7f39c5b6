"""A network load balancer with its security group, as Services stand behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import pulumi

from kubewire.declared import Declared
from kubewire.model import Model, Ref
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.network.layout import Role
from kubewire.resources.base import Resource
from kubewire.resources.network_load_balancer import NetworkLoadBalancer, NetworkLoadBalancerArgs, Scheme
from kubewire.resources.security_group import SecurityGroup, SecurityGroupArgs
from kubewire.services.load_balancer.addresses import in_subnets
from kubewire.services.load_balancer.behind import Behind

ArgsT = TypeVar("ArgsT", bound=Model)
StateT = TypeVar("StateT", bound=Model)


@dataclass(frozen=True)
class Balancer:
    """A load balancer that is declared.

    Attributes:
        ref: itself.
        group: its security group.
        host_name: its DNS name; known after the apply.
        hosted_zone_id: the hosted zone of that name, as aliases need it.
        stack_name: what the stack calls it, and its listeners with their port behind.
        parent: the component that it belongs to, and its listeners.
        described: how it is.
        opened: the firewall's rules that all Services behind it need.
    """

    ref: Ref
    group: Ref
    host_name: pulumi.Output[str]
    hosted_zone_id: pulumi.Output[str]
    stack_name: str
    parent: pulumi.Resource
    described: Behind
    opened: tuple[pulumi.Resource, ...] = ()


def make_group(described: Behind, network: ClusterNetwork, name: str, whose: str, parent: pulumi.Resource) -> Ref:
    """Make the security group of a load balancer, without rules.

    Args:
        described: the load balancer.
        network: where it stands.
        name: what the stack calls it.
        whose: whose it is, for its description.
        parent: its component.
    """
    args = SecurityGroupArgs(
        name=described.group_name,
        vpc=network.vpc,
        description=f"Load balancer {whose}",
        tags=network.args.tags,
    )
    # AWS opens a group to IPv6 whose VPC gets it before the group has rules of its own.
    settled = pulumi.ResourceOptions(parent=parent, depends_on=[*network.settled])
    return declare(network, SecurityGroup, name, args, settled).ref


def make_balancer(
    described: Behind,
    network: ClusterNetwork,
    name: str,
    group: Ref,
    parent: pulumi.Resource,
    after: Sequence[pulumi.Resource] = (),
) -> Balancer:
    """Make a load balancer. It listens to nothing yet.

    Args:
        described: how it is.
        network: where it stands.
        name: what the stack calls it.
        group: its security group.
        parent: its component.
        after: what must be there before it gets that group.
    """
    role = Role.PUBLIC if described.scheme is Scheme.INTERNET_FACING else network.args.node_role
    subnets = network.zone_subnets(role)
    args = NetworkLoadBalancerArgs(
        name=described.name,
        scheme=described.scheme,
        subnets={subnet.name: subnet.id for subnet in subnets.values()},
        security_groups={group.name: group.id},
        cross_zone=described.options.cross_zone,
        ip_address_type=described.options.ip_address_type,
        addresses=in_subnets(described.options.addresses, {zone: ref.name for zone, ref in subnets.items()}),
        deletion_protection=described.options.deletion_protection,
        tags=network.args.tags,
    )
    # AWS wants the internet gateway to be there first. What the engine protects is refused in the preview of a destroy,
    # before anything is gone; AWS alone would refuse when half of the stack is.
    opts = pulumi.ResourceOptions(
        parent=parent, depends_on=[*network.ways_out, *after], protect=described.options.deletion_protection
    )
    declared = declare(network, NetworkLoadBalancer, name, args, opts)
    host_name, hosted_zone_id = declared.output("dns_name"), declared.output("canonical_hosted_zone_id")
    return Balancer(declared.ref, group, host_name, hosted_zone_id, name, parent, described)


def declare(
    network: ClusterNetwork, kind: type[Resource[ArgsT, StateT]], name: str, args: ArgsT, opts: pulumi.ResourceOptions
) -> Declared:
    """Declare a resource, and have the network's forecast count what it asks of AWS."""
    return network.forecast.watch(Declared(kind, name, args, opts))
