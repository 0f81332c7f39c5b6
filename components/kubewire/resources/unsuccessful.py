"""Answers of EC2 that say item by item what could not be done, where others are errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kubewire.errors import CloudError, InUseError, NotFoundError, RefusedError

IN_USE = "DependencyViolation"


def raise_for(items: Iterable[Mapping[str, Any]], operation: str, detail: str = "") -> None:
    """Raise what the first unsuccessful item says; do nothing where there is none.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UnsuccessfulItem.html

    Args:
        items: `Unsuccessful` of an answer.
        operation: the call, `ec2:DeleteVpcEndpoints`.
        detail: the way out, if one is known.

    Raises:
        NotFoundError: it's gone.
        InUseError: something still uses it.
        RefusedError: anything else.
    """
    for item in items:
        error = item.get("Error", {})
        code = error.get("Code", "Unknown")
        kind: type[CloudError] = RefusedError
        if code.endswith(".NotFound"):
            kind = NotFoundError
        elif code == IN_USE:
            kind = InUseError
        message = f"{operation} was refused for {item.get('ResourceId', 'it')}: {error.get('Message', code)}"
        raise kind(message, code=code, operation=operation, detail=detail or f"AWS says {code}.")
