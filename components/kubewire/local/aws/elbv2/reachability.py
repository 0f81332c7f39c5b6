"""Whether a target answers health checks: by rule, for there is nothing behind its address that could answer.

It does if its security groups let the load balancer's checks through. Forgotten node ports show here as on AWS.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule
from moto.elbv2.models import FakeTargetGroup

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.route_rows import rows_of, table_of
from kubewire.local.aws.elbv2.interfaces import Node, nodes_of
from kubewire.local.aws.elbv2.registrations import Registration
from kubewire.local.aws.elbv2.targets import instance_of, zone_of_address

_TCP = ("tcp", "6", "-1")


def answers_checks(call: Call, group: FakeTargetGroup, one: Registration) -> bool:
    """Whether some node of the load balancer gets through to a target. Those outside EC2 do if a route leads there.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html#target-security-groups
    """
    interface = _interface(call, group, one)
    if interface is None and group.target_type == "ip" and zone_of_address(call, group, one.id) is None:
        reached = [_next_hop(call, node, one.id) for arn in group.load_balancer_arns for node in nodes_of(call, arn)]
        if None in reached or not any(reached):
            return None in reached
        interface = next(hop for hop in reached if hop)
    if interface is None:
        return True
    check = group.health_check_port
    port = one.port if check in (None, "traffic-port") else int(check)
    rules = [rule for guard in interface.group_set for rule in guard.ingress_rules]
    nodes = [node for arn in group.load_balancer_arns for node in nodes_of(call, arn)]
    return any(_lets_through(rule, node, port) for rule in rules for node in nodes)


def _interface(call: Call, group: FakeTargetGroup, one: Registration) -> Any:
    if group.target_type == "instance":
        instance = instance_of(call, one.id)
        return instance.nics.get(0) if instance else None
    interfaces: list[Any] = list(call.ec2.enis.values())
    for interface in interfaces:
        addresses = {row["PrivateIpAddress"] for row in interface.private_ip_addresses}
        if interface.vpc_id == group.vpc_id and one.id in addresses.union(interface.ipv6_addresses):
            return interface
    return None


def _next_hop(call: Call, node: Node, address: str) -> Any:
    """The interface that a routed address's packets go to: it must pass on what isn't its own.

    https://docs.aws.amazon.com/vpc/latest/userguide/how-it-works.html

    Returns:
        None where they leave the VPC; False where no route leads there, or into a black hole.
    """
    rows = [row for row in rows_of(call, table_of(call, node.interface.subnet)) if _leads(row, address)]
    if not rows:
        return False
    row = max(rows, key=lambda row: ip_network(_destination(row)).prefixlen)
    if row["State"] != "active" or row.get("GatewayId") == "local":
        return False
    if "NetworkInterfaceId" not in row:
        # The internet has no private addresses; other networks may.
        return None if ip_network(_destination(row)).prefixlen else False
    interface: Any = call.ec2.enis[row["NetworkInterfaceId"]]
    return False if interface.source_dest_check else interface


def _leads(row: dict[str, Any], address: str) -> bool:
    return bool(_destination(row)) and ip_address(address) in ip_network(_destination(row))


def _destination(row: dict[str, Any]) -> str:
    return str(row.get("DestinationCidrBlock") or row.get("DestinationIpv6CidrBlock") or "")


def _lets_through(rule: SecurityGroupRule, node: Node, port: int) -> bool:
    if str(rule.ip_protocol) not in _TCP:
        return False
    low, high = rule.from_port, rule.to_port
    if str(rule.ip_protocol) != "-1" and not (low is not None and high is not None and int(low) <= port <= int(high)):
        return False
    source: Any = rule.source_group or {}
    if source:
        return source.get("GroupId") in node.group_ids
    block = (rule.ip_range or {}).get("CidrIp") or (rule.ip_range or {}).get("CidrIpv6")
    return _within(block, node.addresses) if block else True


def _within(block: str, addresses: Iterable[Any]) -> bool:
    network = ip_network(block, strict=False)
    return any(ip_address(one) in network for one in addresses)
