"""Two networks of 5,000 nodes, 150,000 pods and 10,000 Services: by counts; the time is printed."""

from __future__ import annotations

import time
from types import ModuleType

import pytest

from kubewire.prover.difference import inside, outside
from kubewire.prover.difference.delta import Turn
from kubewire.prover.difference.difference import compared, networks
from kubewire.prover.difference.joints import joints
from kubewire.prover.queries import balancers
from tests.unit.prover.scale import changed, network, with_services
from tests.unit.prover.scale_services import served

NODES, SERVICES = (50, 500, 5000), 2


def counted(monkeypatch: pytest.MonkeyPatch, *functions: tuple[ModuleType, str]) -> list[int]:
    """Count calls of some functions, all together, in the last of the numbers."""
    asked: list[int] = []
    for module, name in functions:
        real = getattr(module, name)

        def counting(*arguments: object, real: object = real) -> object:
            asked[-1] += 1
            return real(*arguments)  # type: ignore[operator]  # the function that it stands in for

        monkeypatch.setattr(module, name, counting)
    return asked


def test_it_asks_as_often_whatever_the_size(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = counted(monkeypatch, (inside, "_way"), (outside, "_ways"))
    for nodes in NODES:
        facts = with_services(network(nodes), nodes * SERVICES)
        before, after = networks(facts), networks(changed(facts))
        asked.append(0)
        start = time.process_time()
        assert len(joints(before["net"], after["net"])) == 7
        (found,) = compared(before, after)
        seconds = time.process_time() - start
        print(f"\n{nodes} nodes, {nodes * SERVICES} Services: {seconds:.2f} s of CPU")  # noqa: T201 - the number is what is asked for
        assert found.lines(Turn.GAINED) == [
            "10.64.0.0/16 => nodes and pods:30080/tcp",
            f"nodes and pods in z0 and z2 => Service shop/s{nodes * SERVICES}:80/tcp",
        ]
        (unsure,) = found.lines(Turn.UNSURE)
        # Which nodes their pods are on isn't known, and those of one can't be reached from z1 any more.
        assert unsure.startswith("nodes and pods in z1 => Services shop/s0:80/tcp, shop/s1:80/tcp")
        assert found.lines(Turn.LOST) == ["nodes and pods in z1 => pods of n0, all traffic"]
    assert max(asked) <= 1.1 * min(asked), asked


def test_load_balancers_that_are_alike_are_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = counted(monkeypatch, (balancers, "from_inside"), (balancers, "from_outside"))
    for nodes in NODES:
        facts = served(nodes)
        before, after = networks(facts), networks(changed(facts))
        asked.append(0)
        start = time.process_time()
        (found,) = compared(before, after)
        seconds = time.process_time() - start
        size = f"{nodes} nodes, {len(facts.load_balancers)} load balancers, all endpoints known"
        print(f"\n{size}: {seconds:.2f} s of CPU")  # noqa: T201 - the number is what is asked for
        assert found.lines(Turn.LOST) == ["nodes and pods in z1 => pods of n0, all traffic"]
    assert asked[0] == asked[1] == asked[2], asked
