"""The commands of Pulumi's documentation, on the deployed dev environment."""

from __future__ import annotations

import json
import re

from tests.e2e.aws import Aws, named
from tests.e2e.projects import Project


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
