"""Real calls to an emulator of AWS: moto's server, emptied before each test."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import boto3
import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.cloud.config import CloudConfig
from kubewire.resources.base import Owner

REGION = "eu-west-1"
LOOPBACK = "127.0.0.1"
START_SECONDS = 60.0


@contextmanager
def serving(module: str, host_flag: str, port_flag: str) -> Iterator[str]:
    """Run a module that serves on a free port of the loopback; give its URL."""
    with socket.socket() as held:
        held.bind((LOOPBACK, 0))
        port = held.getsockname()[1]
    command = (sys.executable, "-m", module, host_flag, LOOPBACK, port_flag, str(port))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603 - our own command
        try:
            url = f"http://{LOOPBACK}:{port}"
            _wait_for(f"{url}/moto-api/")
            yield url
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with serving("moto.server", "-H", "-p") as url:
        yield url


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urlopen(url, timeout=5).close()  # noqa: S310 - our own server on loopback
        except (URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


@pytest.fixture(autouse=True)
def _empty(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    urlopen(Request(f"{endpoint}/moto-api/reset", method="POST"), timeout=30).close()  # noqa: S310 - as above
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def cloud(endpoint: str) -> AwsCloud:
    """What verbs call."""
    return AwsCloud(CloudConfig(region=REGION, endpoint=endpoint))


@pytest.fixture
def boto(endpoint: str) -> Callable[[str], Any]:
    """Plain clients, to make what tests need and to look at what came of them."""

    def client(service: str) -> Any:
        make: Any = boto3.client
        return make(service, region_name=REGION, endpoint_url=endpoint)

    return client


@pytest.fixture
def owner() -> Owner:
    return Owner(stack="shop/dev", resource="kubewire:index:Thing/main")
