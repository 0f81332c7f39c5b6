"""Variables that a forge's jobs have."""

from __future__ import annotations

from collections.abc import Mapping

from kubewire.errors import EnvironmentNotReadyError


def needed(environment: Mapping[str, str], name: str) -> str:
    """Give a variable.

    Raises:
        EnvironmentNotReadyError: it isn't set.
    """
    value = environment.get(name)
    if not value:
        detail = "docs/pull-requests.md says what sets it."
        raise EnvironmentNotReadyError(f"{name} is not set", detail=detail)
    return value
