"""Functions over the wire, as an engine asks them while a program plans."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.provider.conftest import SECRETS
from tests.integration.provider.engine import NOBODY, UNKNOWN, Engine, RequestError, messages
from tests.integration.provider.middleman import Middleman

VPC = "kubewire:index:getVpc"
TYPES = "kubewire:index:getInstanceTypes"


@pytest.fixture
def theirs(ec2: Any) -> str:
    """A VPC that others made."""
    made = ec2.create_vpc(CidrBlock="10.3.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[made], Tags=[{"Key": "Name", "Value": "theirs"}])
    return str(made)


def test_the_schema_lists_the_functions(run: Callable[..., Engine]) -> None:
    schema = json.loads(run().ask("GetSchema", messages.GetSchemaRequest()).schema)
    assert VPC in schema["functions"]
    assert schema["functions"][VPC]["inputs"]["required"] == ["select"]


def test_a_question_is_answered_and_changes_nothing(run: Callable[..., Engine], theirs: str, ec2: Any) -> None:
    before = ec2.describe_tags()["Tags"]
    result, failures = run().invoke(VPC, {"select": {"by": "tags", "tags": {"Name": "theirs"}}})
    assert failures == {}
    assert (result["id"], result["name"], result["cidrs"]) == (theirs, "theirs", ["10.3.0.0/16"])
    assert "internetGateway" not in result
    assert ec2.describe_tags()["Tags"] == before


def test_numbers_and_mappings_arrive(run: Callable[..., Engine]) -> None:
    result, failures = run().invoke(TYPES, {"types": ["m5.large"]})
    assert failures == {}
    assert result["types"]["m5.large"]["interfaces"] == 3
    assert result["types"]["m5.large"]["nitro"] is True


@pytest.mark.parametrize(
    ("args", "path", "said"),
    [
        ({}, "select", "required, but not given"),
        ({"select": {"id": "vpc-0123456789abcdef0"}}, "select.by", "required, but not given"),
        ({"select": {"by": "id", "id": "vpc-0123456789abcdef0"}}, "select.id", "there is no VPC vpc-0123456789abcdef0"),
        ({"select": {"by": "tags", "tags": {"Name": "nobody's"}}}, "select.tags", "no VPC has Name=nobody's"),
        ({"select": {"by": "id", "id": UNKNOWN}}, "select.id", "must be known before the apply"),
        ({"select": {"by": "id", "id": "shop"}}, "select.id", "should match pattern"),
        ({"select": {"by": "moon"}}, "select", "moon"),
    ],
)
def test_a_mistake_is_a_failure_with_its_path(
    run: Callable[..., Engine], args: dict[str, Any], path: str, said: str
) -> None:
    result, failures = run().invoke(VPC, args)
    assert result == {}
    assert list(failures) == [path]
    assert said in failures[path]
    assert failures[path].startswith(f"{path}: ")
    assert "Traceback" not in failures[path]


def test_a_function_that_is_not_there_is_told(run: Callable[..., Engine]) -> None:
    with pytest.raises(RequestError, match="no function kubewire:index:getMoon") as caught:
        run().invoke("kubewire:index:getMoon", {})
    assert VPC in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_aws_that_cannot_be_reached_is_an_error_without_a_stack(run: Callable[..., Engine]) -> None:
    with pytest.raises(RequestError, match="ec2:DescribeVpcs") as caught:
        run(f"http://{NOBODY}").invoke(VPC, {"select": {"by": "id", "id": "vpc-0123456789abcdef0"}})
    assert "Check the network, and the endpoint" in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert not [secret for secret in SECRETS if secret in str(caught.value)]


def test_quotas_never_fail_a_plan(run: Callable[..., Engine]) -> None:
    result, failures = run(f"http://{NOBODY}").invoke("kubewire:index:getQuotas", {})
    assert failures == {}
    assert result["routesPerTable"] == {"value": 500, "source": "default"}
    assert "service-quotas:ListServiceQuotas" in result["reason"]


def test_a_service_that_fails_holds_no_plan_up(run: Callable[..., Engine], aws: str) -> None:
    # moto's server has no list of quotas, and answers with an internal error.
    began = time.monotonic()
    result, failures = run(aws).invoke("kubewire:index:getQuotas", {})
    assert failures == {}
    assert result["listenersPerLoadBalancer"] == {"value": 50, "source": "default"}
    assert "service-quotas:ListServiceQuotas" in result["reason"]
    assert time.monotonic() - began < 30


def test_a_refusal_names_the_call_and_aws_s_word(run: Callable[..., Engine], middleman: Middleman) -> None:
    middleman.refusing = "DescribeVpcs"
    with pytest.raises(RequestError, match="ec2:DescribeVpcs was refused: not yours") as caught:
        run(middleman.url).invoke(VPC, {"select": {"by": "id", "id": "vpc-0123456789abcdef0"}})
    assert "AWS says UnauthorizedOperation" in str(caught.value)
    assert middleman.seen == ["DescribeVpcs"]


def test_only_reads_are_made(run: Callable[..., Engine], middleman: Middleman, theirs: str) -> None:
    _, failures = run(middleman.url).invoke(VPC, {"select": {"by": "id", "id": theirs}})
    assert failures == {}
    assert middleman.seen
    assert not [action for action in middleman.seen if not action.startswith("Describe")]
