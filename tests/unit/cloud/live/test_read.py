"""A VPC as it is: few calls, and nothing guessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network
from typing import Any, cast

import pytest
from lightkube.models.core_v1 import (
    LoadBalancerIngress,
    LoadBalancerStatus,
    NodeAddress,
    NodeSpec,
    NodeStatus,
    ObjectReference,
    ServicePort,
    ServiceSpec,
    ServiceStatus,
)
from lightkube.models.discovery_v1 import Endpoint, EndpointPort
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Node, Service
from lightkube.resources.discovery_v1 import EndpointSlice

from kubewire.cloud.aws import AwsCloud
from kubewire.cloud.live import read as reading
from kubewire.cloud.live.cluster import ClusterObjects, Objects
from kubewire.cloud.live.read import live
from kubewire.errors import InvalidInputError, RefusedError
from kubewire.prover.declared.found import Found
from kubewire.prover.facts.cluster import OnNodes
from kubewire.prover.facts.network import Via
from kubewire.prover.facts.unknown import Unknown
from tests.unit.cloud.live.account import Account, default_acl, interface, subnet, table, tags

POD_RANGE = "100.64.0.0/24"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    made = Account()
    monkeypatch.setattr(ClusterObjects, "read", lambda _self: made.objects)
    return made


def read(account: Account, name: str = "shop") -> Found:
    return live(cast("AwsCloud", account), name)


def joined(name: str, instance: str, *ranges: str, address: str = "10.0.0.9") -> Node:
    return Node(
        metadata=ObjectMeta(name=name),
        spec=NodeSpec(podCIDRs=list(ranges), providerID=f"aws:///eu-west-1a/{instance}"),
        status=NodeStatus(capacity={"pods": "110"}, addresses=[NodeAddress(address=address, type="InternalIP")]),
    )


def cluster(*nodes: Node, **more: Any) -> Objects:
    return Objects(
        **{"nodes": nodes, "services": (), "slices": {}, "pods": {}, "service_ranges": ("10.96.0.0/16",), **more}
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


def test_a_listener_of_a_protocol_that_is_new(account: Account) -> None:
    front = {"LoadBalancerArn": "lb", "LoadBalancerName": "front", "Type": "network", "VpcId": "vpc-1"}
    row = {**front, "Scheme": "internal", "AvailabilityZones": [{"SubnetId": "subnet-1"}]}
    listener = {"ListenerArn": "arn:listener/net/front", "Protocol": "CARRIER_PIGEON", "Port": 1149}
    account.answers |= {
        "describe_load_balancers": {"LoadBalancers": [row]},
        "describe_listeners": {"Listeners": [listener]},
        "describe_load_balancer_attributes": {"Attributes": []},
        "describe_tags": {"TagDescriptions": []},
    }
    assert read(account).facts.strangers == ("listener listener/net/front of protocol CARRIER_PIGEON",)


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


def balanced(account: Account) -> None:
    """A load balancer of a Service, with a node as its target."""
    actions = [{"Type": "forward", "TargetGroupArn": "arn:tg"}]
    account.answers |= {
        "describe_load_balancers": {
            "LoadBalancers": [
                {
                    "LoadBalancerArn": "arn:lb",
                    "LoadBalancerName": "k8s-front",
                    "DNSName": "Front-1.elb.eu-west-1.amazonaws.com",
                    "Type": "network",
                    "Scheme": "internet-facing",
                    "VpcId": "vpc-1",
                    "AvailabilityZones": [{"SubnetId": "subnet-1"}],
                    "SecurityGroups": ["sg-1"],
                },
                {"LoadBalancerArn": "arn:other", "Type": "network", "VpcId": "vpc-2", "LoadBalancerName": "other"},
            ]
        },
        "describe_listeners": {
            "Listeners": [{"ListenerArn": "arn:l", "Protocol": "TLS", "Port": 443, "DefaultActions": actions}]
        },
        "describe_load_balancer_attributes": {
            "Attributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]
        },
        "describe_target_groups": {
            "TargetGroups": [
                {"TargetGroupArn": "arn:tg", "TargetGroupName": "front", "Protocol": "TCP", "Port": 30443,
                 "TargetType": "instance", "HealthCheckProtocol": "HTTP", "HealthCheckPort": "10256"},
                {"TargetGroupArn": "arn:unused", "TargetGroupName": "unused", "Protocol": "TCP"},
            ]
        },
        "describe_target_group_attributes": {"Attributes": [{"Key": "preserve_client_ip.enabled", "Value": "false"}]},
        "describe_target_health": {
            "TargetHealthDescriptions": [
                {"Target": {"Id": "i-1", "Port": 30443}, "TargetHealth": {"State": "healthy"}},
                {"Target": {"Id": "i-2", "Port": 30443}, "TargetHealth": {"State": "draining"}},
            ]
        },
        "describe_tags": {"TagDescriptions": [{"ResourceArn": "arn:lb", "Tags": tags(Name="shop.front")}]},
    }  # fmt: skip
    status = ServiceStatus(
        loadBalancer=LoadBalancerStatus(ingress=[LoadBalancerIngress(hostname="front-1.elb.eu-west-1.amazonaws.com")])
    )
    front = Service(
        metadata=ObjectMeta(name="front", namespace="shop"),
        spec=ServiceSpec(
            type="LoadBalancer",
            clusterIP="10.96.0.9",
            clusterIPs=["10.96.0.9"],
            selector={"app": "front"},
            ports=[ServicePort(name="https", port=443, targetPort=8443, nodePort=30443)],
        ),
        status=status,
    )
    ends = [Endpoint(addresses=["100.64.0.5"], nodeName="a")]
    parts = EndpointSlice(
        metadata=ObjectMeta(namespace="shop"),
        addressType="IPv4",
        endpoints=ends,
        ports=[EndpointPort(name="https", port=8443)],
    )
    account.objects = cluster(joined("a", "i-1", POD_RANGE), services=(front,), slices={("shop", "front"): [parts]})


def test_a_load_balancer_is_read_with_its_service(account: Account) -> None:
    balanced(account)
    facts = read(account).facts
    (one,) = facts.load_balancers
    assert (one.name, one.service, one.internet_facing, one.cross_zone) == ("shop.front", "shop/front", True, True)
    assert (one.subnets, one.groups) == (("subnet-1",), ("nodes",))
    (listener,) = one.listeners
    assert (listener.port, listener.protocols, listener.tls, listener.target_group) == (443, (6,), True, "front")
    group = facts.target_groups["front"]
    assert [(target.name, target.port) for target in group.targets] == [("a", 30443)], "by its node's name"
    assert (group.preserves_client, group.health_check.port, group.health_check.http) == (False, 10256, True)
    (service,) = facts.services
    assert not isinstance(service.endpoints, Unknown)
    assert [(str(end.address), end.node, end.ports) for end in service.endpoints] == [
        ("100.64.0.5", "a", {"https": 8443})
    ]


def test_a_listener_with_several_target_groups_leaves_open_which(account: Account) -> None:
    balanced(account)
    groups = [{"TargetGroupArn": "arn:tg", "Weight": 1}, {"TargetGroupArn": "arn:new", "Weight": 1}]
    actions = [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]
    account.answers["describe_listeners"] = {
        "Listeners": [{"ListenerArn": "arn:l", "Protocol": "TCP", "Port": 443, "DefaultActions": actions}]
    }
    (one,) = read(account).facts.load_balancers
    assert str(one.listeners[0].target_group) == "which target group listener 443 sends to: it has 2"


def test_records_are_read_as_people_write_them(account: Account) -> None:
    rows = [
        {"Name": "shop.internal.", "Type": "SOA", "ResourceRecords": [{"Value": "ns"}]},
        {"Name": "\\052.shop.internal.", "Type": "CNAME", "ResourceRecords": [{"Value": "a.example.com."}]},
        {"Name": "www.shop.internal.", "Type": "A", "AliasTarget": {"DNSName": "dualstack.Front-1.elb.amazonaws.com."},
         "SetIdentifier": "one", "Weight": 7},
    ]  # fmt: skip
    pages = {None: ("Z1", "more"), "more": ("Z2", None)}

    def zones(parameters: dict[str, Any]) -> dict[str, Any]:
        zone, after = pages[parameters.get("NextToken")]
        return {"HostedZoneSummaries": [{"HostedZoneId": zone, "Name": "shop.internal."}], "NextToken": after}

    account.answers |= {"list_hosted_zones_by_vpc": zones, "list_resource_record_sets": {"ResourceRecordSets": rows}}
    first, second = read(account).facts.zones
    assert (first.domain, first.vpcs, second.records) == ("shop.internal", ("shop",), first.records)
    assert [(one.name, one.type, one.values, one.alias) for one in first.records] == [
        ("*.shop.internal", "CNAME", ("a.example.com",), None),
        ("www.shop.internal", "A", (), "dualstack.Front-1.elb.amazonaws.com"),
    ]
    assert first.records[1].policy.kind == "weighted"


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


def test_endpoints_of_pods_that_are_gone_are_told_from_others(account: Account) -> None:
    balanced(account)
    (part,) = account.objects.slices["shop", "front"]
    assert part.endpoints is not None
    part.endpoints[:] = [
        Endpoint(addresses=[f"100.64.0.{at}"], targetRef=ObjectReference(kind="Pod", name=name))
        for at, name in ((5, "there"), (6, "gone"), (7, "moved"))
    ]
    pods = {("shop", "there"): frozenset({"100.64.0.5"}), ("shop", "moved"): frozenset({"100.64.0.8"})}
    account.objects = replace(account.objects, pods=pods)
    (service,) = read(account).facts.services
    assert not isinstance(service.endpoints, Unknown)
    assert [(end.pod, end.exists) for end in service.endpoints] == [
        ("shop/there", True),
        ("shop/gone", False),
        ("shop/moved", False),
    ]


def test_interfaces_of_a_load_balancer_are_the_load_balancer(account: Account) -> None:
    own = interface("eni-7", "10.0.0.7", "subnet-1", InterfaceType="network_load_balancer")
    account.answers["describe_network_interfaces"] = {"NetworkInterfaces": [own]}
    assert read(account).facts.interfaces == {}
