"""What stands around the nodes: endpoints of AWS services, flow logs, network ACLs and the private DNS zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from kubewire.declared import later
from kubewire.deferred import Later
from kubewire.model import Ref
from kubewire.network.acls import SubnetAcl
from kubewire.network.budget import Rules
from kubewire.network.endpoints import BucketFlowLog, EndpointDescription, GatewayEndpoints, GatewayService
from kubewire.network.firewall import endpoint_rules, pod_ranges, ways_to_endpoints
from kubewire.network.layout import Role
from kubewire.network.parts.declarer import Declarer
from kubewire.network.parts.subnets import SubnetsPart
from kubewire.network.parts.tables import TablesPart
from kubewire.network.parts.vpc import VpcPart
from kubewire.network.quotas import Limits
from kubewire.resources.flow_log import FlowLog, FlowLogArgs
from kubewire.resources.gateway_endpoint import GatewayEndpoint, GatewayEndpointArgs
from kubewire.resources.hosted_zone import HostedZone, HostedZoneArgs
from kubewire.resources.interface_endpoint import InterfaceEndpoint, InterfaceEndpointArgs
from kubewire.resources.network_acl import NetworkAcl, NetworkAclArgs
from kubewire.resources.network_acl_entries import AclEntry, Action
from kubewire.resources.security_group import SecurityGroup, SecurityGroupArgs
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.resources.traffic import Direction


def make_endpoints(declarer: Declarer, vpc: VpcPart, subnets: SubnetsPart, tables: TablesPart, nodes: Ref) -> Rules:
    """Make endpoints; give the rules that let nodes reach them."""
    args = declarer.args
    lists: dict[GatewayService, Ref] = {}
    group: Ref | None = None
    for endpoint in args.endpoints:
        if isinstance(endpoint, GatewayEndpoints):
            lists[endpoint.service] = _gateway(declarer, vpc, tables, endpoint)
            continue
        group = group or _group(declarer, vpc, nodes)
        role = args.node_role
        described = InterfaceEndpointArgs(
            name=f"{args.name}-{endpoint.service}",
            vpc=vpc.ref,
            service=_service(declarer, endpoint),
            subnets=_ids(subnets.one_per_zone(role, args.zones).values()),
            security_groups={group.name: group.id},
            private_dns=endpoint.private_dns,
            tags=args.tags,
        )
        declarer.named(InterfaceEndpoint, described)
    return ways_to_endpoints(group, lists)


def _gateway(declarer: Declarer, vpc: VpcPart, tables: TablesPart, endpoint: GatewayEndpoints) -> Ref:
    """Make a gateway endpoint; give its service's prefix list."""
    args = declarer.args
    described = GatewayEndpointArgs(
        name=f"{args.name}-{endpoint.service}",
        vpc=vpc.ref,
        service=_service(declarer, endpoint),
        route_tables=dict(tables.tables),
        tags=args.tags,
    )
    made = declarer.named(GatewayEndpoint, described)
    return Ref(name=f"{endpoint.service} of {args.region}", id=later(made.output("prefix_list")))


def _service(declarer: Declarer, endpoint: EndpointDescription) -> str:
    return f"com.amazonaws.{declarer.args.region}.{endpoint.service}"


def _group(declarer: Declarer, vpc: VpcPart, nodes: Ref) -> Ref:
    args = declarer.args
    described = SecurityGroupArgs(
        name=f"{args.name}-endpoints", vpc=vpc.ref, description=f"Endpoints of {args.name}", tags=args.tags
    )
    group = declarer.named(SecurityGroup, described, after=vpc.settled).ref
    rules = SecurityGroupRulesArgs(group=group, rules=endpoint_rules(args, nodes))
    declarer.declare(SecurityGroupRules, rules, name=group.name)
    return group


def make_flow_logs(declarer: Declarer, vpc: VpcPart) -> None:
    """Record the VPC's traffic."""
    args = declarer.args
    for number, log in enumerate(args.flow_logs):
        described = FlowLogArgs(
            name=f"{args.name}-{log.kind}-{number}",
            vpc=vpc.ref,
            destination=log.bucket_arn if isinstance(log, BucketFlowLog) else log.log_group_arn,
            role=None if isinstance(log, BucketFlowLog) else log.role_arn,
            traffic=log.traffic,
            interval=log.interval,
            tags=args.tags,
        )
        declarer.named(FlowLog, described)


def make_acls(declarer: Declarer, vpc: VpcPart, subnets: SubnetsPart, limits: Limits) -> None:
    """Give subnets their ACLs.

    Raises:
        InvalidInputError: an ACL can't hold the rules.
    """
    args = declarer.args
    inside = [*vpc.cidrs, *pod_ranges(args)]
    for index, acl in enumerate(args.acls):
        _hold(
            acl,
            [cidr.version for cidr in inside] + [6] * (vpc.ipv6_cidr is not None),
            limits,
            f"{args.name}: acls[{index}]",
        )
        described = NetworkAclArgs(
            name=f"{args.name}-{acl.role}",
            vpc=vpc.ref,
            entries=_entries(acl, inside, vpc.ipv6_cidr),
            subnets=_ids(subnets.of[Role(acl.role)].values()),
            tags=args.tags,
        )
        declarer.named(NetworkAcl, described)


def _entries(
    acl: SubnetAcl, inside: Iterable[IPv4Network | IPv6Network], ipv6: Later[str] | None
) -> dict[str, AclEntry]:
    """Let everything pass that stays inside, then what is declared."""
    ranges: list[Any] = [*inside, *([ipv6] if ipv6 is not None else [])]
    entries: list[AclEntry] = []
    for direction, rules in ((Direction.INGRESS, acl.ingress), (Direction.EGRESS, acl.egress)):
        entries += [
            AclEntry(direction=direction, number=number, action=Action.ALLOW, cidr=cidr)
            for number, cidr in enumerate(ranges, start=1)
        ]
        entries += [rule.entry(direction) for rule in rules]
    return {entry.key: entry for entry in entries}


def _hold(acl: SubnetAcl, inside: Sequence[int], limits: Limits, path: str) -> None:
    """Refuse more rules than an ACL holds, with those for the network's own ranges.

    Args:
        acl: what is declared.
        inside: the families of the own ranges.
        limits: the quotas that hold.
        path: where it's declared.
    """
    for direction, rules in ((Direction.INGRESS, acl.ingress), (Direction.EGRESS, acl.egress)):
        number = Counter([*inside, *(rule.cidr.version for rule in rules)])
        limits.hold_entries(max(number.values(), default=0), f"{path}.{direction}")


def make_zone(declarer: Declarer, vpc: VpcPart) -> Ref | None:
    """Make the private DNS zone, if there is to be one."""
    domain = declarer.args.domain
    if domain is None:
        return None
    described = HostedZoneArgs(domain=domain, vpcs={vpc.ref.name: vpc.ref.id}, tags=declarer.args.tags)
    zone = declarer.declare(HostedZone, described, name=declarer.inner(domain))
    return Ref(name=domain, id=later(zone.id))


def _ids(refs: Iterable[Ref]) -> dict[str, Later[str]]:
    return {ref.name: ref.id for ref in refs}
