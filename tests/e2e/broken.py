"""The networks of `tests/broken/`, declared by their own program."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.projects import CHECKOUT, Config, Project, Projects

FOLDER = CHECKOUT / "tests" / "broken"
BASE: Config = yaml.safe_load((FOLDER / "base.yaml").read_text())
FIRST_PORT, OWN_PORTS = 32100, 3
"""Node ports that a network's Services may take: they belong to the whole cluster."""


@dataclass(frozen=True)
class Variant:
    """A network that is wrong, and what is to be said of it."""

    number: int
    name: str
    config: Config

    @property
    def network(self) -> str:
        return f"p{self.number:02}"


def variant(number: int, name: str, over: Config) -> Variant:
    """A file's network: what it doesn't say is the base's."""
    config = merged(BASE, over)
    config["cluster:network"]["name"] = f"p{number:02}"
    for at, service in enumerate(config["cluster:services"]):
        for port in service.get("ports", ()):
            if "nodePort" in port and service not in over.get("cluster:services", ()):
                port["nodePort"] = FIRST_PORT + OWN_PORTS * number + at
    return Variant(number, name, config)


def merged(base: Any, over: Any) -> Any:
    if not (isinstance(base, Mapping) and isinstance(over, Mapping)):
        return copy.deepcopy(over)
    return {
        key: merged(base.get(key), over[key]) if key in over else copy.deepcopy(base[key]) for key in {**base, **over}
    }


def project_of(projects: Projects, name: str, folder: Path, variants: Iterable[Variant]) -> Project:
    """A project that declares networks, each with its mistake.

    Args:
        projects: makes it.
        name: the project's.
        folder: where the variants are written for its program.
        variants: what it declares.
    """
    written = folder / "variants.json"
    written.write_text(json.dumps([one.config for one in variants]))
    made = projects.make(name, {"kubewire:region": BASE["kubewire:region"], "broken:variants": str(written)})
    shutil.copy(FOLDER / "program.py", made.folder / "infra" / "__main__.py")
    # Where the program finds it by the name that it has here.
    beside = made.folder / "infra" / "tests" / "broken"
    beside.mkdir(parents=True)
    shutil.copy(FOLDER / "patches.py", beside)
    return made
