"""Marks beside records that say whose they are, in the words of external-dns: it reads ours, and we read its.

https://github.com/kubernetes-sigs/external-dns/blob/master/docs/registry/txt.md
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from kubewire.resources.base import Owner

HERITAGE = "external-dns"
LONGEST_STACK = 36
"""Characters of a stack's name in a mark: all of it fits into one string of a TXT record."""
IN_OWNERS = re.compile(r"[^A-Za-z0-9._/-]")


@dataclass(frozen=True)
class Mark:
    """What a mark says.

    Attributes:
        owner: the id of whoever writes the record: an external-dns' `--txt-owner-id`, or a stack of kubewire's.
        resource: what it's for, `service/shop/frontend`.
    """

    owner: str
    resource: str

    def text(self) -> str:
        """Write it."""
        return f"heritage={HERITAGE},{HERITAGE}/owner={self.owner},{HERITAGE}/resource={self.resource}"


def owner_id(owner: Owner) -> str:
    """Give the owner that a stack's marks name: no other state's, even if its stack is called the same."""
    stack = IN_OWNERS.sub("_", owner.stack)
    if len(stack) > LONGEST_STACK:
        stack = f"{stack[: LONGEST_STACK - 9]}-{hashlib.sha256(owner.stack.encode()).hexdigest()[:8]}"
    return f"kubewire-{stack}" + (f"-{owner.state[:8]}" if owner.state else "")


def read_mark(text: str) -> Mark | None:
    """Read a text; None if it's no mark."""
    pairs = dict(pair.partition("=")[::2] for pair in text.split(","))
    if pairs.get("heritage") != HERITAGE:
        return None
    return Mark(pairs.get(f"{HERITAGE}/owner", ""), pairs.get(f"{HERITAGE}/resource", ""))
