from __future__ import annotations

from typing import Any

import pytest

from kubewire import (
    ClusterIPServiceArgs,
    InvalidInputError,
    LoadBalancerServiceArgs,
    NodePortServiceArgs,
    PortProtocol,
    ServicePort,
)
from kubewire.services.written import spec_of

SELECTOR = {"app": "web"}


def cluster_ip(*ports: dict[str, Any]) -> ClusterIPServiceArgs:
    return ClusterIPServiceArgs(name="web", selector=SELECTOR, ports=ports)


def node_port(*ports: dict[str, Any]) -> NodePortServiceArgs:
    return NodePortServiceArgs(name="web", selector=SELECTOR, ports=ports, sources=["10.0.0.0/8"])


def balanced(*ports: dict[str, Any]) -> LoadBalancerServiceArgs:
    more = {"sources": ["10.0.0.0/8"], "scheme": "internal"}
    return LoadBalancerServiceArgs(**{"name": "web", "selector": SELECTOR, "ports": ports, **more})


@pytest.mark.parametrize(("given", "target"), [(None, 80), (8080, 8080), ("http", "http")])
def test_a_target_port_that_is_left_out_is_the_port(given: int | str | None, target: int | str) -> None:
    (written,) = spec_of(cluster_ip({"port": 80, **({"target_port": given} if given else {})}))["ports"]
    assert written["targetPort"] == target


def test_a_node_port_is_written_where_there_is_one() -> None:
    (plain,) = spec_of(cluster_ip({"port": 1}))["ports"]
    chosen, declared = spec_of(node_port({"name": "b", "port": 2}, {"name": "c", "port": 3, "node_port": 30080}))[
        "ports"
    ]
    assert [port.get("nodePort") for port in (plain, chosen, declared)] == [None, None, 30080]


def test_a_port_without_a_name_is_told_by_what_it_is() -> None:
    assert ServicePort(port=53, protocol=PortProtocol.UDP).key == "53-udp"
    assert ServicePort(name="dns", port=53).key == "dns"


A, B = {"name": "a", "port": 80}, {"name": "b", "port": 81}
REFUSED: dict[str, tuple[Any, tuple[dict[str, Any], ...], str, str]] = {
    "none": (cluster_ip, (), "ports", "at least 1"),
    "two, one nameless": (cluster_ip, (A, {"port": 81}), "ports[1].name", "without a name"),
    "one name twice": (cluster_ip, (A, {**B, "name": "a"}), "ports[1].name", "a is there twice"),
    "one port twice": (cluster_ip, (A, {**B, "port": 80}), "ports[1].port", "80/TCP is there twice"),
    "node port without nodes": (cluster_ip, ({"port": 80, "node_port": 30080},), "ports[0].node_port", "unknown key"),
    "one node port twice": (
        node_port,
        ({**A, "node_port": 30080}, {**B, "node_port": 30080}),
        "ports[1].nodePort",
        "30080 is there twice",
    ),
    "one node port for two protocols": (
        node_port,
        ({**A, "node_port": 30080}, {**B, "node_port": 30080, "protocol": "UDP"}),
        "ports[1].nodePort",
        "whatever the protocol",
    ),
    "two protocols on one listener": (
        balanced,
        ({"name": "tcp", "port": 53}, {"name": "udp", "port": 53, "protocol": "UDP"}),
        "ports[1].nodePort",
        "must be the other protocol's",
    ),
    "51 listeners": (
        balanced,
        tuple({"name": f"p{number}", "port": number + 1} for number in range(51)),
        "ports",
        "50 listeners at most",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_mistake_is_named_with_its_path(case: str) -> None:
    make, ports, path, words = REFUSED[case]
    with pytest.raises(InvalidInputError) as caught:
        make(*ports)
    _, line, *more = str(caught.value).splitlines()
    assert line.startswith(f"{path}: ")
    assert words in "\n".join([line, *more])


def test_23_tcp_and_udp_on_one_port_are_apart_inside_the_cluster() -> None:
    args = cluster_ip({"name": "tcp", "port": 53}, {"name": "udp", "port": 53, "protocol": "UDP"})
    assert [(port["port"], port["protocol"]) for port in spec_of(args)["ports"]] == [(53, "TCP"), (53, "UDP")]
