"""Every exception that kubewire raises on purpose.

KubewireError                  summary, detail, path to the field, what to do
├── InvalidInputError          the user's description can't be right; nothing was called
├── EnvironmentNotReadyError   something that the machine should have is missing
├── CloudError                 an API refused or failed; carries its code
│   ├── NotFoundError          the object is gone (reading says so, deleting succeeds)
│   ├── ThrottledError         asked too fast; nothing was done, try again
│   ├── OutcomeUnknownError    the answer was lost: it may have been done; look before trying again
│   └── RefusedError           permanent until the input or the account changes
│       └── InUseError         something still uses the object; wait, and ask again
└── PartlyCreatedError         an object exists but isn't finished; carries its id

Anything else that escapes is a bug of kubewire's, and is reported as one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

# Pulumi ends a program without a stack trace for its own RunError alone. A program's host has imported pulumi before
# it runs; where nobody has, in the command line say, there is no such program, and loading it would cost 0.2 s.
_EndsProgramQuietly: Any = getattr(sys.modules.get("pulumi"), "RunError", Exception)


class KubewireError(Exception):
    """A failure with what a reader needs to act on it.

    Attributes:
        summary: one line, without the path.
        detail: facts behind it and the way out; may be empty.
        path: the field at fault, `nodes[2].zone`; empty where no single field is.
    """

    def __init__(self, summary: str, *, detail: str = "", path: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail
        self.path = path

    def __str__(self) -> str:
        head = f"{self.path}: {self.summary}" if self.path else self.summary
        return f"{head}\n  {self.detail}" if self.detail else head


MISTAKES = re.compile(r"(?:one mistake|[0-9]+ mistakes) in \S")
"""How `InvalidInputError.joined` begins."""


class InvalidInputError(KubewireError, ValueError, _EndsProgramQuietly):  # type: ignore[misc]  # known at run time
    """The user's description can't be right. A ValueError too, so that pydantic collects it with its own."""

    parts: Sequence[InvalidInputError] = ()
    """The mistakes that it joins; empty for a single one."""

    @classmethod
    def joined(cls, errors: Sequence[InvalidInputError], where: str) -> InvalidInputError:
        """Make one error of several, each under its own path.

        Args:
            errors: at least one.
            where: what they are in, a file say.
        """
        listed = "\n".join(str(error) for error in errors)
        count = "one mistake" if len(errors) == 1 else f"{len(errors)} mistakes"
        joined = cls(f"{count} in {where}\n{listed}")
        joined.parts = tuple(errors)
        return joined


class EnvironmentNotReadyError(KubewireError):
    """Something that the machine should have is missing or doesn't work."""


class CloudError(KubewireError):
    """An API refused or failed.

    Attributes:
        code: the API's own error code (`DependencyViolation`, `Conflict`).
        operation: the call that failed (`ec2:DeleteVpc`).
    """

    def __init__(self, summary: str, *, code: str, operation: str, detail: str = "", path: str = "") -> None:
        super().__init__(summary, detail=detail, path=path)
        self.code = code
        self.operation = operation


class NotFoundError(CloudError):
    """The object is gone."""


class ThrottledError(CloudError):
    """Asked too fast; nothing was done."""


class OutcomeUnknownError(CloudError):
    """The answer was lost, so the call may or may not have been carried out."""


class RefusedError(CloudError):
    """Permanent until the input or the account changes."""


class InUseError(RefusedError):
    """Something still uses the object. What is being deleted too lets go of it in a while."""


class PartlyCreatedError(KubewireError):
    """An object exists in the cloud but could not be finished.

    The engine keeps its id and state, so that the next run goes on from there.

    Attributes:
        resource_id: the id under which it can be read and deleted.
        state: what is known of it, in wire form.
    """

    def __init__(self, cause: KubewireError, *, resource_id: str, state: Mapping[str, Any]) -> None:
        super().__init__(cause.summary, detail=cause.detail, path=cause.path)
        self.resource_id = resource_id
        self.state = dict(state)
