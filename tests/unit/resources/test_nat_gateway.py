from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kubewire.errors import InUseError, NotFoundError, RefusedError
from kubewire.model import Ref
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import GONE, Owner
from kubewire.resources.nat_gateway import NatGateway, NatGatewayArgs, NatGatewayState

NOBODY: frozenset[str] = frozenset()
ADDRESS = {"AllocationId": "eipalloc-1", "PublicIp": "192.0.2.1", "IsPrimary": True}


def gateway(state: str, **more: Any) -> dict[str, Any]:
    return {
        "NatGatewayId": "nat-1",
        "State": state,
        "SubnetId": "subnet-1",
        "NatGatewayAddresses": [ADDRESS],
        "Tags": [{"Key": "Name", "Value": "main"}],
        **more,
    }


def in_turn(*answers: Any) -> Callable[..., Any]:
    """Answer one after the other, and the last one for ever."""
    left = list(answers)
    return lambda **_: left.pop(0) if len(left) > 1 else left[0]


def described(*states: str) -> Callable[..., Any]:
    return in_turn(*({"NatGateways": [gateway(state)]} for state in states))


@pytest.fixture
def args() -> NatGatewayArgs:
    return NatGatewayArgs(name="main", subnet=Ref(name="public-a", id="subnet-1"))


@pytest.fixture
def state(args: NatGatewayArgs) -> NatGatewayState:
    return NatGatewayState(**dict(args), allocation="eipalloc-1", public_ip="192.0.2.1")


@pytest.fixture
def aws(cloud: Any) -> Any:
    """AWS with an address that an earlier run left, or without: `addresses` says."""
    cloud.ec2.answers = {
        "describe_addresses": {"Addresses": []},
        "allocate_address": {"AllocationId": "eipalloc-1"},
        "create_nat_gateway": {"NatGateway": {"NatGatewayId": "nat-1"}},
        "describe_nat_gateways": {"NatGateways": []},
    }
    return cloud


def test_is_made_with_an_address_of_its_own_both_tagged(aws: Any, owner: Owner, args: NatGatewayArgs) -> None:
    assert NatGateway(aws, owner).create(args) == "nat-1"
    asked = dict(aws.ec2.asked)
    assert asked["allocate_address"]["TagSpecifications"][0]["ResourceType"] == "elastic-ip"
    assert asked["create_nat_gateway"]["TagSpecifications"][0]["ResourceType"] == "natgateway"
    assert asked["create_nat_gateway"]["AllocationId"] == "eipalloc-1"


def test_a_run_killed_before_the_gateway_leaves_an_address_that_the_next_uses(
    aws: Any, owner: Owner, args: NatGatewayArgs
) -> None:
    taken = {"AllocationId": "eipalloc-0", "AssociationId": "eipassoc-0"}
    aws.ec2.answers["describe_addresses"] = {"Addresses": [taken, {"AllocationId": "eipalloc-7"}]}
    NatGateway(aws, owner).create(args)
    assert "allocate_address" not in aws.ec2.operations
    assert dict(aws.ec2.asked)["create_nat_gateway"]["AllocationId"] == "eipalloc-7"


def test_both_tries_of_one_create_bear_one_token_and_another_create_another(
    aws: Any, owner: Owner, args: NatGatewayArgs
) -> None:
    first, second = NatGateway(aws, owner), NatGateway(aws, owner)
    for resource in (first, first, second):
        resource.create(args)
    one, again, other = (asked["ClientToken"] for name, asked in aws.ec2.asked if name == "create_nat_gateway")
    assert one == again != other


def test_a_refused_gateway_leaves_no_address_behind(aws: Any, owner: Owner, args: NatGatewayArgs) -> None:
    refused = RefusedError("limit", code="NatGatewayLimitExceeded", operation="ec2:CreateNatGateway")
    aws.ec2.answers["create_nat_gateway"] = refused
    aws.ec2.answers["describe_addresses"] = in_turn({"Addresses": []}, {"Addresses": [ADDRESS]})
    with pytest.raises(RefusedError, match="limit"):
        NatGateway(aws, owner).create(args)
    assert ("release_address", {"AllocationId": "eipalloc-1"}) in aws.ec2.asked


def test_create_waits_until_it_is_available(aws: Any, owner: Owner, args: NatGatewayArgs) -> None:
    found = described("pending", "pending", "available")
    aws.ec2.answers["describe_nat_gateways"] = in_turn({"NatGateways": []}, *(found() for _ in range(3)))
    made, state = Lifecycle(NatGateway(aws, owner)).create(args, NOBODY)
    assert (made, state.public_ip) == ("nat-1", "192.0.2.1")
    assert aws.clock.now > 0


def test_a_gateway_that_fails_gives_its_address_back_and_is_not_kept(
    aws: Any, owner: Owner, args: NatGatewayArgs
) -> None:
    failed = {"NatGateways": [gateway("failed", FailureMessage="Subnet has insufficient free addresses")]}
    aws.ec2.answers["describe_nat_gateways"] = in_turn({"NatGateways": []}, described("pending")(), failed)
    aws.ec2.answers["describe_addresses"] = in_turn({"Addresses": []}, {"Addresses": [ADDRESS]})
    with pytest.raises(NotFoundError, match="main did not come up: Subnet has insufficient") as caught:
        Lifecycle(NatGateway(aws, owner)).create(args, NOBODY)
    assert caught.value.code == GONE
    assert "pulumi up --refresh" in str(caught.value)
    assert aws.ec2.asked[-1] == ("release_address", {"AllocationId": "eipalloc-1"})
    assert aws.ec2.operations.count("create_nat_gateway") == 1


def test_the_reason_of_a_failure_is_told_even_if_the_address_stays(
    aws: Any, owner: Owner, args: NatGatewayArgs, state: NatGatewayState
) -> None:
    aws.ec2.answers["describe_nat_gateways"] = {"NatGateways": [gateway("failed", FailureMessage="no room")]}
    aws.ec2.answers["describe_addresses"] = {"Addresses": [ADDRESS]}
    aws.ec2.answers["release_address"] = InUseError("x", code="InvalidIPAddress.InUse", operation="x")
    with pytest.raises(NotFoundError, match="no room"):
        NatGateway(aws, owner).converge("nat-1", state.model_copy(update={"public_ip": ""}), args)


@pytest.mark.parametrize(("word", "address"), [("pending", ""), ("available", "192.0.2.1")])
def test_only_an_available_gateway_has_an_address_to_route_to(
    word: str, address: str, aws: Any, owner: Owner, args: NatGatewayArgs
) -> None:
    aws.ec2.answers["describe_nat_gateways"] = described(word)
    found = NatGateway(aws, owner).read("nat-1", args)
    assert found
    assert found.public_ip == address


@pytest.mark.parametrize("word", ["deleting", "deleted", "failed"])
def test_one_on_its_way_out_is_gone(word: str, aws: Any, owner: Owner, args: NatGatewayArgs) -> None:
    aws.ec2.answers["describe_nat_gateways"] = described(word)
    assert NatGateway(aws, owner).read("nat-1", args) is None
    assert NatGateway(aws, owner).find(args) == []


def test_one_of_somebody_else_is_not_taken_for_ours(aws: Any, owner: Owner, args: NatGatewayArgs) -> None:
    """Even where AWS, or who plays it, doesn't filter by tags: what is found may be removed."""
    ours = [{"Key": key, "Value": value} for key, value in owner.tags().items()]
    theirs = [{**tag, "Value": "another"} for tag in ours]
    gateways = [gateway("available", Tags=theirs), gateway("available", Tags=ours, NatGatewayId="nat-2")]
    aws.ec2.answers["describe_nat_gateways"] = {"NatGateways": gateways}
    assert NatGateway(aws, owner).find(args) == ["nat-2"]


def test_one_that_aws_forgot_is_gone(aws: Any, owner: Owner, args: NatGatewayArgs) -> None:
    aws.ec2.answers["describe_nat_gateways"] = NotFoundError("no", code="NatGatewayNotFound", operation="x")
    assert Lifecycle(NatGateway(aws, owner)).read("nat-1", args) is None


def test_a_private_gateway_cannot_be_imported(aws: Any, owner: Owner) -> None:
    private = gateway("available", ConnectivityType="private", NatGatewayAddresses=[{"PrivateIp": "10.0.0.9"}])
    aws.ec2.answers["describe_nat_gateways"] = {"NatGateways": [private]}
    with pytest.raises(RefusedError, match="nat-1 has no elastic address"):
        NatGateway(aws, owner).read("nat-1", None)


def test_no_change_is_no_call(aws: Any, owner: Owner, args: NatGatewayArgs, state: NatGatewayState) -> None:
    assert NatGateway(aws, owner).converge("nat-1", state, args) == state
    assert aws.ec2.asked == []


def test_its_address_gets_its_new_tags_too(
    aws: Any, owner: Owner, args: NatGatewayArgs, state: NatGatewayState
) -> None:
    NatGateway(aws, owner).converge("nat-1", state, args.model_copy(update={"tags": {"team": "web"}}))
    assert [asked["Resources"] for _, asked in aws.ec2.asked] == [["nat-1"], ["eipalloc-1"]]


def test_its_address_goes_when_it_is_gone(aws: Any, owner: Owner, state: NatGatewayState) -> None:
    aws.ec2.answers["describe_nat_gateways"] = described("deleting", "deleting", "deleted")
    aws.ec2.answers["describe_addresses"] = {"Addresses": [ADDRESS]}
    NatGateway(aws, owner).delete("nat-1", state)
    assert aws.ec2.operations == [
        "delete_nat_gateway",
        *["describe_nat_gateways"] * 3,
        "describe_addresses",
        "release_address",
    ]


@pytest.mark.parametrize("addresses", [[ADDRESS], []], ids=["the address is there", "nothing is there"])
def test_one_that_somebody_deleted_leaves_nothing(
    addresses: list[Any], aws: Any, owner: Owner, state: NatGatewayState
) -> None:
    aws.ec2.answers["delete_nat_gateway"] = NotFoundError("no", code="NatGatewayNotFound", operation="x")
    aws.ec2.answers["describe_addresses"] = {"Addresses": addresses}
    NatGateway(aws, owner).delete("nat-1", state)
    assert aws.ec2.operations.count("release_address") == len(addresses)


def test_address_that_aws_does_not_let_go_of_yet_is_in_use(aws: Any, state: NatGatewayState, owner: Owner) -> None:
    refused = RefusedError("You do not have permission", code="AuthFailure", operation="ec2:ReleaseAddress")
    aws.ec2.answers["describe_addresses"] = {"Addresses": [ADDRESS]}
    aws.ec2.answers["delete_nat_gateway"] = {}
    aws.ec2.answers["release_address"] = refused
    with pytest.raises(InUseError, match="permission"):
        NatGateway(aws, owner).delete("nat-1", state)
