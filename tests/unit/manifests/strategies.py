"""Typed arguments of Services, of every shape, for properties of what reads and prints them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter

from kubewire import InvalidInputError, ServiceDescription
from tests.unit.network.people import sources

Wire = dict[str, Any]
ADAPTER: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
ZONE = {"domain": "example.com", "id": "Z1"}
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
"""Values of annotations: anything at all."""


def some(optional: dict[str, st.SearchStrategy[Any]], **required: st.SearchStrategy[Any]) -> st.SearchStrategy[Wire]:
    return st.fixed_dictionaries(required, optional=optional)


def names() -> st.SearchStrategy[str]:
    return st.sampled_from(("web", "front-end", "a", "db0", "x" * 63))


def labels() -> st.SearchStrategy[Wire]:
    keys = st.sampled_from(("app", "app.kubernetes.io/name", "tier"))
    return st.dictionaries(keys, st.sampled_from(("web", "", "a_b.c-d", "true", "8080")), max_size=3)


def metadata() -> dict[str, st.SearchStrategy[Any]]:
    notes = st.dictionaries(st.sampled_from(("example.com/team", "prometheus.io/scrape", "plain")), TEXTS, max_size=3)
    return {"namespace": st.sampled_from(("default", "shop", "0a")), "labels": labels(), "annotations": notes}


def ports(more: dict[str, st.SearchStrategy[Any]], *, least: int = 1) -> st.SearchStrategy[list[Wire]]:
    """Draw ports, each with a name and a number of its own."""

    def numbered(drawn: list[Wire]) -> list[Wire]:
        return [{"name": f"p{n}", **port, "port": 80 + n} for n, port in enumerate(drawn)]

    one = some(
        {
            "targetPort": st.sampled_from((8080, "http", 80)),
            "appProtocol": st.sampled_from(("http", "kubernetes.io/h2c")),
            **more,
        }
    )
    return st.lists(one, min_size=least, max_size=3).map(numbered)


def addresses(*, headless: bool) -> st.SearchStrategy[Any]:
    plain = ("Auto", "10.96.0.7", "fd00:96::7")
    return st.sampled_from((*plain, "None") if headless else plain)


def selecting(*, headless: bool) -> dict[str, st.SearchStrategy[Any]]:
    affinity = st.just("ClientIP") | some({"timeoutSeconds": st.integers(1, 86400)}, kind=st.just("ClientIP"))
    return {
        **metadata(),
        "clusterIP": addresses(headless=headless),
        "ipFamilyPolicy": st.sampled_from(("SingleStack", "PreferDualStack", "RequireDualStack")),
        "sessionAffinity": affinity,
        "internalTrafficPolicy": st.sampled_from(("Cluster", "Local")),
        "trafficDistribution": st.sampled_from(("PreferClose", "PreferSameNode")),
        "publishNotReadyAddresses": st.booleans(),
    }


def selectors() -> st.SearchStrategy[Any]:
    return st.just("none") | labels().filter(bool)


def cluster_ip() -> st.SearchStrategy[Wire]:
    protocol = {"protocol": st.sampled_from(("TCP", "UDP", "SCTP"))}
    return some(
        selecting(headless=True),
        type=st.just("ClusterIP"),
        name=names(),
        selector=selectors(),
        ports=ports(protocol, least=0),
    )


def outward(kind: str, protocols: tuple[str, ...], more: dict[str, st.SearchStrategy[Any]], **required: Any) -> Any:
    port = {"protocol": st.sampled_from(protocols), "nodePort": st.sampled_from((30080, 30081, 30082))}
    return some(
        {**selecting(headless=False), "externalTrafficPolicy": st.sampled_from(("Cluster", "Local")), **more},
        type=st.just(kind),
        name=names(),
        selector=selectors(),
        sources=st.lists(sources(standalone=False), min_size=1, max_size=3),
        ports=ports({**port, **required.pop("port", {})}),
        **required,
    )


def node_port() -> Any:
    record = some(
        {"ttl": st.integers(0, 600), "zone": st.just(ZONE)},
        name=st.sampled_from(("www", "@")),
        addresses=st.sampled_from(("private", "public")),
    )
    return outward("NodePort", ("TCP", "UDP"), {"dns": st.lists(record, max_size=1)})


def load_balancer() -> Any:
    tls = some(
        {"alpn": st.sampled_from(("HTTP1Only", "HTTP2Preferred")), "backend": st.sampled_from(("tcp", "tls"))},
        certificate=st.just(CERTIFICATE),
    )
    own = some(
        {"name": st.just("front"), "crossZone": st.booleans(), "deletionProtection": st.booleans()}, kind=st.just("own")
    )
    shared = some({}, kind=st.just("shared"), name=st.just("edge"))
    http = some({"path": st.just("/well"), "intervalSeconds": st.integers(10, 20)}, protocol=st.just("HTTP"))
    tcp = some({"port": st.just(8080)}, protocol=st.just("TCP"))
    weighted = some({}, kind=st.just("weighted"), setIdentifier=st.just("a"), weight=st.integers(0, 255))
    failover = some({}, kind=st.just("failover"), setIdentifier=st.just("a"), role=st.just("SECONDARY"))
    record = some(
        {"zone": st.just(ZONE), "routing": weighted | failover},
        name=st.sampled_from(("www", "*.shop")),
        kind=st.sampled_from(("alias", "cname")),
    )
    more: dict[str, st.SearchStrategy[Any]] = {
        "loadBalancer": own | shared,
        "targets": st.sampled_from(({"kind": "nodes"}, {"kind": "pods"})),
        "loadBalancerClass": st.just("example.com/own"),
        "allocateLoadBalancerNodePorts": st.booleans(),
        "healthCheckNodePort": st.just(30099),
        "preserveClientIp": st.booleans(),
        "proxyProtocol": st.booleans(),
        "deregistrationDelaySeconds": st.integers(0, 3600),
        "healthCheck": http | tcp,
        "dns": st.lists(record, max_size=1),
    }
    schemes = st.sampled_from(("internal", "internet-facing"))
    return outward("LoadBalancer", ("TCP", "UDP"), more, scheme=schemes, port={"tls": tls})


def external_name() -> st.SearchStrategy[Wire]:
    cname = some({"zone": st.just(ZONE), "ttl": st.integers(0, 600)}, name=st.sampled_from(("bank", "@")))
    return some(
        {**metadata(), "cname": cname},
        type=st.just("ExternalName"),
        name=names(),
        externalName=st.sampled_from(("pay.example.com", "db.example.org.")),
    )


KINDS: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
    "ClusterIP": cluster_ip,
    "NodePort": node_port,
    "LoadBalancer": load_balancer,
    "ExternalName": external_name,
}


def _is_accepted(described: Wire) -> bool:
    try:
        ADAPTER.validate_python(described)
    except (InvalidInputError, ValueError):
        return False
    return True


def services(*kinds: str) -> st.SearchStrategy[Any]:
    """Draw arguments that are accepted, of some of the types."""
    drawn = st.one_of(*(KINDS[kind]() for kind in kinds or KINDS))
    return drawn.filter(_is_accepted).map(ADAPTER.validate_python)
