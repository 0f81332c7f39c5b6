"""Load balancers as AWS describes them."""

from __future__ import annotations

from typing import Any

from moto.elbv2.models import FakeLoadBalancer

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.elbv2.interfaces import Node, nodes_of
from kubewire.local.aws.elbv2.security_groups import enforcement
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers


@answers("elbv2", "DescribeLoadBalancers")
def listed(call: Call, _proceed: Proceed) -> Answer:
    """All of them, or those of certain ARNs or names; never fewer than were asked for.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html
    """
    arns, names = call.parameters.get("LoadBalancerArns"), call.parameters.get("Names")
    if arns and names:
        raise Refusal(
            "ValidationError", "Load balancer names and load balancer ARNs cannot be specified at the same time"
        )
    present = list(call.elbv2.load_balancers.values())
    missing = sorted(set(names or ()) - {one.name for one in present})
    if missing:
        raise Refusal("LoadBalancerNotFound", f"Load balancers '[{', '.join(missing)}]' not found")
    chosen = [one for one in present if (not arns or one.arn in arns) and (not names or one.name in names)]
    return {"LoadBalancers": [described(call, one) for one in chosen]}


def described(call: Call, balancer: FakeLoadBalancer) -> dict[str, Any]:
    """One of them.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
    """
    groups = {"SecurityGroups": list(balancer.security_groups)} if balancer.security_groups else {}
    prefix = {"EnablePrefixForIpv6SourceNat": "off"} if balancer.type == "network" else {}
    return {
        "LoadBalancerArn": balancer.arn,
        "LoadBalancerName": balancer.name,
        "DNSName": balancer.dns_name,
        "CanonicalHostedZoneId": balancer.canonical_hosted_zone_id,
        "CreatedTime": balancer.created_time,
        "Scheme": balancer.scheme,
        "VpcId": balancer.vpc_id,
        "State": {"Code": balancer.state},
        "Type": balancer.type,
        "AvailabilityZones": zones(call, balancer),
        "IpAddressType": balancer.ip_address_type,
        **groups,
        **enforcement(balancer),
        **prefix,
    }


def zones(call: Call, balancer: FakeLoadBalancer) -> list[dict[str, Any]]:
    """Where it is, with the addresses that were chosen for it.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AvailabilityZone.html
    """
    by_subnet = {one.subnet_id: one for one in nodes_of(call, balancer.arn)}
    return [
        {
            "ZoneName": subnet.availability_zone,
            "SubnetId": subnet.id,
            "LoadBalancerAddresses": _addresses(by_subnet.get(subnet.id)),
        }
        for subnet in balancer.subnets
    ]


def _addresses(node: Node | None) -> list[dict[str, Any]]:
    if node is None:
        return []
    ipv6 = {"IPv6Address": node.ipv6} if node.ipv6 and node.ipv6 in node.addresses else {}
    if node.allocation_id:
        return [{"IpAddress": node.interface.public_ip, "AllocationId": node.allocation_id, **ipv6}]
    private = {"PrivateIPv4Address": node.address} if node.chosen else {}
    return [{**private, **ipv6}] if private or ipv6 else []
