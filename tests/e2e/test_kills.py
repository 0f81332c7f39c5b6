"""The engine is killed in the middle of an up: the next runs finish it, nothing is doubled and nothing is lost.

Most kills come after AWS has done what was asked and before anybody has heard of it: the worst moment there is.
"""

from __future__ import annotations

from collections import Counter

import pytest

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws, Thing, inventory, made_by
from tests.e2e.projects import Project, Projects
from tests.e2e.proxy import Proxy, proxy
from tests.e2e.runs import Run

CHAIN = (
    "CreateSubnet",
    "CreateNetworkInterface",
    "CreateRouteTable",
    "RunInstances",
    "RegisterTargets",
    "CreateListener",
)
"""Calls of which each needs what the one before it made: no up has done one when it is killed at another before."""


def killed_at(project: Project, aws: Proxy, words: str) -> Run:
    """An up whose engine dies when AWS has answered a request."""
    running = project.start("up", "--skip-preview", AWS_ENDPOINT_URL=aws.endpoint)
    # Long before the first request, which comes when the program has been read.
    aws.when(words, answered=running.kill)
    run = running.end()
    assert run.code < 0, f"the engine ended before {words}: {run.errors}"
    assert not running.left_behind()
    return run


def check_converged(project: Project, aws: Aws, stack: str) -> None:
    assert project.up("--expect-no-changes").ok().changes == set()
    state = str(project.state())
    mine = made_by(aws, stack)
    assert not [thing for thing in mine if thing.kind != "security-group-rule" and thing.id not in state]
    assert not doubled(mine)
    assert len([zone for zone in zones(aws) if zone == f"{project.config['cluster:network']['name']}.internal."]) == 1


def doubled(things: list[Thing]) -> list[tuple[str, str, str]]:
    """What there is two of: an owner has one object of a kind, and a set one for each member."""
    owners = Counter(
        (thing.kind, thing.tags["kubewire:resource"], thing.tags.get("kubewire:member", "")) for thing in things
    )
    return [owner for owner, times in owners.items() if times > 1 and owner[0] != "security-group-rule"]


def zones(aws: Aws) -> list[str]:
    return [zone["Name"] for zone in aws.route53.list_hosted_zones()["HostedZones"]]


@pytest.mark.parametrize(
    ("name", "words", "clear"),
    [
        ("killedvpc", "Action=CreateVpc&", False),
        ("killednat", "Action=CreateNatGateway&", True),
        ("killedzone", "POST /2013-04-01/hostedzone ", False),
        ("killedlb", "Action=CreateLoadBalancer&", True),
    ],
)
def test_one_kill(projects: Projects, account: Account, cloud: Cloud, name: str, words: str, *, clear: bool) -> None:
    project = projects.small(name, nat="single")
    aws = account.of(project.region)
    with proxy(cloud.aws_endpoint) as between:
        killed_at(project, between, words)
    assert made_by(aws, f"{name}/dev")
    project.said("cancel", "--yes")
    if clear:
        project.refresh("--clear-pending-creates").ok()
    project.up().ok()
    check_converged(project, aws, f"{name}/dev")


def test_kill_after_kill(projects: Projects, account: Account, cloud: Cloud) -> None:
    project = projects.small("killedoften", nat="single")
    aws = account.of(project.region)
    before = {thing.id for thing in inventory(aws)}
    with proxy(cloud.aws_endpoint) as between:
        for action in CHAIN:
            killed_at(project, between, f"Action={action}&")
            project.said("cancel", "--yes")
    project.up().ok()
    check_converged(project, aws, "killedoften/dev")
    project.destroy().ok()
    assert {thing.id for thing in inventory(aws)} == before


def test_kill_between_two_steps(projects: Projects, account: Account) -> None:
    """The engine dies on its own event: a subnet is made and known, others are under way."""
    project = projects.small("killedbetween")
    running = project.start("up", "--skip-preview")
    for event in running.events():
        done = event.get("resOutputsEvent", {}).get("metadata", {})
        if done.get("type") == "kubewire:index:Subnet":
            running.kill()
            break
    assert running.end().code < 0
    assert not running.left_behind()
    project.said("cancel", "--yes")
    project.up().ok()
    check_converged(project, account.of(project.region), "killedbetween/dev")
