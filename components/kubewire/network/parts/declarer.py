"""How a part declares its resources: below the component, under names that no other network of the stack has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import pulumi

from kubewire.declared import Declared
from kubewire.errors import InvalidInputError
from kubewire.functions.base import Function
from kubewire.invoked import invoke
from kubewire.model import Model
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.parts.forecast import Forecast
from kubewire.resources.base import NamedArgs, Resource

ArgsT = TypeVar("ArgsT", bound=Model)
NamedT = TypeVar("NamedT", bound=NamedArgs)
StateT = TypeVar("StateT", bound=Model)
ResultT = TypeVar("ResultT", bound=Model)


@dataclass(frozen=True)
class Declarer:
    """Declares for a network.

    Attributes:
        component: the network.
        args: what it is described by.
        forecast: says what an apply will ask of AWS.
    """

    component: pulumi.ComponentResource
    args: ClusterNetworkArgs
    forecast: Forecast

    def declare(
        self,
        kind: type[Resource[ArgsT, StateT]],
        args: ArgsT,
        *,
        name: str,
        after: Sequence[pulumi.Resource] = (),
    ) -> Declared:
        """Declare a resource."""
        opts = pulumi.ResourceOptions(parent=self.component, depends_on=list(after))
        return self.forecast.watch(Declared(kind, name, args, opts))

    def named(
        self, kind: type[Resource[NamedT, StateT]], args: NamedT, *, after: Sequence[pulumi.Resource] = ()
    ) -> Declared:
        """Declare what bears the network's name in its own."""
        return self.declare(kind, args, name=args.name, after=after)

    def asked(self, function: type[Function[ArgsT, ResultT]], args: ArgsT, path: str) -> ResultT:
        """Ask the provider what is there now.

        Args:
            function: what to ask.
            args: about what.
            path: the network's field that asks.

        Raises:
            InvalidInputError: what the field names isn't there.
        """
        try:
            return invoke(function, args, pulumi.InvokeOptions(parent=self.component))
        except InvalidInputError as error:
            # The path is the function's argument, which nobody wrote.
            raise InvalidInputError(error.summary, detail=error.detail, path=f"{self.args.name}: {path}") from error

    def inner(self, name: str) -> str:
        """Tell a part from one that another network of the stack calls the same; a dot is in no network's name."""
        return f"{self.args.name}.{name}"
