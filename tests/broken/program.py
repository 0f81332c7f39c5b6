"""Declares networks that are wrong, each as its environment file says: the checkout's own program, and one mistake.

Most mistakes are refused by the components before there is a plan. So this program changes what resources are
registered with, between the components and the engine, as a bug of kubewire's or a transform of somebody's could.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import register_stack_transformation, set_all_config

from kubewire import ClusterNetwork, declare_services, fitted
from kubewire.declared import Declared
from kubewire.resources.catalogue import BY_TOKEN
from settings import Settings
from tests.broken.patches import Patches

Wire = dict[str, Any]


class Mistakes:
    """What is made wrong of the network that is being declared."""

    def __init__(self, written: list[Wire]) -> None:
        self._additions = [patch for patch in written if "add" in patch]
        early = [patch for patch in written if "add" not in patch and patch.get("in") != "plan"]
        self._patches = Patches(early, self._refer)
        self._made: dict[str, Any] = {}

    def transform(self, given: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        """Change what a resource is registered with, if it is one of those."""
        kind = given.type_.rpartition(":")[2]
        self._made[f"{kind} {given.name}"] = given.resource
        return pulumi.ResourceTransformationResult(self._patches.changed(kind, given.name, given.props), given.opts)

    def add(self, network: str) -> None:
        """Declare the further resources."""
        for patch in self._additions:
            resource = BY_TOKEN[f"kubewire:index:{patch['add']}"]
            inputs = self._patches.filled(patch["inputs"])
            Declared(resource, f"{network}.{inputs['name']}", resource.Args.model_validate(inputs))

    def check(self) -> None:
        """Fail for a patch of nothing."""
        self._patches.check()

    def _refer(self, name: str) -> Wire:
        return {"name": name.partition(" ")[2].rpartition(".")[2], "id": self._made[name].id}


def _declare(config: dict[str, Any]) -> None:
    mistakes = Mistakes(config["broken:patches"])
    _current[:] = [mistakes]
    own = {key: value for key, value in config.items() if not key.startswith("broken:")}
    set_all_config({key: value if isinstance(value, str) else json.dumps(value) for key, value in own.items()})
    settings = Settings.read()
    mistakes.add(settings.network.name)
    network = ClusterNetwork(fitted(settings.network, settings.services))
    declare_services(settings.services, network, namespaces=settings.namespaces)
    mistakes.check()


_current: list[Mistakes] = []
register_stack_transformation(lambda given: _current[0].transform(given) if _current else None)
for _config in json.loads(Path(pulumi.Config("broken").require("variants")).read_text()):
    _declare(_config)
