"""Shells: how they are told about variables, and how one is started with them."""

from __future__ import annotations

import os
import shlex
from enum import StrEnum
from pathlib import Path

from kubewire.local.environment import Exports


class Shell(StrEnum):
    """A family of shells that quotes alike."""

    SH = "sh"
    FISH = "fish"


def script(exports: Exports, shell: Shell) -> str:
    """Commands that make the changes in a shell when it evaluates them."""
    lines = [_remove(name, shell) for name in exports.removed]
    lines += [_assign(name, value, shell) for name, value in exports.assigned.items()]
    return "\n".join(lines)


def users_shell() -> Path:
    """The user's own shell."""
    return Path(os.environ.get("SHELL") or "/bin/sh")


def _assign(name: str, value: str, shell: Shell) -> str:
    if shell is Shell.SH:
        return f"export {name}={shlex.quote(value)}"
    # Within single quotes fish knows these two escapes, and sh none.
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    if name == "PATH":
        # fish keeps PATH as a list.
        return f"set -gx PATH (string split : '{quoted}')"
    return f"set -gx {name} '{quoted}'"


def _remove(name: str, shell: Shell) -> str:
    return f"unset {name}" if shell is Shell.SH else f"set -e {name}"
