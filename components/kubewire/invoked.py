"""A function of the provider as a Pulumi program asks it: at once, with the answer in hand.

A program plans by what is there (how many subnets, which nodes), so it can't wait for outputs: arguments are plain and
known, and the engine answers while the program runs, in a preview too.
"""

from __future__ import annotations

from typing import Any, TypeVar

import pulumi
from pydantic import ValidationError

from kubewire.errors import InvalidInputError, KubewireError
from kubewire.faults import faults
from kubewire.functions.base import Function
from kubewire.model import Model

ArgsT = TypeVar("ArgsT", bound=Model)
ResultT = TypeVar("ResultT", bound=Model)


class UnansweredError(KubewireError, pulumi.RunError):
    """A plan could not be made: an API that it reads refused or failed. It ends the program without a stack trace."""


def invoke(function: type[Function[ArgsT, ResultT]], args: ArgsT, opts: pulumi.InvokeOptions | None = None) -> ResultT:
    """Ask a function of the provider.

    Args:
        function: which one.
        args: its arguments, all of them known.
        opts: whose provider is asked: `provider`, else that of `parent`, else the default one.

    Raises:
        InvalidInputError: what the arguments name isn't there, or isn't one; its path is the argument's.
        UnansweredError: AWS or the cluster refused, failed, or could not be reached.
    """
    token = function.token()
    try:
        found = pulumi.runtime.invoke(token, args.to_wire(), opts or pulumi.InvokeOptions())
    except (KubewireError, pulumi.RunError):
        raise
    except Exception as error:
        # The SDK has no other type for what an engine answers, nor for the failures of a provider.
        raise _error(token, str(error)) from error
    if not found.is_known:
        detail = "Use what is known before the update, or let the object be made first."
        raise InvalidInputError(f"{token} was asked about what isn't known yet", detail=detail)
    return _read(function, found.value)


def _read(function: type[Function[ArgsT, ResultT]], answer: Any) -> ResultT:
    try:
        # The generic's own parameter says which model it is; the class variable can't.
        result: Any = function.Result.model_validate(answer or {})
    except ValidationError as error:
        # Whoever answered is another kubewire than this one.
        joined = InvalidInputError.joined(faults(error, answer), f"the answer of {function.token()}")
        raise UnansweredError(joined.summary, detail="Is the plugin of the same version as the library?") from error
    checked: ResultT = result
    return checked


def _error(token: str, said: str) -> KubewireError:
    """Tell a failure (a mistake in the arguments, with its path) from an error (all else) in the SDK's one message.

    A failure is `invoke of TOKEN failed: REASON (PATH)`, and our provider's reasons begin with their path.
    """
    text = said.removeprefix(f"invoke of {token} failed: ")
    for start in range(len(text)):
        path = text[start + 2 : -1]
        if text.startswith(" (", start) and text.endswith(")") and (not path or text.startswith(f"{path}: ")):
            summary, _, detail = text[:start].removeprefix(f"{path}: " if path else "").partition("\n  ")
            return InvalidInputError(summary, detail=detail, path=path)
    summary, _, detail = text.partition("\n  ")
    return UnansweredError(summary, detail=detail)
