from __future__ import annotations

from typing import Any

import pytest

from kubewire.errors import InUseError, NotFoundError
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.resources.base import Owner
from kubewire.resources.internet_gateway import InternetGateway, InternetGatewayArgs, InternetGatewayState

VPC = Ref(name="shop", id="vpc-1")
NAME = [{"Key": "Name", "Value": "main"}]


@pytest.fixture
def args() -> InternetGatewayArgs:
    return InternetGatewayArgs(name="main", vpc=VPC)


@pytest.fixture
def state(args: InternetGatewayArgs) -> InternetGatewayState:
    return InternetGatewayState(**dict(args))


def there(cloud: Any, *vpcs: str) -> None:
    attachments = [{"VpcId": vpc, "State": "available"} for vpc in vpcs]
    gateway = {"InternetGatewayId": "igw-1", "Attachments": attachments, "Tags": NAME}
    cloud.ec2.answers["describe_internet_gateways"] = {"InternetGateways": [gateway]}


def test_attached_reads_as_declared(
    cloud: Any, owner: Owner, args: InternetGatewayArgs, state: InternetGatewayState
) -> None:
    there(cloud, "vpc-1")
    assert InternetGateway(cloud, owner).read("igw-1", args) == state


def test_a_detached_one_is_attached_again_and_not_replaced(cloud: Any, owner: Owner, args: InternetGatewayArgs) -> None:
    there(cloud)
    gateway = InternetGateway(cloud, owner)
    found = gateway.read("igw-1", args)
    assert found
    difference = compare(InternetGatewayArgs, found.to_wire(), args.to_wire())
    assert set(difference.changes) == {"attached"}
    assert not difference.replaces
    cloud.ec2.asked.clear()
    gateway.converge("igw-1", found, args)
    assert cloud.ec2.asked == [("attach_internet_gateway", {"InternetGatewayId": "igw-1", "VpcId": "vpc-1"})]


def test_for_another_vpc_it_is_replaced_since_the_old_one_may_still_need_it(
    args: InternetGatewayArgs, state: InternetGatewayState
) -> None:
    moved = args.model_copy(update={"vpc": Ref(name="new", id="vpc-2")})
    assert compare(InternetGatewayArgs, state.to_wire(), moved.to_wire()).replaces == {"vpc"}


def test_no_change_is_no_call(cloud: Any, owner: Owner, args: InternetGatewayArgs, state: InternetGatewayState) -> None:
    assert InternetGateway(cloud, owner).converge("igw-1", state, args) == state
    assert cloud.ec2.asked == []


def test_is_detached_from_where_it_is_now_and_deleted(cloud: Any, owner: Owner, state: InternetGatewayState) -> None:
    there(cloud, "vpc-9")
    InternetGateway(cloud, owner).delete("igw-1", state)
    assert cloud.ec2.asked[1:] == [
        ("detach_internet_gateway", {"InternetGatewayId": "igw-1", "VpcId": "vpc-9"}),
        ("delete_internet_gateway", {"InternetGatewayId": "igw-1"}),
    ]


def test_a_detached_one_is_deleted_at_once(cloud: Any, owner: Owner, state: InternetGatewayState) -> None:
    there(cloud)
    InternetGateway(cloud, owner).delete("igw-1", state)
    assert cloud.ec2.operations == ["describe_internet_gateways", "delete_internet_gateway"]


def test_a_detachment_whose_answer_was_lost_does_not_leave_the_gateway_behind(
    cloud: Any, owner: Owner, state: InternetGatewayState
) -> None:
    there(cloud, "vpc-1")
    lost = NotFoundError("not attached", code="Gateway.NotAttached", operation="ec2:DetachInternetGateway")
    cloud.ec2.answers["detach_internet_gateway"] = lost
    InternetGateway(cloud, owner).delete("igw-1", state)
    assert cloud.ec2.operations[-1] == "delete_internet_gateway"


def test_public_addresses_in_the_vpc_are_waited_for_by_the_lifecycle(
    cloud: Any, owner: Owner, state: InternetGatewayState
) -> None:
    there(cloud, "vpc-1")
    busy = InUseError("mapped addresses", code="DependencyViolation", operation="ec2:DetachInternetGateway")
    cloud.ec2.answers["detach_internet_gateway"] = busy
    with pytest.raises(InUseError):
        InternetGateway(cloud, owner).delete("igw-1", state)
    assert "delete_internet_gateway" not in cloud.ec2.operations
