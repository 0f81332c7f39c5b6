from __future__ import annotations

from typing import Any

import pytest

from kubewire.model import Ref
from kubewire.resources.base import Owner
from kubewire.resources.subnet import Subnet, SubnetArgs, SubnetState

SUBNET = {
    "SubnetId": "subnet-1",
    "SubnetArn": "arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-1",
    "State": "available",
    "VpcId": "vpc-1",
    "CidrBlock": "10.0.0.0/20",
    "AvailabilityZone": "eu-west-1a",
    "MapPublicIpOnLaunch": False,
    "Tags": [{"Key": "Name", "Value": "main"}],
}


@pytest.fixture
def args() -> SubnetArgs:
    return SubnetArgs.model_validate(
        {"name": "main", "vpc": Ref(name="shop", id="vpc-1"), "cidr": "10.0.0.0/20", "zone": "eu-west-1a"}
    )


@pytest.fixture
def state(args: SubnetArgs) -> SubnetState:
    return SubnetState(**dict(args), arn=SUBNET["SubnetArn"])


def test_is_made_whole_and_tagged_in_one_call(cloud: Any, owner: Owner, args: SubnetArgs) -> None:
    cloud.ec2.answers["create_subnet"] = {"Subnet": {"SubnetId": "subnet-1"}}
    assert Subnet(cloud, owner).create(args) == "subnet-1"
    ((_, asked),) = cloud.ec2.asked
    assert (asked["VpcId"], asked["CidrBlock"], asked["AvailabilityZone"]) == ("vpc-1", "10.0.0.0/20", "eu-west-1a")
    assert asked["TagSpecifications"][0]["ResourceType"] == "subnet"


def test_reads_what_it_declares(cloud: Any, owner: Owner, args: SubnetArgs, state: SubnetState) -> None:
    cloud.ec2.answers["describe_subnets"] = {"Subnets": [SUBNET]}
    assert Subnet(cloud, owner).read("subnet-1", args) == state


def test_is_not_there_while_pending(cloud: Any, owner: Owner, args: SubnetArgs) -> None:
    cloud.ec2.answers["describe_subnets"] = {"Subnets": [{**SUBNET, "State": "pending"}]}
    assert Subnet(cloud, owner).read("subnet-1", args) is None


def test_no_change_is_no_call(cloud: Any, owner: Owner, args: SubnetArgs, state: SubnetState) -> None:
    assert Subnet(cloud, owner).converge("subnet-1", state, args) == state
    assert cloud.ec2.asked == []


def test_public_addresses_are_switched(cloud: Any, owner: Owner, args: SubnetArgs, state: SubnetState) -> None:
    Subnet(cloud, owner).converge("subnet-1", state, args.model_copy(update={"public_addresses": True}))
    asked = {"SubnetId": "subnet-1", "MapPublicIpOnLaunch": {"Value": True}}
    assert cloud.ec2.asked == [("modify_subnet_attribute", asked)]
