"""A program warns of what is broken, on the component that it concerns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from kubewire import ClusterNetwork, LoadBalancerService, LoadBalancerServiceArgs, Scheme
from kubewire.functions.get_proof import GetProof, GetProofArgs, kind_of
from kubewire.functions.get_quotas import GetQuotas
from kubewire.seen import Seen
from tests.unit.program import DEFAULT_QUOTAS, Declarations, declare, network_args

Wire = dict[str, Any]
NO_CLOUD: Any = None


def program(**network: Any) -> Callable[[], None]:
    def run() -> None:
        made = ClusterNetwork(network_args(**network))
        port = {"port": 443, "targetPort": 8443, "nodePort": 30443}
        described = LoadBalancerServiceArgs(
            name="front", selector={"app": "front"}, scheme=Scheme.INTERNAL, sources=("10.9.0.0/16",), ports=(port,)
        )
        LoadBalancerService(described, made)

    return run


class Engine:
    """Answers as the provider does that has checked all that was declared.

    Args:
        change: makes a checked resource's inputs into others; None for one that the provider never gets.
    """

    def __init__(self, change: Callable[[str, str, Wire], Wire | None] = lambda _kind, _name, inputs: inputs) -> None:
        self._change = change
        self.asked: list[GetProofArgs] = []
        self.declarations = Declarations()

    def answer(self, given: Wire) -> Wire:
        args = GetProofArgs.model_validate(given)
        self.asked.append(args)
        declared = {(item.typ, item.name): item.inputs for item in self.declarations.resources}
        seen = Seen()
        for row in args.resources:
            kind, name = kind_of(row.urn), row.urn.rpartition("::")[2]
            if row.inputs is None:
                wire = {key: value for key, value in declared[kind, name].items() if value is not None}
                if (inputs := self._change(kind.rpartition(":")[2], name, wire)) is not None:
                    seen.checked(row.urn, inputs)
        return GetProof(NO_CLOUD, None, seen).run(args).to_wire()

    def run(self, program: Callable[[], None]) -> None:
        answers = {GetProof.token(): self.answer, GetQuotas.token(): DEFAULT_QUOTAS}
        declare(program, answers, self.declarations)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []

    def noted(message: str, resource: pulumi.Resource | None = None) -> None:
        lines.append((type(resource).__name__, message))

    monkeypatch.setattr(pulumi.log, "warn", noted)
    monkeypatch.setattr(pulumi.log, "info", noted)
    return lines


def test_of_what_holds_nothing_is_said(said: list[tuple[str, str]]) -> None:
    engine = Engine()
    engine.run(program())
    assert said == []
    assert len(engine.asked) == 1


def test_all_that_is_declared_is_counted_with_each_with_its_component() -> None:
    engine = Engine()
    engine.run(program())
    (args,) = engine.asked
    assert {kind_of(row.urn).rpartition(":")[2] for row in args.resources} >= {
        "ClusterNetwork",
        "LoadBalancerService",
        "Service",
        "RouteTable",
        "Listener",
    }
    parents = {row.urn.rpartition("$")[2]: kind_of(row.parent) for row in args.resources if row.parent}
    assert parents["kubewire:index:Vpc::shop"] == "kubewire:network:ClusterNetwork"
    assert parents["kubernetes:core/v1:Service::shop.default.front"] == "kubewire:services:LoadBalancerService"


def test_a_missing_route_is_a_warning_of_the_network(said: list[tuple[str, str]]) -> None:
    def unrouted(kind: str, name: str, inputs: Wire) -> Wire:
        if (kind, name) != ("RouteTable", "shop-private-eu-west-1b"):
            return inputs
        return {**inputs, "routes": {key: row for key, row in inputs["routes"].items() if key != "100.64.0.0/24"}}

    Engine(unrouted).run(program())
    ((_, message),) = [line for line in said if line[1].startswith("broken: 6. ")]
    assert "table shop-private-eu-west-1b has no route for 100.64.0.0/24 of node-0" in message
    assert "STOPS" in message
    assert {component for component, _ in said} == {"ClusterNetwork"}


def test_what_keeps_a_load_balancer_out_is_a_warning_of_its_service(said: list[tuple[str, str]]) -> None:
    def shut(_kind: str, name: str, inputs: Wire) -> Wire:
        return {**inputs, "rules": {}} if name.endswith("front.nodes") else inputs

    Engine(shut).run(program())
    ((component, message),) = [line for line in said if line[1].startswith("broken: 31. ")]
    assert component == "LoadBalancerService"
    assert "don't get tcp/30443 to node" in message
    assert "more of the kind" in message


def test_a_run_that_leaves_resources_out_is_not_proved(said: list[tuple[str, str]]) -> None:
    Engine(lambda kind, _name, inputs: None if kind == "RouteTable" else inputs).run(program())
    assert [message for _, message in said] == [
        "whether anything is broken couldn't be told: 3 resources are no part of this run"
    ]


def test_of_what_is_refused_half_way_nothing_is_said(said: list[tuple[str, str]]) -> None:
    def refused() -> None:
        made = ClusterNetwork(network_args())
        made.proof.begin(pulumi.ComponentResource("example:index:Half", "half"), {})

    engine = Engine()
    engine.run(refused)
    assert (said, engine.asked) == ([], [])


def test_a_prover_that_fails_fails_nothing(said: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_facts: object) -> None:
        raise RecursionError

    monkeypatch.setattr("kubewire.prover.prove.prove", fails)
    Engine().run(program())
    ((_, message),) = said
    assert "RecursionError, which is a bug" in message


def test_it_can_be_switched_off() -> None:
    engine = Engine()
    engine.run(program(prove=False))
    assert engine.asked == []
