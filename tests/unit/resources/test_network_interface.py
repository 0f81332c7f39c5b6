from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.errors import InUseError, RefusedError
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.resources.base import Owner
from kubewire.resources.network_interface import NetworkInterface, NetworkInterfaceArgs, NetworkInterfaceState

INTERFACE = {
    "NetworkInterfaceId": "eni-1",
    "SubnetId": "subnet-1",
    "PrivateIpAddress": "10.0.0.7",
    "Groups": [{"GroupId": "sg-1"}],
    "SourceDestCheck": False,
    "TagSet": [{"Key": "Name", "Value": "node-a"}],
}


@pytest.fixture
def args() -> NetworkInterfaceArgs:
    return NetworkInterfaceArgs(
        name="node-a",
        subnet=Ref(name="private-a", id="subnet-1"),
        security_groups={"nodes": "sg-1"},
        source_dest_check=False,
    )


@pytest.fixture
def state(args: NetworkInterfaceArgs) -> NetworkInterfaceState:
    return NetworkInterfaceState(**dict(args), private_ip="10.0.0.7")


def there(cloud: Any, **changed: Any) -> None:
    cloud.ec2.answers["describe_network_interfaces"] = {"NetworkInterfaces": [{**INTERFACE, **changed}]}


def test_an_address_that_aws_chose_is_no_difference(
    cloud: Any, owner: Owner, args: NetworkInterfaceArgs, state: NetworkInterfaceState
) -> None:
    there(cloud)
    found = NetworkInterface(cloud, owner).read("eni-1", args)
    assert found == state
    assert not compare(NetworkInterfaceArgs, state.to_wire(), args.to_wire()).changes


def test_a_check_that_somebody_switched_on_shows_and_goes(cloud: Any, owner: Owner, args: NetworkInterfaceArgs) -> None:
    there(cloud, SourceDestCheck=True)
    interface = NetworkInterface(cloud, owner)
    found = interface.read("eni-1", args)
    assert found
    assert set(compare(NetworkInterfaceArgs, found.to_wire(), args.to_wire()).changes) == {"sourceDestCheck"}
    cloud.ec2.asked.clear()
    interface.converge("eni-1", found, args)
    asked = {"NetworkInterfaceId": "eni-1", "SourceDestCheck": {"Value": False}}
    assert cloud.ec2.asked == [("modify_network_interface_attribute", asked)]


def test_groups_are_one_call_and_apart_from_the_check(
    cloud: Any, owner: Owner, args: NetworkInterfaceArgs, state: NetworkInterfaceState
) -> None:
    wanted = args.model_copy(update={"security_groups": {"b": "sg-2", "a": "sg-1"}, "source_dest_check": True})
    NetworkInterface(cloud, owner).converge("eni-1", state, wanted)
    assert [sorted(asked) for _, asked in cloud.ec2.asked] == [
        ["NetworkInterfaceId", "SourceDestCheck"],
        ["Groups", "NetworkInterfaceId"],
    ]
    assert cloud.ec2.asked[1][1]["Groups"] == ["sg-1", "sg-2"]


def test_a_renamed_group_is_no_call(
    cloud: Any, owner: Owner, args: NetworkInterfaceArgs, state: NetworkInterfaceState
) -> None:
    renamed = args.model_copy(update={"security_groups": {"machines": "sg-1"}})
    assert NetworkInterface(cloud, owner).converge("eni-1", state, renamed).security_groups == {"machines": "sg-1"}
    assert cloud.ec2.asked == []


@pytest.mark.parametrize("groups", [{}, {f"g{number}": f"sg-{number}" for number in range(17)}], ids=["none", "17"])
def test_number_of_groups_is_checked(groups: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="security_groups"):
        NetworkInterfaceArgs(name="node-a", subnet=Ref(name="a", id="subnet-1"), security_groups=groups)


def test_one_that_its_instance_still_holds_is_in_use(cloud: Any, owner: Owner, state: NetworkInterfaceState) -> None:
    said = RefusedError(
        "Network interface 'eni-1' is currently in use.",
        code="InvalidParameterValue",
        operation="ec2:DeleteNetworkInterface",
    )
    cloud.ec2.answers["delete_network_interface"] = said
    with pytest.raises(InUseError, match="currently in use"):
        NetworkInterface(cloud, owner).delete("eni-1", state)


def test_another_refusal_stays_one(cloud: Any, owner: Owner, state: NetworkInterfaceState) -> None:
    cloud.ec2.answers["delete_network_interface"] = RefusedError("no", code="UnauthorizedOperation", operation="x")
    with pytest.raises(RefusedError) as caught:
        NetworkInterface(cloud, owner).delete("eni-1", state)
    assert not isinstance(caught.value, InUseError)
