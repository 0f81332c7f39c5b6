from __future__ import annotations

from typing import Any, ClassVar

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


class TestMoves:
    """Whether a plan may give a subnet another range."""

    OLD: ClassVar[dict[str, Any]] = {"name": "main", "cidr": "10.0.0.0/20"}

    def test_another_range_is_refused(self, args: SubnetArgs) -> None:
        moved = SubnetArgs.model_validate({**dict(args), "cidr": "10.0.16.0/20"})
        (refused,) = Subnet.refuse_change(self.OLD, moved)
        assert (refused.summary, refused.path) == ("main would move from 10.0.0.0/20 to 10.0.16.0/20", "cidr")
        assert "subnets.moves" in refused.detail

    def test_on_purpose_it_is_not(self, args: SubnetArgs) -> None:
        moved = SubnetArgs.model_validate({**dict(args), "cidr": "10.0.16.0/20", "moves": True})
        assert Subnet.refuse_change(self.OLD, moved) == []

    def test_nothing_else_is_refused(self, args: SubnetArgs) -> None:
        changed = args.model_copy(update={"name": "other", "zone": "eu-west-1b", "public_addresses": True})
        assert Subnet.refuse_change(self.OLD, changed) == []
        assert Subnet.refuse_change({"name": "main"}, changed) == []

    def test_reads_as_it_was_declared(self, cloud: Any, owner: Owner, args: SubnetArgs) -> None:
        cloud.ec2.answers["describe_subnets"] = {"Subnets": [SUBNET]}
        read = Subnet(cloud, owner).read("subnet-1", args.model_copy(update={"moves": True}))
        assert read is not None
        assert read.moves
