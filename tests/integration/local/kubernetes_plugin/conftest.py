"""The stand-in's provider, as one run of the engine has it, on a real API server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from lightkube import Client, KubeConfig
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Namespace

from kubewire.local.cloud import Cloud
from kubewire.local.kubernetes_plugin.provider import KubernetesProvider

Run = Callable[[], KubernetesProvider]
_numbers = count()


@pytest.fixture
def run(cloud: Cloud) -> Iterator[Run]:
    """Begins a run: a provider that has seen nothing of the state yet."""

    def begin() -> KubernetesProvider:
        provider = KubernetesProvider({"KUBECONFIG": str(cloud.kubeconfig)})
        runs.callback(provider.close)
        return provider

    with ExitStack() as runs:
        yield begin


@pytest.fixture
def api(cloud: Cloud) -> Iterator[Client]:
    """Everybody else who uses the cluster."""
    with Client(config=KubeConfig.from_file(cloud.kubeconfig).get(), field_manager="somebody") as client:
        yield client


@pytest.fixture
def namespace(api: Client) -> str:
    """A namespace of the test's own."""
    name = f"test-{next(_numbers)}"
    api.create(Namespace(metadata=ObjectMeta(name=name)))
    return name


@pytest.fixture
def cloud_is_gone(cloud: Cloud, tmp_path: Path) -> dict[str, str]:
    """An environment whose kubeconfig names a cluster that no longer runs."""
    port = cloud.kubernetes_endpoint.rpartition(":")[2]
    file = tmp_path / "kubeconfig"
    file.write_text(cloud.kubeconfig.read_text(encoding="utf-8").replace(f":{port}", ":1"), encoding="utf-8")
    return {"KUBECONFIG": str(file)}
