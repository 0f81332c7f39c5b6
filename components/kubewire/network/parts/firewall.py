"""The security groups of the nodes, and who puts rules on them."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from kubewire.declared import Declared
from kubewire.model import Ref
from kubewire.network.budget import RuleBudget, Rules
from kubewire.network.parts.declarer import Declarer
from kubewire.network.parts.forecast import Forecast
from kubewire.network.parts.vpc import VpcPart
from kubewire.network.quotas import Limits
from kubewire.resources.security_group import SecurityGroup, SecurityGroupArgs
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs


@dataclass(frozen=True)
class FirewallPart:
    """The nodes' groups: every node has all of them, and the first is what others name nodes by."""

    groups: tuple[Ref, ...]
    budget: RuleBudget
    forecast: Forecast

    def admit(self, rules: Rules, name: str, path: str, parent: pulumi.Resource) -> list[pulumi.Resource]:
        """Put somebody's rules on the groups.

        Args:
            rules: what each is for, to the rule.
            name: what the stack calls them.
            path: what asks for them.
            parent: who declares them.

        Raises:
            InvalidInputError: the groups can't hold them.
        """
        made: list[pulumi.Resource] = []
        for number, (group, own) in enumerate(zip(self.groups, self.budget.place(rules, path), strict=True)):
            if own:
                args = SecurityGroupRulesArgs(group=group, rules=own)
                # The first keeps the plain name, so that a second group changes nothing of what is there.
                place = f"{name}.{number + 1}" if number else name
                opts = pulumi.ResourceOptions(parent=parent)
                made.append(self.forecast.watch(Declared(SecurityGroupRules, place, args, opts)))
        return made


def make_groups(declarer: Declarer, vpc: VpcPart, limits: Limits) -> FirewallPart:
    """Make the nodes' groups, without rules."""
    args = declarer.args
    groups = []
    for number in range(args.node_groups):
        described = SecurityGroupArgs(
            name=f"{args.name}-nodes" + (f"-{number + 1}" if number else ""),
            vpc=vpc.ref,
            description=f"Nodes of {args.name}",
            tags=args.tags,
        )
        # AWS opens a new group to IPv6 when the range comes: it must not come while the group is being shut.
        groups.append(declarer.named(SecurityGroup, described, after=vpc.settled).ref)
    return FirewallPart(tuple(groups), RuleBudget(limits, args.node_groups), declarer.forecast)
