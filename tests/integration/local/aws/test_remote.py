from __future__ import annotations

import pytest

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.aws.remote import configure
from kubewire.local.ports import LOOPBACK, free_ports
from tests.integration.local.aws.conftest import Server


def test_a_running_aws_takes_settings(world: Server) -> None:
    configure(world.url, strict=False)
    assert world.control("")["settings"]["strict"] is False


def test_a_setting_that_is_none_is_explained(world: Server) -> None:
    with pytest.raises(EnvironmentNotReadyError, match="Extra inputs are not permitted"):
        configure(world.url, colour="red")


def test_an_aws_that_is_not_there_is_explained() -> None:
    with pytest.raises(EnvironmentNotReadyError, match="does not answer"):
        configure(f"http://{LOOPBACK}:{free_ports().aws}", strict=True)
