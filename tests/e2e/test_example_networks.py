"""The networks of `docs/networks/`: each comes up, stays as it is, and goes without a trace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws, Thing, inventory, made_by, named
from tests.e2e.checkouts import Checkout
from tests.e2e.examples import EXAMPLES, Corporate, example, example_text, make_bucket, make_corporate
from tests.e2e.projects import CHECKOUT, Project, Projects

REGION = "eu-north-1"
"""Nobody else's: what is left behind is an example's."""
PAGE = CHECKOUT / "docs" / "networks.md"
MADE = {
    "routed-pods": {"vpc", "nat-gateway", "route-table", "instance", "network-interface", "load-balancer", "zone"},
    "vpc-pods": {"vpc", "vpc-range", "nat-gateway", "subnet", "route-table", "load-balancer", "security-group"},
    "dual-stack": {"vpc", "vpc-range", "egress-only-gateway", "nat-gateway", "instance", "load-balancer"},
    "existing-vpc": {"network-interface", "instance", "load-balancer", "security-group"},
    "isolated": {"vpc", "endpoint", "flow-log", "network-interface", "load-balancer"},
}
"""The kinds of things by which each is what it says."""


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module")
def corporate(aws: Aws) -> Corporate:
    return make_corporate(aws, REGION, Name="corporate")


@pytest.fixture(scope="module", autouse=True)
def bucket(cloud: Cloud) -> None:
    make_bucket(cloud.environment(), REGION, f"vault-traffic-{REGION}")


def unowned(things: list[Thing]) -> set[tuple[str, str]]:
    return {(thing.kind, thing.id) for thing in things}


def check_groups_wait_for_ranges(project: Project) -> None:
    """AWS opens a group to IPv6 whose VPC gets it while the group is new: so the range comes first."""
    made = project.state()
    ranges = {item["urn"] for item in made if item["type"].endswith(":VpcCidrBlocks")}
    groups = [item for item in made if item["type"].endswith(":SecurityGroup")]
    assert groups
    assert [item["urn"] for item in groups if not ranges <= set(item.get("dependencies", []))] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_comes_stays_and_goes(projects: Projects, aws: Aws, corporate: Corporate, name: str) -> None:
    before, theirs = unowned(inventory(aws)), corporate.seen()
    project = projects.make(name, example(name, REGION))
    run = project.up().ok()
    assert run.warnings == []
    assert {step.op for step in run.done if step.name != name} <= {"create", "same", "read"}
    kinds = {kind for kind, _ in unowned(inventory(aws)) - before}
    assert kinds >= MADE[name]
    check_groups_wait_for_ranges(project)
    assert project.up("--expect-no-changes").ok().changes == set()
    assert project.refresh().ok().changes == set()
    project.destroy().ok()
    assert project.state() == []
    assert unowned(inventory(aws)) == before
    assert corporate.seen() == theirs


def test_eks_group_is_let_in_when_it_is_there(projects: Projects, aws: Aws) -> None:
    """The second run of vpc-pods: the lines that wait for EKS hold as they are written."""
    config = example("vpc-pods", REGION)
    config.pop("cluster:services")
    project = projects.make("eks", config)
    project.up().ok()
    stack = "eks/dev"
    vpc = named(aws, stack, "vpc")["platform"]
    eks = aws.ec2.create_security_group(GroupName="eks-cluster", Description="EKS", VpcId=vpc)["GroupId"]
    (line,) = re.findall(r"^ +# (controlPlane: .*)$", example_text("vpc-pods"), re.MULTILINE)
    named_group = re.search(r"name: ([a-z-]+), id: (sg-[0-9a-f]+)", line)
    assert named_group is not None
    config["cluster:network"]["controlPlane"] = {"kind": "group", "name": named_group[1], "id": eks}
    project.configure(config)
    assert project.up().ok().changes == {"update ClusterNetwork platform", "update SecurityGroupRules platform-nodes"}
    nodes = named(aws, stack, "security-group")["platform-nodes"]
    rules = aws.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [nodes]}])
    mine = [rule for rule in rules["SecurityGroupRules"] if rule.get("ReferencedGroupInfo", {}).get("GroupId") == eks]
    assert {(rule["IsEgress"], rule["FromPort"]) for rule in mine} == {
        (False, 10250),
        (False, 8443),
        (False, 9443),
        (True, 443),
    }
    config["cluster:network"].pop("controlPlane")
    project.configure(config)
    project.up().ok()
    aws.ec2.delete_security_group(GroupId=eks)
    project.destroy().ok()
    assert made_by(aws, stack) == []


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    copy = Checkout(tmp_path)
    yield copy
    Cloud.stop(copy.home)


def test_commands_of_the_page_do_what_it_says(checkout: Checkout) -> None:
    blocks = re.findall(r"(?:^ {4}.*\n)+", PAGE.read_text(), re.MULTILINE)
    assert len(blocks) == 1, "a block of its own is run by a test of its own"
    said = checkout.typed(blocks[0])
    created = re.search(r"\+ (\d+) created", said)
    assert created is not None
    assert f"- {created[1]} deleted" in said
    assert '"nodeSecurityGroupId": "sg-' in said
