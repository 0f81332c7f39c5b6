"""Changes of a deployed network: each takes the steps that it must, and no others."""

from __future__ import annotations

import pytest

from tests.e2e.aws import Account, Aws, made_by, named
from tests.e2e.projects import Config, Project, Projects, declared, node

STACK = "growing/dev"


@pytest.fixture(scope="module")
def project(projects: Projects) -> Project:
    made = projects.small("growing")
    made.up().ok()
    return made


@pytest.fixture(scope="module")
def aws(account: Account, project: Project) -> Aws:
    return account.of(project.region)


def changed(project: Project, **network: object) -> Config:
    config = project.config
    config["cluster:network"] |= network
    return config


def routed(aws: Aws) -> dict[str, set[str]]:
    """Table name to the pod ranges that it routes."""
    found = {}
    for name, table in named(aws, STACK, "route-table").items():
        routes = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        ranges = {route["DestinationCidrBlock"] for route in routes if "NetworkInterfaceId" in route}
        found[name] = {cidr for cidr in ranges if cidr.startswith("100.80.")}
    return found


def targets(aws: Aws) -> set[str]:
    (group,) = named(aws, STACK, "target-group").values()
    health = aws.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return {item["Target"]["Id"] for item in health}


def test_node_comes_and_goes(project: Project, aws: Aws) -> None:
    nodes = project.config["cluster:network"]["nodes"]["machines"]
    region = project.region
    tables = ("public", f"private-{region}a", f"private-{region}b")
    # The sets of all nodes change; the number of steps doesn't grow with the nodes.
    steps = {f"update RouteTable growing-{table}" for table in tables} | {
        "update ClusterNetwork growing",
        "update NetworkInterfaces growing",
        "update Instances growing",
        "update TargetGroup growing.growing.front.http",
    }

    project.configure(changed(project, nodes=declared(*nodes, node("node-c", f"{region}b", "100.80.2.0/24"))))
    assert project.up().ok().changes == steps
    assert set(map(frozenset, routed(aws).values())) == {frozenset(f"100.80.{part}.0/24" for part in range(3))}
    assert targets(aws) == set(named(aws, STACK, "instance").values())
    assert len(targets(aws)) == 3

    project.configure(changed(project, nodes=declared(*nodes)))
    assert project.up().ok().changes == steps
    assert set(map(frozenset, routed(aws).values())) == {frozenset(f"100.80.{part}.0/24" for part in range(2))}
    assert targets(aws) == set(named(aws, STACK, "instance").values())
    assert len(targets(aws)) == 2


def test_way_out_is_changed_in_place(project: Project, aws: Aws) -> None:
    region = project.region
    private = {f"update RouteTable growing-private-{region}{zone}" for zone in "ab"}

    project.configure(changed(project, nat="single"))
    assert project.up().ok().changes == private | {f"create NatGateway growing-{region}a"}
    project.configure(changed(project, nat="per-zone"))
    assert project.up().ok().changes == {
        f"create NatGateway growing-{region}b",
        f"update RouteTable growing-private-{region}b",
    }
    gateways = named(aws, STACK, "nat-gateway")
    zones = (f"{region}a", f"{region}b")
    assert ways_out(aws, zones) == [gateways[f"growing-{zone}"] for zone in zones]

    project.configure(changed(project, nat="none"))
    assert project.up().ok().changes == private | {f"delete NatGateway growing-{region}{zone}" for zone in "ab"}
    assert ways_out(aws, zones) == [None, None]
    assert not {thing.kind for thing in made_by(aws, STACK)} & {"nat-gateway", "address"}


def ways_out(aws: Aws, zones: tuple[str, ...]) -> list[str | None]:
    """The NAT gateway that each zone's private subnet uses."""
    found = []
    for zone in zones:
        table = named(aws, STACK, "route-table")[f"growing-private-{zone}"]
        routes = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        by_range = {route["DestinationCidrBlock"]: route for route in routes}
        found.append(by_range.get("0.0.0.0/0", {}).get("NatGatewayId"))
    return found


def test_another_tag_is_put_on_everything_in_place(project: Project, aws: Aws) -> None:
    before = {thing.id for thing in made_by(aws, STACK)}
    project.configure(changed(project, tags={"cost-centre": "42"}))
    run = project.up().ok()
    assert {step.op for step in run.done} == {"same", "update"}
    bearing = {thing.id for thing in made_by(aws, STACK) if thing.tags.get("cost-centre") == "42"}
    assert bearing == {thing.id for thing in made_by(aws, STACK) if thing.kind != "security-group-rule"}

    project.configure(changed(project, tags={"centre": "42"}))
    project.up().ok()
    after = made_by(aws, STACK)
    assert {thing.id for thing in after} == before
    assert {tuple(sorted(thing.tags.keys() & {"centre", "cost-centre"})) for thing in after} <= {("centre",), ()}


def test_zone_is_added_at_the_end_without_moving_anything(project: Project, aws: Aws) -> None:
    before = named(aws, STACK, "subnet")
    added = f"{project.region}c"
    zones = project.config["cluster:network"]["zones"]
    project.configure(changed(project, zones=[*zones, added]))
    run = project.up().ok()
    assert {change for change in run.changes if change.startswith("create")} == {
        f"create Subnet growing-private-{added}",
        f"create Subnet growing-public-{added}",
        f"create RouteTable growing-private-{added}",
    }
    assert not {change for change in run.changes if not change.startswith(("create", "update"))}
    assert named(aws, STACK, "subnet").items() > before.items()
