"""An up that the user or the network ends early: it says so in a sentence, and the next one finishes it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import psutil

from kubewire.local.cloud import Cloud
from kubewire.local.record import Part
from tests.e2e.aws import Account, Aws, clients, inventory, made_by
from tests.e2e.projects import Projects
from tests.e2e.proxy import proxy
from tests.e2e.pulumi import Stack


def lost(project: Stack, aws: Aws, stack: str) -> list[str]:
    """What bears the stack's tag and isn't in its state."""
    state = str(project.state())
    things = [thing for thing in made_by(aws, stack) if thing.kind != "security-group-rule"]
    return [thing.id for thing in things if thing.id not in state]


def test_ctrl_c_ends_an_up_after_the_steps_in_hand(projects: Projects, account: Account) -> None:
    project = projects.small("interrupted")
    aws = account.of(project.region)
    running = project.start("up", "--skip-preview")
    for event in running.events():
        done = event.get("resOutputsEvent", {}).get("metadata", {})
        if done.get("type") == "kubewire:index:Subnet":
            running.interrupt()
            break
    run = running.end()
    assert run.code > 0
    assert "Traceback" not in run.said
    assert not running.left_behind()
    assert made_by(aws, "interrupted/dev")
    assert not lost(project, aws, "interrupted/dev")
    # No lock and nothing pending is left.
    again = project.up().ok()
    assert again.warnings == []
    assert not lost(project, aws, "interrupted/dev")
    assert project.up("--expect-no-changes").ok().changes == set()


def test_aws_that_can_t_be_reached_any_more_ends_an_up(projects: Projects, account: Account, cloud: Cloud) -> None:
    project = projects.small("cutoff")
    aws = account.of(project.region)
    with proxy(cloud.aws_endpoint) as between:
        between.when("Action=CreateRouteTable&", answered=between.break_down)
        run = project.up(AWS_ENDPOINT_URL=between.endpoint)
        assert run.code > 0
        assert "Traceback" not in run.said
        assert any("Check the network" in error for error in run.errors)
        between.recover()
        project.up(AWS_ENDPOINT_URL=between.endpoint).ok()
    assert not lost(project, aws, "cutoff/dev")
    assert project.up("--expect-no-changes").ok().changes == set()


def test_emulator_that_dies_is_started_and_filled_again(projects: Projects, tmp_path: Path) -> None:
    """All that it knew is gone with it; what the state says of it is found to be gone, and made again."""
    with Cloud.up(tmp_path / "home") as mortal:
        project = projects.small("mortal", environment=mortal.environment())
        emulator = psutil.Process(mortal.record.parts[Part.AWS].pid)
        with proxy(mortal.aws_endpoint) as between:

            def die() -> None:
                emulator.kill()
                between.break_down()

            between.when("Action=CreateRouteTable&", answered=die)
            run = project.up(AWS_ENDPOINT_URL=between.endpoint)
        assert run.code > 0
        assert "Traceback" not in run.said
        assert any("Check the network" in error for error in run.errors)

        again = Cloud.up(mortal.home)
        assert again.instance != mortal.instance
        project = dataclasses.replace(project, environment=again.environment())
        project.up("--refresh", "--run-program").ok()
        with clients(again.environment(), project.region) as aws:
            assert not lost(project, aws, "mortal/dev")
            vpcs = [thing for thing in inventory(aws) if thing.kind == "vpc" and thing.stack]
        assert len(vpcs) == 1
        assert project.up("--expect-no-changes").ok().changes == set()
