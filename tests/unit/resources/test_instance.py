from __future__ import annotations

from typing import Any

import pytest

from kubewire.errors import InUseError, NotFoundError
from kubewire.model import Ref
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import GONE, Owner
from kubewire.resources.instance import Instance, InstanceArgs, InstanceState

NOBODY: frozenset[str] = frozenset()
REASON = "Client.InternalError: Client error on launch"


@pytest.fixture
def args() -> InstanceArgs:
    return InstanceArgs(
        name="node-a",
        image="ami-0123456789abcdef0",
        instance_type="t3.medium",
        interface=Ref(name="node-a", id="eni-1"),
    )


@pytest.fixture
def state(args: InstanceArgs) -> InstanceState:
    return InstanceState(**dict(args), zone="eu-west-1a")


def instance(word: str) -> dict[str, Any]:
    return {
        "InstanceId": "i-1",
        "State": {"Name": word},
        "StateReason": {"Message": REASON},
        "ImageId": "ami-0123456789abcdef0",
        "InstanceType": "t3.medium",
        "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "Attachment": {"DeviceIndex": 0}}],
        "Placement": {"AvailabilityZone": "eu-west-1a"},
        "Tags": [{"Key": "Name", "Value": "node-a"}],
    }


def becomes(cloud: Any, *words: str) -> None:
    """Let the instance be in one state after the other, and in the last for ever."""
    left = list(words)

    def describe(**_: Any) -> dict[str, Any]:
        word = left.pop(0) if len(left) > 1 else left[0]
        return {"Reservations": [{"Instances": [instance(word)]}] if word else []}

    cloud.ec2.answers["describe_instances"] = describe
    cloud.ec2.answers["run_instances"] = {"Instances": [{"InstanceId": "i-1"}]}


def test_is_made_with_its_interface_and_without_a_way_to_its_credentials_for_pods(
    cloud: Any, owner: Owner, args: InstanceArgs
) -> None:
    becomes(cloud, "pending")
    assert Instance(cloud, owner).create(args) == "i-1"
    ((_, asked),) = cloud.ec2.asked
    assert asked["NetworkInterfaces"] == [{"DeviceIndex": 0, "NetworkInterfaceId": "eni-1"}]
    assert asked["MetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
    assert (asked["MinCount"], asked["MaxCount"]) == (1, 1)
    assert asked["TagSpecifications"][0]["ResourceType"] == "instance"
    assert asked["ClientToken"]


def test_create_waits_until_it_runs(cloud: Any, owner: Owner, args: InstanceArgs, state: InstanceState) -> None:
    becomes(cloud, "", "pending", "pending", "running")
    assert Lifecycle(Instance(cloud, owner)).create(args, NOBODY) == ("i-1", state)
    assert cloud.clock.now > 0


def test_one_that_dies_at_its_start_is_named_with_the_reason_and_not_kept(
    cloud: Any, owner: Owner, args: InstanceArgs
) -> None:
    becomes(cloud, "", "pending", "pending", "terminated")
    with pytest.raises(NotFoundError, match=f"node-a did not start: {REASON}") as caught:
        Lifecycle(Instance(cloud, owner)).create(args, NOBODY)
    assert caught.value.code == GONE
    assert cloud.ec2.operations.count("run_instances") == 1


@pytest.mark.parametrize("word", ["shutting-down", "terminated", ""])
def test_one_that_ended_is_gone(word: str, cloud: Any, owner: Owner, args: InstanceArgs) -> None:
    becomes(cloud, word)
    assert Instance(cloud, owner).read("i-1", args) is None
    assert Instance(cloud, owner).find(args) == []


@pytest.mark.parametrize("word", ["pending", "running", "stopping", "stopped"])
def test_one_that_can_run_again_is_there(
    word: str, cloud: Any, owner: Owner, args: InstanceArgs, state: InstanceState
) -> None:
    becomes(cloud, word)
    assert Instance(cloud, owner).read("i-1", args) == state
    assert Instance(cloud, owner).find(args) == ["i-1"]


def test_no_change_changes_nothing(cloud: Any, owner: Owner, args: InstanceArgs, state: InstanceState) -> None:
    becomes(cloud, "running")
    assert Instance(cloud, owner).converge("i-1", state, args) == state
    assert cloud.ec2.operations == ["describe_instances"]


def held_by(cloud: Any, *holders: str) -> None:
    """Let AWS refuse as many launches as there are holders; each time the interface is another one's."""
    left = list(holders)

    def launch(**_: Any) -> dict[str, Any]:
        if left:
            raise InUseError("eni-1 in use", code="InvalidNetworkInterface.InUse", operation="ec2:RunInstances")
        return {"Instances": [{"InstanceId": "i-1"}]}

    def interface(**_: Any) -> dict[str, Any]:
        holder = left.pop(0)
        return {"NetworkInterfaces": [{"Attachment": {"InstanceId": holder}} if holder else {}]}

    cloud.ec2.answers["run_instances"] = launch
    cloud.ec2.answers["describe_network_interfaces"] = interface


def test_the_interface_of_an_instance_that_ended_is_waited_for(cloud: Any, owner: Owner, args: InstanceArgs) -> None:
    becomes(cloud, "shutting-down", "terminated")
    held_by(cloud, "i-0", "i-0", "")
    assert Instance(cloud, owner).create(args) == "i-1"
    assert cloud.ec2.operations.count("run_instances") == 4
    assert cloud.clock.now > 0


def test_the_interface_of_an_instance_that_lives_is_not(cloud: Any, owner: Owner, args: InstanceArgs) -> None:
    becomes(cloud, "running")
    held_by(cloud, "i-0")
    with pytest.raises(InUseError):
        Instance(cloud, owner).create(args)
    assert cloud.clock.now == 0


def test_delete_waits_until_it_terminated(cloud: Any, owner: Owner, state: InstanceState) -> None:
    becomes(cloud, "shutting-down", "shutting-down", "terminated")
    Instance(cloud, owner).delete("i-1", state)
    assert cloud.ec2.operations == ["terminate_instances", *["describe_instances"] * 3]
