"""AWS is the embedded one here, which is stricter than moto's server where the two differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from tests.integration.resources.conftest import serving
from tests.integration.resources.ec2.described import Kind, World


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with serving("kubewire.local.aws.server", "--host", "--port") as url:
        yield url


@pytest.fixture
def ec2(boto: Callable[[str], Any]) -> Any:
    return boto("ec2")


@pytest.fixture
def world(ec2: Any) -> World:
    return World(ec2)


@pytest.fixture
def run(cloud: AwsCloud, owner: Owner) -> Callable[[Kind], Any]:
    """Give a resource's lifecycle, a new one each time: as each operation of the engine gets one."""
    return lambda kind: Lifecycle(kind(cloud, owner))
