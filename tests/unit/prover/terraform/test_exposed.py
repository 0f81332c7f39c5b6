"""What of Terraform's may let somebody in although nothing in it says so in as many words: never a plain no."""

from __future__ import annotations

from typing import Any

from kubewire.prover.facts.facts import Facts
from kubewire.prover.prove import prove
from kubewire.prover.queries.can import can
from kubewire.prover.queries.exposed import exposed
from tests.unit.prover.terraform.small import ALL, network, read
from tests.unit.prover.terraform.writer import To, Writer

UNLISTED = ("local.instance",)
PASSES: dict[str, Any] = {"rule_no": 100, "action": "allow", "cidr_block": "0.0.0.0/0", "ipv6_cidr_block": ""}


def opened(tf: Writer, **peer: object) -> Writer:
    """Admit somebody to a node port."""
    tf.add(
        "aws_vpc_security_group_ingress_rule.world",
        security_group_id=To("aws_security_group.nodes"),
        ip_protocol="tcp",
        from_port=30080,
        to_port=30080,
        **(peer or {"cidr_ipv4": "0.0.0.0/0"}),
    )
    return tf


def reached(facts: Facts) -> set[str]:
    """Say whether the internet gets in, of each exposure."""
    return {str(one.answer) for one in exposed(facts).found if one.public}


def test_the_main_table_of_a_default_vpc_has_routes_that_nobody_lists() -> None:
    tf = opened(Writer())
    for address, one in network().resources.items():
        if not address.startswith(("aws_route", "aws_internet_gateway")):
            tf.resources[address.replace("aws_vpc.", "aws_default_vpc.")] = one
    tf.resources["aws_default_vpc.main"].address = "aws_default_vpc.main"
    for one in tf.resources.values():
        of_vpc = {key: value for key, value in one.values.items() if value == To("aws_vpc.main")}
        one.values.update(dict.fromkeys(of_vpc, To("aws_default_vpc.main")))
    facts = read(tf.state())
    assert facts.tables["main table of aws_default_vpc.main"].open_ends
    assert facts.groups["default group of aws_default_vpc.main"].open_ends
    assert reached(facts) == {"not proven"}


def test_a_group_of_a_peered_network() -> None:
    tf = opened(network(), referenced_security_group_id="123456789012/sg-other")
    tf.add(
        "aws_route.peer",
        route_table_id=To("aws_route_table.nodes"),
        destination_cidr_block="10.9.0.0/16",
        vpc_peering_connection_id="pcx-1",
        computed={"state": "active"},
    )
    facts = read(tf.state())
    said = can(facts, "10.9.0.0/16", "node:node-a:30080")
    assert said.answer == "not proven"
    assert "who is in security group sg-other" in said.unknowns
    assert reached(facts) == set()


def six(*, assigned: bool) -> Writer:
    tf = opened(network(), cidr_ipv6="::/0")
    main = tf.resources["aws_vpc.main"]
    main.values["assign_generated_ipv6_cidr_block"] = True
    main.computed["ipv6_cidr_block"] = "2600:1f18:1:100::/56"
    for number, name in enumerate("ab"):
        own = {"ipv6_cidr_block": f"2600:1f18:1:10{number}::/64", "assign_ipv6_address_on_creation": assigned}
        tf.resources[f"aws_subnet.{name}"].values.update(own)
        given = [f"2600:1f18:1:10{number}::5"] if assigned else []
        tf.resources[f"aws_instance.{name}"].computed["ipv6_addresses"] = given
    tf.add(
        "aws_route.six",
        route_table_id=To("aws_route_table.nodes"),
        destination_ipv6_cidr_block="::/0",
        gateway_id=To("aws_internet_gateway.way"),
        computed={"state": "active"},
    )
    return tf


def test_a_subnet_that_gives_ipv6_addresses() -> None:
    assert reached(read(six(assigned=True).state())) == {"yes"}
    assert reached(read(six(assigned=True).plan())) == {"not proven"}
    assert reached(read(six(assigned=False).plan())) == set()


def test_the_vpcs_own_ipv6_addresses_are_not_the_internet() -> None:
    ones = [one for one in exposed(read(six(assigned=True).state())).found if one.public]
    assert [(one.traffic, one.answer) for one in ones] == [("tcp/30080", "yes")]


def test_an_elastic_address_of_some_instance() -> None:
    tf = opened(network())
    tf.add("aws_eip.x", instance=To("aws_instance.a", written=UNLISTED), computed={"public_ip": "52.1.1.1"})
    assert reached(read(tf.state())) == {"yes", "no"}
    assert reached(read(tf.plan())) == {"not proven"}


def test_an_acl_that_passes_some_answers_keeps_nobody_out() -> None:
    tf = opened(network())
    for name in "ab":
        tf.resources[f"aws_instance.{name}"].computed["public_ip"] = "52.1.1.1"
    tf.add(
        "aws_network_acl.linux",
        vpc_id=To("aws_vpc.main"),
        subnet_ids=[To("aws_subnet.a"), To("aws_subnet.b")],
        ingress=[{**PASSES, "protocol": "-1", "from_port": 0, "to_port": 0}],
        egress=[{**PASSES, "protocol": "tcp", "from_port": 32768, "to_port": 65535}],
    )
    facts = read(tf.state())
    assert can(facts, "internet", "node:node-a:30080").answer == "yes"
    assert reached(facts) == {"yes"}


def test_a_further_interface_of_a_node() -> None:
    tf = network()
    tf.add(
        "aws_security_group.open",
        vpc_id=To("aws_vpc.main"),
        ingress=[{**ALL, "cidr_blocks": ["0.0.0.0/0"], "description": "all"}],
    )
    tf.add(
        "aws_network_interface.second",
        subnet_id=To("aws_subnet.a"),
        security_groups=[To("aws_security_group.open")],
        attachment=[{"instance": To("aws_instance.a"), "device_index": 1}],
        computed={"private_ip": "10.0.0.99", "private_ips": ["10.0.0.99"]},
    )
    tf.add("aws_eip.x", network_interface=To("aws_network_interface.second"), computed={"public_ip": "52.1.1.1"})
    facts = read(tf.state())
    by = "who gets to node node-a by its further interface aws_network_interface.second"
    said = can(facts, "internet", "node:node-a:30080")
    assert (said.answer, said.unknowns) == ("not proven", (by,))
    assert can(facts, "internet", "node:node-b:30080").answer == "no"
    assert by in exposed(facts).unknowns
    assert {one.number for one in prove(facts) if one.verdict.verdict == "broken"} == {28}


def balanced(protocol: str) -> Writer:
    """Put a load balancer before the nodes."""
    tf = opened(network())
    of_group = {"port": 30080, "protocol": protocol, "target_type": "instance", "computed": {"arn": "arn:tg"}}
    named = {"arn": "arn:lb", "dns_name": "n.elb.amazonaws.com", "security_groups": []}
    subnets = [To("aws_subnet.a"), To("aws_subnet.b")]
    tf.add("aws_lb.n", load_balancer_type="network", internal=False, subnets=subnets, computed=named)
    tf.add("aws_lb_target_group.t", **of_group)
    forward = [{"type": "forward", "target_group_arn": To("aws_lb_target_group.t", "arn")}]
    to_lb = To("aws_lb.n", "arn")
    tf.add("aws_lb_listener.l", load_balancer_arn=to_lb, port=443, protocol=protocol, default_action=forward)
    for name in "ab":
        of_node = {"target_id": To(f"aws_instance.{name}"), "port": 30080}
        tf.add(f"aws_lb_target_group_attachment.{name}", target_group_arn=To("aws_lb_target_group.t", "arn"), **of_node)
    return tf


def test_listeners_of_protocols_that_are_new() -> None:
    quic = [one.traffic for one in exposed(read(balanced("TCP_QUIC").state())).found if "load balancer" in one.target]
    assert quic == ["tcp/443", "udp/443"]
    facts = read(balanced("CARRIER_PIGEON").state())
    assert facts.strangers == ("the protocol of aws_lb_listener.l",)


def test_the_listeners_of_a_load_balancer_that_is_looked_up() -> None:
    tf = balanced("TCP")
    found = tf.resources.pop("aws_lb.n")
    found.address = "data.aws_lb.n"
    tf.resources[found.address] = found
    del tf.resources["aws_lb_listener.l"]
    assert read(tf.state()).strangers == ("the listeners of data.aws_lb.n, which is only looked up",)
