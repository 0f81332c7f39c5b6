"""How AWS says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):  # noqa: N818 - it is AWS's answer, not a failure of ours
    """AWS's error answer. It reaches the client in the wire form of its protocol.

    Attributes:
        code: AWS's error code.
        message: AWS's words; clients print them, so they must be the same here and there.
        status: the HTTP status; None for the one in the service's model, or 400.
        fields: further members of the error's shape, such as the messages of Route53's InvalidChangeBatch.
    """

    def __init__(
        self, code: str, message: str, *, status: int | None = None, fields: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = fields or {}


def dependency_violation(kind: str, identity: str) -> Refusal:
    """Something still uses what is to be deleted, in EC2's words.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    return Refusal("DependencyViolation", f"The {kind} '{identity}' has dependencies and cannot be deleted.")


def invalid_parameter(message: str) -> Refusal:
    """EC2's InvalidParameterValue.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    return Refusal("InvalidParameterValue", message)
