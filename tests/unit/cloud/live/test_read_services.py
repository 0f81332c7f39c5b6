"""Services as they are, with their load balancers, endpoints and records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lightkube.models.core_v1 import (
    LoadBalancerIngress,
    LoadBalancerStatus,
    ObjectReference,
    ServicePort,
    ServiceSpec,
    ServiceStatus,
)
from lightkube.models.discovery_v1 import Endpoint, EndpointPort
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Service
from lightkube.resources.discovery_v1 import EndpointSlice

from kubewire.prover.facts.unknown import Unknown
from tests.unit.cloud.live.account import POD_RANGE, Account, cluster, interface, joined, read, tags


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


def test_interfaces_of_a_load_balancer_are_the_load_balancer(account: Account) -> None:
    own = interface("eni-7", "10.0.0.7", "subnet-1", InterfaceType="network_load_balancer")
    account.answers["describe_network_interfaces"] = {"NetworkInterfaces": [own]}
    assert read(account).facts.interfaces == {}


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
