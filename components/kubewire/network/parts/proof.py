"""What is broken in a network, as warnings of the preview or the update that makes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi

from kubewire.declared import Declared
from kubewire.functions.get_proof import UNKNOWN_TEXT, BrokenProperty, GetProof, GetProofResult, RegisteredResource
from kubewire.network.parts.registered import Registered


class Proof:
    """Warns of each broken property on the component that it concerns, so that who never asks sees it too.

    The proof is of what the engine has: the provider knows the inputs of its own resources. Those of components and of
    Kubernetes' objects it never gets, so these are told here, just as they are registered.

    Args:
        network: the component of the cluster.
        registered: counts what is declared.
        wanted: whether anything is to be said.
    """

    def __init__(self, network: pulumi.Resource, registered: Registered, *, wanted: bool) -> None:
        self._network = network
        self._registered = registered
        self._told: dict[int, tuple[pulumi.Resource | None, pulumi.Output[str]]] = {}
        self._unfinished: set[int] = set()
        self._wanted = wanted
        if wanted:
            registered.tell(self._ask)

    def begin(self, component: pulumi.Resource, inputs: Any) -> None:
        """Tell what a component is registered with, before its parts are declared."""
        self._unfinished.add(id(component))
        self.tell(component, inputs)

    def finish(self, component: pulumi.Resource) -> None:
        """Say that all parts of a component are declared: of a network that was refused half-way, nothing is said."""
        self._unfinished.discard(id(component))

    def tell(self, resource: pulumi.Resource, inputs: Any, component: pulumi.Resource | None = None) -> None:
        """Tell what a resource is registered with that the provider doesn't get.

        Args:
            resource: which.
            inputs: what it is registered with.
            component: what it is a part of.
        """
        if self._wanted:
            self._told[id(resource)] = (component, _as_json(inputs))
            self._registered.add(resource)

    def _ask(self, answered: Mapping[str, pulumi.Resource]) -> pulumi.Output[None]:
        if self._unfinished:
            return pulumi.Output.from_input(None)
        rows = pulumi.Output.all(*(self._row(urn, resource) for urn, resource in answered.items()))
        # Asked with outputs of what isn't made yet, a function isn't called in a preview.
        return rows.apply(self._asked).apply(lambda found: self._say(GetProofResult.model_validate(found), answered))

    def _asked(self, rows: list[Any]) -> pulumi.Output[Any]:
        options = pulumi.InvokeOptions(parent=self._network)
        return pulumi.runtime.invoke_output(GetProof.token(), {"resources": rows}, options)

    def _row(self, urn: str, resource: pulumi.Resource) -> pulumi.Output[Any]:
        component, inputs = self._told.get(id(resource), (None, None))
        if isinstance(resource, Declared):
            component = resource.component
        parts = {"parent": component.urn if component else "", "inputs": inputs}
        return pulumi.Output.all(**parts).apply(lambda part: RegisteredResource(urn=urn, **part).to_wire())

    def _say(self, result: GetProofResult, answered: Mapping[str, pulumi.Resource]) -> None:
        for broken in result.broken:
            pulumi.log.warn(_sentence(broken), answered.get(broken.component, self._network))
        if result.not_told:
            pulumi.log.info(f"whether anything is broken couldn't be told: {result.not_told}", self._network)


def _sentence(broken: BrokenProperty) -> str:
    more = f"\nAnd {broken.count - 1} more of the kind." if broken.count > 1 else ""
    return f"broken: {broken.number}. {broken.title}, or {broken.otherwise}.\n{broken.witness}{more}"


def _as_json(inputs: Any) -> pulumi.Output[str]:
    """Write inputs as the engine would write them into a plan: in a preview, some of them aren't known."""
    whole: pulumi.Output[Any] = pulumi.Output.from_input(inputs)
    return whole.apply(lambda value: json.dumps(value, default=_open), run_with_unknowns=True)


def _open(value: object) -> str:
    if not isinstance(value, pulumi.output.Unknown):
        message = f"a {type(value).__name__} is no input of a resource"
        raise TypeError(message)
    return UNKNOWN_TEXT
