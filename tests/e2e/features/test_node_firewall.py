"""Node firewall: each row of the feature list, on what the engine made."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.aws import Account, Aws, named
from tests.e2e.features.networks import EVERY, Rule, changed, mistaken, network, rules
from tests.e2e.projects import IMAGE, Config, Project, Projects, declared

REGION = "ap-southeast-1"
A, B = f"{REGION}a", f"{REGION}b"
STACK = "walled/dev"
PODS = "100.64.0.0/16"
OFFICE, PARTNER, PLANE = "10.8.0.0/16", "10.70.0.0/16", "10.71.0.0/24"
TOO_BIG = (3, 4)
"""ICMP: destination unreachable, fragmentation needed."""
# Node ports belong to the whole cluster; no other test has these.
HTTP, HTTPS, DNS, ADMIN = 31200, 31201, 31202, 31210


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module")
def prefix_list(aws: Aws) -> str:
    """Two ranges of somebody's; there may be three."""
    entries: Any = [{"Cidr": "192.0.2.0/25"}, {"Cidr": "192.0.2.128/25"}]
    made = aws.ec2.create_managed_prefix_list(
        PrefixListName="monitors", MaxEntries=3, AddressFamily="IPv4", Entries=entries
    )
    return made["PrefixList"]["PrefixListId"]


def front(**port: Any) -> Config:
    http = {"name": "http", "port": 80, "targetPort": 8080, "nodePort": HTTP, **port}
    https = {"name": "https", "port": 443, "nodePort": HTTPS}
    dns = {"name": "dns", "port": 53, "protocol": "UDP", "nodePort": DNS}
    return {
        "type": "LoadBalancer",
        "namespace": "walled",
        "name": "front",
        "selector": {"app": "front"},
        "scheme": "internal",
        "sources": ["10.50.0.0/16"],
        "ports": [http, https, dns],
    }


def admin(name: str, first: int, sources: list[Any], number: int = 1) -> Config:
    return {
        "type": "NodePort",
        "namespace": "walled",
        "name": name,
        "selector": {"app": "admin"},
        "sources": sources,
        "ports": [{"name": f"p{place}", "port": 8000 + place, "nodePort": first + place} for place in range(number)],
    }


@pytest.fixture(scope="module")
def walled(projects: Projects, prefix_list: str) -> Project:
    machines = [
        {"name": f"walled-{zone[-1]}", "zone": zone, "podCidr": f"100.64.{place}.0/24", "image": IMAGE}
        for place, zone in enumerate((A, B))
    ]
    monitors = {"prefixList": prefix_list, "name": "monitors", "entries": 3}
    described = network(
        "walled",
        REGION,
        front(),
        admin("admin", ADMIN, [OFFICE], number=3),
        admin("metrics", ADMIN + 5, [monitors]),
        nodes=declared(*machines),
        egress=[PARTNER],
        controlPlane={"kind": "ranges", "cidrs": [PLANE], "apiPort": 6443, "webhooks": [9443]},
    )
    made = projects.make("walled", described)
    made.up().ok()
    return made


def groups(aws: Aws) -> dict[str, str]:
    return named(aws, STACK, "security-group")


def on_nodes(aws: Aws) -> set[Rule]:
    """The rules of all of the nodes' groups together."""
    return {
        rule for name, group in groups(aws).items() if name.startswith("walled-nodes") for rule in rules(aws, group)
    }


def services(project: Project, *listed: Config) -> None:
    project.configure({**project.config, "cluster:services": list(listed)})


@pytest.mark.usefixtures("walled")
def test_row_29_every_node_has_the_node_security_group(aws: Aws) -> None:
    ids = list(named(aws, STACK, "network-interface").values())
    assert len(ids) == 2
    for interface in aws.ec2.describe_network_interfaces(NetworkInterfaceIds=ids)["NetworkInterfaces"]:
        assert [group["GroupId"] for group in interface["Groups"]] == [groups(aws)["walled-nodes"]]


@pytest.mark.usefixtures("walled")
def test_row_30_nodes_and_pods_reach_each_other_on_every_protocol(aws: Aws) -> None:
    nodes = groups(aws)["walled-nodes"]
    model = {(way, "-1", EVERY, peer) for way in ("in", "out") for peer in (nodes, PODS)}
    everything = {rule for rule in on_nodes(aws) if rule[1] == "-1"}
    assert everything == model | {("out", "-1", EVERY, PARTNER)}


@pytest.mark.usefixtures("walled")
def test_row_33_a_node_port_has_its_rule_without_a_load_balancer(aws: Aws, prefix_list: str) -> None:
    assert ("in", "tcp", (ADMIN + 5, ADMIN + 5), prefix_list) in on_nodes(aws)
    assert groups(aws).keys() == {"walled-nodes", "walled-walled-front"}


@pytest.mark.usefixtures("walled")
def test_row_34_load_balancer_reaches_nodes_by_group(aws: Aws) -> None:
    balancer, nodes = groups(aws)["walled-walled-front"], groups(aws)["walled-nodes"]
    assert {rule for rule in on_nodes(aws) if rule[3] == balancer} == {
        ("in", "tcp", (HTTP, HTTPS), balancer),
        ("in", "udp", (DNS, DNS), balancer),
        # Whether UDP is answered, only the proxy can say.
        ("in", "tcp", (10256, 10256), balancer),
    }
    assert {rule[:3] for rule in rules(aws, balancer) if rule[3] == nodes} == {
        ("out", "tcp", (HTTP, HTTP)),
        ("out", "tcp", (HTTPS, HTTPS)),
        ("out", "udp", (DNS, DNS)),
        ("out", "tcp", (10256, 10256)),
    }


@pytest.mark.usefixtures("walled")
def test_row_35_no_port_is_open_that_no_service_has(aws: Aws, prefix_list: str) -> None:
    balancer = groups(aws)["walled-walled-front"]
    assert {rule for rule in on_nodes(aws) if rule[0] == "in" and rule[1] in ("tcp", "udp")} == {
        ("in", "tcp", (HTTP, HTTPS), balancer),
        ("in", "udp", (DNS, DNS), balancer),
        ("in", "tcp", (10256, 10256), balancer),
        ("in", "tcp", (ADMIN, ADMIN + 2), OFFICE),
        ("in", "tcp", (ADMIN + 5, ADMIN + 5), prefix_list),
        ("in", "tcp", (10250, 10250), PLANE),
        ("in", "tcp", (9443, 9443), PLANE),
    }


@pytest.mark.usefixtures("walled")
def test_row_32_neighbouring_node_ports_are_one_rule_for_a_range(aws: Aws) -> None:
    assert {rule for rule in on_nodes(aws) if rule[3] == OFFICE and rule[1] == "tcp"} == {
        ("in", "tcp", (ADMIN, ADMIN + 2), OFFICE)
    }


@pytest.mark.usefixtures("walled")
def test_row_38_prefix_list_is_a_source(aws: Aws, prefix_list: str) -> None:
    assert ("in", "tcp", (ADMIN + 5, ADMIN + 5), prefix_list) in rules(aws, groups(aws)["walled-nodes"])


@pytest.mark.usefixtures("walled")
def test_row_39_packets_that_are_too_big_are_told_of(aws: Aws, prefix_list: str) -> None:
    """By whoever nodes talk with: clients of node ports, and what they may connect to; at the load balancer, too."""
    said = {rule[3] for rule in on_nodes(aws) if rule[:3] == ("in", "icmp", TOO_BIG)}
    assert said == {OFFICE, PARTNER, prefix_list}
    assert ("in", "icmp", TOO_BIG, "10.50.0.0/16") in rules(aws, groups(aws)["walled-walled-front"])


def test_row_31_rules_follow_the_service(walled: Project, aws: Aws) -> None:
    former = walled.config
    balancer = groups(aws)["walled-walled-front"]
    others = former["cluster:services"][1:]
    services(walled, front(nodePort=ADMIN + 7), *others)
    changes = walled.up().ok().changes
    assert "update SecurityGroupRules walled.walled.front.nodes" in changes
    assert "update SecurityGroupRules walled-nodes" not in changes
    opened = {rule[2] for rule in on_nodes(aws) if rule[3] == balancer and rule[1] == "tcp"}
    assert opened == {(ADMIN + 7, ADMIN + 7), (HTTPS, HTTPS), (10256, 10256)}
    walled.configure(former)
    walled.up().ok()


def test_row_32_whole_node_port_range_is_open_to_a_range_of_addresses(walled: Project, aws: Aws) -> None:
    former, before = walled.config, on_nodes(aws)
    changed(walled, nodePorts={"first": 30000, "last": 32767, "sources": ["10.72.0.0/16"]})
    assert walled.up().ok().changes == {"update SecurityGroupRules walled-nodes"}
    opened = {(protocol, (30000, 32767)) for protocol in ("tcp", "udp")} | {("icmp", TOO_BIG)}
    assert on_nodes(aws) - before == {("in", *rule, "10.72.0.0/16") for rule in opened}
    walled.configure(former)
    walled.up().ok()
    assert on_nodes(aws) == before


def test_row_36_rules_beyond_a_group_s_quota_go_into_the_next(walled: Project, aws: Aws) -> None:
    former, before = walled.config, on_nodes(aws)
    guests = [f"10.{octet}.0.0/16" for octet in range(100, 130, 2)]
    services(walled, *former["cluster:services"], admin("guests", ADMIN + 9, list(guests)))
    changed(walled, quotas={"rulesPerGroup": 24})
    walled.up().ok()
    ids = [group for name, group in groups(aws).items() if name.startswith("walled-nodes")]
    assert len(ids) == 2
    for group in ids:
        incoming = [rule for rule in rules(aws, group) if rule[0] == "in"]
        # A prefix list counts as many as it can have.
        assert sum(3 if rule[3].startswith("pl-") else 1 for rule in incoming) <= 24
    assert {rule[3] for rule in on_nodes(aws) if rule[:3] == ("in", "tcp", (ADMIN + 9, ADMIN + 9))} == set(guests)
    assert on_nodes(aws) >= before
    interfaces = list(named(aws, STACK, "network-interface").values())
    for interface in aws.ec2.describe_network_interfaces(NetworkInterfaceIds=interfaces)["NetworkInterfaces"]:
        assert {group["GroupId"] for group in interface["Groups"]} == set(ids), "every node has both"
    assert walled.up("--expect-no-changes").ok().changes == set()

    walled.configure(former)
    walled.up().ok()
    assert on_nodes(aws) == before
    assert [name for name in groups(aws) if name.startswith("walled-nodes")] == ["walled-nodes"]


def test_row_37_more_rules_than_all_groups_hold_are_refused_before_apply(walled: Project) -> None:
    former = walled.config
    sources = [f"10.{octet}.0.0/16" for octet in range(100, 170, 2)]
    services(walled, *former["cluster:services"], admin("guests", ADMIN + 9, list(sources)))
    (error,) = mistaken(walled, quotas={"rulesPerGroup": 14}).errors
    walled.configure(former)
    assert "more rules are too many for the security group of the nodes" in error
    assert "services[3]" in error
    assert "quotas.rulesPerGroup" in error


def test_row_40_stale_rules_are_removed(walled: Project, aws: Aws) -> None:
    former, before = walled.config, on_nodes(aws)
    front_end, _, metrics = former["cluster:services"]
    # One Service loses its sources, one goes; and one that a run left behind, cut off, is found by its tags.
    nodes = groups(aws)["walled-nodes"]
    found = aws.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [nodes]}])
    office = next(
        rule for rule in found["SecurityGroupRules"] if rule.get("CidrIpv4") == OFFICE and rule["IpProtocol"] == "tcp"
    )
    left_behind: Any = [
        {"IpProtocol": "tcp", "FromPort": ADMIN + 8, "ToPort": ADMIN + 8, "IpRanges": [{"CidrIp": OFFICE}]}
    ]
    tags: Any = [{"ResourceType": "security-group-rule", "Tags": office["Tags"]}]
    aws.ec2.authorize_security_group_ingress(GroupId=nodes, IpPermissions=left_behind, TagSpecifications=tags)
    assert walled.refresh().ok().diff("SecurityGroupRules", "walled.walled.admin.nodes")

    services(walled, front_end, admin("admin", ADMIN, [PARTNER], number=3), metrics)
    walled.up().ok()
    assert not {rule for rule in on_nodes(aws) if rule[3] == OFFICE}
    assert ("in", "tcp", (ADMIN, ADMIN + 2), PARTNER) in on_nodes(aws)

    services(walled, front_end, metrics)
    walled.up().ok()
    assert not {rule for rule in on_nodes(aws) if ADMIN <= rule[2][0] <= ADMIN + 3}
    walled.configure(former)
    walled.up().ok()
    assert on_nodes(aws) == before
