"""Mistakes are told before anything is written; and what is written goes in an order that may end anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from kubewire.adoption.detaching import NOTE
from kubewire.cli import app
from kubewire.cloud.config import CloudConfig
from kubewire.commands import adopting
from kubewire.errors import KubewireError
from tests.unit.adoption.things import ARN, balancer, guard, service, state
from tests.unit.cloud.api_server import ApiServer, PatientClock, kubeconfig, refusal

Run = Callable[..., Any]
HOST = "k8s-shop-web.elb.eu-west-1.amazonaws.com"
SHOWN = {"loadBalancer": {"ingress": [{"hostname": HOST}]}}
KIND = "kubewire:index:NetworkLoadBalancer"
THERE = {
    "urn": f"urn:pulumi:dev::shop::kubewire:services:LoadBalancerService${KIND}::main.shop.web",
    "type": KIND,
    "id": ARN,
}


class Cloud:
    """AWS with one load balancer, and a Service's status."""

    hostnames: tuple[str, ...] = ()
    rows: tuple[Any, ...] = ()

    def __init__(self, config: CloudConfig) -> None:
        self.config = config
        self.clock = PatientClock()
        self.elbv2 = SimpleNamespace(describe_load_balancers=lambda **_: {"LoadBalancers": list(self.rows)})
        self.services = SimpleNamespace(read_hostnames=lambda *_: self.hostnames, write_hostnames=self._write)

    def _write(self, namespace: str, name: str, hostnames: tuple[str, ...]) -> None:
        assert (namespace, name) == ("shop", "web")
        Cloud.hostnames = hostnames


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with ApiServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def imports(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was imported, file by file."""
    files: list[str] = []
    found = balancer(guard())
    monkeypatch.setattr(Cloud, "rows", (found.row,))
    monkeypatch.setattr(Cloud, "hostnames", ())
    monkeypatch.setattr(adopting, "AwsCloud", Cloud)
    monkeypatch.setattr(adopting, "read_balancer", lambda _cloud, row: balancer(guard(), **row))
    monkeypatch.setattr(adopting, "exported", lambda _stack: state())
    monkeypatch.setattr(adopting, "imported", lambda _stack, file: files.append(file))
    return files


@pytest.fixture
def run(server: ApiServer, tmp_path: Path, imports: list[str]) -> Run:
    del imports
    config = kubeconfig(tmp_path, server.server_address[1])
    return lambda *options: CliRunner().invoke(
        app, ["adopt", "shop/web", "--stack", "dev", "--kubeconfig", config, *options]
    )


def shown(spec: Any = None, status: Any = SHOWN, **metadata: Any) -> dict[str, Any]:
    return {**service(spec, **metadata), "status": status}


def said(result: Any) -> str:
    assert isinstance(result.exception, KubewireError), result.output
    return str(result.exception)


def written(server: ApiServer) -> list[str]:
    return [verb for verb, _, _ in server.asked if verb != "GET"]


def test_without_yes_it_reads_alone(server: ApiServer, run: Run, imports: list[str]) -> None:
    server.answers = [(200, shown())]
    ran = run("--format", "yaml")
    assert ran.exit_code == 0, ran.output
    assert "shop/web, whose load balancer the AWS Load Balancer Controller made, is to be taken over" in ran.stderr
    assert "Nothing is written yet" in ran.stderr
    assert "cluster:services" in ran.stdout
    assert (written(server), imports) == ([], [])


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (shown({"type": "ClusterIP"}), "it has no load balancer"),
        (shown(status={}), "it has no load balancer"),
        (shown(status={"loadBalancer": {"ingress": [{"hostname": "a.elb.amazonaws.com"}]}}), "or a classic one"),
        (shown(deletionTimestamp="2026-01-01T00:00:00Z"), "it is being deleted"),
        (shown(ownerReferences=[{"kind": "Gateway", "name": "g"}]), "it belongs to another object"),
    ],
)
def test_a_service_without_a_load_balancer_to_take_over_is_refused(
    server: ApiServer, run: Run, imports: list[str], found: Any, message: str
) -> None:
    server.answers = [(200, found)]
    assert message in said(run("--yes"))
    assert (written(server), imports) == ([], [])


def test_a_name_without_a_namespace_is_refused() -> None:
    assert "Write NAMESPACE/NAME" in said(CliRunner().invoke(app, ["adopt", "web", "--stack", "dev"]))


def test_a_service_that_is_not_there_is_said_to_be_so(server: ApiServer, run: Run) -> None:
    server.answers = [refusal(404, "NotFound", 'services "web" not found')]
    assert 'services "web" not found' in said(run())


def test_a_load_balancer_of_the_stack_that_is_gone_is_said_to_be_so(
    server: ApiServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers = [(200, shown())]
    monkeypatch.setattr(adopting, "exported", lambda _stack: state(THERE))
    monkeypatch.setattr(Cloud, "rows", ())
    assert "and it is gone" in said(run())


def test_aws_is_imported_before_the_controller_lets_go_and_the_service_after(
    server: ApiServer, run: Run, imports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr(
        adopting, "imported", lambda _stack, file: order.append("Service" if "core/v1" in file else "AWS")
    )
    half = shown(annotations={NOTE: "{}"}, resourceVersion="8")
    whole = shown({"loadBalancerClass": "kubewire.dev/nlb"}, finalizers=None)
    none = {"kind": "TargetGroupBindingList", "metadata": {}, "items": []}
    answers = [shown(), shown(), refusal(409, "Conflict"), shown(), half, half, whole, whole, none]
    server.answers = [one if isinstance(one, tuple) else (200, one) for one in answers]
    asked = server.asked
    ran = run("--yes")
    assert ran.exit_code == 0, ran.output
    assert order == ["AWS", "Service"]
    assert [verb for verb, _, _ in asked] == ["GET", "GET", "PATCH", "GET", "PATCH", "GET", "PATCH", "GET", "GET"]
    types = [body["spec"]["type"] for verb, _, body in asked if verb == "PATCH" and body]
    assert types == ["NodePort", "NodePort", "LoadBalancer"], "one that met a conflict is made again"
    assert Cloud.hostnames == (HOST,)
    assert imports == []


def test_a_failed_import_leaves_the_service_to_its_controller(
    server: ApiServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_stack: str, _file: str) -> None:
        raise KubewireError("`pulumi import` failed")

    monkeypatch.setattr(adopting, "imported", fails)
    server.answers = [(200, shown())]
    assert "`pulumi import` failed" in said(run("--yes"))
    assert written(server) == []
