"""Services that are in a cluster: which of them a program takes over, and how it says that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kubewire.errors import InvalidInputError
from kubewire.manifests.documents import Document
from kubewire.manifests.objects import Sorted
from kubewire.manifests.overrides import Overrides
from kubewire.manifests.reading import Manifests, read_objects
from kubewire.services.load_balancer.args import LOAD_BALANCER_CLASS
from kubewire.services.namespaces import BUILT_IN

CLUSTER = "the cluster"
API_SERVER = ("default", "kubernetes")
"""The Service of the API server itself: it makes that anew whenever it's gone."""
SYSTEM = tuple(name for name in BUILT_IN if name != "default")


@dataclass
class Live:
    """The Services of a cluster.

    Attributes:
        taken: those that can be taken over.
        others: those with a load balancer of another controller: a Service keeps its class for life.
        passed: those that are left out, each with the reason.
    """

    taken: Sorted = field(default_factory=Sorted)
    others: Sorted = field(default_factory=Sorted)
    passed: dict[str, str] = field(default_factory=dict)

    @classmethod
    def sort(cls, objects: Iterable[Mapping[str, Any]], namespace: str | None) -> Live:
        """Sort Services.

        Args:
            objects: as the API server gives them.
            namespace: the one that was asked for; None: all, and then the cluster's own are left out.
        """
        found = cls()
        for value in objects:
            metadata = value["metadata"]
            label = f"{metadata['namespace']}/{metadata['name']}"
            if reason := _reason(metadata, namespace):
                found.passed[label] = reason
                continue
            into = found.others if _is_of_others(value) else found.taken
            into.services.append(Document(CLUSTER, len(into.services) + 1, value))
        return found

    def read(self, overrides: Overrides) -> tuple[Manifests, Manifests]:
        """Read both kinds of Services, those that are taken over first.

        Raises:
            InvalidInputError: all that is wrong with any of them.
        """
        labels = {name: {_label(item) for item in some.services} for name, some in self._kinds()}
        read: dict[str, Manifests] = {}
        mistakes: list[InvalidInputError] = []
        if unknown := overrides.services.keys() - labels["taken"] - labels["others"]:
            path = f'overrides.services["{min(unknown)}"]'
            mistakes.append(InvalidInputError("there is no such Service in the cluster", path=path))
        for name, some in self._kinds():
            own = {label: said for label, said in overrides.services.items() if label in labels[name]}
            fitting = overrides.model_copy(update={"services": own})
            try:
                read[name] = read_objects(some, fitting, CLUSTER, adopt=name == "taken")
            except InvalidInputError as error:
                mistakes += error.parts
        if mistakes:
            raise InvalidInputError.joined(mistakes, CLUSTER)
        return read["taken"], read["others"]

    def _kinds(self) -> Iterator[tuple[str, Sorted]]:
        yield "taken", self.taken
        yield "others", self.others


def _label(document: Document) -> str:
    metadata = document.value["metadata"]
    return f"{metadata['namespace']}/{metadata['name']}"


def _reason(metadata: Mapping[str, Any], namespace: str | None) -> str:
    if (metadata["namespace"], metadata["name"]) == API_SERVER:
        return "the API server's own"
    if namespace is None and metadata["namespace"] in SYSTEM:
        return f"the cluster's own; `--namespace {metadata['namespace']}` has them"
    if owners := metadata.get("ownerReferences"):
        return f"made by {owners[0].get('kind')} {owners[0].get('name')}"
    if metadata.get("deletionTimestamp"):
        return "being deleted"
    return ""


def _is_of_others(value: Mapping[str, Any]) -> bool:
    spec = value.get("spec") or {}
    return spec.get("type") == "LoadBalancer" and spec.get("loadBalancerClass") != LOAD_BALANCER_CLASS
