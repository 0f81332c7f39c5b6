"""What an environment file is read as, and what is wrong with a file as a whole."""

from __future__ import annotations

import json

import pytest
from pulumi.runtime.config import set_all_config

from kubewire.errors import InvalidInputError
from settings import Settings
from tests.unit.infra.mistakes import Mistake, check, environment, key, network, read, without


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_every_environment_is_well_formed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(environment(name), monkeypatch)
    assert settings.network.region == "eu-west-1"
    assert settings.embedded is (name == "dev")


MISTAKES: dict[str, Mistake] = {
    "region of the network apart from the provider's": (
        network(region="us-east-1", zones=["us-east-1a"], nodes={"kind": "declared"}),
        "network.region",
        "us-east-1 is another region",
    ),
    "unknown key of the program": (key("cluster:netwrok", {}), "netwrok", "unknown key"),
    "unknown namespace of keys": (key("clutser:network", {}), "clutser:network", "unknown key"),
    "no network": (without("cluster:network"), "network", "required"),
    "network is text": (key("cluster:network", "shop"), "network", "dictionary"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_named_with_its_path(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(MISTAKES[mistake], monkeypatch)


def test_all_mistakes_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    config = environment("dev")
    config["cluster:network"]["nat"] = "many"
    config["cluster:network"]["zones"] = []
    with pytest.raises(InvalidInputError, match="2 mistakes"):
        read(config, monkeypatch)


def test_region_must_be_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    config = environment("dev")
    del config["kubewire:region"]
    with pytest.raises(InvalidInputError, match="kubewire:region: required, but not given"):
        read(config, monkeypatch)


def test_dev_is_refused_on_real_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all_config(
        {key: value if isinstance(value, str) else json.dumps(value) for key, value in environment("dev").items()}
    )
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with pytest.raises(InvalidInputError, match="belongs on the embedded cloud"):
        Settings.read()
