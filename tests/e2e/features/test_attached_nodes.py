"""Machines that their Auto Scaling group registers as targets itself: later ones join without an update."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws, made_by, named
from tests.e2e.features.machines import Workers, autoscaling
from tests.e2e.features.networks import changed, network
from tests.e2e.features.test_nodes_of_others import balancer, targets
from tests.e2e.projects import NODE_PORTS, Project, Projects

REGION = "ap-northeast-3"
A, B = f"{REGION}a", f"{REGION}b"
STACK = "joined/dev"
GROUP, LISTENER = "TargetGroup joined.joined.front.http", "Listener joined.joined.front.80"
ATTACHMENT = "AutoScalingAttachment joined.joined.front.http"


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module")
def workers(cloud: Cloud) -> Iterator[Workers]:
    with autoscaling(cloud.environment(), REGION) as client:
        yield Workers(client, "joined-workers")


@pytest.fixture(scope="module")
def attached(projects: Projects, aws: Aws, workers: Workers) -> Project:
    """A network whose nodes' Auto Scaling group came after it, and is attached to now."""
    described = network(
        "joined",
        REGION,
        balancer("joined", next(NODE_PORTS)),
        pods={"kind": "vpc", "instanceTypes": ["m6i.large"]},
        nodes={"kind": "auto-scaling-group", "group": workers.name, "attach": True},
    )
    made = projects.make("joined", described)
    (error,) = made.preview().errors
    assert f"joined: nodes.group: there is no Auto Scaling group {workers.name}" in error
    assert "take `attach` away until it is there" in error
    attach(made, yes=False)
    made.up().ok()
    subnets = [named(aws, STACK, "subnet")[f"joined-private-{zone}"] for zone in (A, B)]
    workers.make(aws, subnets, [named(aws, STACK, "security-group")["joined-nodes"]])
    made.up().ok()
    return made


def attach(project: Project, *, yes: bool) -> None:
    """Have the group register its machines itself, or not."""
    changed(project, nodes={**project.config["cluster:network"]["nodes"], "attach": yes})


def listened(aws: Aws) -> list[str]:
    """The states of what the listener sends to."""
    (balancer,) = named(aws, STACK, "load-balancer").values()
    (listener,) = aws.elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    group = listener["DefaultActions"][0]["TargetGroupArn"]
    health = aws.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return [item["TargetHealth"]["State"] for item in health if item["TargetHealth"]["State"] != "draining"]


def test_machines_that_join_their_group_are_targets_without_an_update(
    attached: Project, aws: Aws, workers: Workers
) -> None:
    assert len(targets(aws, STACK)) == 2
    attach(attached, yes=True)
    run = attached.up().ok()
    assert run.changes == {
        f"create-replacement {GROUP}",
        f"replace {GROUP}",
        f"create {ATTACHMENT}",
        f"update {LISTENER}",
        f"delete-replaced {GROUP}",
        "update PodPlaces joined",
    }
    # The new target group has its targets before the listener sends there, and the old one loses its own afterwards.
    order = [str(step) for step in run.done]
    moves = [f"create-replacement {GROUP}", f"create {ATTACHMENT}", f"update {LISTENER}", f"delete-replaced {GROUP}"]
    assert sorted(moves, key=order.index) == moves
    assert workers.attached() == list(named(aws, STACK, "target-group").values())
    assert (len(targets(aws, STACK)), len(listened(aws))) == (2, 2)

    workers.scale(3)
    assert len(targets(aws, STACK)) == 3
    # The plan tells of the machine, whom the proof asks about, and AWS has nothing to do.
    assert attached.up().ok().changes == {"update PodPlaces joined"}
    assert attached.up("--expect-no-changes").ok().changes == set()
    assert attached.refresh().ok().changes == set()
    gone = min(targets(aws, STACK))
    aws.ec2.terminate_instances(InstanceIds=[gone])
    assert gone not in targets(aws, STACK)
    assert len(targets(aws, STACK)) == 3


def test_what_somebody_detached_is_shown_and_attached_again(attached: Project, aws: Aws, workers: Workers) -> None:
    workers.detach()
    assert targets(aws, STACK) == set()
    assert f"delete {ATTACHMENT}" in attached.refresh().ok().changes
    assert f"create {ATTACHMENT}" in attached.up().ok().changes
    assert len(listened(aws)) == 3


def test_machines_are_listed_again_where_the_group_is_not_to_register_them(
    attached: Project, aws: Aws, workers: Workers
) -> None:
    attach(attached, yes=False)
    run = attached.up().ok()
    order = [str(step) for step in run.done]
    moves = [f"create-replacement {GROUP}", f"update {LISTENER}", f"delete {ATTACHMENT}", f"delete-replaced {GROUP}"]
    assert sorted(moves, key=order.index) == moves
    assert workers.attached() == []
    assert (len(targets(aws, STACK)), len(listened(aws))) == (3, 3)
    assert attached.up("--expect-no-changes").ok().changes == set()


def test_another_port_moves_all_and_a_destroy_leaves_the_group_as_it_was(
    attached: Project, aws: Aws, workers: Workers
) -> None:
    before = workers.seen()
    attach(attached, yes=True)
    attached.up().ok()
    assert len(workers.attached()) == 1
    # Another port is another target group: the listener sends to the old one's machines until the new one has them.
    config = attached.config
    config["cluster:services"][0]["ports"][0]["nodePort"] += 1
    attached.configure(config)
    run = attached.up().ok()
    order = [str(step) for step in run.done]
    moves = [
        f"create-replacement {GROUP}",
        f"create-replacement {ATTACHMENT}",
        f"update {LISTENER}",
        f"delete-replaced {ATTACHMENT}",
        f"delete-replaced {GROUP}",
    ]
    assert sorted(moves, key=order.index) == moves
    assert workers.attached() == list(named(aws, STACK, "target-group").values())
    assert len(listened(aws)) == 3
    workers.scale(0)
    run = attached.destroy().ok()
    order = [str(step) for step in run.done]
    assert order.index(f"delete {LISTENER}") < order.index(f"delete {ATTACHMENT}") < order.index(f"delete {GROUP}")
    assert made_by(aws, STACK) == []
    assert (workers.attached(), workers.seen()) == ([], before)
