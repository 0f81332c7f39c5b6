"""Names for objects that the program gave none."""

from __future__ import annotations

import hashlib
import secrets

from kubewire.provider.protocol import Subject

_DIGITS = 8


def automatic_name(subject: Subject) -> str:
    """Give `<logical name>-<8 hex digits>`, the same in a preview and in its update: the engine's seed sees to that."""
    seed = subject.seed
    digits = hashlib.sha256(seed).hexdigest()[:_DIGITS] if seed else secrets.token_hex(_DIGITS // 2)
    return f"{logical_name(subject)}-{digits}"


def logical_name(subject: Subject) -> str:
    """Give a resource's name in its program."""
    return subject.urn.split("::", 3)[3]
