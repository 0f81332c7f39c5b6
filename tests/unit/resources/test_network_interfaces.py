from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import InUseError, InvalidInputError, RefusedError
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.interface_sets import NetworkInterfacesArgs, NetworkInterfacesState
from kubewire.resources.network_interfaces import NetworkInterfaces
from tests.unit.resources.machines import MachineMemory

NOBODY: frozenset[str] = frozenset()


def args_of(**changed: Any) -> NetworkInterfacesArgs:
    described = {
        "name": "nodes",
        "interfaces": {"a": row("subnet-1"), "b": row("subnet-2")},
        "security_groups": {"nodes": "sg-1"},
        "source_dest_check": False,
        "tags": {"team": "shop"},
    }
    return NetworkInterfacesArgs.model_validate({**described, **changed})


def row(subnet: str, **more: Any) -> dict[str, Any]:
    return {"subnet": {"name": f"{subnet}'s", "id": subnet}, **more}


@pytest.fixture
def memory(cloud: Any) -> MachineMemory:
    cloud.ec2 = MachineMemory()
    found: MachineMemory = cloud.ec2
    return found


@pytest.fixture
def run(cloud: Any, owner: Owner, memory: MachineMemory) -> Any:  # noqa: ARG001 - the cloud's
    return lambda: Lifecycle(NetworkInterfaces(cloud, owner))


def read(run: Any, made: str, args: NetworkInterfacesArgs) -> NetworkInterfacesState:
    found: NetworkInterfacesState = run().read(made, args)
    return found


def differences(state: NetworkInterfacesState, args: NetworkInterfacesArgs) -> set[str]:
    return set(compare(NetworkInterfacesArgs, state.to_wire(), args.to_wire()).changes)


def held(memory: MachineMemory, interface: str) -> str:
    """Launch an instance on an interface."""
    made = memory.run_instances(
        ClientToken=interface,
        NetworkInterfaces=[{"NetworkInterfaceId": interface}],
        ImageId="ami-1",
        InstanceType="t3.medium",
        MetadataOptions={},
        TagSpecifications=[{"Tags": [{"Key": "Name", "Value": "a"}]}],
    )
    instance: str = made["Instances"][0]["InstanceId"]
    return instance


def test_each_bears_its_name_its_owner_and_its_place_in_the_set(run: Any, memory: MachineMemory, owner: Owner) -> None:
    made, state = run().create(args_of(), NOBODY)
    tags = {tag["Key"]: tag["Value"] for tag in memory.interfaces[state.ids["a"]]["TagSet"]}
    own = {"kubewire:set": made, "kubewire:member": "a"}
    assert tags == {"Name": "a", "team": "shop", **owner.tags(), **own}


def test_state_says_ids_and_addresses_by_name(run: Any, memory: MachineMemory) -> None:
    args = args_of(interfaces={"a": row("subnet-1", address="10.0.0.9"), "b": row("subnet-1", ipv6=True)})
    _, state = run().create(args, NOBODY)
    found = {key: memory.interfaces[made] for key, made in state.ids.items()}
    assert state.addresses == {"a": "10.0.0.9", "b": found["b"]["PrivateIpAddress"]}
    assert state.ipv6_addresses == {"b": "2001:db8::7"}


def test_an_id_is_the_same_in_every_run_and_another_one_elsewhere(cloud: Any, owner: Owner) -> None:
    ids = {
        NetworkInterfaces(cloud, one).create(args_of())
        for one in (owner, owner, Owner(owner.stack, owner.resource, "state"), Owner(owner.stack, "other"))
    }
    assert len(ids) == 3


def test_a_set_of_which_nothing_is_left_is_still_a_set(run: Any, memory: MachineMemory) -> None:
    args = args_of()
    made, _ = run().create(args, NOBODY)
    memory.interfaces.clear()
    found = read(run, made, args)
    assert differences(found, args) == {"interfaces.a", "interfaces.b"}
    run().update(made, found, args)
    assert len(memory.interfaces) == 2


def test_none_of_that_id_is_nothing_to_import(run: Any) -> None:
    assert run().read("network-interfaces-0", None) is None


def test_a_refresh_is_one_call_and_no_change_is_one_more(run: Any, memory: MachineMemory) -> None:
    args = args_of(interfaces={f"node-{number}": row("subnet-1") for number in range(100)})
    made, state = run().create(args, NOBODY)
    memory.asked.clear()
    assert read(run, made, args) == state
    assert memory.asked == ["describe_network_interfaces"]
    run().update(made, state, args)
    assert memory.asked == ["describe_network_interfaces"] * 2


def test_a_check_that_somebody_switched_on_at_one_shows_and_goes_there_alone(run: Any, memory: MachineMemory) -> None:
    args = args_of()
    made, state = run().create(args, NOBODY)
    memory.interfaces[state.ids["b"]]["SourceDestCheck"] = True
    found = read(run, made, args)
    assert differences(found, args) == {"sourceDestCheck"}
    before = memory.changes
    run().update(made, found, args)
    assert memory.changes == before + 1
    assert read(run, made, args) == state


def test_groups_that_somebody_changed_at_one_show_and_are_put_back(run: Any, memory: MachineMemory) -> None:
    args = args_of()
    made, state = run().create(args, NOBODY)
    memory.interfaces[state.ids["b"]]["Groups"].append({"GroupId": "sg-9"})
    found = read(run, made, args)
    assert differences(found, args) == {'securityGroups["sg-9"]'}
    run().update(made, found, args)
    assert read(run, made, args) == state


def test_a_tag_that_one_has_otherwise_shows_and_is_put_right(run: Any, memory: MachineMemory) -> None:
    args = args_of()
    made, state = run().create(args, NOBODY)
    tags = [{"Key": "team", "Value": "web"}, {"Key": "odd", "Value": "1"}, {"Key": "Name", "Value": "mine"}]
    memory.create_tags(Resources=[state.ids["b"]], Tags=tags)
    found = read(run, made, args)
    assert differences(found, args) == {"tags.team", "tags.odd"}
    run().update(made, found, args)
    assert read(run, made, args) == state
    assert {"Key": "Name", "Value": "b"} in memory.interfaces[state.ids["b"]]["TagSet"]


def test_a_tag_on_all_is_one_call(run: Any, memory: MachineMemory) -> None:
    made, state = run().create(args_of(), NOBODY)
    before = memory.changes
    run().update(made, state, args_of(tags={"team": "shop", "more": "1"}))
    assert memory.changes == before + 1


def test_one_in_use_that_moves_goes_with_its_instance(run: Any, memory: MachineMemory) -> None:
    made, state = run().create(args_of(), NOBODY)
    instance = held(memory, state.ids["a"])
    wanted = args_of(interfaces={"a": row("subnet-9"), "b": row("subnet-2")})
    moved = run().update(made, state, wanted)
    assert moved.ids["a"] != state.ids["a"]
    assert memory.interfaces[moved.ids["a"]]["SubnetId"] == "subnet-9"
    assert memory.interfaces[state.ids["a"]]["Attachment"]["DeleteOnTermination"]
    assert differences(read(run, made, wanted), wanted) == {f'interfaces["{state.ids["a"]}"]'}
    memory.end(instance)
    assert read(run, made, wanted) == moved


def test_one_that_is_wanted_again_before_its_instance_ended_stays(run: Any, memory: MachineMemory) -> None:
    args = args_of()
    made, state = run().create(args, NOBODY)
    instance = held(memory, state.ids["a"])
    moved = run().update(made, state, args_of(interfaces={"a": row("subnet-9"), "b": row("subnet-2")}))
    assert run().update(made, moved, args) == state
    memory.end(instance)
    assert memory.interfaces.keys() == set(state.ids.values())


def test_one_that_is_free_and_not_wanted_is_removed(run: Any, memory: MachineMemory) -> None:
    made, state = run().create(args_of(), NOBODY)
    run().update(made, state, args_of(interfaces={"a": row("subnet-1")}))
    assert memory.interfaces.keys() == {state.ids["a"]}


def test_of_two_with_one_name_the_one_in_use_is_kept(run: Any, memory: MachineMemory, cloud: Any, owner: Owner) -> None:
    args = args_of()
    made, state = run().create(args, NOBODY)
    twin = dict(memory.interfaces[state.ids["a"]]) | {"NetworkInterfaceId": "eni-0", "PrivateIpAddress": "10.0.0.200"}
    memory.interfaces["eni-0"] = twin
    held(memory, state.ids["a"])
    found = read(run, made, args)
    assert differences(found, args) == {'interfaces["eni-0"]'}
    assert NetworkInterfaces(cloud, owner).find(args) == [made]
    assert run().update(made, found, args) == state
    assert "eni-0" not in memory.interfaces


def test_an_address_that_another_still_has_is_refused_before_anything_is_done(run: Any, memory: MachineMemory) -> None:
    fixed = {"a": row("subnet-1", address="10.0.0.7"), "b": row("subnet-1", address="10.0.0.8")}
    made, state = run().create(args_of(interfaces=fixed), NOBODY)
    for one in state.ids.values():
        held(memory, one)
    swapped = {"a": row("subnet-1", address="10.0.0.8"), "b": row("subnet-1", address="10.0.0.7")}
    before = memory.changes
    with pytest.raises(Exception, match=r"10\.0\.0\.8 is still the address of b") as caught:
        run().update(made, state, args_of(interfaces=swapped))
    assert isinstance(caught.value.__cause__, InvalidInputError)
    assert memory.changes == before


def test_an_address_that_a_free_one_has_is_passed_on(run: Any) -> None:
    made, state = run().create(args_of(interfaces={"a": row("subnet-1", address="10.0.0.7")}), NOBODY)
    wanted = args_of(interfaces={"b": row("subnet-1", address="10.0.0.7")})
    assert run().update(made, state, wanted).addresses == {"b": "10.0.0.7"}


def test_an_address_that_aws_chose_may_be_written_down_and_left_out_again(run: Any, memory: MachineMemory) -> None:
    made, state = run().create(args_of(), NOBODY)
    before = memory.changes
    fixed = args_of(interfaces={"a": row("subnet-1", address=state.addresses["a"]), "b": row("subnet-2")})
    written = run().update(made, state, fixed)
    assert read(run, made, fixed) == written
    assert run().update(made, written, args_of()) == state
    assert memory.changes == before


def test_ipv6_comes_and_goes_in_place(run: Any) -> None:
    made, state = run().create(args_of(), NOBODY)
    both = args_of(interfaces={"a": row("subnet-1", ipv6=True), "b": row("subnet-2")})
    with_it = run().update(made, state, both)
    assert (with_it.ids, with_it.ipv6_addresses.keys()) == (state.ids, {"a"})
    assert read(run, made, both) == with_it
    assert run().update(made, with_it, args_of()) == state


def test_delete_waits_for_those_that_instances_have(run: Any, memory: MachineMemory, cloud: Any) -> None:
    made, state = run().create(args_of(), NOBODY)
    instance = held(memory, state.ids["a"])
    with pytest.raises(InUseError, match="1 interfaces of nodes are in use"):
        NetworkInterfaces(cloud, Owner("shop/dev", "x")).delete(made, state)
    assert memory.interfaces.keys() == {state.ids["a"]}
    memory.end(instance)
    run().delete(made, state)
    run().delete(made, state)
    assert memory.interfaces == {}


def test_a_refusal_to_delete_that_says_no_more_stays_one(run: Any, memory: MachineMemory, monkeypatch: Any) -> None:
    made, state = run().create(args_of(), NOBODY)

    def refuse(**_: Any) -> None:
        raise RefusedError("no", code="UnauthorizedOperation", operation="ec2:DeleteNetworkInterface")

    monkeypatch.setattr(memory, "delete_network_interface", refuse, raising=False)
    with pytest.raises(RefusedError) as caught:
        run().delete(made, state)
    assert not isinstance(caught.value, InUseError)


@pytest.mark.parametrize("groups", [{}, {f"g{number}": f"sg-{number}" for number in range(17)}], ids=["none", "17"])
def test_number_of_groups_is_checked(groups: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="security_groups"):
        args_of(security_groups=groups)


def test_one_address_for_two_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"10\.0\.0\.7 is a's already"):
        args_of(interfaces={name: row("subnet-1", address="10.0.0.7") for name in ("a", "b")})


class TestForesee:
    def test_nothing_is_known_of_new_ones_but_the_addresses_that_are_given(self) -> None:
        args = args_of(interfaces={"a": row("subnet-1", address="10.0.0.7"), "b": row("subnet-1", ipv6=True)})
        assert NetworkInterfaces.foresee(None, args.to_wire()) == {
            "ids": {"a": UNKNOWN, "b": UNKNOWN},
            "addresses": {"a": "10.0.0.7", "b": UNKNOWN},
            "ipv6Addresses": {"b": UNKNOWN},
        }

    def test_those_that_stay_are_known(self, run: Any) -> None:
        _, state = run().create(args_of(), NOBODY)
        wanted = args_of(
            interfaces={"a": row("subnet-1", address=state.addresses["a"]), "b": row("subnet-9"), "c": row("subnet-1")}
        )
        planned = run().planned(wanted.to_wire(), state.to_wire())
        assert planned["ids"] == {"a": state.ids["a"], "b": UNKNOWN, "c": UNKNOWN}
        assert planned["addresses"] == {"a": state.addresses["a"], "b": UNKNOWN, "c": UNKNOWN}
        assert planned["ipv6Addresses"] == {}
        assert planned["tags"] == {"team": "shop"}

    def test_one_in_a_subnet_that_is_still_to_come_is_new(self, run: Any) -> None:
        _, state = run().create(args_of(), NOBODY)
        wire = args_of().to_wire()
        wire["interfaces"]["a"]["subnet"]["id"] = UNKNOWN
        assert NetworkInterfaces.foresee(state.to_wire(), wire)["ids"] == {"a": UNKNOWN, "b": state.ids["b"]}
