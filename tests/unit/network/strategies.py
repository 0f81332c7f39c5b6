"""Descriptions of cluster networks, of every shape that is accepted, for properties that hold of all of them.

    @given(description=descriptions())
    def test_something(description: Wire) -> None:
        declare(lambda: ClusterNetwork(ClusterNetworkArgs(**description)), answers(description))

A description is what an environment file could say, in Python's names and in plain values, so that a test can write it
down, or change it. `descriptions(standalone=True)` names nothing that others would have to make first (an existing VPC,
subnets or machines, a peer, a bucket, a prefix list, a group): such a network can be deployed on an empty account.

Ranges are drawn from address spaces that can't meet: the VPC from 10.0.0.0/9, its secondary ones from 100.96.0.0/11,
pods from 100.64.0.0/11, Services from 172.20.0.0/14, links from 192.168.0.0/16 and 2001:db8::/32.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from hypothesis import strategies as st

from kubewire.errors import InvalidInputError
from kubewire.network.layout import ZONE_BITS, Role, Slot, carve
from kubewire.resources.hosted_zone import MOST_TAGS
from tests.unit.network.people import control_planes, sources
from tests.unit.network.surroundings import acls, endpoints, flow_logs, links

Wire = dict[str, Any]
REGION = "eu-west-1"
LETTERS = "abcdef"
STANDALONE_LETTERS = "abc"
"""The zones of the embedded cloud's region."""
IMAGE = "ami-0123456789abcdef0"
TYPES = ("t3.medium", "m5.large", "c5.24xlarge")
MOST_NODES = 5
NODE_ROLES = (Role.PRIVATE, Role.ISOLATED)


@st.composite
def descriptions(draw: st.DrawFn, *, standalone: bool = False, image: str = IMAGE) -> Wire:
    """Draw a description that is accepted.

    Args:
        draw: hypothesis' own.
        standalone: whether it names nothing that others would have to make first.
        image: the AMI of its machines.
    """
    letters = st.lists(
        st.sampled_from(STANDALONE_LETTERS if standalone else LETTERS), min_size=1, max_size=4, unique=True
    )
    zones = [f"{REGION}{letter}" for letter in draw(letters)]
    vpc = draw(new_vpcs(standalone=standalone) if standalone else new_vpcs() | existing_vpcs())
    ipv6 = bool(vpc.get("ipv6") or vpc.get("ipv6_cidr"))
    existing = vpc["kind"] != "new" and (vpc.get("cidr") is None or draw(st.booleans()))
    subnets = draw(existing_subnets()) if existing else draw(carved_subnets(vpc["cidr"]))
    if existing:
        # Existing subnets are the private and public ones; a secondary range has others.
        vpc = {**vpc, "secondary": [{"cidr": more["cidr"]} for more in vpc["secondary"]]}
    pods = draw(pods_of(ipv6=ipv6))
    roles = _roles(subnets)
    description: Wire = {
        "name": draw(st.sampled_from(("shop", "a", "x" * 32, "web-2"))),
        "region": REGION,
        "vpc": vpc,
        "zones": zones,
        "subnets": subnets,
        "nat": draw(_nats(roles, existing=existing)),
        "pods": pods,
        "service_cidr": draw(st.sampled_from(("172.20.0.0/16", "172.21.8.0/22"))),
        "nodes": draw(nodes_of(zones, pods, image=image, standalone=standalone, existing=existing)),
        "node_groups": draw(st.integers(1, 3)),
        "egress": draw(st.lists(sources(standalone=standalone), max_size=4)),
        "path_mtu": draw(st.lists(sources(standalone=standalone), max_size=3)),
        "control_plane": draw(st.none() | control_planes(standalone=standalone)),
        "links": [] if standalone else draw(links(ipv6=ipv6)),
        "endpoints": draw(endpoints(gateways=not existing)),
        "acls": [] if existing else draw(acls(roles)),
        "flow_logs": [] if standalone else draw(flow_logs()),
        "domain": draw(st.sampled_from((None, "shop.internal", "a.b.example"))),
        "cluster": draw(st.sampled_from((None, "shop"))),
        "tags": draw(st.sampled_from(({}, {"team": "shop"}, {f"key-{number}": "x" for number in range(40)}))),
        # Beyond what a draw needs in the worst case, so that no draw is refused for its size.
        "quotas": {"live": not standalone and draw(st.booleans()), "rules_per_group": 300},
    }
    if len(description["tags"]) > MOST_TAGS:
        description["domain"] = None
    if ipv6:
        description["service_cidr6"] = draw(st.sampled_from((None, "fd12::/108")))
    return description


@st.composite
def new_vpcs(draw: st.DrawFn, *, standalone: bool = False) -> Wire:
    """Draw a VPC of the stack's own."""
    vpc: Wire = {
        "kind": "new",
        "cidr": draw(vpc_ranges()),
        "secondary": draw(secondaries()),
        "ipv6": draw(st.booleans()),
        "lock_default_group": draw(st.booleans()),
    }
    if not standalone:
        vpc["ipam_pool"] = draw(st.sampled_from((None, "ipam-pool-0123456789abcdef0")))
    return vpc


@st.composite
def existing_vpcs(draw: st.DrawFn) -> Wire:
    """Draw a VPC that others made."""
    by_id: Wire = {"kind": "id", "id": "vpc-0123456789abcdef0"}
    by_tags: Wire = {"kind": "tags", "tags": {"a": "b"}}
    named = draw(st.sampled_from((by_id, by_tags)))
    return {
        **named,
        "cidr": draw(st.none() | vpc_ranges()),
        "secondary": draw(secondaries()),
        "ipv6_cidr": draw(st.sampled_from((None, "2600:1f18:1234:5600::/56"))),
    }


def vpc_ranges() -> st.SearchStrategy[str]:
    """Draw a range of 10.0.0.0/9, /16 to /22."""
    return st.builds(lambda second, prefix: f"10.{second}.0.0/{prefix}", st.integers(0, 127), st.integers(16, 22))


@st.composite
def secondaries(draw: st.DrawFn) -> list[Wire]:
    """Draw secondary ranges, each with a layout that has no role of the VPC's own range with the same index."""
    found: list[Wire] = []
    for number in range(draw(st.integers(0, 3))):
        cidr = f"100.{96 + number}.0.0/{draw(st.integers(16, 22))}"
        # The first one's default is the first subnet for pods.
        plain = not found or draw(st.booleans())
        found.append({"cidr": cidr} if plain else {"cidr": cidr, "layout": draw(later_slots(cidr, number))})
    return found


@st.composite
def later_slots(draw: st.DrawFn, cidr: str, number: int) -> list[Wire]:
    """Draw slots of a secondary range: more subnets for pods, and gaps."""
    prefix = min(28, IPv4Network(cidr).prefixlen + ZONE_BITS + draw(st.integers(1, 3)))
    rows: list[Wire] = [{"role": "pods", "prefix": prefix, "index": 4 + number}]
    if draw(st.booleans()):
        rows.insert(0, {"role": "reserved", "prefix": prefix})
    return rows


@st.composite
def carved_subnets(draw: st.DrawFn, cidr: str) -> Wire:
    """Draw subnets of a range: the standard layout, or one with a subnet for nodes and whatever else fits."""
    if draw(st.booleans()):
        return {"kind": "carved"}
    block = IPv4Network(cidr).prefixlen + ZONE_BITS
    sizes = st.integers(block + 1, min(28, block + 4))
    others = (Role.PUBLIC, Role.RESERVED, *NODE_ROLES)
    wanted = [draw(st.sampled_from(NODE_ROLES)), *draw(st.lists(st.sampled_from(others), max_size=5))]
    slots: list[Wire] = []
    for role in draw(st.permutations(wanted)):
        index = sum(slot["role"] == role.value for slot in slots)
        more: Wire = {"role": role.value, "prefix": draw(sizes), "index": 0 if role is Role.RESERVED else index}
        if _fits(cidr, [*slots, more]):
            slots.append(more)
    if not {slot["role"] for slot in slots} & {role.value for role in NODE_ROLES}:
        slots = [{"role": wanted[0].value, "prefix": block + 1}]
    return {"kind": "carved", "layout": slots, "moves": draw(st.booleans())}


def existing_subnets() -> st.SearchStrategy[Wire]:
    """Draw subnets that others made: `answers` has one of each role in every zone."""
    private = st.just({"kind": "tags", "tags": {"tier": "private"}})
    public = st.just({"kind": "tags", "tags": {"tier": "public"}})
    return st.fixed_dictionaries({"kind": st.just("existing"), "private": private, "public": st.none() | public})


@st.composite
def pods_of(draw: st.DrawFn, *, ipv6: bool) -> Wire:
    """Draw where pods have their addresses."""
    routed: Wire = {
        "kind": "routed",
        "cidr": draw(st.sampled_from(("100.64.0.0/16", "100.80.0.0/14"))),
        "node_prefix": draw(st.integers(24, 28)),
    }
    if ipv6 and draw(st.booleans()):
        routed |= {"cidr6": "fd00:64::/72", "node_prefix6": 80}
    told: Wire = draw(st.sampled_from(({}, {"hairpin": True}, {"hairpin": False})))
    kinds = ("vxlan", "vxlan-8472", "geneve", "wireguard", "ip-in-ip")
    overlay = {
        "kind": "overlay",
        "cidr": "100.64.0.0/16",
        "encapsulation": draw(st.sampled_from(kinds)),
        "bgp": draw(st.booleans()),
    }
    vpc = {
        "kind": "vpc",
        "prefix_delegation": draw(st.booleans()),
        "instance_types": draw(st.lists(st.sampled_from(TYPES))),
    }
    return draw(st.sampled_from((routed | told, routed | told, overlay | told, vpc)))


@st.composite
def nodes_of(draw: st.DrawFn, zones: list[str], pods: Wire, *, image: str, standalone: bool, existing: bool) -> Wire:
    """Draw the nodes."""
    kinds = ["declared"]
    kinds += ["slots"] * (not existing)
    kinds += ["cluster"] * (not standalone)
    kinds += ["auto-scaling-group"] * (not standalone and pods["kind"] != "routed")
    match draw(st.sampled_from(kinds)):
        case "declared":
            number = draw(st.integers(0, MOST_NODES)) if pods["kind"] != "vpc" else draw(st.integers(0, 1))
            rows = [machine(item, draw(st.sampled_from(zones)), pods, image) for item in range(number)]
            return {"kind": "declared", "machines": rows}
        case "slots":
            # The smallest subnet has room for five.
            return {"kind": "slots", "zones": {zone: draw(st.integers(0, MOST_NODES)) for zone in zones}}
        case "cluster":
            return {"kind": "cluster", "selector": draw(st.sampled_from(({}, {"role": "worker"})))}
        case _:
            return {"kind": "auto-scaling-group", "group": "workers", "attach": draw(st.booleans())}


def machine(number: int, zone: str, pods: Wire, image: str = IMAGE) -> Wire:
    """Describe a machine with the pod ranges of its number, if its network's pods are routed."""
    row: Wire = {"name": f"node-{number}", "zone": zone, "image": image, "instance_type": "t3.medium"}
    if pods["kind"] == "routed":
        row["pod_cidr"] = str(part(pods["cidr"], pods.get("node_prefix", 24), number))
        if "cidr6" in pods:
            row["pod_cidr6"] = str(part(pods["cidr6"], pods.get("node_prefix6", 80), number))
    return row


def part(cidr: str, prefix: int, number: int) -> IPv4Network | IPv6Network:
    """Give the part of a range with a number."""
    whole = ip_network(cidr)
    return ip_network((int(whole.network_address) + (number << (whole.max_prefixlen - prefix)), prefix))


def accepted(build: Callable[[], Any]) -> bool:
    """Whether a description is accepted."""
    try:
        build()
    except InvalidInputError:
        return False
    return True


def _fits(cidr: str, slots: list[Wire]) -> bool:
    return accepted(lambda: carve(IPv4Network(cidr), ["z"], [Slot(**slot) for slot in slots]))


def _roles(subnets: Wire) -> set[Role]:
    """Give the roles that ways out and ACLs may be for."""
    if subnets["kind"] == "existing":
        return {Role.PRIVATE, *([Role.PUBLIC] if subnets["public"] else [])}
    layout = subnets.get("layout")
    found = {Role(slot["role"]) for slot in layout} if layout else {Role.PRIVATE, Role.PUBLIC}
    return found - {Role.RESERVED}


def _nats(roles: set[Role], *, existing: bool) -> st.SearchStrategy[str]:
    fits = not existing and {Role.PRIVATE, Role.PUBLIC} <= roles
    return st.sampled_from(("none", "single", "per-zone") if fits else ("none",))
