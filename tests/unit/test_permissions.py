"""The IAM policies of docs/permissions allow what the code calls, and nothing else."""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import botocore.session
import pytest

ROOT = Path(__file__).parents[2]
CALLERS = [
    path for name in ("resources", "functions", "cloud") for path in (ROOT / "components/kubewire" / name).glob("*.py")
]
LIVE = [
    *(ROOT / "components/kubewire/cloud/live").glob("*.py"),
    ROOT / "components/kubewire/functions/get_quotas.py",
    ROOT / "components/kubewire/resources/elb_tags.py",
]
"""What `--live` calls."""
ADOPTING = [*(ROOT / "components/kubewire/cloud/adopting").glob("*.py")]
"""What `kubewire adopt` calls."""
PREFIXES = {
    "autoscaling": "autoscaling",
    "ec2": "ec2",
    "elbv2": "elasticloadbalancing",
    "route53": "route53",
    "service-quotas": "servicequotas",
    "sts": "sts",
}
"""How IAM calls each service."""
READS = ("Describe", "Get", "List")
# A name that two services have is of the service that its one caller is about.
SHARED = {
    "delete_tags": "ec2",
    "describe_load_balancers": "elbv2",
    "describe_tags": "elbv2",
    "list_tags_for_resource": "route53",
}
FREE = {"sts:GetCallerIdentity"}
"""https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: needs no permission."""
OF_AWS_ITSELF = {
    # The first load balancer of an account: https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-service-linked-roles.html
    "iam:CreateServiceLinkedRole",
    # Flow logs: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    "iam:PassRole",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
}


def called(callers: Iterable[Path] = CALLERS) -> set[str]:
    """Every action that the code calls, as IAM writes it."""
    operations: dict[str, dict[str, str]] = defaultdict(dict)
    session: Any = botocore.session.get_session()
    for service in PREFIXES:
        client = session.create_client(
            service,
            region_name="eu-west-1",
            aws_access_key_id="none",
            aws_secret_access_key="none",  # noqa: S106 - none
        )
        for method, operation in client.meta.method_to_api_mapping.items():
            operations[method][service] = operation
    names = {
        node.attr
        for path in callers
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in operations
    }
    actions = set()
    for name in names:
        services = operations[name]
        service = SHARED[name] if len(services) > 1 else next(iter(services))
        actions.add(f"{PREFIXES[service]}:{services[service]}")
    return actions - FREE


def allowed(policy: str) -> set[str]:
    content = json.loads((ROOT / "docs/permissions" / policy).read_text())
    assert content["Version"] == "2012-10-17"
    assert all(statement["Effect"] == "Allow" for statement in content["Statement"])
    listed = [action for statement in content["Statement"] for action in statement["Action"]]
    assert len(listed) == len(set(listed))
    return set(listed)


@pytest.mark.parametrize(("policy", "more"), [("preview.json", set()), ("apply.json", OF_AWS_ITSELF)])
def test_a_policy_allows_what_is_called(policy: str, more: set[str]) -> None:
    actions = {item for item in called() if policy == "apply.json" or item.split(":")[1].startswith(READS)}
    # The role to take on is the user's own.
    assert allowed(policy) == (actions | more) - {"sts:AssumeRole"}


def test_the_policy_of_proving_what_is_there_allows_what_that_calls_and_only_looks() -> None:
    # A file that it shares with resources tags, too.
    assert allowed("prove.json") == {action for action in called(LIVE) if action.split(":")[1].startswith(READS)}


def test_taking_over_looks_as_a_preview_does_and_changes_nothing() -> None:
    calls = called(ADOPTING)
    assert calls
    assert calls <= allowed("preview.json")


def test_proving_what_is_there_changes_nothing() -> None:
    assert all(action.split(":")[1].startswith(READS) for action in called(LIVE[:-1]))
