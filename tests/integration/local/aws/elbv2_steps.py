"""Steps that cases of load balancers begin with."""

from __future__ import annotations

from typing import Any

from tests.integration.local.aws.case import Step, ec2, elbv2
from tests.integration.local.aws.network import IMAGE

API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference"
NLB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network"
EC2_ERRORS = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"
MANAGED = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html"


CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
NO_BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/none/0123456789abcdef"
NO_GROUP = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/none/0123456789abcdef"
NO_LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/net/none/0123456789abcdef/0123456789abcdef"

VPC = ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId")


def subnet(name: str, number: int, zone: str, vpc: str = "$vpc", **also: Any) -> Step:
    """A subnet 10.0.<number>.0/24."""
    made = ec2.create_subnet(
        VpcId=vpc, AvailabilityZone=f"eu-west-1{zone}", **{"CidrBlock": f"10.0.{number}.0/24", **also}
    )
    return made.keep(**{name: "Subnet.SubnetId"})


A, B = subnet("a", 1, "a"), subnet("b", 2, "b")
PLACE = (VPC, A, B)

GATEWAY = (
    ec2.create_internet_gateway().keep(gateway="InternetGateway.InternetGatewayId"),
    ec2.attach_internet_gateway(InternetGatewayId="$gateway", VpcId="$vpc"),
)

GUARD = ec2.create_security_group(GroupName="guard", Description="guard", VpcId="$vpc").keep(guard="GroupId")


def balancer(name: str = "shop", **also: Any) -> Step:
    """An internal network load balancer in both subnets, unless said otherwise."""
    given: dict[str, Any] = {"Name": name, "Type": "network", "Scheme": "internal", **also}
    if "SubnetMappings" not in given:
        given.setdefault("Subnets", ["$a", "$b"])
    return elbv2.create_load_balancer(**{key: value for key, value in given.items() if value is not None}).keep(
        balancer="LoadBalancers[0].LoadBalancerArn"
    )


BALANCER = balancer()


def group(name: str = "web", keep: str = "group", **also: Any) -> Step:
    """A target group of TCP on port 80, unless said otherwise."""
    given = {"Name": name, "Protocol": "TCP", "Port": 80, "VpcId": "$vpc", **also}
    return elbv2.create_target_group(**given).keep(**{keep: "TargetGroups[0].TargetGroupArn"})


GROUP = group()
ADDRESSES = group(TargetType="ip")


def listener(port: int = 80, protocol: str = "TCP", target: str = "$group", **also: Any) -> Step:
    """A listener of the load balancer that forwards to the target group."""
    forward = [{"Type": "forward", "TargetGroupArn": target}]
    given = {"LoadBalancerArn": "$balancer", "Port": port, "Protocol": protocol, "DefaultActions": forward, **also}
    return elbv2.create_listener(**given).keep(listener="Listeners[0].ListenerArn")


LISTENER = listener()
DELETE_BALANCER = elbv2.delete_load_balancer(LoadBalancerArn="$balancer")


def register(*targets: tuple[str, int] | str) -> Step:
    """Registers targets, with ports or without."""
    return elbv2.register_targets(TargetGroupArn="$group", Targets=targets_of(targets))


def deregister(*targets: tuple[str, int] | str) -> Step:
    """The opposite."""
    return elbv2.deregister_targets(TargetGroupArn="$group", Targets=targets_of(targets))


def targets_of(targets: tuple[tuple[str, int] | str, ...]) -> list[dict[str, Any]]:
    """Targets as calls take them."""
    return [{"Id": one} if isinstance(one, str) else {"Id": one[0], "Port": one[1]} for one in targets]


STATES = "TargetHealthDescriptions[].TargetHealth.State"
REASONS = "TargetHealthDescriptions[].TargetHealth.Reason"
DESCRIPTIONS = "TargetHealthDescriptions[].TargetHealth.Description"
HEALTH = elbv2.describe_target_health(TargetGroupArn="$group")


def healths(*states: str) -> Step:
    """The states of all targets, in the order in which they were registered."""
    return HEALTH.answers({STATES: list(states)})


def instance(name: str = "instance", place: str = "$a", **also: Any) -> Step:
    """A running instance."""
    made = ec2.run_instances(ImageId=IMAGE, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=place, **also)
    return made.keep(**{name: "Instances[0].InstanceId"})
