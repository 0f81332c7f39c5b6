"""The commands of Pulumi's documentation, on the deployed dev environment."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.aws import Aws, named
from tests.e2e.projects import CHECKOUT, Project

README = (CHECKOUT / "README.md").read_text()


def test_second_up_changes_nothing(dev: Project) -> None:
    run = dev.up("--expect-no-changes").ok()
    assert run.changes == set()
    assert run.warnings == []


def test_refresh_finds_nothing_different(dev: Project) -> None:
    assert dev.refresh("--expect-no-changes").ok().changes == set()


def test_preview_diff_of_nothing_says_so(dev: Project) -> None:
    said = dev.said("preview", "--diff")
    assert re.search(r"^ +\d+ unchanged$", said, re.MULTILINE)
    assert not re.search(r"to (create|update|replace|delete)|warning", said)


def test_stack_output_tells_what_a_user_wants_to_know(dev: Project, aws: Aws) -> None:
    outputs = json.loads(dev.asked("stack", "output", "--json").stdout)
    balancers = aws.elbv2.describe_load_balancers(Names=["shop-shop-frontend-public"])["LoadBalancers"]
    assert outputs["services"]["shop/frontend"]["hostName"] == balancers[0]["DNSName"]
    assert outputs["services"]["shop/bank"]["recordName"] == "bank.shop.internal"
    assert outputs["services"]["shop/frontend-admin"]["nodePorts"] == {"http": 30081}
    assert outputs["network"]["vpcId"] == named(aws, "cluster/dev", "vpc")["shop"]
    assert outputs["network"]["nodeInstanceIds"] == named(aws, "cluster/dev", "instance")


def asked(dev: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the command under test
        [Path(sys.executable).parent / "kubewire", *arguments],
        cwd=dev.folder,
        env=dev.environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", re.findall(r"^ {4}kubewire (.+ --stack dev.*)$", README, re.MULTILINE))
def test_the_readmes_questions_are_answered(dev: Project, command: str) -> None:
    ran = asked(dev, *shlex.split(command))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    if "--output" in command:
        assert "<svg" in (dev.folder / "review.html").read_text()
    else:
        assert ran.stdout


def test_row_44_no_cluster_ip_service_is_reached_from_outside(dev: Project) -> None:
    state = dev.folder / "state.json"
    state.write_text(dev.asked("stack", "export").stdout)
    ran = asked(dev, "can", "internet", "service:shop/redis-cart:6379", "--state", str(state))
    assert (ran.returncode, ran.stdout.partition(":")[0].strip()) == (1, "no"), ran.stderr
    found = json.loads(asked(dev, "prove", "--state", str(state), "--format", "json").stdout)
    by_number = {one["number"]: one["verdict"]["verdict"] for one in found["clusters"][0]["properties"]}
    assert by_number[20] == "holds"
