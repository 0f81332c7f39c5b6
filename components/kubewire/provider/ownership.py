"""From a Pulumi URN to the owner written on what it makes."""

from __future__ import annotations

import hashlib
import re

from kubewire.resources.base import Owner

LONGEST_TAG_VALUE = 256
# Elastic Load Balancing takes no others in a tag, EC2 and Route53 do:
# https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
NOT_IN_TAGS = re.compile(r"[^\w +\-=.:/@]", re.ASCII)
HASHED = re.compile(r"@[0-9a-f]{16}$")


def owner_of(urn: str, state_id: str | None = None) -> Owner:
    """Name the declarer of a resource, `urn:pulumi:dev::shop::kubewire:index:Vpc::main`, in what a tag may hold.

    The parents' types are part of it, since two resources of one type and name may differ in them alone. What can't
    be written faithfully ends in a hash of the URN, so that two URNs never give one owner.
    """
    _, _, rest = urn.partition("urn:pulumi:")
    stack, project, path = rest.split("::", 2)
    types, _, name = path.partition("::")
    return Owner(stack=_writable(project, stack), resource=_writable(*types.split("$"), name), state=state_id)


def _writable(*parts: str) -> str:
    plain = "/".join(parts)
    written = NOT_IN_TAGS.sub("_", plain).strip()
    ambiguous = any("/" in part for part in parts) or HASHED.search(plain)
    if written == plain and len(written) <= LONGEST_TAG_VALUE and not ambiguous:
        return written
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    return f"{written[: LONGEST_TAG_VALUE - len(digest) - 1]}@{digest}"
