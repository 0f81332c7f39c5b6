"""What the provider's functions answer a network's plan, so that what it says of existing things is so."""

from __future__ import annotations

from typing import Any

from tests.unit.network.strategies import Wire, machine
from tests.unit.program import DEFAULT_QUOTAS

VPC, GATEWAY = "vpc-0123456789abcdef0", "igw-0123456789abcdef0"
LIMITS = {
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html
    "t3.medium": {"interfaces": 3, "ipv4PerInterface": 6, "vcpus": 2},
    "m5.large": {"interfaces": 3, "ipv4PerInterface": 10, "vcpus": 2},
    "c5.24xlarge": {"interfaces": 15, "ipv4PerInterface": 50, "vcpus": 96},
}


def answers(description: Wire, nodes: int = 3) -> dict[str, Any]:
    """Answer every function as AWS would, had others made what a description names.

    Args:
        description: of a network, as `strategies` draws them.
        nodes: how many machines the cluster and its autoscaling group have.
    """
    zones, vpc = description["zones"], description["vpc"]
    cidrs = [vpc.get("cidr") or "10.0.0.0/16", *(more["cidr"] for more in vpc.get("secondary", ()))]
    found = [existing_machine(number, zones[number % len(zones)]) for number in range(nodes)]
    return {
        "kubewire:index:getVpc": existing_vpc(cidrs=cidrs, ipv6=[vpc["ipv6_cidr"]] if vpc.get("ipv6_cidr") else []),
        "kubewire:index:getSubnets": lambda asked: existing_subnets(asked, zones),
        "kubewire:index:getClusterNodes": {
            "nodes": [cluster_node(item, number, description["pods"]) for number, item in enumerate(found)],
            "others": [],
        },
        "kubewire:index:getAutoScalingGroup": {"machines": found},
        "kubewire:index:getQuotas": quotas(),
        "kubewire:index:getInstanceTypes": {
            "types": {name: {"ipv6PerInterface": 10, "nitro": True, **row} for name, row in LIMITS.items()}
        },
    }


def existing_vpc(*, cidrs: list[str], ipv6: list[str] | None = None, gateway: str | None = GATEWAY) -> Wire:
    """Write a VPC as getVpc gives it."""
    return {
        "id": VPC,
        "name": "theirs",
        "cidrs": cidrs,
        "ipv6Cidrs": ipv6 or [],
        "mainRouteTable": "rtb-0123456789abcdef0",
        "defaultSecurityGroup": "sg-0123456789abcdef9",
        "dnsSupport": True,
        "dnsHostnames": True,
        **({"internetGateway": gateway} if gateway else {}),
    }


def existing_subnets(asked: Wire, zones: list[str]) -> Wire:
    """Write a subnet in each zone, public ones if these are asked for by their tags."""
    public = asked["select"].get("tags", {}).get("tier") == "public"
    return {"subnets": [existing_subnet(number, zone, public=public) for number, zone in enumerate(zones)]}


def existing_subnet(number: int, zone: str, *, public: bool = False, **changed: Any) -> Wire:
    """Write a subnet as getSubnets gives it: public ones share a table, each private one has its own."""
    mark = "f" if public else "0"
    return {
        "id": f"subnet-0123456789abcd{mark}0{number}",
        "name": "",
        "zone": zone,
        "cidr": f"10.0.{number + (100 if public else 0)}.0/24",
        "ipv6Cidr": f"2600:1f18:1234:56{mark}{number}::/64",
        "availableAddresses": 251,
        "routeTable": f"rtb-0123456789abcd{mark}0{0 if public else number}",
        "ownRouteTable": True,
        "public": public,
        "networkAcl": "acl-0123456789abcdef0",
        **changed,
    }


def existing_machine(number: int, zone: str) -> Wire:
    """Write a machine as functions give it."""
    return {
        "instance": f"i-0123456789abcde{number:02}",
        "zone": zone,
        "networkInterface": f"eni-0123456789abcde{number:02}",
        "subnet": "subnet-0123456789abcd00",
        "privateAddress": f"10.0.0.{20 + number}",
        "sourceDestCheck": True,
        "securityGroups": ["sg-0123456789abcdef1"],
    }


def cluster_node(found: Wire, number: int, pods: Wire, **changed: Any) -> Wire:
    """Write a node of the cluster as getClusterNodes gives it, with the pod ranges of its number."""
    row = machine(number, found["zone"], pods)
    ranges = [row[key] for key in ("pod_cidr", "pod_cidr6") if key in row]
    return {**found, "name": f"ip-{number}", "podCidrs": ranges, "ready": True, **changed}


def quotas(**live: int) -> Wire:
    """Write AWS's defaults as getQuotas gives them, but for some that are applied to the account."""
    assert live.keys() <= DEFAULT_QUOTAS.keys()
    return {**DEFAULT_QUOTAS, **{name: {"value": value, "source": "live"} for name, value in live.items()}}
