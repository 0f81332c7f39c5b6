"""A run that is killed in the middle of a create, and the one after it."""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.provider.conftest import REGION
from tests.integration.provider.ear import listening
from tests.integration.provider.engine import Engine, RequestError, started, urn_of
from tests.integration.provider.middleman import Middleman

URN = urn_of("main")
WANTED = {"name": "shop", "cidr": "10.0.0.0/16", "tags": {}, "dnsHostnames": True, "dnsSupport": True}


def shops(ec2: Any) -> list[str]:
    found = ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["shop"]}])["Vpcs"]
    return [vpc["VpcId"] for vpc in found]


@pytest.fixture
def cut_off(run: Callable[..., Engine], middleman: Middleman) -> Callable[[str], None]:
    """Kill a run when AWS has carried out an action of its create, before it hears so."""

    def cut(action: str) -> None:
        middleman.holding = action
        engine = run(endpoint=middleman.url)
        with ThreadPoolExecutor(1) as pool:
            create = pool.submit(engine.create, URN, WANTED)
            assert middleman.held_back.wait(60)
            engine.process.send_signal(signal.SIGKILL)
            assert isinstance(create.exception(60), RequestError)

    return cut


@pytest.mark.parametrize("action", ["CreateVpc", "ModifyVpcAttribute"])
def test_the_next_run_goes_on_with_the_same_object(
    run: Callable[..., Engine], cut_off: Callable[[str], None], ec2: Any, action: str
) -> None:
    cut_off(action)
    (left,) = shops(ec2)
    object_id, state = run().create(URN, WANTED)
    assert object_id == left
    assert shops(ec2) == [left]
    assert state["dnsHostnames"] is True


def test_a_resource_of_another_name_does_not_take_it(
    run: Callable[..., Engine], cut_off: Callable[[str], None], ec2: Any
) -> None:
    cut_off("CreateVpc")
    (left,) = shops(ec2)
    other, _ = run().create(urn_of("other"), WANTED)
    assert other != left


@pytest.mark.parametrize("cidr", [WANTED["cidr"], "10.9.0.0/16"])
def test_a_stack_of_the_same_name_in_another_backend_leaves_it_alone(
    run: Callable[..., Engine], cut_off: Callable[[str], None], ec2: Any, cidr: str
) -> None:
    cut_off("CreateVpc")
    (left,) = shops(ec2)
    other, _ = run(stateId="0e1e000000000de5").create(URN, {**WANTED, "cidr": cidr})
    assert sorted(shops(ec2)) == sorted([left, other])


def test_another_range_meanwhile_leaves_no_orphan(
    run: Callable[..., Engine], cut_off: Callable[[str], None], ec2: Any
) -> None:
    cut_off("CreateVpc")
    object_id, _ = run().create(URN, {**WANTED, "cidr": "10.9.0.0/16"})
    assert shops(ec2) == [object_id]


def test_the_user_is_told_of_what_was_taken_over(
    environment: dict[str, str], aws: str, cut_off: Callable[[str], None], ec2: Any
) -> None:
    cut_off("CreateVpc")
    (left,) = shops(ec2)
    with listening() as ear, started(environment, address=ear.address) as engine:
        engine.configure({"region": REGION, "endpoint": aws})
        engine.create(URN, WANTED)
        engine.process.kill()
        assert engine.process.communicate() == (b"", b"")
    said = f"{left} was made by an earlier run that could not report it; going on with it"
    assert ear.heard == [("WARNING", URN, said)]


def test_and_without_an_engine_that_listens_on_stderr(
    run: Callable[..., Engine], cut_off: Callable[[str], None]
) -> None:
    cut_off("CreateVpc")
    engine = run()
    engine.create(URN, WANTED)
    engine.process.kill()
    assert b"was made by an earlier run" in engine.process.communicate()[1]
