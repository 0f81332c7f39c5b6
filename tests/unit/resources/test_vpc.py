from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.faults import faults
from kubewire.resources.base import Owner
from kubewire.resources.vpc import Vpc, VpcArgs, VpcState

VPC = {"VpcId": "vpc-1", "State": "available", "CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Name", "Value": "main"}]}


@pytest.fixture
def args() -> VpcArgs:
    return VpcArgs.model_validate({"name": "main", "cidr": "10.0.0.0/16"})


@pytest.fixture
def state(args: VpcArgs) -> VpcState:
    return VpcState(**dict(args), main_route_table="rtb-1", default_security_group="sg-1")


def answer(cloud: Any) -> None:
    cloud.ec2.answers = {
        "describe_vpcs": {"Vpcs": [VPC]},
        "describe_vpc_attribute": lambda Attribute, **_: {  # noqa: N803 - AWS's name
            Attribute[0].upper() + Attribute[1:]: {"Value": True}
        },
        "describe_route_tables": {"RouteTables": [{"RouteTableId": "rtb-1"}]},
        "describe_security_groups": {"SecurityGroups": [{"GroupId": "sg-1"}]},
    }


@pytest.mark.parametrize("cidr", ["10.0.0.0/15", "10.0.0.0/29", "127.0.0.0/16", "169.254.0.0/24", "224.1.0.0/16"])
def test_ranges_that_aws_refuses_are_refused(cidr: str) -> None:
    with pytest.raises(ValidationError) as caught:
        VpcArgs.model_validate({"name": "main", "cidr": cidr})
    assert [fault.path for fault in faults(caught.value)] == ["cidr"]


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "172.31.0.0/28", "198.19.0.0/24"])
def test_other_ranges_are_taken(cidr: str) -> None:
    assert str(VpcArgs.model_validate({"name": "main", "cidr": cidr}).cidr) == cidr


def test_reads_what_it_declares(cloud: Any, owner: Owner, args: VpcArgs, state: VpcState) -> None:
    answer(cloud)
    assert Vpc(cloud, owner).read("vpc-1", args) == state


@pytest.mark.parametrize("missing", ["describe_route_tables", "describe_security_groups"])
def test_is_not_there_before_what_aws_makes_with_it(missing: str, cloud: Any, owner: Owner, args: VpcArgs) -> None:
    answer(cloud)
    cloud.ec2.answers[missing] = {"RouteTables": [], "SecurityGroups": []}
    assert Vpc(cloud, owner).read("vpc-1", args) is None


def test_is_not_there_while_pending(cloud: Any, owner: Owner, args: VpcArgs) -> None:
    answer(cloud)
    cloud.ec2.answers["describe_vpcs"] = {"Vpcs": [{**VPC, "State": "pending"}]}
    assert Vpc(cloud, owner).read("vpc-1", args) is None


def test_no_change_is_no_call(cloud: Any, owner: Owner, args: VpcArgs, state: VpcState) -> None:
    assert Vpc(cloud, owner).converge("vpc-1", state, args) == state
    assert cloud.ec2.asked == []


@pytest.mark.parametrize(
    ("before", "after", "calls"),
    [
        ((False, False), (True, True), [{"EnableDnsSupport": True}, {"EnableDnsHostnames": True}]),
        ((True, True), (False, False), [{"EnableDnsHostnames": False}, {"EnableDnsSupport": False}]),
        ((True, False), (True, True), [{"EnableDnsHostnames": True}]),
    ],
    ids=["on: support first", "off: support last", "host names alone"],
)
def test_dns_is_switched_one_attribute_a_call_in_the_order_that_aws_takes(
    before: tuple[bool, bool],
    after: tuple[bool, bool],
    calls: list[dict[str, bool]],
    cloud: Any,
    owner: Owner,
    state: VpcState,
) -> None:
    old = state.model_copy(update={"dns_support": before[0], "dns_hostnames": before[1]})
    new = VpcArgs(name=state.name, cidr=state.cidr, dns_support=after[0], dns_hostnames=after[1])
    Vpc(cloud, owner).converge("vpc-1", old, new)
    wanted = [{key: {"Value": value} for key, value in call.items()} for call in calls]
    assert [parameters for _, parameters in cloud.ec2.asked] == [{"VpcId": "vpc-1", **call} for call in wanted]


def test_a_range_of_a_pool_is_asked_for_and_believed(cloud: Any, owner: Owner, args: VpcArgs) -> None:
    cloud.ec2.answers["create_vpc"] = {"Vpc": {"VpcId": "vpc-1"}}
    pooled = args.model_copy(update={"ipam_pool": "ipam-pool-1"})
    Vpc(cloud, owner).create(pooled)
    Vpc(cloud, owner).create(args)
    (_, of_pool), (_, plain) = cloud.ec2.asked
    assert (of_pool["CidrBlock"], of_pool["Ipv4IpamPoolId"]) == ("10.0.0.0/16", "ipam-pool-1")
    assert "Ipv4IpamPoolId" not in plain
    answer(cloud)
    read = Vpc(cloud, owner).read("vpc-1", pooled)
    assert read is not None
    assert read.ipam_pool == "ipam-pool-1"
