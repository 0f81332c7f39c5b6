"""Whatever is called in whatever order: nothing refers to what isn't there, and everything can be deleted."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.local.aws.conftest import Server

BROKEN = {"InternalFailure", "InternalError", "NotImplemented"}
NAMES = st.sampled_from(["one", "two", "three"])
FEW = st.integers(min_value=0, max_value=2)
CALLS = st.lists(
    st.one_of(
        st.tuples(st.just("balancer"), NAMES, FEW, st.booleans()),
        st.tuples(st.just("group"), NAMES, st.sampled_from(["TCP", "TCP_UDP"])),
        st.tuples(st.just("listener"), FEW, FEW, st.integers(80, 81), st.sampled_from(["TCP", "UDP"])),
        st.tuples(st.just("retarget"), FEW, FEW),
        st.tuples(st.just("register"), FEW, st.integers(10, 12)),
        st.tuples(st.just("deregister"), FEW, st.integers(10, 12)),
        st.tuples(st.just("move"), FEW, FEW),
        st.tuples(st.just("guard"), FEW),
        st.tuples(st.sampled_from(["delete_balancer", "delete_group", "delete_listener", "delete_subnet"]), FEW),
        st.tuples(st.just("wait")),
    ),
    min_size=10,
    max_size=16,
)


class NothingThereError(Exception):
    pass


def _any(things: list[Any], number: int) -> Any:
    if not things:
        raise NothingThereError
    return things[number % len(things)]


class Account:
    """An account with a VPC, and calls that pick what they are about from what is there."""

    def __init__(self, world: Server) -> None:
        self.world = world
        self.ec2, self.elbv2 = world.client("ec2"), world.client("elbv2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        for number, zone in enumerate("abc"):
            block = f"10.0.{number}.0/24"
            self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=block, AvailabilityZone=f"eu-west-1{zone}")
        self.guard = self.ec2.create_security_group(GroupName="guard", Description="guard", VpcId=self.vpc)["GroupId"]
        # What most calls need is there from the beginning.
        self._balancer("one", 1, guarded=False)
        self._group("one", "TCP_UDP")
        self._listener(0, 0, 80, "TCP")

    @property
    def balancers(self) -> list[dict[str, Any]]:
        return list(self.elbv2.describe_load_balancers()["LoadBalancers"])

    @property
    def groups(self) -> list[dict[str, Any]]:
        return list(self.elbv2.describe_target_groups()["TargetGroups"])

    @property
    def listeners(self) -> list[dict[str, Any]]:
        arns = [one["LoadBalancerArn"] for one in self.balancers]
        return [one for arn in arns for one in self.elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]]

    @property
    def subnets(self) -> list[str]:
        mine = [{"Name": "vpc-id", "Values": [self.vpc]}]
        return [one["SubnetId"] for one in self.ec2.describe_subnets(Filters=mine)["Subnets"]]

    @property
    def interfaces(self) -> list[dict[str, Any]]:
        return list(self.ec2.describe_network_interfaces()["NetworkInterfaces"])

    def call(self, what: str, *details: Any) -> None:
        """Make one of the calls; there may be nothing that it could be about."""
        with suppress(NothingThereError):
            getattr(self, f"_{what}")(*details)

    def _balancer(self, name: str, subnets: int, guarded: bool) -> None:  # noqa: FBT001 - one of a call's details
        groups = {"SecurityGroups": [self.guard]} if guarded else {}
        place = self.subnets[: subnets + 1]
        self.elbv2.create_load_balancer(Name=name, Type="network", Scheme="internal", Subnets=place, **groups)

    def _group(self, name: str, protocol: str) -> None:
        self.elbv2.create_target_group(Name=name, Protocol=protocol, Port=80, VpcId=self.vpc, TargetType="ip")

    def _listener(self, balancer: int, group: int, port: int, protocol: str) -> None:
        forward = [{"Type": "forward", "TargetGroupArn": _any(self.groups, group)["TargetGroupArn"]}]
        arn = _any(self.balancers, balancer)["LoadBalancerArn"]
        self.elbv2.create_listener(LoadBalancerArn=arn, Port=port, Protocol=protocol, DefaultActions=forward)

    def _retarget(self, listener: int, group: int) -> None:
        forward = [{"Type": "forward", "TargetGroupArn": _any(self.groups, group)["TargetGroupArn"]}]
        self.elbv2.modify_listener(ListenerArn=_any(self.listeners, listener)["ListenerArn"], DefaultActions=forward)

    def _register(self, group: int, host: int) -> None:
        arn = _any(self.groups, group)["TargetGroupArn"]
        self.elbv2.register_targets(TargetGroupArn=arn, Targets=[{"Id": f"10.0.0.{host}"}])

    def _deregister(self, group: int, host: int) -> None:
        arn = _any(self.groups, group)["TargetGroupArn"]
        self.elbv2.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": f"10.0.0.{host}"}])

    def _move(self, balancer: int, subnet: int) -> None:
        arn = _any(self.balancers, balancer)["LoadBalancerArn"]
        self.elbv2.set_subnets(LoadBalancerArn=arn, Subnets=[_any(self.subnets, subnet)])

    def _guard(self, balancer: int) -> None:
        arn = _any(self.balancers, balancer)["LoadBalancerArn"]
        self.elbv2.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[self.guard])

    def _delete_balancer(self, balancer: int) -> None:
        self.elbv2.delete_load_balancer(LoadBalancerArn=_any(self.balancers, balancer)["LoadBalancerArn"])

    def _delete_group(self, group: int) -> None:
        self.elbv2.delete_target_group(TargetGroupArn=_any(self.groups, group)["TargetGroupArn"])

    def _delete_listener(self, listener: int) -> None:
        self.elbv2.delete_listener(ListenerArn=_any(self.listeners, listener)["ListenerArn"])

    def _delete_subnet(self, subnet: int) -> None:
        self.ec2.delete_subnet(SubnetId=_any(self.subnets, subnet))

    def _wait(self) -> None:
        self.world.control("clock", advance=45)

    def nothing_dangles(self) -> None:
        """Make sure that whatever is referred to is there."""
        balancers, groups, listeners = self.balancers, self.groups, self.listeners
        arns = {one["LoadBalancerArn"] for one in balancers}
        used = {
            (row["TargetGroupArn"], listener["LoadBalancerArn"])
            for listener in listeners
            for action in listener["DefaultActions"]
            for row in action["ForwardConfig"]["TargetGroups"]
        }
        assert used == {(one["TargetGroupArn"], arn) for one in groups for arn in one["LoadBalancerArns"]}
        assert {arn for _, arn in used} <= arns
        assert all(len(one["LoadBalancerArns"]) <= 1 for one in groups)
        placed = {zone["SubnetId"] for one in balancers for zone in one["AvailabilityZones"]}
        interfaces = self.interfaces
        assert placed <= {one["SubnetId"] for one in interfaces} <= set(self.subnets)
        described = {f"ELB {arn.partition(':loadbalancer/')[2]}" for arn in arns}
        assert described <= {one["Description"] for one in interfaces}
        addresses = [one["PrivateIpAddress"] for one in interfaces]
        assert len(addresses) == len(set(addresses))
        for group in groups:
            health = self.elbv2.describe_target_health(TargetGroupArn=group["TargetGroupArn"])
            states = {one["TargetHealth"]["State"] for one in health["TargetHealthDescriptions"]}
            assert group["LoadBalancerArns"] or states <= {"unused", "draining"}
        assert not self.world.complaints()

    def delete_everything(self) -> None:
        """Delete all in the order of dependencies."""
        for balancer in self.balancers:
            self.elbv2.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])
        for group in self.groups:
            self.elbv2.delete_target_group(TargetGroupArn=group["TargetGroupArn"])
        self.world.control("clock", advance=60)
        self.ec2.delete_security_group(GroupId=self.guard)
        for subnet in self.subnets:
            self.ec2.delete_subnet(SubnetId=subnet)
        self.ec2.delete_vpc(VpcId=self.vpc)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=CALLS)
def test_nothing_dangles_and_everything_can_be_deleted(world: Server, calls: list[tuple[Any, ...]]) -> None:
    world.control("reset")
    world.control("config", clock="manual", pace="aws")
    account = Account(world)
    for call in calls:
        try:
            account.call(*call)
        except ClientError as refusal:
            if refusal.response["Error"]["Code"] in BROKEN:
                raise
        account.nothing_dangles()
    account.delete_everything()
    assert (account.balancers, account.groups, account.interfaces, account.subnets) == ([], [], [], [])
