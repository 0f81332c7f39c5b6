from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.errors import RefusedError
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.elb import TransportProtocol
from kubewire.resources.health_check import HealthCheck, HealthProtocol
from kubewire.resources.listener import Listener, ListenerArgs, ListenerState
from kubewire.resources.network_load_balancer import (
    NetworkLoadBalancer,
    NetworkLoadBalancerArgs,
    NetworkLoadBalancerState,
    Scheme,
)
from kubewire.resources.target_group import Target, TargetGroup, TargetGroupArgs, TargetGroupState, TargetType

NOBODY: frozenset[str] = frozenset()

Balancers = Lifecycle[NetworkLoadBalancerArgs, NetworkLoadBalancerState]
Groups = Lifecycle[TargetGroupArgs, TargetGroupState]
Listeners = Lifecycle[ListenerArgs, ListenerState]


@dataclass
class Network:
    """What load balancers and target groups are made in."""

    vpc: str
    subnets: dict[str, str]
    groups: dict[str, str]


@pytest.fixture
def ec2(boto: Callable[[str], Any]) -> Any:
    return boto("ec2")


@pytest.fixture
def elbv2(boto: Callable[[str], Any]) -> Any:
    return boto("elbv2")


@pytest.fixture
def network(ec2: Any) -> Network:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = {}
    for index, zone in enumerate("abc"):
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"eu-west-1{zone}")
        subnets[f"nodes-{zone}"] = made["Subnet"]["SubnetId"]
    groups = {
        name: ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("x", "y")
    }
    return Network(vpc, subnets, groups)


def tags(elbv2: Any, arn: str) -> dict[str, str]:
    described = elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"]
    return {tag["Key"]: tag["Value"] for tag in described}


class TestNetworkLoadBalancer:
    """A load balancer, from its making to its end."""

    @pytest.fixture
    def balancers(self, cloud: AwsCloud, owner: Owner) -> Balancers:
        return Lifecycle(NetworkLoadBalancer(cloud, owner))

    @pytest.fixture
    def args(self, network: Network) -> NetworkLoadBalancerArgs:
        two = dict(list(network.subnets.items())[:2])
        return NetworkLoadBalancerArgs(name="shop", subnets=two, security_groups={"x": network.groups["x"]})

    def test_is_made_tagged_finished_and_read(
        self, balancers: Balancers, args: NetworkLoadBalancerArgs, elbv2: Any, owner: Owner
    ) -> None:
        arn, state = balancers.create(args, NOBODY)
        made = elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
        assert (made["LoadBalancerName"], made["Scheme"], made["Type"]) == ("shop", "internal", "network")
        assert {zone["SubnetId"] for zone in made["AvailabilityZones"]} == set(args.subnets.values())
        attributes = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        assert {"Key": "load_balancing.cross_zone.enabled", "Value": "true"} in attributes
        assert tags(elbv2, arn) == {"Name": "shop", **owner.tags()}
        assert state.active
        assert state.dns_name == made["DNSName"]
        assert balancers.read(arn, args) == state
        assert not compare(NetworkLoadBalancerArgs, state.to_wire(), args.to_wire()).changes

    def test_is_changed_in_place(
        self, balancers: Balancers, args: NetworkLoadBalancerArgs, elbv2: Any, network: Network
    ) -> None:
        arn, state = balancers.create(args, NOBODY)
        changed = {"subnets": network.subnets, "security_groups": network.groups, "cross_zone": False}
        wanted = args.model_copy(update={**changed, "tags": {"team": "shop"}})
        balancers.update(arn, state, wanted)
        made = elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
        assert {zone["SubnetId"] for zone in made["AvailabilityZones"]} == set(network.subnets.values())
        assert set(made["SecurityGroups"]) == set(network.groups.values())
        assert tags(elbv2, arn)["team"] == "shop"
        read = balancers.read(arn, wanted)
        assert read
        assert not compare(NetworkLoadBalancerArgs, read.to_wire(), wanted.to_wire()).changes

    def test_is_found_again_after_a_killed_run(
        self, balancers: Balancers, args: NetworkLoadBalancerArgs, elbv2: Any
    ) -> None:
        first, _ = balancers.create(args, NOBODY)
        second, _ = balancers.create(args, NOBODY)
        assert first == second
        assert len(elbv2.describe_load_balancers()["LoadBalancers"]) == 1

    def test_is_imported_by_its_arn(self, balancers: Balancers, args: NetworkLoadBalancerArgs) -> None:
        arn, _ = balancers.create(args, NOBODY)
        found = balancers.read(arn, None)
        assert found
        assert (found.name, found.scheme, found.guarded) == ("shop", Scheme.INTERNAL, True)
        assert found.subnets == {subnet: subnet for subnet in args.subnets.values()}

    def test_deleting_it_twice_is_fine(self, balancers: Balancers, args: NetworkLoadBalancerArgs, elbv2: Any) -> None:
        arn, state = balancers.create(args, NOBODY)
        balancers.delete(arn, state)
        balancers.delete(arn, state)
        assert elbv2.describe_load_balancers()["LoadBalancers"] == []
        assert balancers.read(arn, args) is None


class TestTargetGroup:
    """A target group and its targets."""

    @pytest.fixture
    def groups(self, cloud: AwsCloud, owner: Owner) -> Groups:
        return Lifecycle(TargetGroup(cloud, owner))

    @pytest.fixture
    def args(self, network: Network) -> TargetGroupArgs:
        return TargetGroupArgs(
            name="shop-http",
            vpc=Ref(name="main", id=network.vpc),
            protocol=TransportProtocol.TCP,
            port=30080,
            target_type=TargetType.IP,
            targets={f"node-{host}": Target(id=f"10.0.0.{host}", port=30080) for host in (4, 5)},
            health_check=HealthCheck(protocol=HealthProtocol.HTTP, path="/healthz"),
            deregistration_delay_seconds=30,
        )

    def test_is_made_with_its_targets(self, groups: Groups, args: TargetGroupArgs, elbv2: Any, owner: Owner) -> None:
        arn, state = groups.create(args, NOBODY)
        made = elbv2.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
        assert made["TargetGroupName"] == state.group_name
        assert made["TargetGroupName"].startswith("shop-http-")
        assert (made["Protocol"], made["Port"], made["VpcId"]) == ("TCP", 30080, args.vpc.id)
        assert (made["HealthCheckProtocol"], made["HealthCheckPath"]) == ("HTTP", "/healthz")
        health = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        assert {(item["Target"]["Id"], item["Target"]["Port"]) for item in health} == {
            ("10.0.0.4", 30080),
            ("10.0.0.5", 30080),
        }
        assert tags(elbv2, arn) == {"Name": "shop-http", **owner.tags()}
        read = groups.read(arn, args)
        assert read == state
        assert not compare(TargetGroupArgs, state.to_wire(), args.to_wire()).changes

    def test_targets_come_and_go(self, groups: Groups, args: TargetGroupArgs, elbv2: Any) -> None:
        arn, state = groups.create(args, NOBODY)
        targets = {"node-5": args.targets["node-5"], "node-6": Target(id="10.0.0.6", port=30080)}
        check = HealthCheck(port=10256)
        groups.update(arn, state, args.model_copy(update={"targets": targets, "health_check": check}))
        health = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        assert {item["Target"]["Id"] for item in health} == {"10.0.0.5", "10.0.0.6"}
        made = elbv2.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
        assert (made["HealthCheckProtocol"], made["HealthCheckPort"]) == ("TCP", "10256")

    def test_a_strangers_target_shows_as_drift_and_goes(
        self, groups: Groups, args: TargetGroupArgs, elbv2: Any
    ) -> None:
        arn, _ = groups.create(args, NOBODY)
        elbv2.register_targets(TargetGroupArn=arn, Targets=[{"Id": "10.0.0.9", "Port": 99}])
        read = groups.read(arn, args)
        assert read
        assert read.targets["10.0.0.9:99"] == Target(id="10.0.0.9", port=99)
        groups.update(arn, read, args)
        health = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        assert {item["Target"]["Id"] for item in health} == {"10.0.0.4", "10.0.0.5"}

    def test_a_replacement_stands_beside_what_it_replaces(
        self, groups: Groups, args: TargetGroupArgs, elbv2: Any
    ) -> None:
        old, state = groups.create(args, NOBODY)
        new, _ = groups.create(args.model_copy(update={"port": 30081}), frozenset({old}))
        assert old != new
        groups.delete(old, state)
        assert [group["TargetGroupArn"] for group in elbv2.describe_target_groups()["TargetGroups"]] == [new]

    def test_is_found_again_after_a_killed_run(self, groups: Groups, args: TargetGroupArgs, elbv2: Any) -> None:
        first, _ = groups.create(args, NOBODY)
        second, _ = groups.create(args, NOBODY)
        assert first == second
        assert len(elbv2.describe_target_groups()["TargetGroups"]) == 1

    def test_is_imported_under_the_name_that_it_was_given(self, groups: Groups, args: TargetGroupArgs) -> None:
        arn, _ = groups.create(args, NOBODY)
        found = groups.read(arn, None)
        assert found
        assert found.name == "shop-http"
        assert set(found.targets) == {"10.0.0.4:30080", "10.0.0.5:30080"}


class TestListener:
    """A listener between the two."""

    @pytest.fixture
    def listeners(self, cloud: AwsCloud, owner: Owner) -> Listeners:
        return Lifecycle(Listener(cloud, owner))

    @pytest.fixture
    def args(self, elbv2: Any, network: Network) -> ListenerArgs:
        made = elbv2.create_load_balancer(
            Name="shop", Type="network", Scheme="internal", Subnets=list(network.subnets.values())
        )
        balancer = made["LoadBalancers"][0]["LoadBalancerArn"]
        return ListenerArgs(
            name="shop-http",
            load_balancer=Ref(name="shop", id=balancer),
            port=80,
            protocol=TransportProtocol.TCP,
            target_group=Ref(name="shop-http", id=self.make_group(elbv2, network, "one")),
        )

    def make_group(self, elbv2: Any, network: Network, name: str) -> str:
        made = elbv2.create_target_group(Name=name, Protocol="TCP", Port=30080, VpcId=network.vpc)
        return str(made["TargetGroups"][0]["TargetGroupArn"])

    def test_is_made_and_read(self, listeners: Listeners, args: ListenerArgs, elbv2: Any, owner: Owner) -> None:
        arn, state = listeners.create(args, NOBODY)
        made = elbv2.describe_listeners(ListenerArns=[arn])["Listeners"][0]
        assert (made["LoadBalancerArn"], made["Port"], made["Protocol"]) == (args.load_balancer.id, 80, "TCP")
        assert made["DefaultActions"][0]["TargetGroupArn"] == args.target_group.id
        assert tags(elbv2, arn) == {"Name": "shop-http", **owner.tags()}
        assert listeners.read(arn, args) == state
        assert not compare(ListenerArgs, state.to_wire(), args.to_wire()).changes

    def test_is_changed_in_place(self, listeners: Listeners, args: ListenerArgs, elbv2: Any, network: Network) -> None:
        arn, state = listeners.create(args, NOBODY)
        group = Ref(name="other", id=self.make_group(elbv2, network, "two"))
        wanted = args.model_copy(update={"port": 8080, "target_group": group})
        listeners.update(arn, state, wanted)
        made = elbv2.describe_listeners(ListenerArns=[arn])["Listeners"][0]
        assert (made["Port"], made["DefaultActions"][0]["TargetGroupArn"]) == (8080, group.id)
        assert listeners.read(arn, wanted) == state.model_copy(update=dict(wanted))

    def test_is_found_again_after_a_killed_run(self, listeners: Listeners, args: ListenerArgs, elbv2: Any) -> None:
        first, _ = listeners.create(args, NOBODY)
        second, _ = listeners.create(args, NOBODY)
        assert first == second
        assert len(elbv2.describe_listeners(LoadBalancerArn=args.load_balancer.id)["Listeners"]) == 1

    def test_is_imported_with_names_read_from_arns(self, listeners: Listeners, args: ListenerArgs) -> None:
        arn, _ = listeners.create(args, NOBODY)
        found = listeners.read(arn, None)
        assert found
        assert (found.load_balancer, found.target_group) == (
            args.load_balancer,
            Ref(name="one", id=args.target_group.id),
        )

    def test_one_that_went_with_its_load_balancer_is_gone(
        self, listeners: Listeners, args: ListenerArgs, elbv2: Any
    ) -> None:
        arn, state = listeners.create(args, NOBODY)
        elbv2.delete_load_balancer(LoadBalancerArn=args.load_balancer.id)
        assert listeners.read(arn, args) is None
        listeners.delete(arn, state)


def test_a_target_group_of_another_kind_is_not_taken_for_ours(
    cloud: AwsCloud, elbv2: Any, network: Network, owner: Owner
) -> None:
    made = elbv2.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=network.vpc)
    with pytest.raises(RefusedError, match="it has HTTP"):
        TargetGroup(cloud, owner).read(made["TargetGroups"][0]["TargetGroupArn"], None)


def test_an_application_load_balancer_is_not_taken_for_ours(
    cloud: AwsCloud, elbv2: Any, network: Network, owner: Owner
) -> None:
    made = elbv2.create_load_balancer(
        Name="web", Type="application", Scheme="internal", Subnets=list(network.subnets.values())
    )
    with pytest.raises(RefusedError, match="application"):
        NetworkLoadBalancer(cloud, owner).read(made["LoadBalancers"][0]["LoadBalancerArn"], None)
