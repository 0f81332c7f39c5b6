from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from kubewire import InvalidInputError, ServiceDescription, check_together
from tests.unit.program import declared, network_args, node

adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
Wire = dict[str, Any]


def service(kind: str, name: str, **more: Any) -> Wire:
    return {"type": kind, "name": name, "namespace": "shop", **more}


def web(kind: str, name: str, *node_ports: int | None, **more: Any) -> Wire:
    ports = [{"name": f"p{n}", "port": n + 1, "nodePort": port} for n, port in enumerate(node_ports or (None,))]
    return service(kind, name, selector={"app": name}, ports=ports, **{"sources": ["10.8.0.0/16"], **more})


def bank(name: str, record: str = "bank", **more: Any) -> Wire:
    return service("ExternalName", name, externalName="pay.example.com", cname={"name": record, **more})


def check(*services: Wire, **network: Any) -> None:
    check_together([adapter.validate_python(item) for item in services], network_args(**network))


SHOP = {"domain": "shop.internal"}
ZONE: Wire = {"zone": {"domain": "example.org", "id": "Z1"}}


def crowd(number: int) -> Wire:
    """Describe many nodes."""
    return {"nodes": declared(*[{**node(n, "a"), "name": f"n{n}"} for n in range(number)])}


REFUSED: dict[str, tuple[list[Wire], Wire, str, str]] = {
    "one name twice": (
        [web("NodePort", "web"), bank("web")],
        SHOP,
        "services[1].name",
        "two Services shop/web",
    ),
    "one node port twice": (
        [web("NodePort", "a", 30080), web("LoadBalancer", "b", None, 30080, scheme="internal")],
        {},
        "services[1].ports[1].nodePort",
        "belongs to shop/a already",
    ),
    "no node port": ([web("NodePort", "a", 80)], {}, "services[0].ports[0].nodePort", "80 is no node port"),
    "no zone": ([bank("a")], {}, "services[0].cname.zone", "no zone for the record"),
    "one record twice": (
        [bank("a"), bank("b")],
        SHOP,
        "services[1].cname.name",
        "bank.shop.internal CNAME belongs to shop/a",
    ),
    "one record twice, zone written out": (
        [bank("a", **ZONE), bank("b", **ZONE)],
        SHOP,
        "services[1].cname.name",
        "belongs to shop/a",
    ),
    "more rules than the load balancer's group holds": (
        [web("LoadBalancer", "a", scheme="internal", sources=[f"10.{n}.8.0/24" for n in range(31)])],
        {},
        "services[0].sources",
        "62 rules are too many for the security group of the load balancer",
    ),
    "more targets than a load balancer has": (
        [web("LoadBalancer", "a", *[None] * 4, scheme="internal")],
        crowd(126),
        "services[0].ports",
        "504 targets",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_mistake_is_named_with_its_path(case: str) -> None:
    services, network, path, words = REFUSED[case]
    with pytest.raises(InvalidInputError) as caught:
        check(*services, **network)
    assert caught.value.path == path
    assert words in str(caught.value)
    assert caught.value.detail


TAKEN: dict[str, tuple[list[Wire], Wire]] = {
    "one name in two namespaces": ([web("NodePort", "web"), {**web("NodePort", "web"), "namespace": "admin"}], {}),
    "node ports of their own": ([web("NodePort", "a", 30080), web("NodePort", "b", 30081)], {}),
    "one record in two zones": ([bank("a"), bank("b", **ZONE)], SHOP),
    "as many rules as the load balancer's group holds": (
        [web("LoadBalancer", "a", scheme="internal", sources=[f"10.{n}.8.0/24" for n in range(30)])],
        {},
    ),
    "as many targets as there may be": (
        [web("LoadBalancer", "a", *[None] * 4, scheme="internal")],
        crowd(125),
    ),
    "nothing": ([], {}),
}


@pytest.mark.parametrize("case", TAKEN)
def test_is_taken(case: str) -> None:
    services, network = TAKEN[case]
    check(*services, **network)
