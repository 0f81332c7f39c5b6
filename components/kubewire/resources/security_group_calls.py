"""How many calls a change of a group's rules makes."""

from __future__ import annotations

from collections.abc import Mapping

from kubewire.resources.calls import Calls, counted
from kubewire.resources.traffic import Direction, Rule


def changed_rules(old: Mapping[str, Rule], new: Mapping[str, Rule]) -> Calls:
    """Count the calls between two sets of rules: one for all that come, go or get another name in one direction."""
    total = Calls()
    for direction in Direction:
        before = _named(old, direction)
        after = _named(new, direction)
        renamed = any(before[rule] != name for rule, name in after.items() if rule in before)
        word = direction.capitalize()
        actions = {
            f"AuthorizeSecurityGroup{word}": bool(after.keys() - before.keys()),
            f"RevokeSecurityGroup{word}": bool(before.keys() - after.keys()),
            f"UpdateSecurityGroupRuleDescriptions{word}": renamed,
        }
        total += counted(**actions)
    return total


def _named(rules: Mapping[str, Rule], direction: Direction) -> dict[object, str]:
    return {rule.identity(): name for name, rule in rules.items() if rule.direction is direction}
