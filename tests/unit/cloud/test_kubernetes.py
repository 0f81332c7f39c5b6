from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kubewire.cloud.kubernetes import CONNECTION_TRIES, ServiceStatuses
from kubewire.errors import NotFoundError, OutcomeUnknownError, RefusedError, ThrottledError
from tests.unit.cloud.api_server import LOOPBACK, Answer, ApiServer, PatientClock, kubeconfig, refusal

SERVICE = "/api/v1/namespaces/shop/services/web"


@pytest.fixture
def connect(tmp_path: Path, clock: PatientClock) -> Callable[[int], ServiceStatuses]:
    return lambda port: ServiceStatuses(kubeconfig(tmp_path, port), None, clock)


@pytest.fixture
def statuses(server: ApiServer, connect: Callable[[int], ServiceStatuses]) -> ServiceStatuses:
    return connect(server.server_address[1])


def service(*hostnames: str) -> dict[str, Any]:
    ingress = [{"hostname": name} for name in hostnames]
    status = {"loadBalancer": {"ingress": ingress} if ingress else {}}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "status": status}


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
