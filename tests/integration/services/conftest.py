"""A real API server, asked as kubectl asks it."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Network

import pytest

from kubewire.local.cloud import Cloud
from kubewire.local.record import ClusterSettings
from tests.integration.services.server import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with (
        Cloud.up(tmp_path_factory.mktemp("cloud") / "home") as cloud,
        Server.of(cloud.kubeconfig) as server,
    ):
        yield server


@pytest.fixture(scope="module")
def dual_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One of a cluster with both families."""
    settings = ClusterSettings(service_range6=IPv6Network("fd00:96::/112"))
    with (
        Cloud.up(tmp_path_factory.mktemp("dual") / "home", settings=settings) as cloud,
        Server.of(cloud.kubeconfig) as server,
    ):
        yield server
