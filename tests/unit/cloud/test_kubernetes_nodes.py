from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kubewire.cloud.kubernetes_nodes import PAGE, ZONE_LABEL, Nodes
from kubewire.errors import RefusedError
from kubewire.functions.kubernetes_nodes import KubernetesNode
from tests.unit.cloud.api_server import Answer, ApiServer, PatientClock, kubeconfig, refusal


@pytest.fixture
def nodes(server: ApiServer, tmp_path: Path, clock: PatientClock) -> Nodes:
    return Nodes(kubeconfig(tmp_path, server.server_address[1]), None, clock)


def page(*items: dict[str, Any], after: str = "") -> tuple[int, dict[str, Any]]:
    metadata = {"continue": after} if after else {}
    return 200, {"apiVersion": "v1", "kind": "NodeList", "metadata": metadata, "items": list(items)}


def node(name: str, **parts: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, **parts}


def test_a_node_says_what_the_network_needs(server: ApiServer, nodes: Nodes) -> None:
    full = {
        "metadata": {"name": "a", "labels": {ZONE_LABEL: "eu-west-1a"}},
        "spec": {
            "providerID": "aws:///eu-west-1a/i-0123456789abcdef0",
            "podCIDR": "100.64.0.0/24",
            "podCIDRs": ["100.64.0.0/24", "2001:db8::/80"],
        },
        "status": {
            "addresses": [{"type": "Hostname", "address": "a"}, {"type": "InternalIP", "address": "10.0.0.7"}],
            "conditions": [{"type": "MemoryPressure", "status": "False"}, {"type": "Ready", "status": "True"}],
        },
    }
    unready = {"conditions": [{"type": "Ready", "status": "Unknown"}]}
    server.answers = [page(node("a", **full), node("b", spec={"podCIDR": "100.64.1.0/24"}, status=unready), node("c"))]
    assert nodes.list_nodes({}) == (
        KubernetesNode(
            name="a",
            zone="eu-west-1a",
            provider_id="aws:///eu-west-1a/i-0123456789abcdef0",
            pod_cidrs=("100.64.0.0/24", "2001:db8::/80"),
            internal_ip="10.0.0.7",
            ready=True,
        ),
        KubernetesNode("b", None, None, ("100.64.1.0/24",), None, ready=False),
        KubernetesNode("c", None, None, (), None, ready=False),
    )


def asked(server: ApiServer) -> list[dict[str, list[str]]]:
    """Give the query of each request."""
    assert {urlsplit(path).path for _, path, _ in server.asked} == {"/api/v1/nodes"}
    return [parse_qs(urlsplit(path).query, keep_blank_values=True) for _, path, _ in server.asked]


def test_pages_are_joined_and_labels_asked_for(server: ApiServer, nodes: Nodes) -> None:
    server.answers = [page(node("a"), after="more"), page(node("b"), after="last"), page(node("c"))]
    assert [found.name for found in nodes.list_nodes({"role": "web", "spare": ""})] == ["a", "b", "c"]
    queries = asked(server)
    assert [query.get("continue") for query in queries] == [None, ["more"], ["last"]]
    assert all(query["limit"] == [str(PAGE)] for query in queries)
    assert queries[0]["labelSelector"] == ["role=web,spare="]


def test_no_labels_ask_for_every_node(server: ApiServer, nodes: Nodes) -> None:
    server.answers = [page()]
    assert nodes.list_nodes({}) == ()
    assert "labelSelector" not in asked(server)[0]


@pytest.mark.parametrize("broken", [refusal(503, "ServiceUnavailable"), refusal(410, "Expired")])
def test_a_list_that_breaks_off_is_begun_anew(server: ApiServer, nodes: Nodes, broken: Answer) -> None:
    server.answers = [
        page(node("a"), after="more"),
        broken,
        page(node("a"), after="again"),
        page(node("b")),
    ]
    assert [found.name for found in nodes.list_nodes({})] == ["a", "b"]


def test_who_may_not_list_nodes_is_told(server: ApiServer, nodes: Nodes) -> None:
    server.answers = [refusal(403, "Forbidden", "nodes is forbidden")]
    with pytest.raises(RefusedError, match="kubernetes:ListNode was refused: nodes is forbidden") as caught:
        nodes.list_nodes({})
    assert "KUBECONFIG" in caught.value.detail
