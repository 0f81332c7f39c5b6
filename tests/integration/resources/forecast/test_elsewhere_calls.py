from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from kubewire.model import Ref
from kubewire.resources.auto_scaling_attachment import AutoScalingAttachment, AutoScalingAttachmentArgs
from kubewire.resources.elb import TransportProtocol
from kubewire.resources.health_check import HealthCheck
from kubewire.resources.hosted_zone import HostedZone, HostedZoneArgs
from kubewire.resources.listener import Listener, ListenerArgs
from kubewire.resources.load_balancer_status import LoadBalancerStatus, LoadBalancerStatusArgs
from kubewire.resources.network_load_balancer import NetworkLoadBalancer, NetworkLoadBalancerArgs
from kubewire.resources.record import Record
from kubewire.resources.record_marker import Marker
from kubewire.resources.record_sets import RecordsArgs
from kubewire.resources.records import Records
from kubewire.resources.target_group import Target, TargetGroup, TargetGroupArgs, TargetType
from tests.integration.local.aws.network import IMAGE
from tests.integration.resources.ec2.described import World
from tests.integration.resources.forecast.conftest import Heard

DOMAIN = "shop.internal"


@dataclass(frozen=True)
class Place:
    """What load balancers are made in."""

    vpc: Ref
    subnets: dict[str, str]
    groups: dict[str, str]


@pytest.fixture
def autoscaling(boto: Callable[[str], Any]) -> Any:
    return boto("autoscaling")


@pytest.fixture
def place(world: World, ec2: Any) -> Place:
    subnets = {world.subnet.name: world.subnet.id}
    for number, zone in enumerate("bc"):
        made = ec2.create_subnet(
            VpcId=world.vpc.id, CidrBlock=f"10.0.{64 + 16 * number}.0/20", AvailabilityZone=f"eu-west-1{zone}"
        )
        subnets[f"private-{zone}"] = made["Subnet"]["SubnetId"]
    other = ec2.create_security_group(GroupName="other", Description="other", VpcId=world.vpc.id)["GroupId"]
    return Place(world.vpc, subnets, {"nodes": world.group.id, "other": other})


def balancer(place: Place, **changed: Any) -> NetworkLoadBalancerArgs:
    two = dict(list(place.subnets.items())[:2])
    fields = {"name": "shop", "subnets": two, "security_groups": {"nodes": place.groups["nodes"]}}
    return NetworkLoadBalancerArgs.model_validate({**fields, **changed})


def group(place: Place, targets: int, **changed: Any) -> TargetGroupArgs:
    rows = {f"node-{host}": Target(id=f"10.0.{host // 200}.{10 + host % 200}", port=30080) for host in range(targets)}
    fields = {
        "name": "shop-http",
        "vpc": place.vpc,
        "protocol": TransportProtocol.TCP,
        "port": 30080,
        "target_type": TargetType.IP,
        "targets": rows,
    }
    return TargetGroupArgs.model_validate({**fields, **changed})


def check(heard: Heard, kind: Any, first: Any, *wanted: Any) -> None:
    """Make it and change it, each time with the calls that were forecast."""
    object_id, state, made = heard.create(kind, first)
    assert made == kind.calls(None, first)
    assert kind.calls(state, first).total() == 0
    for args in wanted:
        forecast = kind.calls(state, args)
        assert forecast.total() > 0
        assert heard.update(kind, object_id, state, args) == forecast
        state = state.model_copy(update=dict(args))


def test_a_load_balancer(heard: Heard, place: Place) -> None:
    first, second, third = place.subnets.items()
    check(
        heard,
        NetworkLoadBalancer,
        balancer(place),
        balancer(place, security_groups=place.groups, cross_zone=False),
        balancer(place, security_groups=place.groups, cross_zone=False, subnets=place.subnets),
        balancer(place, cross_zone=False, subnets=dict([first, second])),
        balancer(place, cross_zone=False, subnets=dict([first, third])),
        balancer(place, cross_zone=False, subnets=dict([first, third]), tags={"team": "shop"}),
    )


@pytest.mark.parametrize("kind", [TargetType.IP, TargetType.INSTANCE])
def test_a_target_group_of_either_kind(kind: TargetType, heard: Heard, place: Place) -> None:
    checked = HealthCheck.model_validate({"interval_seconds": 30})
    fresh = group(place, 0, target_type=kind)
    check(
        heard,
        TargetGroup,
        fresh,
        fresh.model_copy(update={"deregistration_delay_seconds": 10}),
        fresh.model_copy(update={"deregistration_delay_seconds": 10, "health_check": checked, "tags": {"team": "x"}}),
    )


def test_targets_go_by_two_hundred(heard: Heard, place: Place) -> None:
    check(heard, TargetGroup, group(place, 450), group(place, 451), group(place, 201), group(place, 0))


def test_a_listener(heard: Heard, place: Place) -> None:
    arn, _, _ = heard.create(NetworkLoadBalancer, balancer(place))
    behind, _, _ = heard.create(TargetGroup, group(place, 1))
    fields: dict[str, Any] = {
        "name": "shop-http",
        "load_balancer": Ref(name="shop", id=arn),
        "port": 80,
        "protocol": TransportProtocol.TCP,
        "target_group": Ref(name="shop-http", id=behind),
    }
    args = ListenerArgs(**fields)
    check(heard, Listener, args, args.model_copy(update={"port": 81}), args.model_copy(update={"name": "other"}))


def test_an_attachment(heard: Heard, place: Place, autoscaling: Any) -> None:
    registered = {"target_type": TargetType.INSTANCE, "auto_scaling_group": "workers"}
    behind, _, _ = heard.create(TargetGroup, group(place, 0, **registered))
    fields = {"ImageId": IMAGE, "InstanceType": "m5.large", "LaunchConfigurationName": "workers"}
    autoscaling.create_launch_configuration(**fields)
    subnets = ",".join(place.subnets.values())
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="workers",
        LaunchConfigurationName="workers",
        MinSize=1,
        MaxSize=1,
        VPCZoneIdentifier=subnets,
    )
    args = AutoScalingAttachmentArgs(group="workers", target_group=Ref(name="shop-http", id=behind))
    check(heard, AutoScalingAttachment, args)


def test_a_zone(heard: Heard, world: World) -> None:
    both = {"shop": world.vpc.id, "bare": world.bare.id}
    check(
        heard,
        HostedZone,
        HostedZoneArgs(domain=DOMAIN, vpcs=both),
        HostedZoneArgs(domain=DOMAIN, vpcs={"shop": world.vpc.id}, comment="one"),
        HostedZoneArgs(domain=DOMAIN, vpcs=both, comment="two", tags={"team": "shop"}),
    )


def test_records_go_by_a_thousand_values(heard: Heard, world: World) -> None:
    zone_id, _, _ = heard.create(HostedZone, HostedZoneArgs(domain=DOMAIN, vpcs={"shop": world.vpc.id}))
    zone = Ref(name=DOMAIN, id=zone_id)

    def some(number: int, address: str = "10.0.0.1") -> RecordsArgs:
        return RecordsArgs(
            zone=zone, records={f"n{one}.{DOMAIN} A": Record(values=(address,)) for one in range(number)}
        )

    check(heard, Records, some(1100), some(3), some(600, "10.0.0.2"))


def test_marks_of_records_count_too(heard: Heard, world: World) -> None:
    zone_id, _, _ = heard.create(HostedZone, HostedZoneArgs(domain=DOMAIN, vpcs={"shop": world.vpc.id}))
    bare = RecordsArgs(
        zone=Ref(name=DOMAIN, id=zone_id),
        records={f"n{one}.{DOMAIN} A": Record(values=("10.0.0.1",)) for one in range(600)},
    )
    marked = bare.model_copy(update={"marker": Marker(resource="service/shop/front")})
    few = marked.model_copy(update={"records": dict(list(bare.records.items())[:3])})
    check(heard, Records, marked, few, marked)
    # They have more characters than one change takes, long before they are a thousand.
    assert Records.calls(None, marked).total() > 1


def test_what_kubernetes_is_told_takes_no_call_of_aws(heard: Heard) -> None:
    del heard
    args = LoadBalancerStatusArgs(namespace="shop", service="front", hostnames=("lb.example.com",))
    assert LoadBalancerStatus.calls(None, args).total() == 0
