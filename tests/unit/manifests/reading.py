"""Manifests as a test writes them, read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from kubewire import InvalidInputError, Overrides
from kubewire.manifests.documents import documents
from kubewire.manifests.objects import Sorted
from kubewire.manifests.reading import Manifests, read_objects

FIXTURES = Path(__file__).parents[2] / "fixtures" / "manifests"
FILE = "shop.yaml"
Wire = dict[str, Any]
AWS = "service.beta.kubernetes.io/"
SAID = {"scheme": "internal", "sources": ["10.8.0.0/16"], "nodePortSources": ["10.8.0.0/16"]}
"""What no manifest says, in wire form."""


def service(kind: str | None = None, annotations: Wire | None = None, **spec: Any) -> Wire:
    """Write a Service."""
    metadata: Wire = {"name": "web", "namespace": "shop"}
    if annotations is not None:
        metadata["annotations"] = annotations
    plain: Wire = {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80}]}
    whole = {**plain, **({"type": kind} if kind else {}), **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": whole}


def read(*objects: Wire | str, overrides: Wire | Overrides | None = None, **more: Any) -> Manifests:
    """Read objects, or a whole file's text, with what no manifest says."""
    found = Sorted()
    text = "".join(item if isinstance(item, str) else f"---\n{yaml.safe_dump(item)}" for item in objects)
    for document in documents(text, FILE):
        found.add(document)
    if not isinstance(overrides, Overrides):
        overrides = Overrides.model_validate({**SAID, **(overrides or {})})
    return read_objects(found, overrides, FILE, **more)


def one(*objects: Wire | str, overrides: Wire | None = None, **more: Any) -> Any:
    """Read the only Service, of which nothing is to be told."""
    found = read(*objects, overrides=overrides, **more)
    assert found.warnings == ()
    (args,) = found.services
    return args


def mistakes(*objects: Wire | str, overrides: Wire | None = None, **more: Any) -> list[InvalidInputError]:
    """Give what is wrong with objects."""
    with pytest.raises(InvalidInputError) as caught:
        read(*objects, overrides=overrides, **more)
    return list(caught.value.parts)
