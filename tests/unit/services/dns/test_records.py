"""What Services with names declare in Route53."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import TypeAdapter

from kubewire import ClusterNetwork, ServiceDescription, declare_services
from kubewire.errors import InvalidInputError
from kubewire.functions.get_auto_scaling_group import GetAutoScalingGroup
from tests.unit.program import Declarations, Wire, declare, network_args

adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
WEB = {"name": "web", "namespace": "shop", "selector": {"app": "web"}}
HTTP = {"name": "http", "port": 80, "nodePort": 30080}
PUBLIC = {"domain": "example.com.", "id": "ZPUBLIC"}
ALIAS_TO_IT = {"kind": "alias", "dnsName": "lb.example.com", "hostedZoneId": "ZLB", "evaluateTargetHealth": True}
GROUP = {
    "nodes": {"kind": "auto-scaling-group", "group": "web"},
    "pods": {"kind": "overlay", "cidr": "100.64.0.0/16", "encapsulation": "vxlan"},
}
MARKER = {"resource": "service/shop/web", "names": {"prefix": "", "wildcardReplacement": "wildcard"}}


def cluster(*services: Wire, answers: dict[str, Any] | None = None, **network: Any) -> Declarations:
    def program() -> None:
        args = network_args(**{"domain": "shop.internal", **network})
        declare_services([adapter.validate_python(item) for item in services], ClusterNetwork(args))

    return declare(program, answers)


def balanced(*dns: Wire, **more: Any) -> Wire:
    described = {"scheme": "internal", "sources": ["10.8.0.0/16"], "ports": [HTTP]}
    return {"type": "LoadBalancer", **WEB, **described, "dns": dns, **more}


def on_nodes(**dns: Any) -> Wire:
    described = {"sources": ["10.8.0.0/16"], "ports": [HTTP]}
    return {"type": "NodePort", **WEB, **described, "dns": [{"name": "web", "addresses": "private", **dns}]}


def external(name: str, target: str, **cname: Any) -> Wire:
    return {
        "type": "ExternalName",
        "namespace": "shop",
        "name": "bank",
        "externalName": target,
        "cname": {"name": name, **cname},
    }


class TestLoadBalancer:
    def test_row_70_an_alias_leads_to_its_load_balancer_and_is_marked(self) -> None:
        records = cluster(balanced({"kind": "alias", "name": "www"})).one("Records")
        assert records["zone"] == {"name": "shop.internal", "id": "shop.shop.internal-id"}
        assert records["records"] == {"www.shop.internal A": ALIAS_TO_IT}
        assert records["marker"] == MARKER

    def test_row_70_one_with_ipv6_has_it_in_its_name(self) -> None:
        vpc = {"kind": "new", "cidr": "10.0.0.0/16", "ipv6": True}
        service = balanced({"kind": "alias", "name": "www"}, loadBalancer={"kind": "own", "ipAddressType": "dualstack"})
        assert set(cluster(service, vpc=vpc).one("Records")["records"]) == {
            "www.shop.internal A",
            "www.shop.internal AAAA",
        }

    def test_its_names_come_after_its_listeners_and_so_go_before_them(self) -> None:
        declared = cluster(balanced({"kind": "alias", "name": "www"}))
        names = [item.typ.rpartition(":")[2] for item in declared.resources]
        assert names.index("Records") > names.index("Listener") > names.index("NetworkLoadBalancer")

    def test_a_zone_has_one_set_and_another_zone_another(self) -> None:
        dns: list[Wire] = [
            {"kind": "alias", "name": "www"},
            {"kind": "cname", "name": "old", "ttl": 60},
            {"kind": "alias", "name": "@", "zone": PUBLIC, "adopt": True},
        ]
        sets = cluster(balanced(*dns)).of("Records")
        assert set(sets) == {"shop.shop.web", "shop.shop.web.example.com"}
        own, public = sets.values()
        assert own["records"]["old.shop.internal CNAME"] == {"kind": "values", "ttl": 60, "values": ["lb.example.com"]}
        assert public["records"] == {"example.com A": ALIAS_TO_IT}
        assert public["adopt"] == ["example.com A"]
        assert own["adopt"] == []

    def test_a_private_and_a_public_zone_may_have_one_domain(self) -> None:
        private = {**PUBLIC, "id": "ZPRIVATE"}
        dns = [{"kind": "alias", "name": "www", "zone": zone} for zone in (PUBLIC, private)]
        assert set(cluster(balanced(*dns)).of("Records")) == {
            "shop.shop.web.example.com",
            "shop.shop.web.example.com.1",
        }

    @pytest.mark.parametrize(
        ("routing", "written"),
        [
            (
                {"kind": "weighted", "setIdentifier": "blue", "weight": 10},
                {"kind": "weighted", "setIdentifier": "blue", "weight": 10},
            ),
            (
                {"kind": "failover", "setIdentifier": "blue", "role": "PRIMARY", "healthCheckId": "c"},
                {"kind": "failover", "setIdentifier": "blue", "role": "PRIMARY", "healthCheckId": "c"},
            ),
        ],
    )
    def test_a_routing_policy_chooses(self, routing: Wire, written: Wire) -> None:
        rows = cluster(balanced({"kind": "alias", "name": "www", "routing": routing})).one("Records")["records"]
        assert rows == {"www.shop.internal A blue": {**ALIAS_TO_IT, "routing": written}}

    def test_without_names_there_is_nothing(self) -> None:
        assert cluster(balanced()).of("Records") == {}


class TestNodePort:
    def test_row_47_a_name_has_the_addresses_of_all_nodes(self) -> None:
        records = cluster(on_nodes(ttl=60)).one("Records")
        assert records["records"] == {
            "web.shop.internal A": {"kind": "values", "ttl": 60, "values": ["10.0.0.10", "10.0.0.11", "10.0.0.12"]}
        }
        assert records["marker"] == MARKER

    def test_row_47_and_their_ipv6_addresses_where_that_is_written(self) -> None:
        vpc = {"kind": "new", "cidr": "10.0.0.0/16", "ipv6": True}
        rows = cluster(on_nodes(ipFamilies=["IPv4", "IPv6"]), vpc=vpc).one("Records")["records"]
        assert rows["web.shop.internal AAAA"]["values"] == [f"2600:1f18:1234:5600::{last}" for last in "abc"]

    @pytest.fixture
    def group(self) -> Callable[..., dict[str, Any]]:
        def group(*addresses: str | None) -> dict[str, Any]:
            machines = [
                {
                    "instance": f"i-{index:08x}",
                    "zone": "eu-west-1a",
                    "networkInterface": f"eni-{index:08x}",
                    "subnet": "subnet-00000001",
                    "privateAddress": f"10.0.0.{index + 4}",
                    **({"publicAddress": address} if address else {}),
                    "sourceDestCheck": True,
                    "securityGroups": ["sg-0123456789abcdef1"],
                }
                for index, address in enumerate(addresses)
            ]
            return {GetAutoScalingGroup.token(): {"machines": machines}}

        return group

    def test_row_47_public_addresses_are_those_of_nodes_that_have_them(self, group: Any) -> None:
        declared = cluster(on_nodes(addresses="public"), answers=group("192.0.2.2", "192.0.2.1"), **GROUP)
        assert declared.one("Records")["records"]["web.shop.internal A"]["values"] == ["192.0.2.1", "192.0.2.2"]

    def test_row_47_a_node_without_one_is_told_and_none_at_all(self, group: Any) -> None:
        with pytest.raises(InvalidInputError, match=r"shop/web\.dns\[0\]: 1 nodes have no public IPv4 address"):
            cluster(on_nodes(addresses="public"), answers=group("192.0.2.2", None), **GROUP)
        with pytest.raises(InvalidInputError, match="there are no nodes"):
            cluster(on_nodes(), answers=group(), **GROUP)


class TestExternalName:
    def test_row_68_it_is_a_cname_and_is_marked(self) -> None:
        records = cluster(external("bank", "pay.example.com.", ttl=60)).one("Records")
        assert records["records"] == {
            "bank.shop.internal CNAME": {"kind": "values", "ttl": 60, "values": ["pay.example.com"]}
        }
        assert records["marker"]["resource"] == "service/shop/bank"

    @pytest.mark.parametrize(
        ("target", "zone"),
        [
            ("web-0123.elb.eu-west-1.amazonaws.com", "Z2IFOLAFXWLO4F"),
            ("web-0123.eu-west-1.elb.amazonaws.com", "Z32O12XQLNTSW2"),
            ("dualstack.web-0123.eu-west-1.elb.amazonaws.com", "Z32O12XQLNTSW2"),
            ("d111111abcdef8.cloudfront.net", "Z2FDTNDATAQYW2"),
            ("a1234.awsglobalaccelerator.com", "Z2BJ6XQ5FK7U4H"),
            ("www.example.com", "ZPUBLIC"),
        ],
    )
    def test_row_69_at_the_apex_it_is_an_alias_where_aws_has_one(self, target: str, zone: str) -> None:
        rows = cluster(external("@", target, zone=PUBLIC)).one("Records")["records"]
        alias = {"kind": "alias", "dnsName": target, "hostedZoneId": zone, "evaluateTargetHealth": False}
        assert rows == {"example.com A": alias}


def test_two_services_of_a_program_cannot_have_one_name() -> None:
    second = {**balanced({"kind": "alias", "name": "web"}), "name": "other", "ports": [{"port": 80}]}
    with pytest.raises(InvalidInputError, match=r"web\.shop\.internal A belongs to shop/web already"):
        cluster(on_nodes(), second)
