"""AWS is the embedded one here, which refuses what AWS refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.integration.resources.conftest import serving


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with serving("kubewire.local.aws.server", "--host", "--port") as url:
        yield url


@pytest.fixture
def elbv2(boto: Callable[[str], Any]) -> Any:
    return boto("elbv2")


@pytest.fixture
def vpc(boto: Callable[[str], Any]) -> str:
    return str(boto("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])
