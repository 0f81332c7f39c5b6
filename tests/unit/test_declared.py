"""A row of a set's output: known in a preview when it is, whatever becomes of the others."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks
from pulumi.runtime.rpc import UNKNOWN, serialize_properties

from kubewire.declared import Declared
from kubewire.deferred import is_deferred
from kubewire.model import Ref
from kubewire.resources.interface_sets import NetworkInterfacesArgs
from kubewire.resources.network_interfaces import NetworkInterfaces

ARGS = NetworkInterfacesArgs(name="nodes", security_groups={"nodes": "sg-1"})


class Engine(Mocks):
    """Answers with one mapping of ids, and notes what is declared with rows of it."""

    def __init__(self, ids: Any) -> None:
        self.ids = ids
        self.given: dict[str, Any] = {}

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if args.typ == "test:index:User":
            self.given.update(args.inputs)
            return f"{args.name}-id", args.inputs
        return "set-1", {**args.inputs, "ids": self.ids}

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        raise AssertionError(args.token)


def seen(ids: Any, *, preview: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give what the engine is told of two rows, and what an `apply` on each gets."""
    engine = Engine(ids)
    applied: dict[str, Any] = {}
    wire: dict[str, Any] = {}
    pulumi.runtime.set_mocks(engine, project="shop", stack="test", preview=preview)

    async def program() -> None:
        made = Declared(NetworkInterfaces, "nodes", ARGS)
        rows = {name: made.entry("ids", name) for name in ("a", "b")}
        for name, output in rows.items():
            output.apply(lambda value, name=name: applied.setdefault(name, value))
        wire.update(await serialize_properties(rows, {}))

    until_all_is_declared: Any = pulumi.runtime.test
    until_all_is_declared(program)()
    return wire, applied


def test_a_known_row_is_known_beside_one_that_is_not() -> None:
    wire, applied = seen({"a": "eni-1", "b": UNKNOWN}, preview=True)
    assert wire == {"a": "eni-1", "b": UNKNOWN}
    assert applied == {"a": "eni-1"}


@pytest.mark.parametrize("ids", [UNKNOWN, {}])
def test_no_row_is_known_of_an_unknown_mapping_or_of_one_without_it(ids: Any) -> None:
    wire, applied = seen(ids, preview=True)
    assert wire == {"a": UNKNOWN, "b": UNKNOWN}
    assert applied == {}


def test_every_row_is_known_at_the_apply() -> None:
    wire, applied = seen({"a": "eni-1", "b": "eni-2"}, preview=False)
    assert wire == applied == {"a": "eni-1", "b": "eni-2"}


def test_a_row_is_taken_where_an_id_is_still_to_come() -> None:
    refs: list[Ref] = []
    pulumi.runtime.set_mocks(Engine({"a": "eni-1"}), project="shop", stack="test", preview=False)

    def program() -> None:
        refs.append(Ref(name="a", id=Declared(NetworkInterfaces, "nodes", ARGS).entry("ids", "a")))

    until_all_is_declared: Any = pulumi.runtime.test
    until_all_is_declared(program)()
    assert is_deferred(refs[0].id)
