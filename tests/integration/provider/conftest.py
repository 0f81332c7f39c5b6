"""The real plugin's process, and moto's server as AWS."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import boto3
import pytest

from tests.integration.provider.engine import Engine, started
from tests.integration.provider.middleman import Middleman, between

REGION = "eu-west-1"
SECRETS = ("AKIAQYLPMN5HKUBEWIRE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYkubewire", "FwoGZXIvYXdzEBYaDkubewireToken")
"""Credentials that no answer, state or line of output may contain."""
Start = Callable[[], AbstractContextManager[Engine]]


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """The endpoint of an emulator of AWS."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    command = (sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603 - our own command
        try:
            _wait_for(f"http://127.0.0.1:{port}/moto-api/")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urlopen(url, timeout=5).close()  # noqa: S310 - our own server on loopback
        except (URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


@pytest.fixture
def aws(moto: str) -> str:
    """The endpoint of an empty account."""
    urlopen(Request(f"{moto}/moto-api/reset", method="POST"), timeout=30).close()  # noqa: S310 - as above
    return moto


@pytest.fixture
def middleman(aws: str) -> Iterator[Middleman]:
    """Whom the plugin talks to instead of AWS, when a test makes it."""
    with between(aws) as proxy:
        yield proxy


@pytest.fixture
def ec2(aws: str) -> Any:
    """A plain client, to look at what came of it."""
    make: Any = boto3.client
    return make("ec2", REGION, endpoint_url=aws, aws_access_key_id="test", aws_secret_access_key="test")  # noqa: S106 - no secret


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an engine that knows no more of AWS than credentials."""
    home: Path = tmp_path_factory.mktemp("home")
    key, secret, token = SECRETS
    credentials = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}
    return {"PATH": os.environ["PATH"], "HOME": str(home), **credentials}


@pytest.fixture
def start(environment: dict[str, str]) -> Start:
    """Start a plugin that is not configured."""
    return partial(started, environment)


@pytest.fixture
def run(start: Start, aws: str) -> Iterator[Callable[..., Engine]]:
    """Start plugins as runs of the engine do: configured, each in a process of its own."""
    with ExitStack() as processes:

        def begin(endpoint: str = aws, **config: Any) -> Engine:
            engine = processes.enter_context(start())
            engine.configure({"region": REGION, "endpoint": endpoint, **config})
            return engine

        yield begin
