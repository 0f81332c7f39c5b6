from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kubewire.errors import RefusedError
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.security_group_checks import MOST_RULES
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.resources.tagging import pairs
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Ports, PrefixListPeer, Protocol, Rule
from tests.unit.resources.conftest import FakeCloud
from tests.unit.resources.killable import Killed
from tests.unit.resources.memory import GroupMemory

ME = Owner(stack="shop/dev", resource="kubewire:index:SecurityGroupRules/mine")
OTHER = Owner(stack="shop/dev", resource="kubewire:index:SecurityGroupRules/other")
GROUP = Ref(name="nodes", id="sg-1")
NOBODY: frozenset[str] = frozenset()

LISTED = PrefixListPeer(name="pl-1", id="pl-1", max_entries=5)

Rules = dict[str, Rule]

peers = st.sampled_from(
    [
        GroupPeer(name="nodes", id="sg-1"),
        PrefixListPeer(name="partners", id="pl-1", max_entries=5),
        *(CidrPeer.model_validate({"cidr": cidr}) for cidr in ("10.0.0.0/16", "10.1.0.0/16", "2001:db8::/48")),
    ]
)
traffic = st.one_of(
    st.tuples(st.sampled_from([Protocol.TCP, Protocol.UDP]), st.sampled_from([Ports.one(80), Ports.one(443)])),
    st.sampled_from(
        [
            (Protocol.ALL, None),
            (Protocol.ICMP, None),
            (Protocol.ICMPV6, Ports(first=128, last=-1)),
            (Protocol.SCTP, None),
            (47, None),
        ]
    ),
)
any_rule = st.builds(
    lambda direction, what, peer: Rule(direction=direction, protocol=what[0], ports=what[1], peer=peer),
    st.sampled_from(Direction),
    traffic,
    peers,
)


def named(rules: list[Rule], names: list[str]) -> Rules:
    return dict(zip(names, rules, strict=False))


# Few names and few rules, so that rows swap names, keep them, and come back under others.
sets = st.builds(
    named,
    st.lists(any_rule, max_size=5, unique_by=lambda rule: rule.identity()),
    st.permutations(["a", "b", "c", "d", "e"]),
)


def web(port: int = 80, cidr: str = "10.0.0.0/8") -> Rule:
    peer = CidrPeer.model_validate({"cidr": cidr})
    return Rule(direction=Direction.INGRESS, protocol=Protocol.TCP, ports=Ports.one(port), peer=peer)


def declared(rules: Rules) -> SecurityGroupRulesArgs:
    return SecurityGroupRulesArgs(group=GROUP, rules=rules)


def lifecycle(memory: GroupMemory, owner: Owner = ME) -> Any:
    cloud: Any = FakeCloud()
    cloud.ec2 = memory
    return Lifecycle(SecurityGroupRules(cloud, owner))


def put(memory: GroupMemory, rules: Rules, tags: dict[str, str]) -> None:
    """Put rules there as others do."""
    for name, rule in rules.items():
        memory.put(rule.direction is Direction.EGRESS, dict(rule.permission(name)), pairs_of(tags))


def pairs_of(tags: dict[str, str]) -> list[Any]:
    return list(pairs(tags))


def of_others(memory: GroupMemory) -> list[Any]:
    mine = pairs_of(ME.tags())
    return [copy.deepcopy(row) for row in memory.rows.values() if row["Tags"] != mine]


def apart(rules: Rules, *taken: Rules) -> Rules:
    """Leave out what EC2 would refuse beside others."""
    present = {rule.identity() for others in taken for rule in others.values()}
    return {name: rule for name, rule in rules.items() if rule.identity() not in present}


@given(old=sets, new=sets, foreign=sets, nobodys=sets)
def test_any_set_becomes_any_other_and_those_of_others_stay(
    old: Rules, new: Rules, foreign: Rules, nobodys: Rules
) -> None:
    memory = GroupMemory()
    foreign = apart(foreign, old, new)
    put(memory, foreign, OTHER.tags())
    put(memory, apart(nobodys, old, new, foreign), {})
    others = of_others(memory)
    mine = lifecycle(memory)
    _, state = mine.create(declared(old), NOBODY)
    assert mine.read("sg-1", declared(old)) == state
    mine.update("sg-1", state, declared(new))
    found = mine.read("sg-1", declared(new))
    assert found.rules == new
    assert of_others(memory) == others
    changes = memory.changes
    mine.update("sg-1", found, declared(new))
    assert memory.changes == changes
    mine.delete("sg-1", found)
    assert [*memory.rows.values()] == others


def exclusive(rules: Rules) -> SecurityGroupRulesArgs:
    return SecurityGroupRulesArgs(group=GROUP, rules=rules, exclusive=True)


@given(new=sets, foreign=sets, nobodys=sets, killed_at=st.one_of(st.none(), st.integers(0, 6)))
def test_an_exclusive_set_ends_alone_on_its_group(
    new: Rules, foreign: Rules, nobodys: Rules, killed_at: int | None
) -> None:
    memory, wanted = GroupMemory(), exclusive(new)
    put(memory, foreign, OTHER.tags())
    put(memory, apart(nobodys, foreign), {})
    memory.killed_at = killed_at
    try:
        lifecycle(memory).create(wanted, NOBODY)
    except Killed:
        memory.killed_at = None
    memory.killed_at = None
    object_id, state = lifecycle(memory).create(wanted, NOBODY)
    assert lifecycle(memory).read(object_id, wanted) == state
    assert state.rules == new
    assert [row["Tags"] for row in memory.rows.values()] == [pairs_of(ME.tags())] * len(new)
    changes = memory.changes
    lifecycle(memory).update(object_id, state, wanted)
    assert memory.changes == changes
    lifecycle(memory).delete(object_id, state)
    assert memory.rows == {}


def test_a_default_group_is_locked_down_and_whoever_opens_it_is_seen() -> None:
    memory, wanted = GroupMemory(), exclusive({})
    everyone = CidrPeer.model_validate({"cidr": "0.0.0.0/0"})
    own = Rule(direction=Direction.INGRESS, protocol=Protocol.ALL, peer=GroupPeer(name="default", id="sg-1"))
    out = Rule(direction=Direction.EGRESS, protocol=Protocol.ALL, peer=everyone)
    put(memory, {"own": own, "out": out}, {})
    for row in memory.rows.values():
        # AWS describes none of the rules that it makes.
        del row["Description"]
    object_id, state = lifecycle(memory).create(wanted, NOBODY)
    assert memory.rows == {}
    put(memory, {"opened by hand": web(), "partners": out.model_copy(update={"peer": LISTED})}, OTHER.tags())
    found = lifecycle(memory).read(object_id, wanted)
    changes = set(compare(SecurityGroupRulesArgs, found.to_wire(), wanted.to_wire()).changes)
    assert changes == {'rules["opened by hand"]', "rules.partners"}
    assert found.rules["partners"].peer.max_entries == 5
    lifecycle(memory).update(object_id, found, wanted)
    assert memory.rows == {}
    lifecycle(memory).delete(object_id, state)
    assert memory.rows == {}


def test_without_being_exclusive_any_more_it_leaves_the_others_alone() -> None:
    memory = GroupMemory()
    object_id, state = lifecycle(memory).create(exclusive({"web": web()}), NOBODY)
    put(memory, {"theirs": web(8080)}, OTHER.tags())
    state = lifecycle(memory).update(object_id, state, declared({"web": web()}))
    lifecycle(memory).delete(object_id, state)
    assert [row["Description"] for row in memory.rows.values()] == ["theirs"]


def test_more_rules_than_can_be_declared_are_read() -> None:
    memory = GroupMemory(most=3000)
    put(memory, {f"rule {number}": web(port=number + 1) for number in range(MOST_RULES + 1)}, OTHER.tags())
    assert len(lifecycle(memory).read("sg-1", exclusive({})).rules) == MOST_RULES + 1


@given(old=sets, new=sets, killed_at=st.integers(0, 6))
def test_killed_at_any_change_the_difference_shows_and_the_next_run_ends_right(
    old: Rules, new: Rules, killed_at: int
) -> None:
    memory = GroupMemory()
    _, state = lifecycle(memory).create(declared(old), NOBODY)
    memory.killed_at = memory.changes + killed_at
    cut_off = False
    try:
        lifecycle(memory).update("sg-1", state, declared(new))
    except Killed:
        cut_off = True
    memory.killed_at = None
    refreshed = lifecycle(memory).read("sg-1", declared(old))
    assert refreshed
    differs = bool(compare(SecurityGroupRulesArgs, refreshed.to_wire(), declared(new).to_wire()).changes)
    assert differs or not cut_off or len(memory.rows) == len(new)
    lifecycle(memory).update("sg-1", refreshed, declared(new))
    assert lifecycle(memory).read("sg-1", declared(new)).rules == new
    assert len(memory.rows) == len(new)


def test_an_old_rule_that_a_cut_off_change_left_shows_beside_the_new_one_of_its_name() -> None:
    memory, wanted = GroupMemory(), declared({"web": web(443)})
    _, state = lifecycle(memory).create(declared({"web": web(80)}), NOBODY)
    memory.killed_at = memory.changes + 1
    with pytest.raises(Killed):
        lifecycle(memory).update("sg-1", state, wanted)
    found = lifecycle(memory).read("sg-1", wanted)
    assert found.rules == {"web": web(443), "sgr-1": web(80)}


@given(old=sets, new=sets)
def test_a_full_group_can_still_be_changed(old: Rules, new: Rules) -> None:
    most = max(sum(rule.direction is way for rule in rules.values()) for rules in (old, new) for way in Direction)
    memory = GroupMemory(most=most)
    mine = lifecycle(memory)
    _, state = mine.create(declared(old), NOBODY)
    mine.update("sg-1", state, declared(new))
    assert mine.read("sg-1", declared(new)).rules == new


def test_new_rules_come_before_old_ones_go(cloud: Any) -> None:
    memory = GroupMemory()
    _, state = lifecycle(memory).create(declared({"web": web(80)}), NOBODY)
    row = memory.describe_security_group_rules()
    cloud.ec2.answers["describe_security_group_rules"] = row
    SecurityGroupRules(cloud, ME).converge("sg-1", state, declared({"web": web(443)}))
    assert cloud.ec2.operations[-2:] == ["authorize_security_group_ingress", "revoke_security_group_ingress"]


@pytest.mark.parametrize("tags", [OTHER.tags(), {}], ids=["of another owner", "of nobody"])
def test_a_rule_that_is_there_already_is_refused_and_whose_it_is_said(tags: dict[str, str]) -> None:
    memory = GroupMemory()
    put(memory, {"theirs": web()}, tags)
    with pytest.raises(Exception, match="Another owner put this rule on the group"):
        lifecycle(memory).create(declared({"mine": web()}), NOBODY)
    assert [row["Description"] for row in memory.rows.values()] == ["theirs"]


def test_after_a_refusal_the_rule_of_nobody_is_still_not_taken_for_ours() -> None:
    memory = GroupMemory()
    put(memory, {"theirs": web()}, {})
    wanted = declared({"mine": web()})
    for _ in range(2):
        with pytest.raises(Exception, match="Another owner"):
            lifecycle(memory).update("sg-1", lifecycle(memory).read("sg-1", wanted), wanted)


def test_an_import_takes_what_nobody_owns_and_the_next_change_marks_it() -> None:
    memory = GroupMemory()
    put(memory, {"web": web(80), "tls": web(443)}, {})
    put(memory, {"theirs": web(8080)}, OTHER.tags())
    mine = lifecycle(memory)
    state = mine.read("sg-1", None)
    assert state
    assert state.rules == {"web": web(80), "tls": web(443)}
    # A refresh after it finds the same, though nothing marks them yet.
    assert mine.read("sg-1", declared(state.rules)).rules == state.rules
    mine.update("sg-1", state, declared({"web": web(80), "https": web(443)}))
    owned = {row["Description"] for row in memory.rows.values() if row["Tags"] == pairs_of(ME.tags())}
    assert owned == {"web", "https"}


def test_an_imported_rule_without_a_description_is_named_by_its_id() -> None:
    memory = GroupMemory()
    put(memory, {"web": web()}, {})
    del memory.rows["sgr-1"]["Description"]
    mine = lifecycle(memory)
    state = mine.read("sg-1", None)
    assert state.rules == {"sgr-1": web()}
    assert mine.read("sg-1", declared(state.rules)).rules == state.rules
    mine.update("sg-1", state, declared({"web": web()}))
    assert memory.rows["sgr-1"]["Description"] == "web"


def test_a_rule_that_somebody_removed_shows_and_comes_back() -> None:
    memory, wanted = GroupMemory(), declared({"web": web(80), "tls": web(443)})
    mine = lifecycle(memory)
    mine.create(wanted, NOBODY)
    del memory.rows["sgr-1"]
    found = mine.read("sg-1", wanted)
    assert set(compare(SecurityGroupRulesArgs, found.to_wire(), wanted.to_wire()).changes) == {"rules.web"}
    mine.update("sg-1", found, wanted)
    assert mine.read("sg-1", wanted).rules == wanted.rules


def test_delete_goes_on_when_somebody_removes_a_rule_at_the_same_time() -> None:
    memory, wanted = GroupMemory(), declared({"web": web(80), "tls": web(443)})
    mine = lifecycle(memory)
    _, state = mine.create(wanted, NOBODY)
    stale = [memory.describe_security_group_rules()]
    del memory.rows["sgr-1"]
    fresh = memory.describe_security_group_rules
    memory.describe_security_group_rules = (  # type: ignore[method-assign]  # an answer from before
        lambda **_: stale.pop() if stale else fresh()
    )
    mine.delete("sg-1", state)
    assert memory.rows == {}


def test_a_group_that_is_gone_reads_as_none(cloud: Any) -> None:
    cloud.ec2.answers = {
        "describe_security_group_rules": {"SecurityGroupRules": []},
        "describe_security_groups": {"SecurityGroups": []},
    }
    assert SecurityGroupRules(cloud, ME).read("sg-1", declared({})) is None


def test_one_rule_under_two_names_is_refused() -> None:
    with pytest.raises(ValidationError, match="'b' and 'a' are the same rule"):
        declared({"a": web(), "b": web()})


def test_more_rules_than_any_quota_are_refused_with_their_number() -> None:
    many = {f"rule {number}": web(port=number + 1) for number in range(MOST_RULES + 1)}
    with pytest.raises(ValidationError, match="1001 rules of ingress"):
        declared(many)


def listed(number: int, entries: int) -> Rules:
    """Give one rule for a prefix list, and some for ranges of IPv4."""
    ranges = {f"rule {one}": web(port=one + 1) for one in range(number)}
    peer = PrefixListPeer(name="partners", id="pl-1", max_entries=entries)
    return {**ranges, "partners": web().model_copy(update={"peer": peer})}


def test_a_prefix_list_counts_as_the_most_entries_that_it_can_have() -> None:
    assert len(declared(listed(900, 100)).rules) == 901
    with pytest.raises(ValidationError, match="1001 rules of ingress"):
        declared(listed(900, 101))


def test_rules_for_ipv6_are_counted_apart() -> None:
    both = {
        f"{cidr} {one}": web(one + 1, cidr) for one in range(MOST_RULES) for cidr in ("10.0.0.0/8", "2001:db8::/48")
    }
    assert len(declared(both).rules) == 2 * MOST_RULES


@pytest.mark.parametrize("name", ["", "it's", "naïve", "a" * 256])
def test_names_that_are_no_descriptions_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        declared({name: web()})


def test_a_full_group_says_the_way_out() -> None:
    with pytest.raises(Exception, match="ask AWS for a higher quota") as caught:
        lifecycle(GroupMemory(most=1)).create(declared({"web": web(80), "tls": web(443)}), NOBODY)
    assert isinstance(caught.value.__cause__, RefusedError)
