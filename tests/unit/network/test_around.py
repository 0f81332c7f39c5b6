"""What stands around a network: links, endpoints, ACLs, flow logs, and VPC pods' room."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire import ClusterNetwork
from kubewire.errors import InvalidInputError
from tests.unit.network.answers import answers
from tests.unit.network.strategies import Wire
from tests.unit.program import Declarations, declare, declared, network_args, node

GIVEN = answers({"zones": ["eu-west-1a"], "vpc": {"kind": "new"}, "pods": {"kind": "vpc"}})
PEER: Wire = {"kind": "peering", "name": "hq", "cidrs": ["10.9.0.0/16", "10.11.0.0/16"], "connection": "pcx-01234567"}
TRANSIT: Wire = {
    "kind": "transit-gateway",
    "name": "others",
    "cidrs": ["192.168.0.0/16"],
    "gateway": "tgw-01234567",
}
LOG_GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:flows"
ROLE = "arn:aws:iam::123456789012:role/flows"


def network(**changed: Any) -> Declarations:
    return declare(lambda: ClusterNetwork(network_args(**changed)), GIVEN)


class TestLinks:
    def test_every_table_leads_to_them(self) -> None:
        for table in network(links=[PEER, TRANSIT]).of("RouteTable").values():
            ways = {cidr: (row["via"], row["id"]) for cidr, row in table["routes"].items() if row["name"][0] in "ho"}
            assert ways == {
                "10.9.0.0/16": ("peering-connection", "pcx-01234567"),
                "10.11.0.0/16": ("peering-connection", "pcx-01234567"),
                "192.168.0.0/16": ("transit-gateway", "tgw-01234567"),
            }

    def test_they_are_no_reason_to_admit_anybody(self) -> None:
        assert network(links=[PEER]).of("SecurityGroupRules") == network().of("SecurityGroupRules")

    def test_pods_keep_their_addresses_on_the_way(self) -> None:
        made: list[ClusterNetwork] = []
        declare(lambda: made.append(ClusterNetwork(network_args(links=[PEER]))), GIVEN)
        assert made[0].non_masquerade == ["10.0.0.0/16", "100.64.0.0/16", "10.9.0.0/16", "10.11.0.0/16"]

    def test_their_routes_count(self) -> None:
        with pytest.raises(InvalidInputError, match="6 routes are too many"):
            network(links=[PEER], quotas={"live": False, "routes_per_table": 5})
        network(links=[PEER], quotas={"live": False, "routes_per_table": 6})


class TestEndpoints:
    def test_a_gateway_is_in_every_table_and_nodes_reach_its_list(self) -> None:
        found = network(endpoints=[{"kind": "gateway", "service": "s3"}])
        endpoint = found.one("GatewayEndpoint")
        assert endpoint["service"] == "com.amazonaws.eu-west-1.s3"
        assert endpoint["routeTables"] == {name: f"{name}-id" for name in found.of("RouteTable")}
        rule = found.of("SecurityGroupRules")["shop-nodes"]["rules"]["HTTPS to s3"]
        assert (rule["peer"]["kind"], rule["peer"]["id"]) == ("prefix-list", "shop-s3-list")

    def test_interfaces_are_in_every_zone_and_share_a_group(self) -> None:
        found = network(endpoints=[{"kind": "interface", "service": name} for name in ("sts", "ecr.api")])
        for endpoint in found.of("InterfaceEndpoint").values():
            assert endpoint["subnets"].keys() == {"shop-private-eu-west-1a", "shop-private-eu-west-1b"}
            assert endpoint["securityGroups"] == {"shop-endpoints": "shop-endpoints-id"}
        rows = found.of("SecurityGroupRules")
        assert rows["shop-nodes"]["rules"]["HTTPS to endpoints"]["peer"]["id"] == "shop-endpoints-id"
        assert {row["direction"] for row in rows["shop-endpoints"]["rules"].values()} == {"ingress"}

    def test_isolated_nodes_reach_them_too(self) -> None:
        layout = [{"role": "isolated", "prefix": 21}]
        found = network(
            subnets={"kind": "carved", "layout": layout},
            nat="none",
            endpoints=[{"kind": "interface", "service": "sts"}],
        )
        subnets = found.one("InterfaceEndpoint")["subnets"]
        assert subnets.keys() == {"shop-isolated-eu-west-1a", "shop-isolated-eu-west-1b"}


class TestAcls:
    def acl(self, *, vpc: Wire | None = None, **changed: Any) -> Wire:
        described = {"role": "private", "ingress": [], "egress": [], **changed}
        return network(vpc=vpc or {"kind": "new", "cidr": "10.0.0.0/16"}, acls=[described]).one("NetworkAcl")

    def test_the_network_s_own_ranges_pass_before_anything_else(self) -> None:
        rule = {"number": 100, "action": "deny", "cidr": "0.0.0.0/0"}
        entries = self.acl(ingress=[rule])["entries"]
        found = {key: (entry["action"], entry["cidr"]) for key, entry in entries.items()}
        assert found == {
            "ingress 1": ("allow", "10.0.0.0/16"),
            "ingress 2": ("allow", "100.64.0.0/16"),
            "ingress 100": ("deny", "0.0.0.0/0"),
            "egress 1": ("allow", "10.0.0.0/16"),
            "egress 2": ("allow", "100.64.0.0/16"),
        }

    def test_secondary_ranges_and_ipv6_are_own_ranges(self) -> None:
        vpc = {"kind": "new", "cidr": "10.0.0.0/16", "secondary": [{"cidr": "100.96.0.0/16"}], "ipv6": True}
        entries = self.acl(vpc=vpc)["entries"]
        own = [entries[f"egress {number}"]["cidr"] for number in range(1, 5)]
        assert own == ["10.0.0.0/16", "100.96.0.0/16", "100.64.0.0/16", "2600:1f18:1234:5600::/56"]

    def test_it_is_for_all_subnets_of_its_role(self) -> None:
        assert self.acl()["subnets"].keys() == {"shop-private-eu-west-1a", "shop-private-eu-west-1b"}

    def test_own_ranges_and_aws_s_last_rule_count(self) -> None:
        rules = [{"number": 100 + n, "action": "allow", "cidr": f"192.168.{n}.0/24"} for n in range(18)]
        self.acl(ingress=rules[:17])
        with pytest.raises(InvalidInputError, match="20 rules are too many for one ACL") as caught:
            self.acl(ingress=rules)
        assert caught.value.path == "shop: acls[0].ingress"

    def test_families_count_apart(self) -> None:
        rules = [{"number": 100 + n, "action": "allow", "cidr": f"192.168.{n}.0/24"} for n in range(17)]
        rules6 = [{"number": 200 + n, "action": "allow", "cidr": f"2001:db8:{n:x}::/48"} for n in range(19)]
        assert len(self.acl(egress=[*rules, *rules6])["entries"]) == 17 + 19 + 4


class TestFlowLogs:
    def test_each_has_a_name_and_its_store(self) -> None:
        logs = [
            {"kind": "s3", "bucket_arn": "arn:aws:s3:::logs", "traffic": "reject", "interval": 60},
            {"kind": "cloudwatch", "log_group_arn": LOG_GROUP, "role_arn": ROLE},
        ]
        found = network(flow_logs=logs).of("FlowLog")
        assert {name: (it["destination"], it.get("role")) for name, it in found.items()} == {
            "shop-s3-0": ("arn:aws:s3:::logs", None),
            "shop-cloudwatch-1": (LOG_GROUP, ROLE),
        }
        assert [(it["traffic"], it["interval"]) for it in found.values()] == [("reject", 60), ("all", 600)]
        assert {it["vpc"]["name"] for it in found.values()} == {"shop"}


class TestVpcPods:
    def made(self, *, number: int = 1, **pods: Any) -> ClusterNetwork:
        made: list[ClusterNetwork] = []
        rows = [{key: it for key, it in node(n, "a").items() if key != "pod_cidr"} for n in range(number)]
        changed = {"pods": {"kind": "vpc", **pods}, "nodes": declared(*rows)}
        vpc = {"kind": "new", "cidr": "10.0.0.0/21"}
        declare(lambda: made.append(ClusterNetwork(network_args(vpc=vpc, **changed))), GIVEN)
        return made[0]

    def test_the_network_says_how_many_pods_each_type_holds(self) -> None:
        network = self.made(prefix_delegation=False, instance_types=["m5.large"])
        assert network.outputs["maxPods"] == {"m5.large": 29, "t3.medium": 17}

    def test_more_than_the_subnet_has_addresses_for_is_refused(self) -> None:
        # Its /25 has 123; a t3.medium takes 115 with prefixes.
        assert self.made().outputs["maxPods"] == {"t3.medium": 110}
        with pytest.raises(
            InvalidInputError, match="the pods that the nodes of eu-west-1a can hold need 230 addresses"
        ):
            self.made(number=2)
