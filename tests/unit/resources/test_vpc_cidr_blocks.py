from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import InUseError, KubewireError, NotFoundError
from kubewire.faults import faults
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.vpc_cidr_blocks import VpcCidrBlocks, VpcCidrBlocksArgs
from tests.unit.resources.conftest import FakeCloud
from tests.unit.resources.killable import Killed
from tests.unit.resources.vpc_memory import VpcMemory

OWNER = Owner(stack="shop/dev", resource="kubewire:index:VpcCidrBlocks/a")
OTHER = Owner(stack="shop/dev", resource="kubewire:index:VpcCidrBlocks/b")
VPC = Ref(name="shop", id="vpc-1")
SIX = "2600:1f18:0:100::/56"
MINE = ["100.64.0.0/16", "100.65.0.0/16", "10.1.0.0/16", SIX]
THEIRS = ["100.96.0.0/16", "10.7.0.0/16"]
some_of_mine = st.sets(st.sampled_from(MINE))


def declared(ranges: set[str]) -> VpcCidrBlocksArgs:
    given = {"vpc": VPC, "cidrs": sorted(ranges - {SIX}), "ipv6": SIX in ranges}
    return VpcCidrBlocksArgs.model_validate(given)


def lifecycle(memory: Any, owner: Owner = OWNER) -> Any:
    cloud: Any = FakeCloud()
    cloud.ec2 = memory
    return Lifecycle(VpcCidrBlocks(cloud, owner))


def filled(ranges: set[str], theirs: set[str] = frozenset()) -> tuple[VpcMemory, Any]:  # type: ignore[assignment]
    """Give a VPC with our ranges and those of others, and our state."""
    memory = VpcMemory()
    for cidr in sorted(theirs):
        memory.put(cidr)
    memory.settle()
    return memory, lifecycle(memory).create(declared(ranges), frozenset())[1]


def marked(memory: VpcMemory) -> set[str]:
    return {key.removeprefix("kubewire:range:") for key in memory.tags if key.startswith("kubewire:range:")}


def keys(ranges: set[str]) -> set[str]:
    return {"ipv6" if cidr == SIX else cidr for cidr in ranges}


@given(before=some_of_mine, after=some_of_mine, theirs=st.sets(st.sampled_from(THEIRS)), killed_at=st.integers(0, 9))
def test_killed_at_any_change_the_next_run_ends_right_and_leaves_the_ranges_of_others(
    before: set[str], after: set[str], theirs: set[str], killed_at: int
) -> None:
    memory, state = filled(before, theirs)
    assert memory.live() == before | theirs
    memory.killed_at = memory.changes + killed_at
    try:
        lifecycle(memory).update("vpc-1", state, declared(after))
    except Killed:
        memory.killed_at = None
    memory.killed_at = None
    ended = lifecycle(memory).update("vpc-1", state, declared(after))
    assert (memory.live(), marked(memory)) == (after | theirs, keys(after))
    assert ended == lifecycle(memory).read("vpc-1", declared(after))
    assert ended.ipv6_cidr == (SIX if SIX in after else None)
    changes = memory.changes
    lifecycle(memory).update("vpc-1", ended, declared(after))
    assert memory.changes == changes


@given(before=some_of_mine, after=some_of_mine, used=some_of_mine)
def test_what_is_in_use_stays_as_a_difference_and_goes_with_a_later_run(
    before: set[str], after: set[str], used: set[str]
) -> None:
    memory, state = filled(before)
    memory.in_use = used & before
    ended = lifecycle(memory).update("vpc-1", state, declared(after))
    left = (before - after) & used
    assert memory.live() == after | left
    # Whether the state is kept or looked up anew, by inputs that don't know of it any more.
    for seen in (ended, lifecycle(memory).read("vpc-1", declared(after))):
        assert bool(compare(VpcCidrBlocksArgs, seen.to_wire(), declared(after).to_wire()).changes) == bool(left)
    memory.in_use = set()
    lifecycle(memory).update("vpc-1", lifecycle(memory).read("vpc-1", declared(after)), declared(after))
    assert (memory.live(), marked(memory)) == (after, keys(after))


@given(ranges=some_of_mine, theirs=st.sets(st.sampled_from(THEIRS)), killed_at=st.integers(0, 9))
def test_deleted_it_leaves_the_ranges_of_others_alone(ranges: set[str], theirs: set[str], killed_at: int) -> None:
    memory, state = filled(ranges, theirs)
    memory.killed_at = memory.changes + killed_at
    try:
        lifecycle(memory).delete("vpc-1", state)
    except Killed:
        memory.killed_at = None
    memory.killed_at = None
    lifecycle(memory).delete("vpc-1", state)
    assert (memory.live(), marked(memory)) == (theirs, set())


@given(ranges=some_of_mine.filter(bool), data=st.data())
def test_a_range_that_somebody_took_away_shows_and_comes_back(ranges: set[str], data: st.DataObject) -> None:
    memory, _ = filled(ranges)
    lost = data.draw(st.sampled_from(sorted(ranges)))
    row = next(row for row in memory.rows.values() if row["Cidr"] == lost)
    row["State"] = "disassociated"
    seen = lifecycle(memory).read("vpc-1", declared(ranges))
    assert compare(VpcCidrBlocksArgs, seen.to_wire(), declared(ranges).to_wire()).changes
    lifecycle(memory).update("vpc-1", seen, declared(ranges))
    assert memory.live() == ranges


@given(ranges=some_of_mine, found=some_of_mine, kept=some_of_mine)
def test_what_was_there_before_stays_when_it_is_declared_no_more(
    ranges: set[str], found: set[str], kept: set[str]
) -> None:
    memory, state = filled(ranges, found)
    assert (memory.live(), marked(memory)) == (ranges | found, keys(ranges - found))
    state = lifecycle(memory).update("vpc-1", state, declared(kept))
    assert memory.live() == kept | found
    lifecycle(memory).delete("vpc-1", state)
    assert (memory.live(), memory.tags) == (found, {})


@given(before=some_of_mine, after=some_of_mine)
def test_marks_that_somebody_took_off_are_known_from_the_state(before: set[str], after: set[str]) -> None:
    memory, state = filled(before, {THEIRS[0]})
    memory.tags.clear()
    state = lifecycle(memory).update("vpc-1", state, declared(after))
    assert (memory.live(), marked(memory)) == (after | {THEIRS[0]}, keys(after))
    memory.tags.clear()
    lifecycle(memory).delete("vpc-1", state)
    assert memory.live() == {THEIRS[0]}


def test_a_delete_waits_for_what_is_in_use() -> None:
    memory, state = filled({MINE[0], MINE[1]})
    memory.in_use = {MINE[0]}
    cloud: Any = FakeCloud()
    cloud.ec2 = memory
    with pytest.raises(InUseError):
        VpcCidrBlocks(cloud, OWNER).delete("vpc-1", state)
    assert (memory.live(), marked(memory)) == ({MINE[0]}, {MINE[0]})


def test_what_another_owner_added_is_there_for_both_and_goes_with_that_owner() -> None:
    memory, first = filled({MINE[0]})
    second = lifecycle(memory, OTHER).create(declared({MINE[0], MINE[1]}), frozenset())[1]
    assert [str(cidr) for cidr in second.cidrs] == [MINE[0], MINE[1]]
    lifecycle(memory, OTHER).delete("vpc-1", second)
    assert memory.live() == {MINE[0]}
    lifecycle(memory).delete("vpc-1", first)
    assert memory.live() == set()


def test_an_import_takes_what_nobody_marked() -> None:
    memory, _ = filled({MINE[0]})
    memory.put(MINE[2])
    memory.settle()
    imported = lifecycle(memory, OTHER).read("vpc-1", None)
    assert ([str(cidr) for cidr in imported.cidrs], imported.ipv6) == ([MINE[2]], False)
    lifecycle(memory, OTHER).delete("vpc-1", imported)
    assert memory.live() == {MINE[0]}


def test_a_plan_knows_the_ipv6_range_that_stays_and_that_there_is_none() -> None:
    with_six, without = declared({SIX}).to_wire(), declared(set()).to_wire()
    assert VpcCidrBlocks.foresee(None, with_six) == VpcCidrBlocks.foresee(without, with_six) == {"ipv6Cidr": UNKNOWN}
    assert VpcCidrBlocks.foresee({**with_six, "ipv6Cidr": SIX}, with_six) == {"ipv6Cidr": SIX}
    assert VpcCidrBlocks.foresee({**with_six, "ipv6Cidr": SIX}, without) == {}


def test_the_first_range_is_refused() -> None:
    memory = VpcMemory()
    with pytest.raises(KubewireError, match=r"10\.0\.0\.0/16 is the first range of shop"):
        lifecycle(memory).create(declared({"10.0.0.0/16"}), frozenset())
    assert memory.live() == set()


def test_a_range_that_fails_is_told_with_aws_s_reason(cloud: Any) -> None:
    rows = [
        {
            "CidrBlock": "10.1.0.0/16",
            "AssociationId": "assoc-1",
            "CidrBlockState": {"State": "failed", "StatusMessage": "no room"},
        }
    ]
    vpc = {"VpcId": "vpc-1", "State": "available", "CidrBlock": "10.0.0.0/16", "CidrBlockAssociationSet": rows}
    cloud.ec2.answers["describe_vpcs"] = {"Vpcs": [vpc]}
    cloud.ec2.answers["associate_vpc_cidr_block"] = {"CidrBlockAssociation": {"AssociationId": "assoc-1"}}
    with pytest.raises(KubewireError, match=r"could not add 10\.1\.0\.0/16 to vpc-1: no room"):
        Lifecycle(VpcCidrBlocks(cloud, OWNER)).create(declared({"10.1.0.0/16"}), frozenset())
    assert cloud.ec2.operations.count("associate_vpc_cidr_block") == 1


@pytest.mark.parametrize("vpcs", [[], [{"VpcId": "vpc-1", "State": "pending", "CidrBlock": "10.0.0.0/16"}]])
def test_it_is_not_there_without_its_vpc(vpcs: list[Any], cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["describe_vpcs"] = {"Vpcs": vpcs}
    assert VpcCidrBlocks(cloud, owner).read("vpc-1", None) is None


def test_a_vpc_that_is_gone_needs_no_delete(cloud: Any, owner: Owner) -> None:
    _, state = filled({MINE[0]})
    cloud.ec2.answers["describe_vpcs"] = {"Vpcs": []}
    with pytest.raises(NotFoundError):
        VpcCidrBlocks(cloud, owner).delete("vpc-1", state)


@pytest.mark.parametrize(
    ("cidrs", "path"),
    [
        (["10.1.0.0/15"], "cidrs[0]"),
        (["100.64.0.0/16", "100.64.4.0/24"], "cidrs[1]"),
        (["10.1.0.0/16", "10.1.0.0/16"], "cidrs[1]"),
        (["127.0.0.0/16"], "cidrs[0]"),
        (["2600:1f18::/56"], "cidrs[0]"),
    ],
)
def test_ranges_that_can_not_be_are_refused(cidrs: list[str], path: str) -> None:
    given = {"vpc": VPC, "cidrs": cidrs}
    with pytest.raises(ValidationError) as caught:
        VpcCidrBlocksArgs.model_validate(given)
    assert [fault.path for fault in faults(caught.value, given)] == [path]
