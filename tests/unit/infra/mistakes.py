"""How a mistake is written: a change of the dev environment, the path under which it's named, and words of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi.runtime.config import set_all_config

from kubewire.errors import InvalidInputError
from settings import Settings

ENVIRONMENTS = Path(__file__).parents[3] / "infra" / "environments"
Config = dict[str, Any]
Change = Callable[[Config], None]
Mistake = tuple[Change, str, str]


def environment(name: str) -> Config:
    """Read an environment file."""
    config: Config = yaml.safe_load((ENVIRONMENTS / f"Pulumi.{name}.yaml").read_text())["config"]
    return config


def read(config: Config, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Read settings as the engine passes them: structured values as JSON."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setattr("settings.get_stack", lambda: "dev")
    set_all_config({key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()})
    return Settings.read()


def check(mistake: Mistake, monkeypatch: pytest.MonkeyPatch) -> None:
    """See that a mistake gives one error, with its path and words that help."""
    change, path, words = mistake
    config = copy.deepcopy(environment("dev"))
    change(config)
    with pytest.raises(InvalidInputError) as caught:
        read(config, monkeypatch)
    head, *lines = str(caught.value).splitlines()
    assert head == "one mistake in infra/environments/Pulumi.dev.yaml", lines
    assert lines[0].startswith(f"{path}: ")
    assert words in "\n".join(lines)


def network(**changes: Any) -> Change:
    """Change keys of the network."""
    return lambda config: config["cluster:network"].update(copy.deepcopy(changes))


def inside(key: str, /, **changes: Any) -> Change:
    """Change keys of one of the network's parts."""
    return lambda config: config["cluster:network"].setdefault(key, {}).update(changes)


def node(index: int, /, **changes: Any) -> Change:
    """Change keys of a node."""
    return lambda config: config["cluster:network"]["nodes"]["machines"][index].update(changes)


def service(name: str, /, **changes: Any) -> Change:
    """Change keys of a Service."""

    def change(config: Config) -> None:
        next(item for item in config["cluster:services"] if item["name"] == name).update(changes)

    return change


def port(name: str, /, **changes: Any) -> Change:
    """Change keys of a Service's first port."""

    def change(config: Config) -> None:
        next(item for item in config["cluster:services"] if item["name"] == name)["ports"][0].update(changes)

    return change


def key(name: str, value: Any) -> Change:
    """Set a key of the file."""
    return lambda config: config.update({name: value})


def without(*path: str | int) -> Change:
    """Leave a key out."""

    def change(config: Config) -> None:
        inner: Any = config
        for part in path[:-1]:
            inner = inner[part]
        del inner[path[-1]]

    return change


def both(*changes: Change) -> Change:
    """Make several changes, which are one mistake together."""

    def change(config: Config) -> None:
        for one in changes:
            one(config)

    return change
