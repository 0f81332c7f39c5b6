"""Networks for tests of features, and what AWS has of them."""

from __future__ import annotations

from typing import Any

from tests.e2e.aws import Aws, named
from tests.e2e.projects import Config, Project
from tests.e2e.runs import Run

Rule = tuple[str, str, tuple[int, int], str]
"""Direction, protocol, ports (or ICMP's type and code), and who is at the other end."""
EVERY = (-1, -1)


def network(name: str, region: str, *services: Config, letters: str = "ab", **fields: Any) -> Config:
    """A configuration: a network in some zones of a region, and Services.

    Args:
        name: the network's.
        region: where.
        *services: its Services. Their namespaces are the stack's own.
        letters: of the zones.
        **fields: what else the network has.
    """
    described: Config = {
        "name": name,
        "vpc": {"kind": "new", "cidr": "10.50.0.0/16"},
        "zones": [f"{region}{letter}" for letter in letters],
        "pods": {"kind": "routed", "cidr": "100.64.0.0/16"},
        "serviceCidr": "10.96.0.0/16",
        **fields,
    }
    return {
        "kubewire:region": region,
        "cluster:network": described,
        "cluster:services": list(services),
        "cluster:namespaces": sorted({service["namespace"] for service in services if "namespace" in service}),
    }


def changed(project: Project, **fields: Any) -> None:
    """Give a project's network other fields."""
    config = project.config
    config["cluster:network"] |= fields
    project.configure(config)


def mistaken(project: Project, **fields: Any) -> Run:
    """A preview of a project with other fields, which stay out of its file; it must end with one clear error."""
    former = project.config
    changed(project, **fields)
    run = project.preview()
    project.configure(former)
    assert run.code > 0
    assert "Traceback" not in run.said
    assert len(run.errors) == 1, run.errors
    return run


def stack_of(project: Project) -> str:
    """`project/stack`, as it stands on what the stack made."""
    return f"{project.config['cluster:network']['name']}/{project.name}"


def tables(aws: Aws, stack: str) -> dict[str, list[Any]]:
    """Every table of a stack's, name to rows."""
    ids = named(aws, stack, "route-table")
    found = aws.ec2.describe_route_tables(RouteTableIds=list(ids.values()))["RouteTables"]
    rows = {table["RouteTableId"]: table["Routes"] for table in found}
    return {name: list(rows[table]) for name, table in ids.items()}


def destination(row: Any) -> str:
    """Where packets of a route go."""
    keys = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    return str(next(row[key] for key in keys if row.get(key)))


def led(rows: list[Any], key: str) -> dict[str, str]:
    """Destinations to targets, of the live routes that lead to one kind of target."""
    return {destination(row): row[key] for row in rows if row.get(key) and row["State"] == "active"}


def subnets(aws: Aws, stack: str) -> dict[str, Any]:
    """A stack's subnets by name."""
    ids = named(aws, stack, "subnet")
    found = {subnet["SubnetId"]: subnet for subnet in aws.ec2.describe_subnets(SubnetIds=[*ids.values()])["Subnets"]}
    return {name: found[subnet] for name, subnet in ids.items()}


def rules(aws: Aws, group: str) -> set[Rule]:
    """The rules on a security group; peers that are groups or lists by their ids."""
    found = aws.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    return {_rule(row) for row in found["SecurityGroupRules"]}


def _rule(row: Any) -> Rule:
    peer = row.get("CidrIpv4") or row.get("CidrIpv6") or row.get("PrefixListId")
    return (
        "out" if row["IsEgress"] else "in",
        row["IpProtocol"],
        (row.get("FromPort", -1), row.get("ToPort", -1)),
        peer or row["ReferencedGroupInfo"]["GroupId"],
    )
