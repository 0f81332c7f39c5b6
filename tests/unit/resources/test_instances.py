from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import InUseError, PartlyCreatedError
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.instance_sets import InstancesArgs, InstancesState
from kubewire.resources.instances import Instances
from tests.unit.resources.machines import MachineMemory

NOBODY: frozenset[str] = frozenset()
OLD, NEW = "ami-0123456789abcdef0", "ami-0123456789abcdef1"


class Machines(MachineMemory):
    """With three interfaces to stand on, eni-1 to eni-3; it notes launches, and how many machines each end leaves."""

    def __init__(self) -> None:
        super().__init__()
        for number in (1, 2, 3):
            self.create_network_interface(
                ClientToken=str(number), SubnetId="subnet-1", Groups=[], TagSpecifications=[{"Tags": []}]
            )
        self.launches: list[dict[str, Any]] = []
        self.left: list[int] = []

    def _terminate_instances(self, InstanceIds: list[str]) -> dict[str, Any]:  # noqa: N803 - AWS's name
        answer = super()._terminate_instances(InstanceIds)
        self.left.append(len(self.live()))
        return answer

    def _run_instances(self, **asked: Any) -> dict[str, Any]:
        self.launches.append(asked)
        return super()._run_instances(**asked)


def args_of(*names: str, **changed: Any) -> InstancesArgs:
    rows = {name: machine(f"eni-{number}") for number, name in enumerate(names or ("a", "b"), start=1)}
    return InstancesArgs.model_validate({"name": "nodes", "instances": rows, **changed})


def machine(interface: str, image: str = OLD, size: str = "t3.medium") -> dict[str, Any]:
    return {"image": image, "instance_type": size, "interface": {"name": f"{interface}'s", "id": interface}}


@pytest.fixture
def memory(cloud: Any) -> Machines:
    cloud.ec2 = Machines()
    found: Machines = cloud.ec2
    return found


@pytest.fixture
def run(cloud: Any, owner: Owner, memory: Machines) -> Any:  # noqa: ARG001 - the cloud's
    return lambda: Lifecycle(Instances(cloud, owner))


def differences(state: InstancesState, args: InstancesArgs) -> set[str]:
    return set(compare(InstancesArgs, state.to_wire(), args.to_wire()).changes)


def test_is_made_with_its_interface_and_without_a_way_to_its_credentials_for_pods(
    run: Any, memory: Machines, owner: Owner
) -> None:
    made, state = run().create(args_of("a", tags={"team": "shop"}), NOBODY)
    (asked,) = memory.launches
    assert asked["NetworkInterfaces"] == [{"DeviceIndex": 0, "NetworkInterfaceId": "eni-1"}]
    assert asked["MetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
    assert (asked["MinCount"], asked["MaxCount"]) == (1, 1)
    tags = {"Name": "a", "team": "shop", **owner.tags(), "kubewire:set": made, "kubewire:member": "a"}
    assert [item["ResourceType"] for item in asked["TagSpecifications"]] == ["instance", "volume"]
    for item in asked["TagSpecifications"]:
        assert {tag["Key"]: tag["Value"] for tag in item["Tags"]} == tags
    assert len(asked["ClientToken"]) <= 64  # https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
    assert state.zones == {"a": "eu-west-1a"}


def test_create_waits_until_all_run(run: Any, memory: Machines, cloud: Any) -> None:
    _, state = run().create(args_of(), NOBODY)
    assert {memory.instances[made]["State"]["Name"] for made in state.ids.values()} == {"running"}
    assert cloud.clock.now > 0


def test_waiting_and_reading_are_one_call_for_all(run: Any, memory: Machines) -> None:
    args = args_of("a", "b", "c")
    made, state = run().create(args, NOBODY)
    memory.asked.clear()
    assert run().read(made, args) == state
    assert memory.asked == ["describe_instances"]


def test_one_that_dies_at_its_start_is_named_with_the_reason_and_made_again(run: Any, memory: Machines) -> None:
    memory.dying.add("b")
    args = args_of()
    with pytest.raises(PartlyCreatedError, match=r"instance b did not start: Client\.InternalError") as caught:
        run().create(args, NOBODY)
    assert caught.value.path == 'instances["b"]'
    assert caught.value.state["ids"].keys() == {"a"}
    assert len(memory.launches) == 2
    memory.dying.clear()
    state = run().update(caught.value.resource_id, InstancesState.model_validate(caught.value.state), args)
    assert state.ids["a"] == caught.value.state["ids"]["a"]
    assert len(memory.launches) == 3


@pytest.mark.parametrize("word", ["shutting-down", "terminated"])
def test_one_that_ended_shows_as_missing_and_is_made_again(run: Any, memory: Machines, word: str) -> None:
    args = args_of()
    made, state = run().create(args, NOBODY)
    if word == "terminated":
        memory.end(state.ids["a"])
    else:
        memory.terminate_instances(InstanceIds=[state.ids["a"]])
    found = run().read(made, args)
    assert differences(found, args) == {"instances.a"}
    again = run().update(made, found, args)
    assert (again.ids["a"] != state.ids["a"], again.ids["b"]) == (True, state.ids["b"])


@pytest.mark.parametrize("word", ["pending", "running", "stopping", "stopped"])
def test_one_that_can_run_again_is_there(run: Any, memory: Machines, word: str) -> None:
    args = args_of()
    made, state = run().create(args, NOBODY)
    memory.instances[state.ids["a"]]["State"]["Name"] = word
    assert run().read(made, args) == state
    assert run().update(made, state, args) == state


def test_a_set_whose_every_instance_ended_is_no_leftover(run: Any, memory: Machines, cloud: Any, owner: Owner) -> None:
    made, state = run().create(args_of(), NOBODY)
    assert Instances(cloud, owner).find(args_of()) == [made]
    for one in state.ids.values():
        memory.end(one)
    assert Instances(cloud, owner).find(args_of()) == []
    assert run().read(made, None) is None


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        (machine("eni-1", image=NEW), "instances.a.image"),
        (machine("eni-1", size="m5.large"), "instances.a.instanceType"),
        (machine("eni-3"), "instances.a.interface.id"),
    ],
)
def test_another_image_size_or_interface_is_another_instance(
    run: Any, memory: Machines, changed: dict[str, Any], path: str
) -> None:
    args = args_of()
    made, state = run().create(args, NOBODY)
    wanted = args_of(instances={"a": changed, "b": machine("eni-2")})
    assert path in differences(state, wanted)
    after = run().update(made, state, wanted)
    assert after.ids["b"] == state.ids["b"]
    assert memory.instances[state.ids["a"]]["State"]["Name"] == "terminated"
    assert memory.interfaces[changed["interface"]["id"]]["Attachment"]["InstanceId"] == after.ids["a"]
    assert len(memory.live()) == 2


@pytest.mark.parametrize(("at_once", "fewest"), [(1, 2), (2, 1), (3, 0)])
def test_machines_are_replaced_a_few_at_a_time(run: Any, memory: Machines, at_once: int, fewest: int) -> None:
    made, state = run().create(args_of("a", "b", "c"), NOBODY)
    rows = {name: machine(f"eni-{number}", image=NEW) for number, name in enumerate("abc", start=1)}
    after = run().update(made, state, args_of(instances=rows, max_unavailable=at_once))
    assert min(memory.left) == fewest
    assert {memory.instances[one]["ImageId"] for one in after.ids.values()} == {NEW}
    assert len(memory.live()) == 3


def test_one_that_is_not_declared_any_more_is_ended_and_waited_for(run: Any, memory: Machines) -> None:
    made, state = run().create(args_of(), NOBODY)
    after = run().update(made, state, args_of("a"))
    assert after.ids == {"a": state.ids["a"]}
    assert memory.instances[state.ids["b"]]["State"]["Name"] == "terminated"


def test_one_too_many_shows_under_its_id_and_goes(run: Any, memory: Machines) -> None:
    args = args_of()
    made, state = run().create(args, NOBODY)
    memory.instances["i-9"] = {**memory.instances[state.ids["a"]], "InstanceId": "i-9"} | {"State": {"Name": "running"}}
    found = run().read(made, args)
    assert differences(found, args) == {'instances["i-9"]'}
    assert run().update(made, found, args) == state
    assert memory.live().keys() == set(state.ids.values())


def test_the_interface_of_an_instance_that_is_ending_is_waited_for(run: Any, memory: Machines) -> None:
    other = memory.run_instances(
        ClientToken="other",
        NetworkInterfaces=[{"NetworkInterfaceId": "eni-1"}],
        ImageId=OLD,
        InstanceType="t3.medium",
        MetadataOptions={},
        TagSpecifications=[{"Tags": [{"Key": "Name", "Value": "other"}]}],
    )["Instances"][0]["InstanceId"]
    with pytest.raises(PartlyCreatedError) as caught:
        run().create(args_of("a"), NOBODY)
    assert isinstance(caught.value.__cause__, InUseError)
    assert caught.value.path == 'instances["a"]'
    memory.terminate_instances(InstanceIds=[other])
    memory.launches.clear()
    _, state = run().create(args_of("a"), NOBODY)
    assert memory.interfaces["eni-1"]["Attachment"]["InstanceId"] == state.ids["a"]
    assert len(memory.launches) > 1


def test_tags_change_on_all_in_one_call(run: Any, memory: Machines) -> None:
    made, state = run().create(args_of(tags={"team": "shop"}), NOBODY)
    before = memory.changes
    run().update(made, state, args_of(tags={"team": "web"}))
    assert memory.changes == before + 1


def test_delete_waits_until_all_have_ended(run: Any, memory: Machines) -> None:
    made, state = run().create(args_of(), NOBODY)
    run().delete(made, state)
    run().delete(made, state)
    assert {row["State"]["Name"] for row in memory.instances.values()} == {"terminated"}
    assert len(memory.interfaces) == 3


@pytest.mark.parametrize("wrong", [{"image": "ubuntu"}, {"instance_type": "big"}])
def test_what_is_no_image_or_size_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        args_of(instances={"a": {**machine("eni-1"), **wrong}})


def test_ids_are_foreseen_for_those_that_stay(run: Any) -> None:
    _, state = run().create(args_of(), NOBODY)
    wanted = args_of(instances={"a": machine("eni-1"), "b": machine("eni-2", image=NEW), "c": machine("eni-3")})
    planned = run().planned(wanted.to_wire(), state.to_wire())
    assert planned["ids"] == {"a": state.ids["a"], "b": UNKNOWN, "c": UNKNOWN}
    assert planned["zones"] == {"a": "eu-west-1a", "b": UNKNOWN, "c": UNKNOWN}
    assert run().planned(wanted.to_wire())["ids"] == dict.fromkeys("abc", UNKNOWN)
