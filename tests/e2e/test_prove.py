"""`kubewire prove`, on what the real engine would do: of networks as they are, and of some that were made wrong."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws
from tests.e2e.examples import EXAMPLES, example, make_bucket, make_corporate
from tests.e2e.projects import Project, Projects

REGION = "eu-south-1"
KUBEWIRE = Path(sys.executable).parent / "kubewire"
WHOLE = ("--json", "--show-sames", "--show-reads")
OPEN = {
    "routed-pods": {},
    "vpc-pods": {
        # EKS makes its group after the network, and machines get into target groups after that.
        19: r"controlPlane of ClusterNetwork platform",
        30: r"when nodes that others make get into target group .+",
    },
    "dual-stack": {},
    "existing-vpc": {},
    "isolated": {},
}
"""What isn't proven of a preview of an example, by property, and why."""


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module", autouse=True)
def surroundings(cloud: Cloud, aws: Aws) -> None:
    make_corporate(aws, REGION, Name="corporate")
    make_bucket(cloud.environment(), REGION, f"vault-traffic-{REGION}")


def asked(project: Project, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(  # noqa: S603 - the command under test
        [KUBEWIRE, *arguments],
        cwd=project.folder,
        env=project.environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ran.stderr
    return ran


def plan_of(project: Project) -> str:
    ran = project.asked("preview", *WHOLE, "--stack", project.name)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr
    return ran.stdout


def verdicts(project: Project, plan: str) -> tuple[int, dict[int, dict[str, Any]]]:
    ran = asked(project, "prove", "--plan", "-", "--format", "json", stdin=plan)
    assert ran.stderr == ""
    (cluster,) = json.loads(ran.stdout)["clusters"]
    return ran.returncode, {one["number"]: one["verdict"] for one in cluster["properties"]}


@pytest.fixture(scope="module")
def project(projects: Projects) -> Project:
    return projects.small("proved")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_proved_but_for_what_nobody_knows_yet(projects: Projects, name: str) -> None:
    made = projects.make(f"proof-{name}", example(name, REGION))
    code, said = verdicts(made, plan_of(made))
    assert code == 0
    assert {number: one for number, one in said.items() if one["verdict"] == "broken"} == {}
    left_open = {number: one["unknowns"] for number, one in said.items() if one["verdict"] == "not proven"}
    assert left_open.keys() == OPEN[name].keys()
    for number, unknowns in left_open.items():
        assert [unknown for unknown in unknowns if not re.fullmatch(OPEN[name][number], unknown)] == []


def test_a_stack_is_previewed_and_proved_by_one_command(project: Project) -> None:
    ran = asked(project, "prove", "--stack", project.name)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.search(r"\d not proven, 3\d hold", ran.stdout.splitlines()[0]), ran.stdout
    assert "5. A node's pod range holds its maximum of pods: not proven" in ran.stdout
    refused = asked(project, "prove", "--stack", "nowhere")
    assert refused.returncode == 2
    assert "no stack named 'nowhere'" in refused.stderr


def test_questions_are_answered_from_the_same_preview(project: Project) -> None:
    plan = plan_of(project)
    inside = asked(project, "can", "pod:node-a", "lb:proved/front:80", "--plan", "-", stdin=plan)
    assert (inside.returncode, inside.stdout.partition(":")[0]) == (1, "no")
    between = asked(project, "can", "pod:node-a", "pod:node-b:53/udp", "--plan", "-", "--why", stdin=plan)
    assert (between.returncode, 'rule "all from pods"' in between.stdout) == (0, True)
    exposed = asked(project, "exposed", "--plan", "-", stdin=plan)
    assert "reached  " not in exposed.stdout


def unrouted(document: dict[str, Any]) -> None:
    tables = [step["newState"]["inputs"] for step in document["steps"] if "RouteTable::" in step["urn"]]
    table = min((one for one in tables if "private" in one["name"]), key=lambda one: str(one["name"]))
    del table["routes"]["100.80.1.0/24"]


def checked(document: dict[str, Any]) -> None:
    (found,) = [step["newState"] for step in document["steps"] if step["urn"].endswith("NetworkInterfaces::proved")]
    found["inputs"]["sourceDestCheck"] = True


def shut(document: dict[str, Any]) -> None:
    name = "SecurityGroupRules::proved.proved.front.nodes"
    (found,) = [step["newState"] for step in document["steps"] if step["urn"].endswith(name)]
    found["inputs"]["rules"].clear()


WRONG: list[tuple[Callable[[dict[str, Any]], None], set[int], int, str]] = [
    (unrouted, {6, 14, 15}, 6, "has no route for 100.80.1.0/24 of node-b"),
    (checked, {10, 14, 15}, 10, "interface node-a of node-a has its source/destination check on"),
    (shut, {31, 32}, 31, "don't get tcp/"),
]


@pytest.mark.parametrize(("change", "numbers", "number", "said"), WRONG, ids=[one[0].__name__ for one in WRONG])
def test_what_is_made_wrong_is_caught_by_the_right_property(
    project: Project, change: Callable[[dict[str, Any]], None], numbers: set[int], number: int, said: str
) -> None:
    document = json.loads(plan_of(project))
    change(document)
    code, found = verdicts(project, json.dumps(document))
    assert code == 1
    broken = {at: one for at, one in found.items() if one["verdict"] == "broken"}
    assert set(broken) >= numbers
    assert said in broken[number]["witnesses"][0]["summary"]
