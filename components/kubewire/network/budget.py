"""Where rules for nodes go: a security group holds so many, and every node has one to five of them."""

from __future__ import annotations

from collections import Counter

from kubewire.errors import InvalidInputError
from kubewire.network.quotas import MOST_GROUPS, MOST_RULES_PER_INTERFACE, Limits
from kubewire.network.sources import weight
from kubewire.resources.traffic import CidrPeer, Direction, Rule

Rules = dict[str, Rule]
FAMILIES = (4, 6)
Column = tuple[Direction, int]
"""AWS counts each direction apart, and IPv4 rules apart from those for IPv6:
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""


class RuleBudget:
    """The room that the nodes' groups have, in the order in which it's taken.

    Who asks gets the first group that holds all of his rules; if none does, they are spread over what room there is.
    """

    def __init__(self, limits: Limits, groups: int) -> None:
        self._most = limits.rules_per_group.value
        self._groups = groups
        self._used: list[Counter[Column]] = [Counter() for _ in range(groups)]
        if groups * self._most > MOST_RULES_PER_INTERFACE:
            detail = f"An interface takes {MOST_RULES_PER_INTERFACE} rules of all its groups together: fewer groups, "
            raise InvalidInputError(
                f"{groups} groups of {self._most} rules are too many",
                detail=f"{detail}or a lower quota.",
                path="nodeGroups",
            )

    @property
    def fullest(self) -> int:
        """Say how many rules of one direction and family the fullest group has."""
        return max(max(used.values(), default=0) for used in self._used)

    def place(self, rules: Rules, path: str) -> list[Rules]:
        """Take room for rules.

        Args:
            rules: what each is for, to the rule.
            path: what asks for them.

        Returns:
            The rules of each group, in the order of the groups.

        Raises:
            InvalidInputError: the groups can't hold them.
        """
        needed = weights(rules)
        for number in range(self._groups):
            if self._holds(number, needed):
                self._used[number] += needed
                return [rules if group == number else {} for group in range(self._groups)]
        return self._spread(rules, path)

    def _spread(self, rules: Rules, path: str) -> list[Rules]:
        placed: list[Rules] = [{} for _ in range(self._groups)]
        for name, rule in rules.items():
            needed = _weight(rule)
            group = next((number for number in range(self._groups) if self._holds(number, needed)), None)
            if group is None:
                raise self._too_many(rules, path)
            self._used[group] += needed
            placed[group][name] = rule
        return placed

    def _holds(self, group: int, needed: Counter[Column]) -> bool:
        return all(self._used[group][column] + number <= self._most for column, number in needed.items())

    def _too_many(self, rules: Rules, path: str) -> InvalidInputError:
        needed, used = weights(rules), sum(self._used, Counter())
        column = max(needed, key=lambda column: needed[column])
        detail = (
            f"The nodes' {self._groups} group{'s hold' if self._groups > 1 else ' holds'} {self._groups} x {self._most}"
            f" rules of {column[0]}, and {used[column]} of these are taken, or were to be. "
            "Put neighbouring ranges into one, "
        )
        if self._groups < MOST_GROUPS:
            detail += f"set `nodeGroups` of the network to {self._groups + 1} (up to {MOST_GROUPS}), "
        detail += "or ask AWS for a higher quota and write it into `quotas.rulesPerGroup`."
        summary = f"{needed[column]} more rules are too many for the security group of the nodes"
        return InvalidInputError(summary, detail=detail, path=path)


def weights(rules: Rules) -> Counter[Column]:
    """Count rules as AWS does."""
    counted: Counter[Column] = Counter()
    for rule in rules.values():
        counted.update(_weight(rule))
    return counted


def _weight(rule: Rule) -> Counter[Column]:
    """Count a rule: one that names a range for its family, one that names a group or a list for both."""
    size = weight(rule.peer)
    families = [rule.peer.cidr.version] if isinstance(rule.peer, CidrPeer) else FAMILIES
    return Counter({(rule.direction, family): size for family in families})
