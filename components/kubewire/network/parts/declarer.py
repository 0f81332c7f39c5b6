"""How a part declares its resources: below the component, under names that no other network of the stack has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import pulumi

from kubewire.declared import Declared
from kubewire.functions.base import Function
from kubewire.invoked import invoke
from kubewire.model import Model
from kubewire.network.args import ClusterNetworkArgs
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
    """

    component: pulumi.ComponentResource
    args: ClusterNetworkArgs

    def declare(
        self,
        kind: type[Resource[ArgsT, StateT]],
        args: ArgsT,
        *,
        name: str,
        after: Sequence[pulumi.Resource] = (),
    ) -> Declared:
        """Declare a resource."""
        return Declared(kind, name, args, pulumi.ResourceOptions(parent=self.component, depends_on=list(after)))

    def named(
        self, kind: type[Resource[NamedT, StateT]], args: NamedT, *, after: Sequence[pulumi.Resource] = ()
    ) -> Declared:
        """Declare what bears the network's name in its own."""
        return self.declare(kind, args, name=args.name, after=after)

    def asked(self, function: type[Function[ArgsT, ResultT]], args: ArgsT) -> ResultT:
        """Ask the provider what is there now."""
        return invoke(function, args, pulumi.InvokeOptions(parent=self.component))

    def inner(self, name: str) -> str:
        """Tell a part from one that another network of the stack calls the same; a dot is in no network's name."""
        return f"{self.args.name}.{name}"
