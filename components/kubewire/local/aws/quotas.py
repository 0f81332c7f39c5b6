"""How many of a thing an account may have: AWS's defaults, which the configuration may change.

VPCS = quota("vpcs-per-region", default=5, page="https://docs.aws.amazon.com/...")

@before("ec2", "CreateVpc")
def quota_of_vpcs(call: Call) -> None:
if len(call.ec2.vpcs) >= call.limit(VPCS):
raise Refusal("VpcLimitExceeded", "The maximum number of VPCs has been reached.")
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Quota:
    """One of them.

    Attributes:
        name: under which it is configured.
        default: what AWS gives an account that has asked for nothing.
        page: where AWS says so.
    """

    name: str
    default: int
    page: str


_declared: dict[str, Quota] = {}
QUOTAS: Final = MappingProxyType(_declared)
"""All of them by name, once the areas are loaded."""


def quota(name: str, *, default: int, page: str) -> Quota:
    """Declare one."""
    if name in _declared:
        raise ValueError(f"there are two quotas named {name!r}")
    _declared[name] = Quota(name, default, page)
    return _declared[name]
