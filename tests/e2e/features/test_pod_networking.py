"""Pod networking: each row of the feature list, on what the engine made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kubewire.local.aws.remote import configure
from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws, named
from tests.e2e.features.machines import checked, second_interface
from tests.e2e.features.networks import changed, led, mistaken, network, tables
from tests.e2e.projects import IMAGE, Config, Project, Projects, declared
from tests.e2e.runs import Run

REGION = "sa-east-1"
A, B = f"{REGION}a", f"{REGION}b"
STACK = "podded/dev"
PODS = {"node-a": "100.64.0.0/24", "node-b": "100.64.1.0/24"}
PODS6 = {"node-a": "fd64:64::/80", "node-b": "fd64:64:0:0:1::/80"}
ALL_TABLES = {"podded-public", "podded-isolated", f"podded-private-{A}", f"podded-private-{B}"}
LAYOUT = [{"role": role, "prefix": 22} for role in ("private", "public", "isolated")]


def node(name: str, pods: str, pods6: str) -> dict[str, str]:
    zone = A if name.endswith("a") else B
    return {"name": name, "zone": zone, "podCidr": pods, "podCidr6": pods6, "image": IMAGE, "instanceType": "t3.medium"}


NODES = [node(name, PODS[name], PODS6[name]) for name in PODS]


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module")
def created(projects: Projects) -> tuple[Project, Run]:
    """The network, and the preview of its first run."""
    made = projects.make(
        "podded",
        network(
            "podded",
            REGION,
            vpc={"kind": "new", "cidr": "10.50.0.0/16", "ipv6": True},
            subnets={"kind": "carved", "layout": LAYOUT},
            pods={"kind": "routed", "cidr": "100.64.0.0/16", "cidr6": "fd64:64::/64"},
            serviceCidr6="fd96::/112",
            nodes=declared(*NODES),
        ),
    )
    plan = made.preview().ok()
    made.up().ok()
    return made, plan


@pytest.fixture(scope="module")
def podded(created: tuple[Project, Run]) -> Project:
    return created[0]


@pytest.fixture
def repaired(podded: Project) -> Iterator[None]:
    """A test that breaks something leaves it whole."""
    yield
    podded.up("--refresh").ok()


def pod_routes(aws: Aws, family: str) -> dict[str, dict[str, str]]:
    """Of every table: pod ranges of a family to the interfaces that they lead to."""
    return {
        name: {
            cidr: target for cidr, target in led(rows, "NetworkInterfaceId").items() if (":" in cidr) == (family == "6")
        }
        for name, rows in tables(aws, STACK).items()
    }


def expected(aws: Aws, ranges: dict[str, str]) -> dict[str, str]:
    interfaces = named(aws, STACK, "network-interface")
    return {cidr: interfaces[name] for name, cidr in ranges.items()}


@pytest.mark.usefixtures("podded")
def test_row_18_a_node_s_pods_are_routed_to_it(aws: Aws) -> None:
    assert pod_routes(aws, "4")[f"podded-private-{A}"] == expected(aws, PODS)


@pytest.mark.usefixtures("podded")
def test_row_19_every_table_has_the_pod_routes(aws: Aws) -> None:
    """Those of load balancers and of isolated subnets too: wherever a packet comes from, it finds its pod."""
    found = pod_routes(aws, "4")
    assert found.keys() == ALL_TABLES
    assert all(routes == expected(aws, PODS) for routes in found.values())


@pytest.mark.usefixtures("podded")
def test_row_20_ipv6_pods_are_routed(aws: Aws) -> None:
    found = pod_routes(aws, "6")
    assert found.keys() == ALL_TABLES
    assert all(routes == expected(aws, PODS6) for routes in found.values())


@pytest.mark.usefixtures("podded")
def test_row_21_source_and_destination_are_not_checked(aws: Aws) -> None:
    assert not any(checked(aws, interface) for interface in named(aws, STACK, "network-interface").values())


@pytest.mark.usefixtures("podded")
def test_row_22_a_node_with_more_interfaces_is_still_a_target(podded: Project, aws: Aws) -> None:
    """A route names an interface, the node's own; AWS refuses one to an instance that has two."""
    node_a = named(aws, STACK, "instance")["node-a"]
    subnet = named(aws, STACK, "subnet")[f"podded-private-{A}"]
    more = second_interface(aws, node_a, subnet)
    assert podded.refresh("--expect-no-changes").ok().changes == set()
    assert podded.up("--expect-no-changes").ok().changes == set()
    for routes in pod_routes(aws, "4").values():
        assert routes == expected(aws, PODS)
        assert more not in routes.values()
    assert checked(aws, more), "an interface of others stays as it is"


@pytest.mark.usefixtures("repaired")
def test_row_23_black_holes_are_seen_and_cleaned_up(podded: Project, aws: Aws) -> None:
    lost = named(aws, STACK, "network-interface")["node-b"]
    aws.ec2.terminate_instances(InstanceIds=[named(aws, STACK, "instance")["node-b"]])
    aws.ec2.describe_instances()
    if lost in named(aws, STACK, "network-interface").values():
        aws.ec2.delete_network_interface(NetworkInterfaceId=lost)
    for name, rows in tables(aws, STACK).items():
        states = {row["State"] for row in rows if row.get("DestinationCidrBlock") == PODS["node-b"]}
        assert states == {"blackhole"}, name
    run = podded.refresh().ok()
    for name in ALL_TABLES:
        holes = {f'routes["{cidr}"].via' for cidr in (PODS["node-b"], PODS6["node-b"])}
        assert run.diff("RouteTable", name) == holes
    changes = podded.up().ok().changes
    assert changes >= {"update NetworkInterfaces podded", "update Instances podded"}
    assert named(aws, STACK, "network-interface")["node-b"] != lost
    for family, ranges in (("4", PODS), ("6", PODS6)):
        assert all(routes == expected(aws, ranges) for routes in pod_routes(aws, family).values())
    assert not [row for rows in tables(aws, STACK).values() for row in rows if row["State"] != "active"]
    assert podded.up("--expect-no-changes").ok().changes == set()


def test_row_23_routes_of_a_node_that_is_given_up_go_with_it(podded: Project, aws: Aws) -> None:
    changed(podded, nodes=declared(*NODES, node("node-c", "100.64.2.0/24", "fd64:64:0:0:2::/80")))
    podded.up().ok()
    assert all("100.64.2.0/24" in routes for routes in pod_routes(aws, "4").values())
    changed(podded, nodes=declared(*NODES))
    podded.up().ok()
    assert all(routes == expected(aws, PODS) for routes in pod_routes(aws, "4").values())
    assert all(routes == expected(aws, PODS6) for routes in pod_routes(aws, "6").values())
    assert not [row for rows in tables(aws, STACK).values() for row in rows if row["State"] != "active"]


def test_row_24_more_routes_than_the_quota_are_refused_before_apply(podded: Project) -> None:
    # Two nodes and a way out.
    (error,) = mistaken(podded, quotas={"routesPerTable": 2}).errors
    assert "3 routes are too many for one table" in error
    assert "quotas.routesPerTable" in error


def test_row_24_the_quota_is_what_aws_says_it_is(podded: Project, cloud: Cloud) -> None:
    configure(cloud.aws_endpoint, quotas={"routes-per-route-table": 2})
    try:
        (error,) = mistaken(podded).errors
    finally:
        configure(cloud.aws_endpoint, quotas={"routes-per-route-table": 500})
    assert "3 routes are too many for one table" in error


def test_row_25_pod_ranges_are_known_in_the_plan(created: tuple[Project, Run]) -> None:
    _, plan = created
    for name in ALL_TABLES:
        rows = plan.inputs("RouteTable", name)["routes"]
        led_to = {cidr: row["name"] for cidr, row in rows.items() if row["via"] == "network-interface"}
        assert led_to == {**{PODS[node]: node for node in PODS}, **{PODS6[node]: node for node in PODS6}}


def test_row_25_a_new_node_s_range_is_one_entry_of_the_diff(podded: Project) -> None:
    former = podded.config
    changed(podded, nodes=declared(*NODES, node("node-c", "100.64.2.0/24", "fd64:64:0:0:2::/80")))
    plan = podded.preview().ok()
    podded.configure(former)
    for name in ALL_TABLES:
        assert 'routes["100.64.2.0/24"]' in plan.diff("RouteTable", name)


def test_row_26_ranges_that_must_not_be_masqueraded_are_an_output(podded: Project, aws: Aws) -> None:
    (vpc,) = aws.ec2.describe_vpcs(VpcIds=[outputs(podded)["vpcId"]])["Vpcs"]
    (given,) = [item["Ipv6CidrBlock"] for item in vpc["Ipv6CidrBlockAssociationSet"]]
    shown = outputs(podded)["nonMasqueradeCidrs"]
    assert set(shown) == {"10.50.0.0/16", "100.64.0.0/16", "fd64:64::/64", given}


def outputs(project: Project) -> Config:
    shown: dict[str, Any] = json.loads(project.said("stack", "output", "network", "--json"))
    return shown


@pytest.mark.usefixtures("repaired")
def test_row_28_drift_of_routes_is_found_and_repaired(podded: Project, aws: Aws) -> None:
    ids, interfaces = named(aws, STACK, "route-table"), named(aws, STACK, "network-interface")
    lost, led_astray, added = ids["podded-public"], ids[f"podded-private-{A}"], ids["podded-isolated"]
    aws.ec2.delete_route(RouteTableId=lost, DestinationCidrBlock=PODS["node-a"])
    aws.ec2.replace_route(
        RouteTableId=led_astray, DestinationCidrBlock=PODS["node-a"], NetworkInterfaceId=interfaces["node-b"]
    )
    aws.ec2.create_route(
        RouteTableId=added, DestinationCidrBlock="100.64.9.0/24", NetworkInterfaceId=interfaces["node-a"]
    )
    run = podded.refresh().ok()
    assert run.diff("RouteTable", "podded-public") == {f'routes["{PODS["node-a"]}"]'}
    assert run.diff("RouteTable", f"podded-private-{A}") >= {f'routes["{PODS["node-a"]}"].id'}
    assert run.diff("RouteTable", "podded-isolated") == {'routes["100.64.9.0/24"]'}
    assert not run.diff("RouteTable", f"podded-private-{B}")
    podded.up().ok()
    assert all(routes == expected(aws, PODS) for routes in pod_routes(aws, "4").values())
