"""What AWS allows an account of, as far as a cluster network meets it."""

from __future__ import annotations

from pydantic import Field

from kubewire.errors import InvalidInputError
from kubewire.model import Described

# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html: 500 since June 2025, 1,000 on request
ROUTES_PER_TABLE, MOST_ROUTES_PER_TABLE = 500, 1000
# As above: in each direction; on request as many as leave 1,000 for all groups of an interface together.
RULES_PER_GROUP, MOST_RULES_PER_GROUP = 60, 1000

OWN_RULES = 2
"""The network's rules on the nodes' group, in each direction: one for nodes, one for pods."""


class Quotas(Described):
    """The account's quotas, where AWS raised them: a plan beyond them is refused before anything is made."""

    routes_per_table: int = Field(default=ROUTES_PER_TABLE, ge=1, le=MOST_ROUTES_PER_TABLE)
    """Routes in one route table."""
    rules_per_group: int = Field(default=RULES_PER_GROUP, ge=1, le=MOST_RULES_PER_GROUP)
    """Rules on one security group, in each direction."""

    def hold_routes(self, number: int, path: str) -> None:
        """Refuse more routes than a table holds. Raises InvalidInputError."""
        if number > self.routes_per_table:
            raise InvalidInputError(
                f"{number} routes are too many for one table",
                detail=f"A table holds {self.routes_per_table}: one for each node, and the way out. Declare fewer, "
                "or ask AWS for a higher quota and write it into `quotas.routesPerTable` of the network.",
                path=path,
            )

    def hold_rules(self, number: int, group: str, path: str) -> None:
        """Refuse more rules than a group holds in one direction. Raises InvalidInputError.

        Args:
            number: how many there would be.
            group: whose they are, as the user should read it.
            path: what asks for them.
        """
        if number > self.rules_per_group:
            raise InvalidInputError(
                f"{number} rules are too many for the security group of {group}",
                detail=f"It holds {self.rules_per_group}. Put neighbouring ranges into one, "
                "or ask AWS for a higher quota and write it into `quotas.rulesPerGroup` of the network.",
                path=path,
            )
