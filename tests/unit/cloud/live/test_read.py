"""A VPC as it is: few calls, and nothing guessed."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest
from lightkube.models.discovery_v1 import Endpoint
from lightkube.resources.discovery_v1 import EndpointSlice

from kubewire.cloud.live import read as reading
from kubewire.cloud.live.cluster import ClusterObjects, Objects
from kubewire.errors import InvalidInputError, RefusedError
from kubewire.prover.facts.cluster import OnNodes
from kubewire.prover.facts.network import Via
from kubewire.prover.facts.unknown import Unknown
from tests.unit.cloud.live.account import (
    POD_RANGE,
    Account,
    cluster,
    default_acl,
    interface,
    joined,
    read,
    subnet,
    table,
    tags,
)


def test_calls_dont_grow_with_what_there_is(account: Account) -> None:
    read(account)
    few = account.calls.copy()
    account.calls.clear()
    several = range(1000)
    account.answers |= {
        "describe_subnets": {"Subnets": [subnet(f"subnet-{at}", "10.0.0.0/24") for at in range(200)]},
        "describe_route_tables": {
            "RouteTables": [table("rtb-1", main=True), *(table(f"rtb-x{at}") for at in range(200))]
        },
        "describe_network_interfaces": {
            "NetworkInterfaces": [interface(f"eni-{at}", f"10.0.{at // 250}.{at % 250}", "subnet-1") for at in several]
        },
    }
    read(account)
    assert account.calls == few
    assert all(count == 1 for name, count in few.items() if "quota" not in name)


def test_rules_of_two_hundred_groups_are_one_call(account: Account) -> None:
    groups = [{"GroupId": f"sg-{at}", "GroupName": f"group {at}"} for at in range(401)]
    account.answers["describe_security_groups"] = {"SecurityGroups": groups}
    read(account)
    assert account.calls["describe_security_group_rules"] == 3


def test_a_network_is_read_as_a_plan_names_it(account: Account) -> None:
    rows = [
        {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"},
        {"DestinationCidrBlock": POD_RANGE, "NetworkInterfaceId": "eni-1", "InstanceId": "i-1", "State": "blackhole"},
        {"DestinationPrefixListId": "pl-s3", "GatewayId": "vpce-1", "State": "active"},
    ]
    account.answers |= {
        "describe_route_tables": {
            "RouteTables": [table("rtb-1", main=True), table("rtb-2", *rows, subnets=("subnet-1",))]
        },
        "describe_nat_gateways": {"NatGateways": [{"NatGatewayId": "nat-1", "Tags": tags(Name="out")}]},
        "describe_managed_prefix_lists": {"PrefixLists": [{"PrefixListId": "pl-s3", "PrefixListName": "s3"}]},
        "get_managed_prefix_list_entries": {"Entries": [{"Cidr": "52.218.0.0/17"}]},
    }
    facts = read(account).facts
    assert facts.vpcs["shop"].main_table == "main table of shop"
    assert (facts.subnets["subnet-1"].table, facts.subnets["subnet-2"].table) == ("rtb-2", "main table of shop")
    assert facts.subnets["subnet-1"].acl is None, "as AWS makes it"
    routes = facts.tables["rtb-2"].routes
    assert [(route.via, route.target, route.black_hole) for route in routes] == [
        (Via.NAT_GATEWAY, "out", False),
        (Via.INTERFACE, "eni-1", True),
        (Via.ENDPOINT, "vpce-1", False),
    ]
    assert facts.prefix_lists == {"s3": (ip_network("52.218.0.0/17"),)}
    assert facts.interfaces["eni-1"].machine == "i-1"


def test_a_changed_default_acl_counts(account: Account) -> None:
    changed = default_acl("subnet-1")
    changed["Entries"][0] = {**changed["Entries"][0], "RuleAction": "deny"}
    account.answers["describe_network_acls"] = {"NetworkAcls": [changed]}
    facts = read(account).facts
    assert facts.subnets["subnet-1"].acl == "default ACL"
    assert [row.allows for row in facts.acls["default ACL"].rows] == [False, True]
    assert isinstance(facts.subnets["subnet-2"].acl, Unknown), "AWS names none"


def test_a_default_acl_without_rows_for_ipv6_stops_ipv6(account: Account) -> None:
    vpc = account.answers["describe_vpcs"]["Vpcs"][0]
    ipv6 = {"Ipv6CidrBlock": "2001:db8::/56", "Ipv6CidrBlockState": {"State": "associated"}}
    account.answers["describe_vpcs"] = {"Vpcs": [{**vpc, "Ipv6CidrBlockAssociationSet": [ipv6]}]}
    assert read(account).facts.subnets["subnet-1"].acl == "default ACL"


def test_a_local_route_that_somebody_bent_leaves_its_table_open(account: Account) -> None:
    bent = {"DestinationCidrBlock": "10.0.0.0/16", "NetworkInterfaceId": "eni-1", "State": "active"}
    account.answers["describe_route_tables"] = {"RouteTables": [table("rtb-1", bent, main=True)]}
    (one,) = read(account).facts.tables.values()
    assert one.open_ends == (
        "10.0.0.0/16 in main table of shop, which leads to network interface in the place of local",
    )


def test_a_further_address_may_be_the_public_one(account: Account) -> None:
    own = [
        {"PrivateIpAddress": "10.0.0.9", "Primary": True},
        {"PrivateIpAddress": "10.0.0.10", "Primary": False, "Association": {"PublicIp": "52.1.1.1"}},
    ]
    rows = [interface("eni-1", "10.0.0.9", "subnet-1", "i-1", PrivateIpAddresses=own)]
    account.answers["describe_network_interfaces"] = {"NetworkInterfaces": rows}
    assert read(account).facts.interfaces["eni-1"].public == "52.1.1.1"


def test_what_isnt_modelled_is_named(account: Account) -> None:
    edge = table("rtb-2")
    edge["Associations"] = [{"GatewayId": "igw-1", "RouteTableId": "rtb-2"}]
    classic = interface("eni-2", "10.0.0.7", "subnet-1", Description="ELB old")
    account.answers |= {
        "describe_route_tables": {"RouteTables": [table("rtb-1", main=True), edge]},
        "describe_load_balancers": {
            "LoadBalancers": [
                {"LoadBalancerArn": "a", "LoadBalancerName": "web", "Type": "application", "VpcId": "vpc-1"}
            ]
        },
        "describe_network_interfaces": {"NetworkInterfaces": [classic]},
    }
    assert read(account).facts.strangers == (
        "route table rtb-2, which routes for gateway igw-1",
        "application load balancer web",
        "classic load balancer old",
    )


def test_nodes_are_those_whose_machines_are_in_the_vpc(account: Account) -> None:
    account.objects = cluster(joined("a", "i-1", POD_RANGE), joined("b", "i-9", "100.64.1.0/24"))
    (told,) = read(account).clusters
    assert [(node.name, node.interface, node.pod_ranges, node.most_pods) for node in told.nodes] == [
        ("a", "eni-1", (ip_network(POD_RANGE),), 110)
    ]
    assert told.open_ends == ("node b, whose machine i-9 isn't in this VPC",)
    assert told.service_ranges == (ip_network("10.96.0.0/16"),)
    assert isinstance(told.node_ports, Unknown)
    assert isinstance(told.unmasqueraded, Unknown)
    assert isinstance(told.control_plane, Unknown)


def test_pods_with_addresses_of_the_vpc_are_those_of_their_nodes_interface(account: Account) -> None:
    prefixed = interface("eni-1", "10.0.0.9", "subnet-1", "i-1", Ipv4Prefixes=[{"Ipv4Prefix": "10.0.0.16/28"}])
    further = interface("eni-2", "10.0.0.8", "subnet-1", "i-1", Ipv4Prefixes=[{"Ipv4Prefix": "10.0.0.32/28"}])
    further["Attachment"] = {**further["Attachment"], "DeviceIndex": 1}
    account.answers["describe_network_interfaces"] = {"NetworkInterfaces": [further, prefixed]}
    account.objects = cluster(joined("a", "i-1"))
    (told,) = read(account).clusters
    assert told.nodes[0].pod_ranges == (ip_network("10.0.0.16/28"),)
    (place,) = told.nodes[0].pod_places
    assert (place.subnet, place.groups) == ("subnet-1", ("nodes",))
    assert told.open_ends == ()


def test_an_api_server_on_a_node_is_found_by_its_endpoints(account: Account) -> None:
    itself = EndpointSlice(addressType="IPv4", endpoints=[Endpoint(addresses=["10.0.0.9"])])
    account.objects = cluster(joined("a", "i-1", POD_RANGE), slices={("default", "kubernetes"): [itself]})
    (told,) = read(account).clusters
    assert isinstance(told.control_plane, OnNodes)


def test_an_api_server_too_old_to_say_leaves_the_service_range_open(account: Account) -> None:
    account.objects = cluster(joined("a", "i-1", POD_RANGE), service_ranges=None)
    (told,) = read(account).clusters
    assert "the range of Services" in str(told.service_ranges)


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("describe_subnets", "ec2:DescribeSubnets"),
        ("describe_load_balancers", "elasticloadbalancing:DescribeLoadBalancers"),
        ("describe_route_tables", "ec2:DescribeRouteTables"),
    ],
)
def test_a_missing_permission_is_named(account: Account, operation: str, action: str) -> None:
    account.refused = {operation}
    with pytest.raises(RefusedError) as caught:
        read(account)
    assert caught.value.detail == f"Allow {action}; docs/permissions/prove.json has all of them."


def many(_parameters: object) -> dict[str, Any]:
    return {"Vpcs": [{"VpcId": "vpc-1"}, {"VpcId": "vpc-2"}]}


def none(parameters: dict[str, Any]) -> dict[str, Any]:
    return {"Vpcs": [] if parameters else [{"VpcId": "vpc-7", "Tags": tags(Name="other")}]}


@pytest.mark.parametrize(
    ("answer", "words"),
    [(many, "2 VPCs bear the name shop"), (none, "there is no VPC shop")],
    ids=["several", "none"],
)
def test_it_must_be_clear_which_vpc_is_meant(account: Account, answer: Callable[..., Any], words: str) -> None:
    account.answers["describe_vpcs"] = answer
    with pytest.raises(InvalidInputError, match=words) as caught:
        read(account)
    assert "vpc-" in caught.value.detail


def test_without_a_kubeconfig_the_cluster_is_unknown(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_self: object) -> Objects:
        raise RefusedError("no way", code=reading.NO_WAY, operation="kubernetes:connect")

    monkeypatch.setattr(ClusterObjects, "read", nowhere)
    found = read(account)
    assert (found.clusters, found.beside) == ((), ("what the cluster itself says: no kubeconfig leads to it",))
