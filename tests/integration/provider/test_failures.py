"""What an engine, and so its user, gets to see of a failure."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from tests.integration.provider.broken import ROWS
from tests.integration.provider.engine import Engine, RequestError, messages, plain, started, struct, urn_of
from tests.integration.provider.middleman import Middleman

URN = urn_of("main")
WANTED = {"name": "shop", "cidr": "10.0.0.0/16", "tags": {}, "dnsHostnames": True, "dnsSupport": True}
BROKEN = (sys.executable, str(Path(__file__).with_name("broken.py")))


@pytest.fixture
def broken(environment: dict[str, str]) -> Iterator[Engine]:
    with started(environment, BROKEN) as engine:
        yield engine


def test_a_bug_is_reported_as_one_with_its_trace(broken: Engine) -> None:
    with pytest.raises(RequestError) as caught:
        broken.diff(URN, "vpc-1", {}, {})
    said = str(caught.value)
    assert said.startswith("This is a bug in kubewire. Please report it")
    assert "KeyError: 'Vpcs'" in said
    assert "broken.py" in said
    assert caught.value.code is grpc.StatusCode.INTERNAL


def test_a_refusal_is_said_without_a_trace(broken: Engine) -> None:
    with pytest.raises(RequestError) as caught:
        broken.delete(URN, "vpc-1", {})
    assert str(caught.value) == "not yours\n  Ask for it."


def test_a_stop_that_was_asked_for_is_no_bug(broken: Engine) -> None:
    with pytest.raises(RequestError) as caught:
        broken.read(URN, "vpc-1", {}, {})
    assert str(caught.value) == "stopped while waiting, as asked"


def test_a_large_unfinished_object_is_not_lost(broken: Engine) -> None:
    with pytest.raises(RequestError) as caught:
        broken.create(URN, {"name": "shop"})
    unfinished = caught.value.unfinished()
    assert unfinished.id == "rtb-1"
    assert plain(unfinished.properties) == {"name": "shop", "routes": ROWS}
    assert list(unfinished.reasons) == ["too many routes\n  Ask for more."]


def test_a_bug_after_something_was_made_loses_nothing(broken: Engine) -> None:
    with pytest.raises(RequestError) as caught:
        broken.update(URN, "rtb-1", {}, {})
    unfinished = caught.value.unfinished()
    assert unfinished.id == "rtb-1"
    assert "Please report it" in unfinished.reasons[0]
    assert "KeyError: 'RouteTables'" in unfinished.reasons[0]


def test_an_unknown_type_is_told_with_those_that_there_are(run: Callable[..., Engine]) -> None:
    with pytest.raises(RequestError) as caught:
        run().check(urn_of("main", "Moon"), {})
    assert str(caught.value).startswith("kubewire has no resource type kubewire:index:Moon\n  It has kubewire:index:")


def test_a_wrong_configuration_is_named(run: Callable[..., Engine]) -> None:
    engine = run()
    request = messages.CheckRequest(news=struct({"regoin": "eu-west-1", "defaultTags": {"aws:x": "y"}}))
    reasons = {failure.property: failure.reason for failure in engine.ask("CheckConfig", request).failures}
    assert reasons.keys() == {"regoin", "defaultTags.aws:x"}
    assert reasons["regoin"] == "regoin: unknown key\n  Remove it, or correct its spelling."


def test_aws_s_refusal_names_the_call_and_the_code(run: Callable[..., Engine], middleman: Middleman) -> None:
    middleman.refusing = "CreateVpc"
    with pytest.raises(RequestError) as caught:
        run(endpoint=middleman.url).create(URN, WANTED)
    assert str(caught.value) == "ec2:CreateVpc was refused: not yours\n  AWS says UnauthorizedOperation."


def test_an_endpoint_that_nobody_answers_is_told_in_seconds(run: Callable[..., Engine]) -> None:
    with pytest.raises(RequestError, match="Could not connect to the endpoint URL") as caught:
        run(endpoint="http://127.0.0.1:1").create(URN, WANTED)
    assert "Check the network, and the endpoint where one is set. Tried 5 times." in str(caught.value)


def test_a_half_made_object_is_kept_and_finished_by_the_next_run(
    run: Callable[..., Engine], middleman: Middleman, ec2: Any
) -> None:
    middleman.refusing = "ModifyVpcAttribute"
    with pytest.raises(RequestError, match="ec2:ModifyVpcAttribute was refused") as caught:
        run(endpoint=middleman.url).create(URN, WANTED)
    unfinished = caught.value.unfinished()
    (made,) = ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["shop"]}])["Vpcs"]
    assert unfinished.id == made["VpcId"]
    kept = plain(unfinished.properties)
    assert kept["dnsHostnames"] is False

    following = run()
    answer = following.diff(URN, unfinished.id, kept, WANTED)
    assert list(answer.detailedDiff) == ["dnsHostnames"]
    state = following.update(URN, unfinished.id, kept, WANTED)
    assert state["dnsHostnames"] is True
    assert len(ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["shop"]}])["Vpcs"]) == 1
