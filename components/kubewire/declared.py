"""A custom resource as a Pulumi program declares it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar, cast

import pulumi
from pulumi.output import UNKNOWN

from kubewire.model import Model, Ref
from kubewire.resources.base import NamedArgs, Resource

T = TypeVar("T")
ArgsT = TypeVar("ArgsT", bound=Model)
StateT = TypeVar("StateT", bound=Model)


class Declared(pulumi.CustomResource):
    """Declares one resource of the catalogue, from the inputs that its provider will check again.

    The inputs may hold outputs of other resources where their fields say `Later`.

    Attributes:
        component: what it is a part of.
    """

    def __init__(
        self,
        kind: type[Resource[ArgsT, StateT]],
        name: str,
        args: ArgsT,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        self._state = kind.State
        self._args = args
        self.component = opts.parent if opts else None
        states = [field.alias or key for key, field in kind.State.model_fields.items()]
        # What AWS will add is named here, or the engine's answer would be dropped.
        super().__init__(kind.token(), name, {**dict.fromkeys(states), **args.to_wire()}, opts)

    @property
    def ref(self) -> Ref:
        """Refer to it: by its name, and by the id that it will have."""
        if not isinstance(self._args, NamedArgs):
            msg = f"{type(self._args).__name__} have no name"
            raise TypeError(msg)
        return Ref(name=self._args.name, id=later(self.id))

    def output(self, field: str) -> pulumi.Output[Any]:
        """Give a field of its state, by its Python name."""
        alias = self._state.model_fields[field].alias or field
        return cast("pulumi.Output[Any]", pulumi.get(self, alias))

    def entry(self, field: str, key: str) -> Any:
        """Give one row of a field that is a mapping, as a `Later` value.

        In a preview the rows that aren't known yet are unknown, and the others are not: `apply` alone would have
        every row unknown as soon as a single one is.
        """
        return later(self.output(field).apply(partial(_row, key), run_with_unknowns=True))


def _row(key: str, rows: Any) -> Any:
    # A mapping of which nothing is known is the engine's word for unknown itself. One without the row is of a set that
    # `--target` leaves as it is, though the program has another member of it by now.
    return rows.get(key, UNKNOWN) if isinstance(rows, Mapping) else UNKNOWN


def later(output: pulumi.Output[T]) -> T:
    """Pass an output where inputs take a `Later` value: to the type checker that is the value itself."""
    return cast("T", output)
