"""Managed prefix lists, as far as routes and rules of security groups need them."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.identities import well_formed
from kubewire.local.aws.refusal import Refusal

# https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
WEIGHTS: Final = {"origin-facing": 55, "groundstation": 5, "vpc-lattice": 10}
"""How many rules or routes a list of AWS's own counts as, by the end of its name; the others count as one."""


def prefix_list_of(call: Call, identity: str) -> Any:
    """A prefix list.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html

    Raises:
        Refusal: there is none like it.
    """
    well_formed("InvalidPrefixListId", "pl", identity)
    found: Any = call.ec2.managed_prefix_lists.get(identity)
    if found is None or found.state.startswith("delete"):
        raise Refusal("InvalidPrefixListID.NotFound", f"The prefix list ID '{identity}' does not exist")
    return found


def weight(prefix_list: Any) -> int:
    """How many rules or routes a prefix list counts as: as many as it can have entries.

    https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
    """
    if prefix_list.max_entries is not None:
        return int(prefix_list.max_entries)
    name = str(prefix_list.prefix_list_name)
    return next((number for ending, number in WEIGHTS.items() if name.endswith(ending)), 1)
