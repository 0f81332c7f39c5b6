"""Mistakes in Services."""

from __future__ import annotations

import pytest

from tests.unit.infra.mistakes import Change, Config, Mistake, both, check, inside, network, port, service, without


def without_keys(name: str) -> Change:
    """Leave out what an ExternalName Service has not."""

    def change(config: Config) -> None:
        found = next(item for item in config["cluster:services"] if item["name"] == name)
        del found["ports"], found["selector"]

    return change


MISTAKES: dict[str, Mistake] = {
    "node port below the range": (port("frontend", nodePort=29999), "services[0].ports[0].nodePort", "30000 to 32767"),
    "node port above the range": (port("frontend", nodePort=32768), "services[0].ports[0].nodePort", "30000 to 32767"),
    "node port of another Service": (
        port("frontend-admin", nodePort=30080),
        "services[1].ports[0].nodePort",
        "belongs to shop/frontend already",
    ),
    "node port of another Service, other protocol": (
        port("frontend-admin", nodePort=30080, protocol="UDP"),
        "services[1].ports[0].nodePort",
        "whatever the protocol",
    ),
    "node port twice in one Service": (
        service(
            "frontend-admin",
            ports=[{"name": "a", "port": 1, "nodePort": 30081}, {"name": "b", "port": 2, "nodePort": 30081}],
        ),
        "services[1].ports[1].nodePort",
        "twice",
    ),
    "port 0": (port("adservice", port=0), "services[2].ports[0].port", "greater than or equal to 1"),
    "port 65536": (port("adservice", port=65536), "services[2].ports[0].port", "less than or equal to 65535"),
    "node port on ClusterIP": (
        port("adservice", nodePort=30090),
        "services[2].ports[0].nodePort",
        "unknown key",
    ),
    "unknown protocol": (port("adservice", protocol="HTTP"), "services[2].ports[0].protocol", "TCP"),
    "LoadBalancer without a port": (service("frontend", ports=[]), "services[0].ports", "at least 1"),
    "LoadBalancer that forgot its ports": (
        without("cluster:services", 0, "ports"),
        "services[0].ports",
        "required",
    ),
    "LoadBalancer without a scheme": (
        without("cluster:services", 0, "scheme"),
        "services[0].scheme",
        "required",
    ),
    "LoadBalancer without sources": (
        without("cluster:services", 0, "sources"),
        "services[0].sources",
        "required",
    ),
    "NodePort open to the world by range": (
        service("frontend-admin", sources=["0.0.0.0/0"]),
        "services[1].sources[0]",
        "Write `anywhere`",
    ),
    "several ports, one without a name": (
        service("frontend", ports=[{"port": 80}, {"name": "b", "port": 81}]),
        "services[0].ports[0].name",
        "without a name",
    ),
    "the same port twice": (
        service("adservice", ports=[{"name": "a", "port": 80}, {"name": "b", "port": 80}]),
        "services[2].ports[1].port",
        "80/TCP is there twice",
    ),
    "no selector": (service("adservice", selector={}), "services[2].selector", "at least 1"),
    "two Services of one name": (service("frontend-admin", name="frontend"), "services[1].name", "two Services"),
    "name with a dot": (service("adservice", name="ad.service"), "services[2].name", "pattern"),
    "unknown type": (service("adservice", type="Headless"), "services[2].type", "ClusterIP, NodePort, LoadBalancer"),
    "ExternalName is an address": (
        service("bank", externalName="203.0.113.7"),
        "services[12].externalName",
        "203.0.113.7 is an IP address",
    ),
    "ExternalName is an IPv6 address": (
        service("bank", externalName="2001:db8::1"),
        "services[12].externalName",
        "is an IP address",
    ),
    "ExternalName with ports": (
        service("bank", ports=[{"port": 443}]),
        "services[12].ports",
        "has no ports",
    ),
    "ExternalName with a port in the name": (
        service("bank", externalName="bank.example.com:443"),
        "services[12].externalName",
        "no DNS name",
    ),
    "record without a zone": (without("cluster:network", "domain"), "services[12].cname.zone", "no zone"),
    "more sources than rules": (
        service("frontend-admin", sources=[f"10.{n}.{m}.0/24" for n in range(200) for m in (8, 16)]),
        "services[1]",
        "400 more rules are too many for the security group of the nodes",
    ),
    "more sources than a load balancer takes": (
        service("frontend", sources=[f"10.{number}.8.0/24" for number in range(60)]),
        "services[0].sources",
        "120 rules are too many for the security group of the load balancer",
    ),
    "one listener for two protocols": (
        service("frontend", ports=[{"name": "a", "port": 53}, {"name": "b", "port": 53, "protocol": "UDP"}]),
        "services[0].ports[1].nodePort",
        "Write the same `nodePort` for both",
    ),
    "label that is none": (service("adservice", labels={"app": "two words"}), "services[2].labels.app", "no value"),
    "selector that is none": (service("adservice", selector={"-app": "x"}), "services[2].selector.-app", "no key"),
    "ExternalName is a mistaken address": (
        service("bank", externalName="203.0.113.256"),
        "services[12].externalName",
        "no DNS name",
    ),
    "record that leads to itself": (
        service("bank", externalName="bank.shop.internal"),
        "services[12].cname.name",
        "would lead to itself",
    ),
    "no type": (without("cluster:services", 2, "type"), "services[2].type", "Write ClusterIP, NodePort"),
    "a group that is none": (
        service("frontend-admin", sources=[{"group": "web"}]),
        "services[1].sources[0].group",
        "pattern",
    ),
    "a source of no kind": (
        service("frontend-admin", sources=[{"cidr": "10.8.0.0/16"}]),
        "services[1].sources[0]",
        "no source",
    ),
    "IPv6 sources of a load balancer": (
        service("frontend", sources=["2001:db8::/32"]),
        "services[0].sources[0]",
        "can't reach it",
    ),
    "internet-facing without public subnets": (
        both(
            network(nat="none"),
            inside("subnets", kind="carved", layout=[{"role": "private", "prefix": 20}]),
        ),
        "services[0].scheme",
        "no public subnets",
    ),
    "more targets than a load balancer has": (
        both(
            network(nodes={"kind": "slots", "zones": {"eu-west-1a": 11}}),
            service("frontend", ports=[{"name": f"p{n}", "port": n} for n in range(1, 49)]),
        ),
        "services[0].ports",
        "528 targets",
    ),
    "more listeners than a load balancer has": (
        service("frontend", ports=[{"name": f"p{n}", "port": n} for n in range(1, 52)]),
        "services[0].ports",
        "50 listeners",
    ),
    "name of a port twice": (
        service("adservice", ports=[{"name": "a", "port": 80}, {"name": "a", "port": 81}]),
        "services[2].ports[1].name",
        "a is there twice",
    ),
    "name of a port that is none": (port("adservice", name="Grpc_1"), "services[2].ports[0].name", "name"),
    "target port that is none": (port("adservice", targetPort=0), "services[2].ports[0].targetPort", "equal to 1"),
    "target port that is a number's name": (
        port("adservice", targetPort="8080"),
        "services[2].ports[0].targetPort",
        "no name of a port",
    ),
    "namespace that is none": (service("adservice", namespace="Shop"), "services[2].namespace", "pattern"),
    "unknown key of a Service": (service("adservice", slector={}), "services[2].slector", "unknown key"),
    "unknown key of a port": (port("adservice", proto="TCP"), "services[2].ports[0].proto", "unknown key"),
    "unknown scheme": (service("frontend", scheme="public"), "services[0].scheme", "'internet-facing'"),
    "a record's zone without an id": (
        service("bank", cname={"name": "bank", "zone": {"domain": "example.com"}}),
        "services[12].cname.zone.id",
        "required",
    ),
    "a record kept for less than no time": (
        service("bank", cname={"name": "bank", "ttl": -1}),
        "services[12].cname.ttl",
        "greater than or equal to 0",
    ),
    "a record without a name": (service("bank", cname={}), "services[12].cname.name", "required"),
    "two records of one name": (
        both(
            service("redis-cart", type="ExternalName", externalName="a.example", cname={"name": "bank"}),
            without_keys("redis-cart"),
        ),
        "services[12].cname.name",
        "bank.shop.internal CNAME belongs to shop/redis-cart already",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_is_named_with_its_path(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(MISTAKES[mistake], monkeypatch)
