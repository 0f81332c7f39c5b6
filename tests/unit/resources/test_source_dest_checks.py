from __future__ import annotations

from typing import Any

import pytest

from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.source_dest_checks import MOST_AT_ONCE, SourceDestChecks, SourceDestChecksArgs
from tests.unit.resources.killable import Killed, Memory, Row, refused

NOBODY: frozenset[str] = frozenset()


class SwitchMemory(Memory):
    """Interfaces, each with its check on or off, as EC2 keeps them."""

    def __init__(self) -> None:
        super().__init__()
        self.checked: dict[str, bool] = {}
        self.asked: list[list[str]] = []

    def describe_network_interfaces(self, Filters: list[Row]) -> Row:  # noqa: N803 - AWS's names, as below
        (only,) = Filters
        assert only["Name"] == "network-interface-id"
        assert len(only["Values"]) <= MOST_AT_ONCE
        self.asked.append(only["Values"])
        rows = [(key, self.checked[key]) for key in only["Values"] if key in self.checked]
        return {"NetworkInterfaces": [{"NetworkInterfaceId": key, "SourceDestCheck": value} for key, value in rows]}

    def modify_network_interface_attribute(self, NetworkInterfaceId: str, SourceDestCheck: Row) -> None:  # noqa: N803 - AWS's names
        if NetworkInterfaceId not in self.checked:
            raise refused("InvalidNetworkInterfaceID.NotFound")
        self.changing()
        self.checked[NetworkInterfaceId] = SourceDestCheck["Value"]


@pytest.fixture
def memory(cloud: Any) -> SwitchMemory:
    cloud.ec2 = SwitchMemory()
    found: SwitchMemory = cloud.ec2
    return found


@pytest.fixture
def run(cloud: Any, owner: Owner, memory: SwitchMemory) -> Any:  # noqa: ARG001 - the cloud's
    return lambda: Lifecycle(SourceDestChecks(cloud, owner))


def interfaces(memory: SwitchMemory, number: int) -> dict[str, str]:
    """Make interfaces as others would; give name to id."""
    found = {f"node-{n}": f"eni-{n}" for n in range(number)}
    memory.checked |= dict.fromkeys(found.values(), True)
    return found


def args_of(found: dict[str, str]) -> SourceDestChecksArgs:
    return SourceDestChecksArgs(interfaces=found)


def checked(memory: SwitchMemory) -> list[str]:
    return [key for key, value in memory.checked.items() if value]


def test_checks_are_off_and_on_again_when_it_goes(run: Any, memory: SwitchMemory) -> None:
    found = interfaces(memory, 3)
    made, state = run().create(args_of(found), NOBODY)
    assert checked(memory) == []
    assert state.interfaces == found
    run().delete(made, state)
    assert checked(memory) == list(found.values())


def test_what_is_off_already_is_not_asked_for_again(run: Any, memory: SwitchMemory) -> None:
    args = args_of(interfaces(memory, 3))
    made, state = run().create(args, NOBODY)
    run().update(made, state, args)
    assert memory.changes == 3


def test_one_that_leaves_is_checked_again_and_one_that_comes_is_not(run: Any, memory: SwitchMemory) -> None:
    found = interfaces(memory, 3)
    first, *rest = found
    made, state = run().create(args_of({key: found[key] for key in (first, *rest[:1])}), NOBODY)
    run().update(made, state, args_of({key: found[key] for key in rest}))
    assert checked(memory) == [found[first]]


def test_one_that_somebody_switched_on_shows_and_is_switched_off(run: Any, memory: SwitchMemory) -> None:
    args = args_of(interfaces(memory, 2))
    made, state = run().create(args, NOBODY)
    memory.checked[args.interfaces["node-1"]] = True
    read = run().read(made, args)
    assert set(compare(SourceDestChecksArgs, read.to_wire(), args.to_wire()).changes) == {'interfaces["node-1"]'}
    run().update(made, read, args)
    assert checked(memory) == []
    assert run().read(made, args) == state


def test_one_that_went_with_its_machine_is_in_nobody_s_way(run: Any, memory: SwitchMemory) -> None:
    args = args_of(interfaces(memory, 2))
    made, state = run().create(args, NOBODY)
    del memory.checked[args.interfaces["node-0"]]
    assert run().read(made, args).interfaces.keys() == {"node-1"}
    run().delete(made, state)
    assert checked(memory) == [args.interfaces["node-1"]]


def test_a_name_that_moves_to_another_interface_switches_both(run: Any, memory: SwitchMemory) -> None:
    found = interfaces(memory, 2)
    made, state = run().create(args_of({"node": found["node-0"]}), NOBODY)
    run().update(made, state, args_of({"node": found["node-1"]}))
    assert checked(memory) == [found["node-0"]]


def test_hundreds_are_looked_at_in_few_calls(run: Any, memory: SwitchMemory) -> None:
    args = args_of(interfaces(memory, 2 * MOST_AT_ONCE + 1))
    made, _ = run().create(args, NOBODY)
    memory.asked.clear()
    assert len(run().read(made, args).interfaces) == 2 * MOST_AT_ONCE + 1
    assert [len(asked) for asked in memory.asked] == [MOST_AT_ONCE, MOST_AT_ONCE, 1]


def test_nothing_says_whose_checks_are_off_so_nothing_is_imported(run: Any, memory: SwitchMemory) -> None:
    made, _ = run().create(args_of(interfaces(memory, 1)), NOBODY)
    assert run().read(made, None) is None


@pytest.mark.parametrize("killed", range(3))
def test_killed_at_any_change_the_next_run_ends_right(killed: int, run: Any, memory: SwitchMemory) -> None:
    args = args_of(interfaces(memory, 3))
    memory.killed_at = killed
    with pytest.raises(Killed):
        run().create(args, NOBODY)
    memory.killed_at = None
    made, state = run().create(args, NOBODY)
    assert checked(memory) == []
    assert run().read(made, args) == state


@pytest.mark.parametrize("killed", range(2))
def test_killed_while_members_change_it_leaves_nobody_unchecked_for_good(
    killed: int, run: Any, memory: SwitchMemory
) -> None:
    found = interfaces(memory, 2)
    made, state = run().create(args_of({"a": found["node-0"]}), NOBODY)
    wanted = args_of({"a": found["node-1"]})
    memory.killed_at = memory.changes + killed
    with pytest.raises(Killed):
        run().update(made, state, wanted)
    memory.killed_at = None
    # The engine still has the old state.
    run().update(made, state, wanted)
    assert checked(memory) == [found["node-0"]]
