"""The networks of `docs/networks/`: each comes up, stays as it is, and goes without a trace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws, Thing, inventory, made_by, named
from tests.e2e.checkouts import Checkout
from tests.e2e.examples import EXAMPLES, Corporate, example, example_text, make_bucket, make_corporate
from tests.e2e.features.machines import Workers, autoscaling
from tests.e2e.projects import CHECKOUT, Config, Project, Projects
from tests.e2e.test_prove import plan_of, verdicts

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


def second_run() -> Config:
    """The lines of vpc-pods that wait for EKS, as they are written there."""
    lines = re.findall(r"^ +# ((?:controlPlane|nodes): \{.*\})$", example_text("vpc-pods"), re.MULTILINE)
    assert len(lines) == 2
    config: Config = yaml.safe_load("\n".join(lines))
    return config


@pytest.fixture
def workers(cloud: Cloud) -> Iterator[Workers]:
    with autoscaling(cloud.environment(), REGION) as client:
        yield Workers(client, "platform-workers")


def test_with_what_eks_makes_all_is_proved_and_done(projects: Projects, aws: Aws, workers: Workers) -> None:
    """The second run of vpc-pods: the control plane's group is let in, and machines register themselves."""
    config, stack = example("vpc-pods", REGION), "eks/dev"
    project = projects.make("eks", config)
    project.up().ok()
    eks = aws.ec2.create_security_group(
        GroupName="eks-cluster", Description="EKS", VpcId=named(aws, stack, "vpc")["platform"]
    )["GroupId"]
    subnets, nodes = named(aws, stack, "subnet"), named(aws, stack, "security-group")["platform-nodes"]
    private = [subnet for name, subnet in subnets.items() if name.startswith("platform-private")]
    workers.make(aws, private, [nodes], most=60)

    # The embedded cluster gives its Services addresses of its own range.
    config["cluster:network"] |= {**second_run(), "serviceCidr": "10.96.0.0/16"}
    config["cluster:network"]["controlPlane"]["id"] = eks
    project.configure(config)
    code, said = verdicts(project, plan_of(project))
    assert {number: one for number, one in said.items() if one["verdict"] != "holds"} == {}
    assert code == 0

    changes = project.up().ok().changes
    assert {"update ClusterNetwork platform", "update SecurityGroupRules platform-nodes"} <= changes
    assert {change.partition(" platform")[0] for change in changes} == {
        "update ClusterNetwork",
        "update PodPlaces",
        "update SecurityGroupRules",
        "create AutoScalingAttachment",
        "create-replacement TargetGroup",
        "replace TargetGroup",
        "delete-replaced TargetGroup",
        "update Listener",
    }
    rules = aws.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [nodes]}])
    mine = [rule for rule in rules["SecurityGroupRules"] if rule.get("ReferencedGroupInfo", {}).get("GroupId") == eks]
    assert {(rule["IsEgress"], rule["FromPort"]) for rule in mine} == {
        (False, 10250),
        (False, 8443),
        (False, 9443),
        (True, 443),
    }
    workers.scale(3)
    for group in named(aws, stack, "target-group").values():
        assert len(aws.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]) == 3

    workers.scale(0)
    config["cluster:network"].pop("controlPlane")
    project.configure(config)
    project.up().ok()
    aws.ec2.delete_security_group(GroupId=eks)
    project.destroy().ok()
    assert made_by(aws, stack) == []
    assert workers.attached() == []


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
