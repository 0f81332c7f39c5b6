from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import NotFoundError, PartlyCreatedError
from kubewire.faults import faults
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.network_acl import AclEntry, Action, NetworkAcl, NetworkAclArgs, NetworkAclState
from kubewire.resources.network_acl_entries import MOST_ENTRIES
from kubewire.resources.traffic import Direction, Ports, Protocol
from tests.unit.resources.acl_memory import DEFAULT, AclMemory
from tests.unit.resources.conftest import FakeCloud
from tests.unit.resources.killable import Killed, refused

OWNER = Owner(stack="shop/dev", resource="kubewire:index:NetworkAcl/a")
VPC = Ref(name="shop", id="vpc-1")
SUBNETS = [f"subnet-{number}" for number in range(4)]
ACLS = ("acl-a", "acl-b")

Entries = dict[str, AclEntry]
Uses = dict[str, str]


def entry(number: int = 100, direction: Direction = Direction.INGRESS, **fields: Any) -> AclEntry:
    given = {"cidr": "10.0.0.0/8", "action": Action.ALLOW, **fields}
    return AclEntry.model_validate({"direction": direction, "number": number, **given})


def keyed(*entries: AclEntry) -> Entries:
    return {one.key: one for one in entries}


any_entry = st.builds(
    entry,
    st.integers(1, 4),
    st.sampled_from(Direction),
    action=st.sampled_from(Action),
    cidr=st.sampled_from(["10.0.0.0/8", "0.0.0.0/0", "2001:db8::/56"]),
)
any_entries = st.lists(any_entry, max_size=6).map(lambda found: keyed(*found))
any_uses = st.fixed_dictionaries({subnet: st.sampled_from([*ACLS, DEFAULT]) for subnet in SUBNETS})


def declared(entries: Entries, subnets: set[str] | None = None) -> NetworkAclArgs:
    users = {subnet: subnet for subnet in sorted(subnets or ())}
    return NetworkAclArgs(name="unnamed", vpc=VPC, entries=entries, subnets=users)


def users(uses: Uses, acl: str) -> set[str]:
    return {subnet for subnet, used in uses.items() if used == acl}


def lifecycle(memory: Any) -> Any:
    cloud: Any = FakeCloud()
    cloud.ec2 = memory
    return Lifecycle(NetworkAcl(cloud, OWNER))


def filled(entries: Entries, uses: Uses, most: int = 40) -> AclMemory:
    memory = AclMemory(*ACLS, most=most)
    for acl in ACLS:
        for one in entries.values():
            memory.create_network_acl_entry(acl, **one.written())
    for subnet, acl in uses.items():
        memory.use(subnet, acl)
    return memory


def wrong(memory: AclMemory, wanted: dict[str, NetworkAclArgs]) -> dict[str, Any]:
    """Give what differs from what is declared."""
    acls = lifecycle(memory)
    return {
        acl: changes
        for acl, args in wanted.items()
        if (changes := compare(NetworkAclArgs, acls.read(acl, args).to_wire(), args.to_wire()).changes)
    }


@given(old=any_entries, new=any_entries, before=any_uses, after=any_uses, first=st.sampled_from(ACLS))
def test_two_acls_become_any_two_others_whichever_is_changed_first(
    old: Entries, new: Entries, before: Uses, after: Uses, first: str
) -> None:
    memory = filled(old, before)
    wanted = {acl: declared(new, users(after, acl)) for acl in ACLS}
    acls = lifecycle(memory)
    states = {acl: acls.read(acl, None) for acl in ACLS}
    for acl in sorted(ACLS, key=lambda acl: acl != first):
        acls.update(acl, states[acl], wanted[acl])
    assert wrong(memory, wanted) == {}
    assert memory.subnets_of(DEFAULT) == users(after, DEFAULT)
    changes = memory.changes
    for acl in ACLS:
        acls.update(acl, acls.read(acl, wanted[acl]), wanted[acl])
    assert memory.changes == changes


@given(known=any_entries, real=any_entries, new=any_entries, before=any_uses, after=any_uses)
def test_what_others_changed_since_the_last_look_does_not_stop_it(
    known: Entries, real: Entries, new: Entries, before: Uses, after: Uses
) -> None:
    memory = filled(real, before)
    wanted = declared(new, users(after, "acl-a"))
    state = lifecycle(memory).read("acl-a", None).model_copy(update={"entries": known})
    lifecycle(memory).update("acl-a", state, wanted)
    there = lifecycle(memory).read("acl-a", None).entries
    for key, one in new.items():
        assert there.get(key) == one or known.get(key) == one
    for key in known.keys() - new.keys():
        assert key not in there
    assert memory.subnets_of("acl-a") == users(after, "acl-a")


@given(old=any_entries, new=any_entries, before=any_uses, after=any_uses, killed_at=st.integers(0, 12))
def test_killed_at_any_change_the_next_run_ends_right(
    old: Entries, new: Entries, before: Uses, after: Uses, killed_at: int
) -> None:
    memory = filled(old, before)
    wanted = {acl: declared(new, users(after, acl)) for acl in ACLS}
    memory.killed_at = memory.changes + killed_at
    try:
        for acl, args in wanted.items():
            lifecycle(memory).update(acl, lifecycle(memory).read(acl, None), args)
    except Killed:
        pass
    memory.killed_at = None
    for acl, args in wanted.items():
        lifecycle(memory).update(acl, lifecycle(memory).read(acl, args), args)
    assert wrong(memory, wanted) == {}


@given(entries=any_entries, uses=any_uses)
def test_delete_gives_the_subnets_back_to_the_default_acl_first(entries: Entries, uses: Uses) -> None:
    memory = filled(entries, uses)
    lifecycle(memory).delete("acl-a", lifecycle(memory).read("acl-a", None))
    assert "acl-a" not in memory.entries
    assert memory.subnets_of(DEFAULT) == users(uses, "acl-a") | users(uses, DEFAULT)
    assert memory.subnets_of("acl-b") == users(uses, "acl-b")


def test_entries_are_there_before_a_subnets_traffic_comes() -> None:
    memory = filled({}, {"subnet-0": DEFAULT})
    args = declared(keyed(entry(1), entry(2)), {"subnet-0"})
    for killed_at in range(2):
        memory.killed_at = memory.changes + killed_at
        with pytest.raises(Killed):
            lifecycle(memory).update("acl-a", lifecycle(memory).read("acl-a", None), args)
        assert memory.subnets_of("acl-a") == set()
        memory.entries["acl-a"].clear()


def test_a_full_acl_makes_room_first() -> None:
    memory = filled(keyed(*(entry(number) for number in range(1, 4))), {}, most=4)
    wanted = {"acl-a": declared(keyed(*(entry(number) for number in range(11, 14))))}
    lifecycle(memory).update("acl-a", lifecycle(memory).read("acl-a", None), wanted["acl-a"])
    assert wrong(memory, wanted) == {}


def test_more_than_fits_is_said() -> None:
    memory = filled({}, {}, most=3)
    args = declared(keyed(*(entry(number) for number in range(1, 5))))
    with pytest.raises(PartlyCreatedError, match="NetworkAclEntryLimitExceeded"):
        lifecycle(memory).update("acl-a", lifecycle(memory).read("acl-a", None), args)


def test_a_subnet_that_is_moved_at_the_same_time_is_moved_again(cloud: Any) -> None:
    memory = filled({}, {"subnet-0": DEFAULT})
    theirs = iter([True])

    def replaced(AssociationId: str, NetworkAclId: str) -> None:  # noqa: N803 - AWS's names
        if next(theirs, False):
            memory.use("subnet-0", "acl-b")
        AclMemory.replace_network_acl_association(memory, AssociationId, NetworkAclId)

    memory.replace_network_acl_association = replaced  # type: ignore[method-assign]
    cloud.ec2 = memory
    lifecycle(memory).update("acl-a", lifecycle(memory).read("acl-a", None), declared({}, {"subnet-0"}))
    assert memory.subnets_of("acl-a") == {"subnet-0"}


def test_a_lost_acl_is_not_taken_for_a_lost_entry(cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["replace_network_acl_entry"] = refused("InvalidNetworkAclID.NotFound")
    old = NetworkAclState(**dict(declared(keyed(entry()))))
    with pytest.raises(NotFoundError):
        NetworkAcl(cloud, owner).converge("acl-a", old, declared(keyed(entry(action=Action.DENY))))
    assert cloud.ec2.operations == ["replace_network_acl_entry"]


def test_is_made_with_its_tags_in_one_call(cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["create_network_acl"] = {"NetworkAcl": {"NetworkAclId": "acl-1"}}
    acl = NetworkAcl(cloud, owner)
    assert acl.create(declared({})) == "acl-1"
    ((_, asked),) = cloud.ec2.asked
    assert (asked["VpcId"], asked["ClientToken"]) == ("vpc-1", acl.client_token)
    assert asked["TagSpecifications"][0]["ResourceType"] == "network-acl"


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "2001:db8::/56"])
def test_no_acl_holds_forty_entries_of_a_family_in_a_direction(direction: Direction, cidr: str) -> None:
    entries = keyed(*(entry(number, direction, cidr=cidr) for number in range(1, MOST_ENTRIES + 1)))
    other = entry(100, direction, cidr="10.0.0.0/8" if ":" in cidr else "2001:db8::/56")
    declared({**entries, other.key: other, "egress 7": entry(7, Direction.EGRESS, cidr=UNKNOWN)})
    with pytest.raises(ValidationError, match=f"40 entries of {direction}"):
        declared({**entries, **keyed(entry(100, direction, cidr=cidr))})


def test_a_key_is_the_entrys_own() -> None:
    with pytest.raises(ValidationError) as refused_:
        declared({"egress 100": entry(100)})
    (fault,) = faults(refused_.value)
    assert (fault.path, fault.detail) == ('entries["egress 100"]', "Write 'ingress 100'.")


def test_what_was_found_may_be_more_than_can_be_declared() -> None:
    entries = keyed(*(entry(number) for number in range(1, 50)))
    assert len(NetworkAclState(name="a", vpc=VPC, entries=entries).entries) == 49


def test_ports_are_a_difference_of_their_entry_alone() -> None:
    old, new = (declared(keyed(entry(protocol=Protocol.TCP, ports=Ports.one(port)))) for port in (80, 443))
    changes = compare(NetworkAclArgs, old.to_wire(), new.to_wire()).changes
    assert set(changes) == {'entries["ingress 100"].ports.first', 'entries["ingress 100"].ports.last'}
