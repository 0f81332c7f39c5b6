"""What the Services declare, by the properties that they have to prove."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kubewire import ClusterNetwork, ServiceDescription, declare_services
from kubewire.errors import InvalidInputError
from kubewire.model import Ref
from kubewire.resources.security_group_rules import SecurityGroupRulesArgs
from kubewire.resources.traffic import CidrPeer
from kubewire.services.node_access import port_rules
from tests.unit.program import CHOSEN_NODE_PORT, Declarations, Wire, declare, network_args

adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
WEB = {"name": "web", "namespace": "shop", "selector": {"app": "web"}}
HTTP = {"name": "http", "port": 80, "nodePort": 30080}
NODES = "shop-nodes-id"
BALANCER = "shop.shop.web-id"


def cluster(*services: Wire, **network: Any) -> Declarations:
    def program() -> None:
        declare_services([adapter.validate_python(item) for item in services], ClusterNetwork(network_args(**network)))

    return declare(program)


def balanced(*ports: Wire, **more: Any) -> Wire:
    return {"type": "LoadBalancer", **WEB, "scheme": "internal", "sources": ["10.8.0.0/16"], "ports": ports, **more}


def node_port(*ports: Wire, **more: Any) -> Wire:
    return {"type": "NodePort", **WEB, "sources": ["10.8.0.0/16"], "ports": ports, **more}


def rules(declared: Declarations, name: str) -> set[tuple[Any, ...]]:
    found = declared.of("SecurityGroupRules")[name]["rules"].values()
    return {
        (
            rule["direction"],
            rule["protocol"],
            rule["ports"]["first"],
            rule["ports"]["last"],
            rule["peer"].get("cidr") or rule["peer"]["id"],
        )
        for rule in found
    }


def services(declared: Declarations) -> dict[str, Wire]:
    return {name: item["spec"] for name, item in declared.of("Service").items()}


class TestClusterIP:
    def test_20_nothing_is_made_in_aws_for_it(self) -> None:
        alone = cluster()
        declared = cluster({"type": "ClusterIP", **WEB, "ports": [{"port": 80}]})
        more = {item.typ for item in declared.resources} - {item.typ for item in alone.resources}
        assert more == {"kubewire:services:ClusterIPService", "kubernetes:core/v1:Service"}
        assert len(declared.resources) == len(alone.resources) + len(more)

    def test_21_its_port_leads_to_the_target_port_of_its_pods(self) -> None:
        ports = [{"name": "a", "port": 80}, {"name": "b", "port": 81, "targetPort": "web"}]
        spec = services(cluster({"type": "ClusterIP", **WEB, "ports": ports}))["shop.shop.web"]
        assert spec["selector"] == {"app": "web"}
        assert [(port["port"], port["targetPort"]) for port in spec["ports"]] == [(80, 80), (81, "web")]


class TestNodePort:
    def test_27_each_source_reaches_each_node_port_and_nobody_else(self) -> None:
        dns = {"name": "dns", "port": 53, "nodePort": 30053, "protocol": "UDP"}
        declared = cluster(node_port(HTTP, dns, sources=["10.8.0.0/16", "10.10.0.0/16"]))
        assert rules(declared, "shop.shop.web.nodes") == {
            ("ingress", protocol, port, port, cidr)
            for protocol, port in (("tcp", 30080), ("udp", 30053))
            for cidr in ("10.8.0.0/16", "10.10.0.0/16")
        }
        assert declared.of("SecurityGroupRules")["shop.shop.web.nodes"]["group"]["id"] == NODES

    @pytest.mark.parametrize(("sources", "cidr"), [(["anywhere"], "0.0.0.0/0"), (["10.8.0.0/16"], "10.8.0.0/16")])
    def test_27_the_world_comes_in_only_where_it_is_written(self, sources: list[str], cidr: str) -> None:
        declared = cluster(node_port(HTTP, sources=sources))
        assert {rule[-1] for rule in rules(declared, "shop.shop.web.nodes")} == {cidr}

    def test_29_a_port_that_the_api_server_chooses_is_the_one_that_is_opened(self) -> None:
        declared = cluster(node_port({"port": 80}))
        assert {rule[2:4] for rule in rules(declared, "shop.shop.web.nodes")} == {(CHOSEN_NODE_PORT, CHOSEN_NODE_PORT)}

    def test_29_a_port_that_another_service_has_is_refused_without_check_together_too(self) -> None:
        with pytest.raises(InvalidInputError, match="30080 belongs to shop/web already"):
            cluster(node_port(HTTP), {**node_port(HTTP), "name": "admin"})

    def test_more_rules_than_the_group_holds_are_refused_without_check_together_too(self) -> None:
        with pytest.raises(InvalidInputError, match="shop/web: sources: 3 more rules are too many"):
            cluster(
                node_port(HTTP, sources=["10.6.0.0/16", "10.8.0.0/16", "10.10.0.0/16"]),
                quotas={"live": False, "rules_per_group": 4},
            )


class TestLoadBalancer:
    @pytest.mark.parametrize(("scheme", "role"), [("internal", "private"), ("internet-facing", "public")])
    def test_36_it_stands_in_the_subnets_of_its_scheme(self, scheme: str, role: str) -> None:
        balancer = cluster(balanced(HTTP, scheme=scheme)).one("NetworkLoadBalancer")
        assert balancer["scheme"] == scheme
        assert balancer["subnets"] == {
            name: f"{name}-id" for name in (f"shop-{role}-eu-west-1a", f"shop-{role}-eu-west-1b")
        }

    def test_30_every_listener_leads_to_its_node_port_on_every_node(self) -> None:
        dns = {"name": "dns", "port": 53, "protocol": "UDP"}
        declared = cluster(balanced(HTTP, dns))
        for key, protocol, port, node in (("http", "TCP", 80, 30080), ("dns", "UDP", 53, CHOSEN_NODE_PORT + 1)):
            listener = declared.of("Listener")[f"shop.shop.web.{port}"]
            group = declared.of("TargetGroup")[f"shop.shop.web.{key}"]
            assert (listener["port"], listener["protocol"]) == (port, protocol)
            assert listener["targetGroup"]["id"] == f"shop.shop.web.{key}-id"
            assert (group["port"], group["protocol"], group["targetType"]) == (node, protocol, "instance")
            assert group["targets"] == {
                f"node-{number}": {"id": f"shop.node-{number}-id", "port": node} for number in range(3)
            }

    def test_31_nodes_admit_the_load_balancer_by_its_group_at_the_node_port_alone(self) -> None:
        declared = cluster(balanced(HTTP))
        assert rules(declared, "shop.shop.web.nodes") == {("ingress", "tcp", 30080, 30080, BALANCER)}

    def test_36_the_load_balancer_admits_its_sources_and_reaches_nodes_alone(self) -> None:
        declared = cluster(balanced(HTTP, sources=["10.8.0.0/16", "10.10.0.0/16"]))
        assert rules(declared, "shop.shop.web") == {
            *[("ingress", "tcp", 80, 80, cidr) for cidr in ("10.8.0.0/16", "10.10.0.0/16")],
            # Whoever gets answers may say that one was too big.
            *[("ingress", "icmp", 3, 4, cidr) for cidr in ("10.8.0.0/16", "10.10.0.0/16")],
            ("egress", "tcp", 30080, 30080, NODES),
        }
        assert declared.one("NetworkLoadBalancer")["securityGroups"] == {"shop-shop-web": BALANCER}

    def test_32_targets_of_tcp_are_checked_at_the_port_that_is_open(self) -> None:
        check = cluster(balanced(HTTP)).one("TargetGroup")["healthCheck"]
        assert (check["protocol"], check.get("port")) == ("TCP", None)

    def test_32_targets_of_udp_are_checked_at_the_proxy_which_is_opened_for_it(self) -> None:
        declared = cluster(balanced({"port": 53, "nodePort": 30053, "protocol": "UDP"}))
        check = declared.one("TargetGroup")["healthCheck"]
        assert (check["protocol"], check["port"], check["path"]) == ("HTTP", 10256, "/healthz")
        assert rules(declared, "shop.shop.web.nodes") == {
            ("ingress", "udp", 30053, 30053, BALANCER),
            ("ingress", "tcp", 10256, 10256, BALANCER),
        }
        assert ("egress", "tcp", 10256, 10256, NODES) in rules(declared, "shop.shop.web")

    def test_the_service_names_no_class_that_a_controller_serves_and_shows_the_host_name(self) -> None:
        declared = cluster(balanced(HTTP))
        spec = services(declared)["shop.shop.web"]
        assert (spec["type"], spec["loadBalancerClass"]) == ("LoadBalancer", "kubewire.dev/nlb")
        status = declared.one("LoadBalancerStatus")
        assert (status["namespace"], status["service"], status["hostnames"]) == ("shop", "web", ["lb.example.com"])


class TestExternalName:
    BANK = {"type": "ExternalName", "name": "bank", "namespace": "shop", "externalName": "pay.example.com"}

    def test_38_it_is_a_name_and_nothing_else(self) -> None:
        declared = cluster(self.BANK)
        assert services(declared) == {"shop.shop.bank": {"type": "ExternalName", "externalName": "pay.example.com"}}
        assert declared.of("Records") == {}

    def test_39_its_record_leads_to_the_same_name_in_the_networks_zone(self) -> None:
        records = cluster({**self.BANK, "cname": {"name": "bank"}}, domain="shop.internal").one("Records")
        assert records["zone"] == {"name": "shop.internal", "id": "shop.shop.internal-id"}
        assert {name: record["values"] for name, record in records["records"].items()} == {
            "bank.shop.internal CNAME": ["pay.example.com"]
        }


class TestTogether:
    def test_clusters_of_one_stack_may_have_the_same_services(self) -> None:
        every = [
            node_port(HTTP),
            {**balanced({"port": 81}), "name": "lb"},
            {"type": "ClusterIP", **WEB, "name": "c", "ports": [{"port": 80}]},
        ]

        def both() -> None:
            for name in ("shop", "web"):
                described = [adapter.validate_python(item) for item in every]
                declare_services(described, ClusterNetwork(network_args(name=name)), namespaces=["shop"])

        declared = declare(both)
        assert len(declared.of("Service")) == 6
        assert {space["metadata"]["name"] for space in declared.of("Namespace").values()} == {"shop"}
        names = [(item.typ, item.name) for item in declared.resources]
        assert len(set(names)) == len(names)

    @pytest.mark.parametrize(
        ("one", "other"),
        [(("a-b", "c"), ("a", "b-c")), (("shop", "web"), ("shop", "web-nodes"))],
        ids=["joined alike", "called like the rules of another"],
    )
    def test_services_with_names_alike_stay_apart(self, one: tuple[str, str], other: tuple[str, str]) -> None:
        both = [
            {**balanced({"name": "d-e", "port": 80}, {"name": "d", "port": 81}), "namespace": namespace, "name": name}
            for namespace, name in (one, other)
        ]
        declared = cluster(*both)
        names = [(item.typ, item.name) for item in declared.resources]
        assert len(set(names)) == len(names)
        for kind in ("SecurityGroup", "NetworkLoadBalancer"):
            given = [item["name"] for item in declared.of(kind).values()]
            assert len(set(given)) == len(given)

    def test_default_namespaces_are_there_already(self) -> None:
        assert cluster({**node_port(HTTP), "namespace": "default"}).of("Namespace") == {}


long_names = st.from_regex(r"[a-z][a-z0-9-]{40,61}[a-z0-9]", fullmatch=True)


@settings(max_examples=50)
@given(name=long_names, namespace=long_names, port=st.from_regex(r"[a-z]{1,15}", fullmatch=True))
def test_names_of_rules_are_descriptions_that_ec2_takes(name: str, namespace: str, port: str) -> None:
    ports = [{"name": port, "port": 80, "nodePort": 30080}]
    args = adapter.validate_python({**node_port(), "name": name, "namespace": namespace, "ports": ports})
    peer = CidrPeer.model_validate({"cidr": "255.255.255.255/32"})
    made = port_rules(args, {port: 30080}, {"255.255.255.255/32": peer})
    assert SecurityGroupRulesArgs(group=Ref(name="nodes", id="sg-1"), rules=made).rules == made
