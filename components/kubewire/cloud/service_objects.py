"""The Services of a cluster, as their whole objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lightkube import ALL_NS, Client
from lightkube.generic_resource import GenericNamespacedResource, create_api_info
from lightkube.operators import exists, not_equal, not_exists

from kubewire.cloud.kubernetes import KubernetesApi
from kubewire.cloud.kubernetes_nodes import PAGE
from kubewire.errors import InvalidInputError

Object = dict[str, Any]


class ServiceObjects(KubernetesApi):
    """Reads Services with every field that the API server gives, those that no model knows included."""

    def list_objects(
        self, namespace: str | None, selector: str | None, seen: Callable[[int], None]
    ) -> tuple[Object, ...]:
        """Give Services. A list that breaks off is begun anew: it is from one moment.

        Args:
            namespace: whose; None: all.
            selector: the labels that they bear, `app=web,tier!=test,owner`; None: any.
            seen: is told how many there are so far.
        """
        kind = raw_kind("", "v1", "Service", "services")
        labels = _labels(selector) if selector else None

        def every(client: Client) -> tuple[Object, ...]:
            found: list[Object] = []
            for item in client.list(kind, namespace=namespace or ALL_NS, labels=labels, chunk_size=PAGE):
                found.append({"apiVersion": "v1", "kind": "Service", **dict(item)})
                seen(len(found))
            return tuple(found)

        return self._call("kubernetes:ListService", every)


def raw_kind(group: str, version: str, kind: str, plural: str) -> Any:
    """Give a kind whose objects are as the API server writes them: lightkube's typed ones drop what they don't know."""
    return type(kind, (GenericNamespacedResource,), {"_api_info": create_api_info(group, version, kind, plural)})


def _labels(selector: str) -> dict[str, Any]:
    """Read a selector of labels.

    https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors

    Raises:
        InvalidInputError: one by sets, or none at all.
    """
    labels: dict[str, Any] = {}
    for term in (term.strip() for term in selector.split(",")):
        key, unequal, value = term.partition("!=")
        if unequal:
            labels[key.strip()] = not_equal(value.strip())
            continue
        key, equal, value = term.replace("==", "=").partition("=")
        if not key.strip("! ") or " " in key.strip():
            detail = "Write `app=web`, `tier!=test`, `owner` or `!owner`, with commas between."
            raise InvalidInputError(f"{term!r} selects no labels", detail=detail, path="--selector")
        if equal:
            labels[key.strip()] = value.strip()
        elif key.startswith("!"):
            labels[key.removeprefix("!").strip()] = not_exists()
        else:
            labels[key.strip()] = exists()
    return labels
