"""The provider's configuration, and which cluster it means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.kubernetes_plugin.config import Config, unsupported
from kubewire.local.kubernetes_plugin.configdiff import config_difference
from kubewire.local.kubernetes_plugin.kubeconfig import connection


def kubeconfig(server: str = "https://one") -> dict[str, Any]:
    names = ("main", "second")
    return {
        "clusters": [{"name": name, "cluster": {"server": f"{server}/{name}"}} for name in names],
        "users": [{"name": "admin", "user": {"token": "t"}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": "admin"}} for name in names],
        "current-context": "main",
    }


def server(config: dict[str, Any], environment: dict[str, str] | None = None) -> str:
    return str(connection(Config.read(config, {}), environment or {}).cluster.server)


def test_values_come_as_text_and_the_environment_fills_in() -> None:
    wire = {"enablePatchForce": "true", "kubeClientSettings": '{"timeout": 7, "qps": 1}', "namespace": "", "new": "x"}
    config = Config.read(wire, {"PULUMI_K8S_DELETE_UNREACHABLE": "true", "PULUMI_K8S_ENABLE_PATCH_FORCE": "false"})

    assert config.enable_patch_force
    assert config.delete_unreachable
    assert config.kube_client_settings.timeout == 7
    assert config.namespace is None


def test_a_kubeconfig_is_a_path_or_its_contents(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text(json.dumps(kubeconfig()), encoding="utf-8")

    for given in (str(file), file.read_text(encoding="utf-8"), kubeconfig()):
        assert server({"kubeconfig": given}) == "https://one/main"
    assert server({}, {"KUBECONFIG": f"{tmp_path}/none:{file}"}) == "https://one/main"


def test_context_and_cluster_choose() -> None:
    assert server({"kubeconfig": kubeconfig(), "context": "second"}) == "https://one/second"
    assert server({"kubeconfig": kubeconfig(), "cluster": "second"}) == "https://one/second"


@pytest.mark.parametrize(
    "config",
    [
        {"kubeconfig": "/nowhere"},
        {"kubeconfig": "a: b\nc: d"},
        {"kubeconfig": "a\nb"},
        {"kubeconfig": "{[\n"},
        {"kubeconfig": kubeconfig(), "context": "third"},
        {"kubeconfig": kubeconfig(), "cluster": "third"},
        {"kubeconfig": {**kubeconfig(), "users": []}},
        {"kubeconfig": {**kubeconfig(), "contexts": [{"name": "main", "context": {"cluster": "main"}}]}},
    ],
)
def test_an_unusable_kubeconfig_is_one_clear_error(config: dict[str, Any]) -> None:
    with pytest.raises(EnvironmentNotReadyError, match="configured Kubernetes cluster is unreachable"):
        server(config)


def test_wrong_values_are_refused_and_unknown_ones_wait() -> None:
    Config.read({"kubeconfig": UNKNOWN}, {})
    with pytest.raises(ValidationError):
        Config.read({"deleteUnreachable": "perhaps"}, {})


def test_wishes_that_cant_be_fulfilled_are_not_ignored() -> None:
    wishes = {"renderYamlToDirectory": "out", "enableServerSideApply": "false"}

    assert [failure.path for failure in unsupported(wishes)] == list(wishes)


@pytest.mark.parametrize(
    ("old", "new", "replaces"),
    [
        ({"kubeconfig": kubeconfig()}, {"kubeconfig": kubeconfig("https://two")}, {"kubeconfig"}),
        ({"kubeconfig": kubeconfig()}, {"kubeconfig": {**kubeconfig(), "users": []}}, set()),
        ({"kubeconfig": kubeconfig()}, {"kubeconfig": kubeconfig(), "context": "second"}, {"context"}),
        ({"kubeconfig": kubeconfig()}, {"kubeconfig": UNKNOWN}, {"kubeconfig"}),
        ({"namespace": "a"}, {"namespace": "b"}, set()),
        ({"clusterIdentifier": "a"}, {"clusterIdentifier": "b"}, {"clusterIdentifier"}),
        (
            {"clusterIdentifier": "a", "kubeconfig": kubeconfig()},
            {"clusterIdentifier": "a", "kubeconfig": kubeconfig("https://two")},
            set(),
        ),
    ],
)
def test_another_cluster_replaces_and_another_way_to_it_does_not(
    old: dict[str, Any], new: dict[str, Any], replaces: set[str]
) -> None:
    found = config_difference(old, new, {})

    assert found.changes
    assert found.replaces == replaces
