"""AWS is the embedded one here, which refuses what AWS refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kubewire.model import Ref
from tests.integration.resources.conftest import serving


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with serving("kubewire.local.aws.server", "--host", "--port") as url:
        yield url


@pytest.fixture
def route53(boto: Callable[[str], Any]) -> Any:
    return boto("route53")


@pytest.fixture
def zone(route53: Any) -> Ref:
    """A zone of a platform team's."""
    made = route53.create_hosted_zone(Name="example.com", CallerReference="a platform team's")
    return Ref(name="example.com", id=made["HostedZone"]["Id"].removeprefix("/hostedzone/"))
