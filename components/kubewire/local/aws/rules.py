"""Where the rules of an operation are written down, and how they are applied.

A rule is one function. It says which operations it is for by its decorator, and lives in a file of its area.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from kubewire.local.aws.call import Answer, Call

Proceed: TypeAlias = Callable[[Call], Answer]
Layer: TypeAlias = Callable[[Call, Proceed], Answer]
Before: TypeAlias = Callable[[Call], Call | None]
Exists: TypeAlias = Callable[[Call, str], None]
After: TypeAlias = Callable[[Call, Answer], None]
Answers: TypeAlias = Callable[[Call, Proceed], Answer]
Key: TypeAlias = tuple[str, str]

AREAS: Final = ("ec2", "elbv2", "route53", "service_quotas", "autoscaling")

_exists: dict[Key, Exists] = {}
_before: dict[Key, list[Before]] = defaultdict(list)
_after: dict[Key, list[After]] = defaultdict(list)
_answers: dict[Key, Answers] = {}


def exists(service: str, *parameters: str) -> Callable[[Exists], Exists]:
    """Look at each id that a call of that service names, in any operation, before anything else is looked at.

    The parameters are those by which operations take the id, one or several: "VpcId", "VpcIds". The rule raises a
    Refusal where there is no such thing in the caller's account and region.
    """

    def register(rule: Exists) -> Exists:
        for parameter in parameters:
            if (service, parameter) in _exists:
                raise ValueError(f"two rules look for {parameter}")
            _exists[service, parameter] = rule
        return rule

    return register


def before(service: str, *operations: str) -> Callable[[Before], Before]:
    """Look at a call before moto does.

    Such a rule raises a Refusal, returns the call with other parameters, or returns nothing.
    """

    def register(rule: Before) -> Before:
        for operation in operations:
            _before[service, operation].append(rule)
        return rule

    return register


def after(service: str, *operations: str) -> Callable[[After], After]:
    """Change moto's state or its answer once moto has done what was asked."""

    def register(rule: After) -> After:
        for operation in operations:
            _after[service, operation].append(rule)
        return rule

    return register


def answers(service: str, *operations: str) -> Callable[[Answers], Answers]:
    """Answer in moto's place. The rule gets moto's own way of answering, too, to use it with other parameters."""

    def register(rule: Answers) -> Answers:
        for operation in operations:
            if (service, operation) in _answers:
                raise ValueError(f"two rules answer {operation}")
            _answers[service, operation] = rule
        return rule

    return register


def applied(call: Call, proceed: Proceed) -> Answer:
    """Answer a call by the rules of its operation, around moto."""
    key = call.service, call.operation
    for parameter, identity in _identities(call.parameters):
        look = _exists.get((call.service, parameter))
        if look:
            look(call, identity)
    for check in _before.get(key, ()):
        call = check(call) or call
    special = _answers.get(key)
    answer = special(call, proceed) if special else proceed(call)
    for change in _after.get(key, ()):
        change(call, answer)
    return answer


def operations() -> set[Key]:
    """Which operations there are rules for, by service."""
    return {*_before, *_after, *_answers}


def parameters() -> set[Key]:
    """Which parameters are looked for, by service."""
    return set(_exists)


def _identities(parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text in the parameters, at any depth, with the name that it stands under."""
    for name, value in parameters.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                yield name, one
            elif isinstance(one, Mapping):
                yield from _identities(one)


def load() -> None:
    """Import every area's files. A new one needs no entry in any list."""
    for area in AREAS:
        package = importlib.import_module(f"kubewire.local.aws.{area}")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
