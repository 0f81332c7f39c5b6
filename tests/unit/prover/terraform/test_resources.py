"""Each resource means what the AWS provider's documentation says of it."""

from __future__ import annotations

import time
from ipaddress import ip_address, ip_network
from typing import Any

from kubewire.prover.declared.found import Found
from kubewire.prover.facts.firewall import AnyTraffic, Direction, GroupPeer, RangePeer
from kubewire.prover.facts.network import Via
from kubewire.prover.facts.services import FailoverPolicy, TargetType, WeightedPolicy
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.from_terraform.read import from_terraform
from tests.unit.prover.terraform.small import ALL, network
from tests.unit.prover.terraform.writer import To, Writer

VPC = To("aws_vpc.main")
GROUP = "aws_security_group.nodes"


def state(tf: Writer) -> Found:
    return from_terraform(tf.state())


def plan(tf: Writer, **more: Any) -> Found:
    return from_terraform(tf.plan(**more))


def bare() -> Writer:
    """A VPC with a subnet, and no more."""
    tf = Writer()
    made = {"default_security_group_id": "sg-d", "default_network_acl_id": "acl-d", "default_route_table_id": "rtb-d"}
    tf.add(
        "aws_vpc.main",
        cidr_block="10.0.0.0/16",
        computed={**made, "main_route_table_id": "rtb-d", "ipv6_cidr_block": ""},
    )
    tf.add("aws_subnet.a", vpc_id=VPC, cidr_block="10.0.0.0/24", availability_zone="eu-west-1a")
    return tf


class TestWhatAwsMakesWithAVpc:
    def test_is_as_aws_makes_it_where_nothing_adopts_it(self) -> None:
        facts = state(bare()).facts
        subnet = facts.subnets["aws_subnet.a"]
        assert (subnet.table, subnet.acl) == ("main table of aws_vpc.main", None)
        assert facts.tables["main table of aws_vpc.main"].routes == ()
        rules = facts.groups["default group of aws_vpc.main"].rules
        assert {(rule.direction, str(rule.peer)) for rule in rules} == {
            (Direction.EGRESS, "0.0.0.0/0"),
            (Direction.EGRESS, "::/0"),
            (Direction.INGRESS, "group default group of aws_vpc.main"),
        }

    def test_is_what_the_adopting_resources_say(self) -> None:
        tf = bare()
        rows = [
            {
                "action": "deny",
                "rule_no": 5,
                "protocol": "tcp",
                "from_port": 1,
                "to_port": 9,
                "cidr_block": "10.9.0.0/16",
            }
        ]
        out = [{"cidr_block": "0.0.0.0/0", "gateway_id": "igw-7"}]
        whole = {"default_network_acl_id": To("aws_vpc.main", "default_network_acl_id"), "ingress": rows, "egress": []}
        tf.add("aws_default_network_acl.x", **whole)
        tf.add(
            "aws_default_route_table.x", default_route_table_id=To("aws_vpc.main", "default_route_table_id"), route=out
        )
        tf.add("aws_default_security_group.x", vpc_id=VPC, ingress=[], egress=[])
        for facts in (state(tf).facts, plan(tf).facts):
            subnet = facts.subnets["aws_subnet.a"]
            assert (subnet.table, subnet.acl) == ("aws_default_route_table.x", "aws_default_network_acl.x")
            assert [route.via for route in facts.tables["aws_default_route_table.x"].routes] == [Via.INTERNET_GATEWAY]
            assert [row.allows for row in facts.acls["aws_default_network_acl.x"].rows] == [False]
            assert facts.groups["aws_default_security_group.x"].rules == ()
            assert "default group of aws_vpc.main" not in facts.groups

    def test_may_have_another_main_table(self) -> None:
        tf = bare()
        tf.add("aws_route_table.own", vpc_id=VPC, route=[])
        tf.add("aws_main_route_table_association.x", vpc_id=VPC, route_table_id=To("aws_route_table.own"))
        for facts in (state(tf).facts, plan(tf).facts):
            assert facts.vpcs["aws_vpc.main"].main_table == "aws_route_table.own"
            assert facts.subnets["aws_subnet.a"].table == "aws_route_table.own"

    def test_is_unknown_of_a_vpc_that_is_only_looked_up(self) -> None:
        tf = Writer()
        blocks = [
            {"cidr_block": "10.0.0.0/16", "state": "associated"},
            {"cidr_block": "10.1.0.0/16", "state": "associated"},
        ]
        tf.add("data.aws_vpc.main", cidr_block="10.0.0.0/16", cidr_block_associations=blocks, computed={"id": "vpc-9"})
        tf.add("aws_subnet.a", vpc_id=To("data.aws_vpc.main"), cidr_block="10.0.0.0/24", availability_zone="eu-west-1a")
        facts = state(tf).facts
        assert facts.vpcs["data.aws_vpc.main"].ranges == (ip_network("10.0.0.0/16"), ip_network("10.1.0.0/16"))
        assert isinstance(facts.subnets["aws_subnet.a"].acl, Unknown)
        assert facts.tables["main table of data.aws_vpc.main"].open_ends
        assert facts.groups["default group of data.aws_vpc.main"].open_ends


class TestRanges:
    def test_more_are_added_by_other_resources(self) -> None:
        tf = bare()
        tf.add("aws_vpc_ipv4_cidr_block_association.x", vpc_id=VPC, cidr_block="100.64.0.0/16")
        assert state(tf).facts.vpcs["aws_vpc.main"].ranges[1] == ip_network("100.64.0.0/16")

    def test_those_that_amazon_chooses_are_open_where_they_are_asked_for(self) -> None:
        tf = bare()
        assert len(plan(tf).facts.vpcs["aws_vpc.main"].ranges) == 1, "computed, and not asked for"
        tf.resources["aws_vpc.main"].values["assign_generated_ipv6_cidr_block"] = True
        (_, ipv6) = plan(tf).facts.vpcs["aws_vpc.main"].ranges
        assert str(ipv6) == "ipv6_cidr_block of aws_vpc.main"


class TestGroups:
    def test_have_no_egress_but_what_is_written(self) -> None:
        """The provider takes AWS's own rule away."""
        tf = bare()
        tf.add("aws_security_group.x", vpc_id=VPC, computed={"ingress": [], "egress": []})
        for facts in (state(tf).facts, plan(tf).facts):
            assert (facts.groups["aws_security_group.x"].rules, facts.groups["aws_security_group.x"].open_ends) == (
                (),
                (),
            )

    def test_may_have_rules_whose_peers_are_unknown(self) -> None:
        tf = bare()
        tf.add(
            "aws_security_group.x",
            vpc_id=VPC,
            egress=[],
            ingress=[{**ALL, "cidr_blocks": [To("aws_eip.y", "public_ip")]}],
        )
        tf.add("aws_eip.y", computed={"public_ip": "198.51.100.1"})
        (rule,) = plan(tf).facts.groups["aws_security_group.x"].rules
        assert isinstance(rule.peer, RangePeer)
        assert str(rule.peer) == "ingress.cidr_blocks of aws_security_group.x"

    def test_of_others_are_named_by_their_ids(self) -> None:
        tf = network()
        own = {
            "security_group_id": To(GROUP),
            "ip_protocol": "-1",
            "referenced_security_group_id": "123456789012/sg-other",
        }
        tf.add("aws_vpc_security_group_ingress_rule.peer", **own)
        rules = state(tf).facts.groups[GROUP].rules
        assert GroupPeer(group="sg-other") in [rule.peer for rule in rules]

    def test_rules_of_which_it_isnt_told_whose_they_are_leave_all_groups_open(self) -> None:
        tf = network()
        unsure = To(GROUP, written=("local.group",))
        tf.add(
            "aws_vpc_security_group_ingress_rule.x", security_group_id=unsure, ip_protocol="-1", cidr_ipv4="0.0.0.0/0"
        )
        open_ends = ("security_group_id of aws_vpc_security_group_ingress_rule.x",)
        assert plan(tf).facts.groups[GROUP].open_ends == open_ends
        assert plan(tf).facts.groups["default group of aws_vpc.main"].open_ends == open_ends
        assert state(tf).facts.groups[GROUP].open_ends == ()


class TestRoutes:
    def test_that_gateways_propagate_are_open(self) -> None:
        tf = bare()
        tf.add("aws_route_table.x", vpc_id=VPC, route=[], propagating_vgws=["vgw-1"])
        tf.add("aws_route_table.y", vpc_id=VPC, route=[])
        tf.add("aws_vpn_gateway_route_propagation.y", route_table_id=To("aws_route_table.y"), vpn_gateway_id="vgw-1")
        tables = state(tf).facts.tables
        assert tables["aws_route_table.x"].open_ends == ("the routes that gateways propagate to aws_route_table.x",)
        assert tables["aws_route_table.y"].open_ends == ("the routes of aws_vpn_gateway_route_propagation.y",)

    def test_in_the_place_of_the_local_one_leave_their_table_open(self) -> None:
        tf = bare()
        rows = [
            {"cidr_block": "10.0.0.0/16", "network_interface_id": "eni-9"},
            {"cidr_block": "10.1.0.0/16", "gateway_id": "local"},
        ]
        tf.add("aws_route_table.x", vpc_id=VPC, route=rows)
        table = state(tf).facts.tables["aws_route_table.x"]
        assert len(table.routes) == 1
        assert "in the place of local" in table.open_ends[0]

    def test_to_a_vpn_gateway_lead_outside_the_model(self) -> None:
        tf = bare()
        tf.add("aws_vpn_gateway.x", vpc_id=VPC)
        tf.add(
            "aws_route_table.x",
            vpc_id=VPC,
            route=[{"cidr_block": "10.9.0.0/16", "gateway_id": To("aws_vpn_gateway.x")}],
        )
        for facts in (state(tf).facts, plan(tf).facts):
            (route,) = facts.tables["aws_route_table.x"].routes
            assert (route.via, route.target) == (Via.OTHER, "aws_vpn_gateway.x")

    def test_of_a_gateways_own_table_are_a_stranger(self) -> None:
        tf = bare()
        tf.add("aws_route_table.x", vpc_id=VPC, route=[])
        tf.add("aws_route_table_association.x", gateway_id="igw-1", route_table_id=To("aws_route_table.x"))
        assert state(tf).facts.strangers == ("aws_route_table_association.x, which routes for a gateway",)


class TestMachines:
    def test_may_be_started_with_an_interface_that_is_declared(self) -> None:
        tf = bare()
        tf.add(
            "aws_network_interface.x",
            subnet_id=To("aws_subnet.a"),
            private_ips=["10.0.0.9", "10.0.0.10"],
            ipv4_prefixes=["10.0.0.16/28"],
            security_groups=["sg-d"],
            source_dest_check=False,
            computed={"private_ip": "10.0.0.9"},
        )
        held = [{"network_interface_id": To("aws_network_interface.x"), "device_index": 0}]
        tf.add("aws_instance.x", network_interface=held, tags={"team": "web"})
        tf.add("aws_eip.x", network_interface=To("aws_network_interface.x"), computed={"public_ip": "198.51.100.9"})
        found = state(tf)
        (one,) = found.facts.interfaces.values()
        assert (one.name, one.machine, one.checks) == ("aws_network_interface.x", "aws_instance.x", False)
        assert (one.address, one.public) == (ip_address("10.0.0.9"), "198.51.100.9")
        assert {str(item) for item in one.prefixes} == {"10.0.0.16/28", "10.0.0.10/32"}
        assert one.groups == ("default group of aws_vpc.main",)
        assert found.tags == {"aws_network_interface.x": {"team": "web"}}

    def test_without_groups_are_in_the_vpcs_default_one(self) -> None:
        tf = bare()
        tf.add(
            "aws_instance.x",
            subnet_id=To("aws_subnet.a"),
            computed={"vpc_security_group_ids": ["sg-d"], "private_ip": "10.0.0.9"},
        )
        for facts in (state(tf).facts, plan(tf).facts):
            assert facts.interfaces["aws_instance.x"].groups == ("default group of aws_vpc.main",)
            assert facts.interfaces["aws_instance.x"].checks is True

    def test_get_a_public_address_as_they_or_their_subnets_say(self) -> None:
        chosen = {"private_ip": "10.0.0.9", "public_ip": "198.51.100.1", "associate_public_ip_address": True}
        for at, (own, of_subnet, given) in enumerate(
            [(..., False, False), (..., True, True), (False, True, False), (True, False, True)]
        ):
            tf = bare()
            tf.resources["aws_subnet.a"].values["map_public_ip_on_launch"] = of_subnet
            computed = chosen if own is ... else {key: chosen[key] for key in ("private_ip", "public_ip")}
            tf.add("aws_instance.x", subnet_id=To("aws_subnet.a"), associate_public_ip_address=own, computed=computed)
            assert isinstance(plan(tf).facts.interfaces["aws_instance.x"].public, Unknown) is given, at

    def test_may_be_put_into_more_groups_later(self) -> None:
        tf = network()
        tf.add("aws_security_group.more", vpc_id=VPC, ingress=[], egress=[])
        more = {"security_group_id": To("aws_security_group.more")}
        interface = To("aws_instance.a", "primary_network_interface_id")
        tf.add("aws_network_interface_sg_attachment.x", network_interface_id=interface, **more)
        for facts in (state(tf).facts, plan(tf).facts):
            assert facts.interfaces["aws_instance.a"].groups == (GROUP, "aws_security_group.more")


class TestLoadBalancers:
    def balanced(self) -> Writer:
        tf = network()
        tf.add(
            "aws_lb.x",
            load_balancer_type="network",
            internal=True,
            subnet_mapping=[{"subnet_id": To("aws_subnet.a")}],
            computed={"arn": "arn:lb", "dns_name": "x.elb.amazonaws.com", "security_groups": []},
        )
        tf.add(
            "aws_lb_target_group.x",
            port=53,
            protocol="TCP_UDP",
            target_type="ip",
            health_check=[{"protocol": "HTTP", "port": "8080"}],
            computed={"arn": "arn:tg", "preserve_client_ip": None},
        )
        tf.add(
            "aws_lb_target_group_attachment.x",
            target_group_arn=To("aws_lb_target_group.x", "arn"),
            target_id="10.0.0.10",
        )
        action = {"type": "forward", "forward": [{"target_group": [{"arn": To("aws_lb_target_group.x", "arn")}]}]}
        tf.add(
            "aws_lb_listener.x",
            load_balancer_arn=To("aws_lb.x", "arn"),
            port=53,
            protocol="TCP_UDP",
            default_action=[action],
        )
        return tf

    def test_are_read_with_what_is_behind_them(self) -> None:
        for facts in (state(self.balanced()).facts, plan(self.balanced()).facts):
            (one,) = facts.load_balancers
            assert (one.internet_facing, one.groups, one.cross_zone) == (False, (), False)
            assert one.subnets == ("aws_subnet.a",)
            (listener,) = one.listeners
            assert (listener.protocols, listener.target_group) == ((6, 17), "aws_lb_target_group.x")
            group = facts.target_groups["aws_lb_target_group.x"]
            assert (group.type, group.preserves_client, group.health_check.port) == (TargetType.IP, True, 8080)
            assert [(target.address, target.port) for target in group.targets] == [(ip_address("10.0.0.10"), 53)]
            assert facts.strangers == ()

    def test_a_listener_of_which_it_isnt_told_whose_it_is_is_a_stranger(self) -> None:
        tf = self.balanced()
        tf.resources["aws_lb_listener.x"].values["load_balancer_arn"] = To("aws_lb.x", "arn", ("local.arn",))
        assert plan(tf).facts.strangers == ("load_balancer_arn of aws_lb_listener.x",)

    def test_names_of_them_are_told_by_where_they_come_from(self) -> None:
        tf = self.balanced()
        tf.add("aws_route53_zone.x", name="shop.internal", vpc=[{"vpc_id": VPC}])
        zone = {"zone_id": To("aws_route53_zone.x"), "type": "CNAME", "name": "www.shop.internal"}
        weight = {"set_identifier": "one", "weighted_routing_policy": [{"weight": 7}]}
        tf.add("aws_route53_record.w", **zone, **weight, records=[To("aws_lb.x", "dns_name")])
        first = {"set_identifier": "two", "failover_routing_policy": [{"type": "PRIMARY"}]}
        alias = [{"name": To("aws_lb.x", "dns_name"), "zone_id": "Z2", "evaluate_target_health": True}]
        tf.add("aws_route53_record.f", **{**zone, "type": "A"}, **first, alias=alias)
        for facts in (state(tf).facts, plan(tf).facts):
            (found,) = facts.zones
            assert found.vpcs == ("aws_vpc.main",)
            assert [record.balancer for record in found.records] == ["aws_lb.x", "aws_lb.x"]
            assert [record.policy for record in found.records] == [
                WeightedPolicy(set_identifier="one", weight=7),
                FailoverPolicy(set_identifier="two", primary=True),
            ]


def test_a_prefix_list_of_which_an_entry_is_unknown_isnt_known() -> None:
    tf = bare()
    tf.add("aws_ec2_managed_prefix_list.x", entry=[{"cidr": "10.9.0.0/16"}])
    tf.add("aws_eip.y", computed={"public_ip": "198.51.100.1/32"})
    entry = {"prefix_list_id": To("aws_ec2_managed_prefix_list.x"), "cidr": To("aws_eip.y", "public_ip")}
    tf.add("aws_ec2_managed_prefix_list_entry.x", **entry)
    assert plan(tf).facts.prefix_lists == {}
    assert len(state(tf).facts.prefix_lists["aws_ec2_managed_prefix_list.x"]) == 2


def test_all_traffic_is_all_traffic_whatever_ports_stand_beside_it() -> None:
    tf = network()
    rule = state(tf).facts.groups[GROUP].rules[0]
    assert rule.match == AnyTraffic()


def test_a_network_of_hundreds_of_nodes_is_read_in_seconds() -> None:
    tf = network()
    for at in range(500):
        machine = {"primary_network_interface_id": f"eni-n{at}", "private_ip": f"10.0.0.{at % 250}", "public_ip": ""}
        groups = [To(GROUP)]
        tf.add(f"aws_instance.n[{at}]", subnet_id=To("aws_subnet.a"), vpc_security_group_ids=groups, computed=machine)
        there = {
            "route_table_id": To("aws_route_table.nodes"),
            "destination_cidr_block": f"100.{65 + at // 256}.{at % 256}.0/24",
        }
        tf.add(
            f"aws_route.n{at}",
            **there,
            network_interface_id=To(f"aws_instance.n[{at}]", "primary_network_interface_id"),
        )
        rule = {"type": "ingress", "protocol": "tcp", "from_port": at, "to_port": at, "cidr_blocks": ["10.0.0.0/8"]}
        tf.add(f"aws_security_group_rule.n{at}", security_group_id=To(GROUP), **rule)
    for content in (tf.state(), tf.plan(), tf.plan(tf)):
        begun = time.perf_counter()
        facts = from_terraform(content).facts
        assert time.perf_counter() - begun < 15
        assert len(facts.tables["aws_route_table.nodes"].routes) == 503
