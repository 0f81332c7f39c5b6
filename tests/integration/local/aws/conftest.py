"""The embedded AWS as a process of its own, as `kubewire local up` starts it, and plain clients of it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config

from kubewire.local.ports import LOOPBACK, free_ports
from tests.integration.local.aws.case import Case
from tests.integration.local.aws.wire import problems

REGION = "eu-west-1"
START_SECONDS = 60.0


class Server:
    """A running server, and what is wrong with its answers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._complaints: list[str] = []
        self.client = cache(self._client)

    def _client(self, service: str, **settings: Any) -> Any:
        make: Any = boto3.client
        client = make(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id=settings.get("key", "kubewire-local"),
            aws_secret_access_key="kubewire-local",  # noqa: S106 - any will do
            # The server must refuse what is wrong, not the client, and once.
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
        )
        client.meta.events.register("before-parse", self._look_at)
        return client

    def control(self, what: str, **body: Any) -> Any:
        """Ask the control interface; with no body it is a question."""
        post = "POST" if body or what == "reset" else "GET"
        request = Request(f"{self.url}/kubewire-api/{what}", data=json.dumps(body).encode(), method=post)  # noqa: S310 - on loopback
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server on loopback
            return json.load(answer)

    def complaints(self) -> list[str]:
        """What was wrong since this was last asked."""
        found, self._complaints = self._complaints, []
        return found

    def _look_at(self, operation_model: Any, response_dict: Any, **_rest: Any) -> None:
        self._complaints += problems(operation_model, response_dict["status_code"], response_dict["body"])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = free_ports().aws
    command = (sys.executable, "-m", "kubewire.local.aws.server", "--host", LOOPBACK, "--port", str(port))
    log = tmp_path_factory.mktemp("aws") / "log"
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:  # noqa: S603 - our own command
        try:
            started = Server(f"http://{LOOPBACK}:{port}")
            _wait_for(started, process, log)
            yield started
        finally:
            process.terminate()


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server.control("")
        except (URLError, ConnectionError):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the embedded AWS did not start:\n{log.read_text()}")
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def world(server: Server) -> Server:
    """An empty account with every setting as it is at the start, where time stands still."""
    server.control("reset")
    server.control("config", clock="manual")
    return server


@pytest.fixture
def run(world: Server) -> Callable[[Case], None]:
    """Runs a case."""
    return lambda case: case.run(world)
