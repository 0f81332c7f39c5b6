"""Load balancers of Services whose nodes aren't all alike to a client."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from kubewire import ClusterNetwork, InvalidInputError, LoadBalancerService, LoadBalancerServiceArgs
from kubewire.services.hairpin import hairpin
from tests.unit.program import Declarations, declare, network_args

HTTP = {"name": "http", "port": 80, "node_port": 30080}
DNS = {"name": "dns", "port": 53, "node_port": 30053, "protocol": "UDP"}
BALANCER, NODES = "shop.default.web-id", "shop-nodes-id"


def described(*ports: dict[str, Any], **more: Any) -> LoadBalancerServiceArgs:
    usual: dict[str, Any] = {"name": "web", "selector": {"app": "web"}, "scheme": "internal"}
    return LoadBalancerServiceArgs(**{**usual, "sources": ["192.168.0.0/16"], "ports": ports or (HTTP,), **more})


def deployed(*ports: dict[str, Any], **more: Any) -> Declarations:
    args = described(*ports, **more)
    return declare(lambda: LoadBalancerService(args, ClusterNetwork(network_args())))


def opened(declared: Declarations, name: str) -> set[tuple[str, str, int, str]]:
    """Direction, protocol, port and peer of the rules for TCP and UDP that a resource has."""
    found = declared.of("SecurityGroupRules")[name]["rules"].values()
    return {
        (rule["direction"], rule["protocol"], rule["ports"]["first"], rule["peer"].get("cidr") or rule["peer"]["id"])
        for rule in found
        if rule["protocol"] in ("tcp", "udp")
    }


class TestLocal:
    def test_33_nodes_without_endpoints_fail_the_check_at_the_health_check_port(self) -> None:
        declared = deployed(HTTP, externalTrafficPolicy="Local", healthCheckNodePort=30090)
        check = declared.one("TargetGroup")["healthCheck"]
        assert (check["protocol"], check["port"], check["path"]) == ("HTTP", 30090, "/healthz")
        assert declared.one("Service")["spec"]["healthCheckNodePort"] == 30090

    def test_33_every_port_is_checked_there_whatever_it_carries(self) -> None:
        declared = deployed(HTTP, DNS, externalTrafficPolicy="Local", healthCheckNodePort=30090)
        checks = [group["healthCheck"] for group in declared.of("TargetGroup").values()]
        assert [check["port"] for check in checks] == [30090, 30090]

    def test_32_the_firewall_admits_the_check_on_both_sides_and_the_proxys_no_more(self) -> None:
        declared = deployed(HTTP, DNS, externalTrafficPolicy="Local", healthCheckNodePort=30090)
        assert opened(declared, "shop.default.web.nodes") == {
            ("ingress", "tcp", 30080, BALANCER),
            ("ingress", "udp", 30053, BALANCER),
            ("ingress", "tcp", 30090, BALANCER),
        }
        egress = {rule for rule in opened(declared, "shop.default.web") if rule[0] == "egress"}
        assert egress == {
            ("egress", "tcp", 30080, NODES),
            ("egress", "udp", 30053, NODES),
            ("egress", "tcp", 30090, NODES),
        }

    def test_33_a_port_that_the_api_server_chooses_is_known_after_the_apply(self, monkeypatch: Any) -> None:
        chosen = {"healthCheckNodePort": 31999}
        answer = Declarations.new_resource

        def choosing(self: Declarations, args: Any) -> Any:
            made, state = answer(self, args)
            if args.typ == "kubernetes:core/v1:Service":
                state["spec"] = {**chosen, **state["spec"]}
            return made, state

        monkeypatch.setattr(Declarations, "new_resource", choosing)
        declared = deployed(HTTP, externalTrafficPolicy="Local")
        assert declared.one("TargetGroup")["healthCheck"]["port"] == 31999
        assert ("ingress", "tcp", 31999, BALANCER) in opened(declared, "shop.default.web.nodes")

    def test_32_without_local_the_traffics_port_is_checked(self) -> None:
        declared = deployed(HTTP)
        assert declared.one("TargetGroup")["healthCheck"]["protocol"] == "TCP"
        assert opened(declared, "shop.default.web.nodes") == {("ingress", "tcp", 30080, BALANCER)}


class TestSticky:
    @pytest.mark.parametrize(
        ("affinity", "stickiness"), [(None, "off"), ("ClientIP", "source_ip"), ({"timeoutSeconds": 5}, "source_ip")]
    )
    def test_row_54_a_client_stays_with_its_node_too(self, affinity: Any, stickiness: str) -> None:
        assert deployed(HTTP, sessionAffinity=affinity).one("TargetGroup")["stickiness"] == stickiness


class TestHairpin:
    @pytest.mark.parametrize(
        ("source", "named"),
        [
            ("10.0.0.0/16", "10.0.0.0/16"),
            ("10.0.64.0/24", "10.0.64.0/24"),
            ("100.64.0.0/10", "100.64.0.0/10"),
            ("anywhere", "0.0.0.0/0"),
        ],
    )
    def test_34_sources_inside_are_named(self, source: str, named: str) -> None:
        warning = hairpin(described(sources=["192.168.0.0/16", source]), network_args())
        assert warning is not None
        assert warning.startswith(f"default/web admits {named}, where its own nodes and their pods are")
        assert "Set `preserveClientIp: false`" in warning

    def test_34_with_udp_the_way_out_is_the_services_own_name(self) -> None:
        warning = hairpin(described(DNS, sources=["10.0.0.0/16"]), network_args())
        assert warning is not None
        assert "preserveClientIp" not in warning
        assert "Clients inside use web.default" in warning

    @pytest.mark.parametrize(
        "more",
        [
            {"sources": ["192.168.0.0/16"]},
            {"sources": ["10.0.0.0/16"], "preserveClientIp": False},
            # Who leaves for the internet has the address of a NAT gateway when coming back.
            {"sources": ["anywhere"], "scheme": "internet-facing"},
            {"sources": [{"group": "sg-0123456789abcdef0"}]},
        ],
        ids=["outside", "hidden", "internet-facing", "a group of others"],
    )
    def test_34_nobody_is_warned_without_need(self, more: dict[str, Any]) -> None:
        assert hairpin(described(**more), network_args()) is None

    def test_34_the_warning_is_the_engines(self, monkeypatch: pytest.MonkeyPatch) -> None:
        said: list[str] = []
        monkeypatch.setattr(pulumi.log, "warn", lambda text, *_: said.append(text))
        deployed(HTTP, sources=["10.0.0.0/16"])
        deployed(HTTP, sources=["10.0.0.0/16"], preserveClientIp=False)
        assert len(said) == 1
        assert "gets no answer" in said[0]

    def test_31_hidden_clients_change_nothing_at_the_nodes(self) -> None:
        shown, hidden = deployed(HTTP), deployed(HTTP, preserveClientIp=False)
        assert opened(shown, "shop.default.web.nodes") == opened(hidden, "shop.default.web.nodes")
        assert hidden.one("TargetGroup")["preserveClientIp"] is False


@pytest.mark.parametrize(
    ("ports", "more", "path"),
    [
        ((DNS,), {"preserveClientIp": False}, "preserveClientIp"),
        ((HTTP,), {"healthCheckNodePort": 30090}, "healthCheckNodePort"),
        ((HTTP,), {"externalTrafficPolicy": "Local", "healthCheckNodePort": 30080}, "healthCheckNodePort"),
        (({"port": 80},), {"allocateLoadBalancerNodePorts": False}, "ports[0].nodePort"),
    ],
)
def test_mistake_is_named_with_its_path(ports: tuple[dict[str, Any], ...], more: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        described(*ports, **more)
    assert str(caught.value).splitlines()[1].startswith(f"{path}: ")
