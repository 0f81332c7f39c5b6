from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from kubewire.cloud.client import CONNECTION_TRIES, PATIENCE_SECONDS, Client
from kubewire.errors import NotFoundError, OutcomeUnknownError, RefusedError, ThrottledError
from tests.unit.cloud.clients import Answer, answer, client_of, refusal, vpcs
from tests.unit.provider.boxes import FakeClock

LOST = ReadTimeoutError(endpoint_url="https://aws.test/")
REFUSED = EndpointConnectionError(endpoint_url="https://aws.test/")
MADE = "<CreateVpcResponse><vpc><vpcId>vpc-1</vpcId></vpc></CreateVpcResponse>"
DONE = "<DeleteVpcResponse><return>true</return></DeleteVpcResponse>"


class Line:
    """A client, what it was answered, and what it asked."""

    def __init__(self, *answers: Answer) -> None:
        self.heard: list[str] = []
        self.clock = FakeClock()
        self.ec2: Any = Client(client_of("ec2", list(answers), self.heard), self.clock)


def test_pages_are_joined() -> None:
    line = Line(vpcs("vpc-1", more="next"), vpcs("vpc-2"))
    assert [vpc["VpcId"] for vpc in line.ec2.describe_vpcs()["Vpcs"]] == ["vpc-1", "vpc-2"]
    assert "NextToken=next" in line.heard[1]


def test_nothing_found_is_an_empty_list() -> None:
    assert Line(vpcs()).ec2.describe_vpcs()["Vpcs"] == []


def test_who_asks_for_a_page_gets_a_page() -> None:
    line = Line(vpcs("vpc-1", more="next"))
    assert line.ec2.describe_vpcs(MaxResults=5)["NextToken"] == "next"


@pytest.mark.parametrize("operation", ["describe_vpcs", "create_vpc"])
def test_what_was_throttled_is_asked_again(operation: str) -> None:
    page = vpcs("vpc-1") if operation == "describe_vpcs" else answer(MADE)
    line = Line(refusal("RequestLimitExceeded", 503), refusal("RequestLimitExceeded", 503), page)
    parameters = {"CidrBlock": "10.0.0.0/16"} if operation == "create_vpc" else {}
    getattr(line.ec2, operation)(**parameters)
    assert len(line.heard) == 3
    assert line.clock.now > 0


def test_patience_ends() -> None:
    line = Line(*[refusal("RequestLimitExceeded", 503)] * 1000)
    with pytest.raises(ThrottledError, match=r"Tried \d\d times\.$"):
        line.ec2.describe_vpcs()
    assert PATIENCE_SECONDS <= line.clock.now < PATIENCE_SECONDS + 60


def test_patience_is_a_client_s_own() -> None:
    clock, heard = FakeClock(), list[str]()
    ec2: Any = Client(client_of("ec2", [refusal("InternalError", 500) for _ in range(100)], heard), clock, 5.0)
    with pytest.raises(OutcomeUnknownError):
        ec2.describe_vpcs()
    assert len(heard) > 1
    assert 5 <= clock.now < 20


@pytest.mark.parametrize("lost", [LOST, refusal("InternalError", 500)], ids=["broken", "server error"])
def test_what_can_be_repeated_is_after_a_lost_answer(lost: Answer) -> None:
    line = Line(lost, answer(DONE))
    line.ec2.delete_vpc(VpcId="vpc-1")
    assert len(line.heard) == 2


@pytest.mark.parametrize("lost", [LOST, refusal("InternalError", 500), answer("<html>a proxy", 200)])
def test_what_can_not_be_repeated_is_not_after_a_lost_answer(lost: Answer) -> None:
    line = Line(lost)
    with pytest.raises(OutcomeUnknownError):
        line.ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert len(line.heard) == 1


@pytest.mark.parametrize("operation", ["describe_vpcs", "create_vpc"])
def test_an_endpoint_that_can_not_be_reached_is_given_up_soon(operation: str) -> None:
    line = Line(*[REFUSED] * 100)
    parameters = {"CidrBlock": "10.0.0.0/16"} if operation == "create_vpc" else {}
    with pytest.raises(ThrottledError, match="Could not connect") as caught:
        getattr(line.ec2, operation)(**parameters)
    assert len(line.heard) == CONNECTION_TRIES
    assert line.clock.now < 10
    assert caught.value.detail.endswith("Tried 5 times.")


@pytest.mark.parametrize(("code", "kind"), [("InvalidVpcID.NotFound", NotFoundError), ("AuthFailure", RefusedError)])
def test_a_clear_no_is_taken_as_one(code: str, kind: type[Exception]) -> None:
    line = Line(refusal(code))
    with pytest.raises(kind, match="ec2:DescribeVpcs was refused: said so") as caught:
        line.ec2.describe_vpcs()
    assert "Tried" not in str(caught.value)


def test_a_wrong_parameter_is_our_error_too() -> None:
    with pytest.raises(RefusedError, match='Unknown parameter in input: "Cidr"'):
        Line().ec2.create_vpc(Cidr="10.0.0.0/16")


def test_waiting_ends_when_the_engine_asks_to_stop() -> None:
    line = Line(refusal("RequestLimitExceeded", 503))
    line.clock.cancel()
    with pytest.raises(InterruptedError):
        line.ec2.describe_vpcs()


def test_what_is_no_operation_is_no_attribute() -> None:
    assert not hasattr(Line().ec2, "describe_moons")
    assert not hasattr(Line().ec2, "meta")
