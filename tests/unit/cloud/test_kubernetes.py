from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kubewire.cloud.kubernetes import CONNECTION_TRIES, ServiceStatuses
from kubewire.errors import NotFoundError, OutcomeUnknownError, RefusedError, ThrottledError

LOOPBACK = "127.0.0.1"
SERVICE = "/api/v1/namespaces/shop/services/web"

Answer = tuple[int, dict[str, Any] | str]


class PatientClock:
    """Time that passes when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sleeps = 0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.sleeps += 1

    def time(self) -> float:
        return self.now


class ApiServer(ThreadingHTTPServer):
    """Answers as a test says, the last answer again and again, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), Handler)
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, str, dict[str, Any] | None]] = []


class Handler(BaseHTTPRequestHandler):
    """One request to the API server."""

    server: ApiServer

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        self.server.asked.append((self.command, self.path, body))
        status, answer = self.server.answers[min(len(self.server.asked), len(self.server.answers)) - 1]
        kind = "text/html" if isinstance(answer, str) else "application/json"
        data = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PATCH = _answer  # noqa: N815 - named by http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with ApiServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def clock() -> PatientClock:
    return PatientClock()


@pytest.fixture
def connect(tmp_path: Path, clock: PatientClock) -> Callable[[int], ServiceStatuses]:
    def connected(port: int) -> ServiceStatuses:
        kubeconfig = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "c", "cluster": {"server": f"http://{LOOPBACK}:{port}"}}],
            "users": [{"name": "u", "user": {}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
        }
        path = tmp_path / "kubeconfig"
        path.write_text(json.dumps(kubeconfig))
        return ServiceStatuses(str(path), None, clock)

    return connected


@pytest.fixture
def statuses(server: ApiServer, connect: Callable[[int], ServiceStatuses]) -> ServiceStatuses:
    return connect(server.server_address[1])


def service(*hostnames: str) -> dict[str, Any]:
    ingress = [{"hostname": name} for name in hostnames]
    status = {"loadBalancer": {"ingress": ingress} if ingress else {}}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "status": status}


def refusal(code: int, reason: str, message: str = "because") -> Answer:
    return code, {"kind": "Status", "apiVersion": "v1", "reason": reason, "message": message, "code": code}


def test_hostnames_are_read(server: ApiServer, statuses: ServiceStatuses) -> None:
    server.answers = [(200, service()), (200, service("a.example.net", "b.example.net"))]
    assert statuses.read_hostnames("shop", "web") == ()
    assert statuses.read_hostnames("shop", "web") == ("a.example.net", "b.example.net")
    assert server.asked[0][:2] == ("GET", SERVICE)


def test_hostnames_are_written_to_the_status_alone(server: ApiServer, statuses: ServiceStatuses) -> None:
    server.answers = [(200, service("a.example.net"))]
    statuses.write_hostnames("shop", "web", ("a.example.net",))
    ((verb, path, body),) = server.asked
    assert (verb, path) == ("PATCH", f"{SERVICE}/status?fieldManager=kubewire")
    assert body == {"status": {"loadBalancer": {"ingress": [{"hostname": "a.example.net"}]}}}


def test_a_service_that_is_gone_is_told(server: ApiServer, statuses: ServiceStatuses) -> None:
    server.answers = [refusal(404, "NotFound")]
    assert statuses.read_hostnames("shop", "web") is None
    with pytest.raises(NotFoundError):
        statuses.write_hostnames("shop", "web", ())


def test_a_refusal_says_why(server: ApiServer, statuses: ServiceStatuses) -> None:
    server.answers = [refusal(422, "Invalid", "only for type LoadBalancer")]
    with pytest.raises(RefusedError, match="only for type LoadBalancer") as caught:
        statuses.write_hostnames("shop", "web", ("a.example.net",))
    assert caught.value.code == "Invalid"
    assert len(server.asked) == 1


def test_a_stranger_is_told_where_the_way_in_is_set(server: ApiServer, statuses: ServiceStatuses) -> None:
    server.answers = [refusal(401, "Unauthorized")]
    with pytest.raises(RefusedError) as caught:
        statuses.read_hostnames("shop", "web")
    assert "KUBECONFIG" in caught.value.detail


@pytest.mark.parametrize("first", [refusal(429, "TooManyRequests"), refusal(500, "InternalError"), (502, "<html>")])
def test_what_may_pass_is_tried_again(server: ApiServer, statuses: ServiceStatuses, first: Answer) -> None:
    server.answers = [first, (200, service("a.example.net"))]
    assert statuses.read_hostnames("shop", "web") == ("a.example.net",)
    assert len(server.asked) == 2


def test_what_does_not_pass_is_given_up(server: ApiServer, statuses: ServiceStatuses, clock: PatientClock) -> None:
    server.answers = [refusal(503, "ServiceUnavailable")]
    with pytest.raises(OutcomeUnknownError):
        statuses.read_hostnames("shop", "web")
    assert clock.now >= 60


def test_a_server_that_cannot_be_reached_is_a_clear_error(
    connect: Callable[[int], ServiceStatuses], clock: PatientClock
) -> None:
    with socket.socket() as held:
        # Held, but nobody listens there.
        held.bind((LOOPBACK, 0))
        with pytest.raises(ThrottledError, match="can't be reached") as caught:
            connect(held.getsockname()[1]).read_hostnames("shop", "web")
    assert caught.value.code == "NotConnected"
    assert "kubewire:kubeconfig" in caught.value.detail
    assert clock.sleeps == CONNECTION_TRIES - 1


def test_a_server_that_hangs_up_is_asked_again(connect: Callable[[int], ServiceStatuses]) -> None:
    with socket.create_server((LOOPBACK, 0)) as listener:

        def hang_up() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connection.recv(65536)
                connection.close()

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        with pytest.raises(OutcomeUnknownError) as caught:
            connect(listener.getsockname()[1]).read_hostnames("shop", "web")
        assert caught.value.code == "NoAnswer"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_no_kubeconfig_is_a_clear_error(tmp_path: Path, clock: PatientClock) -> None:
    with pytest.raises(RefusedError, match="no way to the cluster") as caught:
        ServiceStatuses(str(tmp_path / "missing"), None, clock).read_hostnames("shop", "web")
    assert "KUBECONFIG" in caught.value.detail
