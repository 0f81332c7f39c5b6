"""Mistakes in the ranges of a network."""

from __future__ import annotations

import pytest

from tests.unit.infra.mistakes import Mistake, both, check, inside, network, node, without

MISTAKES: dict[str, Mistake] = {
    "pods overlap the VPC": (
        inside("pods", cidr="10.0.128.0/20"),
        "network.pods.cidr",
        "overlaps vpc.cidr 10.0.0.0/16",
    ),
    "Services overlap the VPC": (network(serviceCidr="10.0.0.0/20"), "network.serviceCidr", "overlaps vpc.cidr"),
    "Services overlap pods": (network(serviceCidr="100.64.0.0/20"), "network.serviceCidr", "overlaps pods.cidr"),
    "pods where AWS never routes": (inside("pods", cidr="169.254.0.0/16"), "network.pods.cidr", "can't have"),
    "pods around where AWS never routes": (
        both(inside("pods", cidr="169.0.0.0/8"), network(nodes={"kind": "declared"})),
        "network.pods.cidr",
        "169.254.0.0/16",
    ),
    "Services where no machine can be": (network(serviceCidr="224.0.0.0/16"), "network.serviceCidr", "can't have"),
    "VPC where no machine can be": (inside("vpc", cidr="169.254.0.0/16"), "network.vpc.cidr", "can't have addresses"),
    "VPC too large": (inside("vpc", cidr="10.0.0.0/8"), "network.vpc.cidr", "/16 to /22"),
    "VPC too small": (inside("vpc", cidr="10.0.0.0/24"), "network.vpc.cidr", "/16 to /22"),
    "VPC with host bits": (inside("vpc", cidr="10.0.0.1/16"), "network.vpc.cidr", "Write 10.0.0.0/16"),
    "VPC is no range": (inside("vpc", cidr="ten"), "network.vpc.cidr", "IPv4"),
    "VPC is a number": (inside("vpc", cidr=10), "network.vpc.cidr", "no size"),
    "VPC without a range": (without("cluster:network", "vpc", "cidr"), "network.vpc.cidr", "required"),
    "VPC of no kind": (without("cluster:network", "vpc", "kind"), "network.vpc.kind", "Write new, id or tags"),
    "VPC of an unknown kind": (inside("vpc", kind="found"), "network.vpc.kind", "Write new, id or tags"),
    "no VPC": (without("cluster:network", "vpc"), "network.vpc", "required"),
    "VPC is text": (network(vpc="vpc-0123456789abcdef0"), "network.vpc", "dictionary"),
    "id that is none": (network(vpc={"kind": "id", "id": "shop", "cidr": "10.0.0.0/16"}), "network.vpc.id", "pattern"),
    "a VPC's id without an id": (network(vpc={"kind": "id", "cidr": "10.0.0.0/16"}), "network.vpc.id", "required"),
    "no tags to know a VPC by": (
        network(vpc={"kind": "tags", "tags": {}, "cidr": "10.0.0.0/16"}),
        "network.vpc.tags",
        "at least 1",
    ),
    "a tag without a key": (
        network(vpc={"kind": "tags", "tags": {"": "x"}, "cidr": "10.0.0.0/16"}),
        "network.vpc.tags",
        "at least 1 character",
    ),
    "a key of a new VPC in one by tags": (
        network(vpc={"kind": "tags", "tags": {"a": "b"}, "cidr": "10.0.0.0/16", "ipv6": True}),
        "network.vpc.ipv6",
        "unknown key",
    ),
    "existing VPC without a range": (
        both(network(vpc={"kind": "id", "id": "vpc-0123456789abcdef0"})),
        "network.vpc.cidr",
        "`kind: existing`",
    ),
    "a part of an existing VPC that is too small": (
        network(vpc={"kind": "id", "id": "vpc-0123456789abcdef0", "cidr": "10.0.0.0/24"}),
        "network.vpc.cidr",
        "/16 to /22",
    ),
    "pool that is none": (inside("vpc", ipamPool="pool-1"), "network.vpc.ipamPool", "pattern"),
    "secondary range too small": (
        inside("vpc", secondary=[{"cidr": "100.80.0.0/28"}]),
        "network.vpc.secondary[0].cidr",
        "/16 to /22",
    ),
    "secondary range over the first": (
        inside("vpc", secondary=[{"cidr": "10.0.0.0/20"}]),
        "network.vpc.secondary[0].cidr",
        "overlaps vpc.cidr",
    ),
    "secondary range over pods": (
        inside("vpc", secondary=[{"cidr": "100.64.0.0/20"}]),
        "network.pods.cidr",
        "overlaps vpc.secondary[0].cidr",
    ),
    "five secondary ranges": (
        inside("vpc", secondary=[{"cidr": f"100.{n}.0.0/20"} for n in range(80, 85)]),
        "network.vpc.secondary",
        "at most 4",
    ),
    "slots that fill more than a secondary range": (
        inside("vpc", secondary=[{"cidr": "100.80.0.0/20", "layout": [{"role": "pods", "prefix": 22}]}]),
        "network.vpc.secondary[0].layout[0]",
        "no room for a /22",
    ),
    "an empty layout of a secondary range": (
        inside("vpc", secondary=[{"cidr": "100.80.0.0/20", "layout": []}]),
        "network.vpc.secondary[0].layout",
        "at least 1",
    ),
    "IPv6 Services in IPv4 subnets": (network(serviceCidr6="fd12::/108"), "network.serviceCidr6", "no IPv6"),
    "IPv6 pods in IPv4 subnets": (
        both(inside("pods", cidr6="fd00::/72"), *[node(n, podCidr6=f"fd00:0:0:0:{n}::/80") for n in range(3)]),
        "network.pods.cidr6",
        "no IPv6",
    ),
    "IPv6 link from IPv4 subnets": (
        network(links=[{"kind": "peering", "name": "a", "cidrs": ["2001:db8::/32"], "connection": "pcx-01234567"}]),
        "network.links[0].cidrs[0]",
        "no IPv6",
    ),
    "IPv6 Services among pods": (
        both(
            inside("vpc", ipv6=True),
            network(nodes={"kind": "declared"}, serviceCidr6="fd00::/108"),
            inside("pods", cidr6="fd00::/72"),
        ),
        "network.serviceCidr6",
        "overlaps pods.cidr6",
    ),
    "IPv6 pods where no machine can be": (
        both(inside("vpc", ipv6=True), network(nodes={"kind": "declared"}), inside("pods", cidr6="fe80::/72")),
        "network.pods.cidr6",
        "fe80::/10",
    ),
    "IPv6 pods among AWS's services": (
        both(inside("vpc", ipv6=True), network(nodes={"kind": "declared"}), inside("pods", cidr6="fd00:ec2::/72")),
        "network.pods.cidr6",
        "AWS's own services",
    ),
    "IPv6 range that no subnets fit into": (
        network(vpc={"kind": "id", "id": "vpc-01234567", "cidr": "10.0.0.0/16", "ipv6Cidr": "2001:db8::/60"}),
        "network.vpc.ipv6Cidr",
        "/44 to /59",
    ),
    "IPv6 range that two zones fit into": (
        network(vpc={"kind": "id", "id": "vpc-01234567", "cidr": "10.0.0.0/16", "ipv6Cidr": "2001:db8::/58"}),
        "network.vpc.ipv6Cidr",
        "too small for 3 zones",
    ),
    "an IPv4 range for IPv6": (network(serviceCidr6="10.96.0.0/16"), "network.serviceCidr6", "IPv6"),
    "link over the VPC": (
        network(links=[{"kind": "peering", "name": "a", "cidrs": ["10.0.9.0/24"], "connection": "pcx-01234567"}]),
        "network.links[0].cidrs[0]",
        "overlaps vpc.cidr",
    ),
    "link to everybody": (
        network(links=[{"kind": "peering", "name": "a", "cidrs": ["0.0.0.0/0"], "connection": "pcx-01234567"}]),
        "network.links[0].cidrs[0]",
        "can't have addresses",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_is_named_with_its_path(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(MISTAKES[mistake], monkeypatch)
