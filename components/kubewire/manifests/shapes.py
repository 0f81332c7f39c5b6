"""Which kind of value each field of a Service has, as the API server asks for it: it converts none to another.

https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from kubewire.errors import InvalidInputError
from kubewire.manifests.documents import Path

Kind = Literal["text", "number", "truth", "number or text", "anything"]
Shape = Kind | Mapping[str, "Shape"] | list["Shape"]
EACH = "*"
"""In a mapping's shape: whatever its keys are."""

_TEXTS: Shape = {EACH: "text"}
SERVERS: Mapping[str, Shape] = {
    "creationTimestamp": "anything",
    "deletionGracePeriodSeconds": "anything",
    "deletionTimestamp": "anything",
    "generation": "anything",
    "managedFields": [{"fieldsV1": {"f:spec": {EACH: "anything"}, EACH: "anything"}, EACH: "anything"}],
    "resourceVersion": "anything",
    "selfLink": "anything",
    "uid": "anything",
}
"""Of the metadata, what the server alone writes."""
SERVICE: Shape = {
    "apiVersion": "text",
    "kind": "text",
    "metadata": {
        "name": "text",
        "namespace": "text",
        "labels": _TEXTS,
        "annotations": _TEXTS,
        "generateName": "text",
        "finalizers": "anything",
        "ownerReferences": "anything",
        **SERVERS,
    },
    "spec": {
        "type": "text",
        "selector": _TEXTS,
        "ports": [
            {
                "name": "text",
                "port": "number",
                "targetPort": "number or text",
                "protocol": "text",
                "appProtocol": "text",
                "nodePort": "number",
            }
        ],
        "clusterIP": "text",
        "clusterIPs": ["text"],
        "ipFamilies": ["text"],
        "ipFamilyPolicy": "text",
        "externalIPs": ["text"],
        "externalName": "text",
        "externalTrafficPolicy": "text",
        "internalTrafficPolicy": "text",
        "trafficDistribution": "text",
        "publishNotReadyAddresses": "truth",
        "sessionAffinity": "text",
        "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": "number"}},
        "loadBalancerClass": "text",
        "loadBalancerIP": "text",
        "loadBalancerSourceRanges": ["text"],
        "allocateLoadBalancerNodePorts": "truth",
        "healthCheckNodePort": "number",
    },
    "status": "anything",
}

_TAKEN: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int,),
    "truth": (bool,),
    "number or text": (int, str),
}


def faults_of(value: Any, shape: Shape, path: Path = ()) -> Iterator[tuple[Path, InvalidInputError]]:
    """Give every value of another kind than its field's, and every field that there isn't. A null is nothing."""
    if value is None or shape == "anything":
        return
    match shape:
        case str():
            if not isinstance(value, _TAKEN[shape]) or (isinstance(value, bool) and shape != "truth"):
                yield path, _other_kind(value, shape)
        case list():
            if isinstance(value, list):
                for index, item in enumerate(value):
                    if item is None:
                        detail = "Write a value behind the hyphen, or remove that."
                        yield (*path, index), InvalidInputError("this is nothing", detail=detail)
                    yield from faults_of(item, shape[0], (*path, index))
            else:
                yield path, InvalidInputError("this is no list", detail="Write one item a line, each after a hyphen.")
        case _:
            yield from _faults_of_mapping(value, shape, path)


def _faults_of_mapping(value: Any, shape: Mapping[str, Shape], path: Path) -> Iterator[tuple[Path, InvalidInputError]]:
    if not isinstance(value, Mapping):
        yield path, InvalidInputError("this is no mapping", detail="Write `key: value`, one a line.")
        return
    for key, item in value.items():
        if key in shape or EACH in shape:
            yield from faults_of(item, shape.get(key, shape.get(EACH, "anything")), (*path, key))
        else:
            detail = "Kubernetes has no such field here. Remove it, or correct its spelling."
            yield (*path, key), InvalidInputError("unknown field", detail=detail)


def _other_kind(value: Any, shape: str) -> InvalidInputError:
    if shape == "truth":
        return InvalidInputError("this is no true or false", detail=f"Given: {value!r}. Write it without quotes.")
    if shape == "text" and isinstance(value, bool):
        detail = f'To YAML, `on` and `yes` are true, `off` and `no` are false. Write "{str(value).lower()}", in quotes.'
        return InvalidInputError("this is true or false, not text", detail=detail)
    if shape == "text" and isinstance(value, int | float):
        return InvalidInputError("this is a number, not text", detail=f'Write "{value}", in quotes.')
    if shape == "number" and isinstance(value, str) and value.isdecimal():
        return InvalidInputError("this is text, not a number", detail=f"Write {value}, without quotes.")
    return InvalidInputError(f"this is no {shape}", detail=f"Given: {value!r}.")
