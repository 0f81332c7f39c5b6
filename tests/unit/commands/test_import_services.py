from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

import kubewire
from kubewire.cli import app
from kubewire.commands import importing
from kubewire.commands.import_services import import_services as command
from kubewire.errors import InvalidInputError, KubewireError
from tests.unit.cloud.api_server import ApiServer, kubeconfig
from tests.unit.manifests.reading import Wire, service

Run = Callable[..., Any]


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with ApiServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def run(server: ApiServer, tmp_path: Path) -> Run:
    config = kubeconfig(tmp_path, server.server_address[1])
    return lambda *options: CliRunner().invoke(app, ["import-services", "--kubeconfig", config, *options])


def live(name: str, kind: str = "ClusterIP", namespace: str = "shop", **more: Any) -> Wire:
    found = copy.deepcopy(service(kind))
    spec = more.pop("spec", {})
    found["metadata"] = {"name": name, "namespace": namespace, "uid": name, "resourceVersion": "7", **more}
    found["spec"] |= {"clusterIP": "10.96.0.7", "clusterIPs": ["10.96.0.7"], **spec}
    return found


def cluster(server: ApiServer, *items: Wire) -> None:
    server.answers = [(200, {"kind": "ServiceList", "apiVersion": "v1", "metadata": {}, "items": list(items)})]


def labels(result: Any, name: str = "SERVICES") -> list[str]:
    names: dict[str, Any] = {}
    exec(compile(result.stdout, "services.py", "exec"), names)  # noqa: S102 - what was printed
    return [item.label for item in names.get(name, ())]


def test_services_are_printed_as_a_program_and_what_is_left_out_is_told(server: ApiServer, run: Run) -> None:
    cluster(
        server,
        live("kubernetes", namespace="default"),
        live("kube-dns", namespace="kube-system"),
        live("web"),
        live("owned", ownerReferences=[{"kind": "Kafka", "name": "main"}]),
        live("leaving", deletionTimestamp="2026-03-02T09:14:07Z"),
        live("theirs", "LoadBalancer", spec={"loadBalancerClass": "service.k8s.aws/nlb"}),
    )
    result = run("--sources", "10.8.0.0/16")
    assert result.exit_code == 0, result.output
    assert labels(result) == ["shop/web"]
    assert labels(result, "SERVED_BY_OTHERS") == ["shop/theirs"]
    for said in (
        "1 Services are taken over",
        "1 have a load balancer of another controller",
        "left out, the API server's own: default/kubernetes",
        "left out, the cluster's own; `--namespace kube-system` has them: kube-system/kube-dns",
        "left out, made by Kafka main: shop/owned",
        "left out, being deleted: shop/leaving",
    ):
        assert said in result.stderr
    assert [verb for verb, *_ in server.asked] == ["GET"], "the cluster is only read"


def test_a_namespace_that_is_asked_for_is_there(server: ApiServer, run: Run) -> None:
    cluster(server, live("kube-dns", namespace="kube-system"))
    assert labels(run("--namespace", "kube-system")) == ["kube-system/kube-dns"]
    assert server.asked[0][1].startswith("/api/v1/namespaces/kube-system/services")


def test_an_environment_is_printed(server: ApiServer, run: Run) -> None:
    cluster(server, live("web"))
    result = run("--format", "yaml", "--selector", "app=web")
    assert "cluster:adopt: 'true'" in result.stdout
    assert "labelSelector=app%3Dweb" in server.asked[0][1]


def test_what_is_not_said_can_be_said_in_a_file(server: ApiServer, run: Run, tmp_path: Path) -> None:
    cluster(
        server, live("door", "NodePort"), live("side", "NodePort", spec={"clusterIP": "10.96.0.8", "clusterIPs": []})
    )
    file = tmp_path / "said.yaml"
    file.write_text("nodePortSources: [10.8.0.0/16]\nservices: {shop/side: {sources: [anywhere]}}")
    result = run("--overrides", str(file))
    assert result.exit_code == 0, result.output
    assert 'sources=("10.8.0.0/16",)' in result.stdout
    assert "sources=(ANYWHERE,)" in result.stdout


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("", (), "the cluster: shop/door: spec.type"),
        ("- 1", (), "these are no overrides"),
        ("schema: internal", (), "schema: unknown key"),
        ("services: {shop/no: {leaveOut: true}}", ("--node-port-sources", "anywhere"), 'overrides.services["shop/no"]'),
        ("", ("--sources", "everybody"), "sources[0]"),
        ("", ("--scheme", "public"), "scheme"),
        ("", ("--selector", "a in (b)"), "--selector"),
    ],
)
def test_mistakes_are_explained(
    server: ApiServer, run: Run, tmp_path: Path, text: str, options: tuple[str, ...], said: str
) -> None:
    cluster(server, live("door", "NodePort"))
    (tmp_path / "said.yaml").write_text(text)
    result = run("--overrides", str(tmp_path / "said.yaml"), *options)
    assert result.stdout == ""
    assert isinstance(result.exception, KubewireError)
    assert said in str(result.exception)


def test_mistakes_of_both_kinds_are_told_together(server: ApiServer, run: Run) -> None:
    theirs = live("theirs", "LoadBalancer", spec={"loadBalancerClass": "service.k8s.aws/nlb"})
    cluster(server, live("door", "NodePort"), theirs)
    result = run()
    assert isinstance(result.exception, InvalidInputError)
    assert len(result.exception.parts) == 2


def test_a_file_that_is_not_there_is_told(run: Run) -> None:
    result = run("--overrides", "no-such-file.yaml")
    assert isinstance(result.exception, InvalidInputError)
    assert "can't be read" in str(result.exception)


def test_a_long_list_says_how_far_it_is(server: ApiServer, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "QUIET_SECONDS", 0.0)
    cluster(server, live("a"), live("b", spec={"clusterIP": "10.96.0.8", "clusterIPs": []}))
    assert "2 Services so far" in run().stderr


def test_it_is_a_command() -> None:
    assert command.__doc__ is not None
    assert "plans to no change" in command.__doc__
    assert kubewire.read_manifests is not None
