"""Cases as rows of a table: what is called, and what AWS's documentation says of it.

    Case(
        "a subnet below /28",
        "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
        ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId"),
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.0.0/29")
        .refused("InvalidSubnet.Range", "The CIDR '10.0.0.0/29' is invalid."),
    )

`keep` names a part of an answer by its JMESPath; `$name` stands for it from then on, in parameters and in what is
expected. `answers` says what parts of an answer are. A step that says neither must succeed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from string import Template
from typing import Any, Protocol

import jmespath  # type: ignore[import-untyped]
from botocore.exceptions import ClientError


class World(Protocol):
    """The AWS that a case runs in."""

    def client(self, service: str) -> Any:
        """A plain client of boto3's."""

    def control(self, what: str, **body: Any) -> None:
        """Ask its control interface for something."""

    def complaints(self) -> list[str]:
        """What was wrong with the wire form of the answers since this was last asked."""


@dataclass(frozen=True)
class Step:
    """One call of a case."""

    service: str
    verb: str
    parameters: Mapping[str, Any]
    kept: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)
    refusal: tuple[str, str] | None = None
    status: int | None = None

    def keep(self, **paths: str) -> Step:
        """Remember parts of the answer."""
        return replace(self, kept={**self.kept, **paths})

    def answers(self, expected: Mapping[str, Any]) -> Step:
        """Say what parts of the answer are, by their JMESPath."""
        return replace(self, expected={**self.expected, **expected})

    def refused(self, code: str, message: str, *, status: int | None = None) -> Step:
        """Say that AWS refuses, how, and in which words."""
        return replace(self, refusal=(code, message), status=status)

    def run(self, world: World, names: dict[str, Any]) -> None:
        """Make the call and compare."""
        call = getattr(world.client(self.service), self.verb)
        parameters = _filled(self.parameters, names)
        if self.refusal is not None:
            self._must_refuse(lambda: call(**parameters), names)
            return
        answer = call(**parameters)
        names.update({name: jmespath.search(path, answer) for name, path in self.kept.items()})
        missing = [name for name in self.kept if names[name] is None]
        assert not missing, f"{self.verb} answered nothing at {[self.kept[name] for name in missing]}: {answer}"
        found = {path: jmespath.search(path, answer) for path in self.expected}
        assert found == _filled(self.expected, names), self.verb

    def _must_refuse(self, call: Callable[[], Any], names: Mapping[str, Any]) -> None:
        try:
            answer = call()
        except ClientError as error:
            said = error.response["Error"]
            assert (said["Code"], said["Message"]) == tuple(_filled(self.refusal, names))
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            assert self.status is None or status == self.status
        else:
            raise AssertionError(f"{self.verb} was accepted: {answer}")


@dataclass(frozen=True)
class Control:
    """One request to the control interface."""

    what: str
    body: Mapping[str, Any]

    def run(self, world: World, _names: dict[str, Any]) -> None:
        """Make it."""
        world.control(self.what, **self.body)


@dataclass(frozen=True)
class Service:
    """Writes steps: `ec2.describe_vpcs(MaxResults=5)`."""

    name: str

    def __getattr__(self, verb: str) -> Callable[..., Step]:
        if verb.startswith("_"):
            raise AttributeError(verb)
        return lambda **parameters: Step(self.name, verb, parameters)


ec2, elbv2, route53 = Service("ec2"), Service("elbv2"), Service("route53")


def config(**settings: Any) -> Control:
    """Change settings of the embedded AWS."""
    return Control("config", settings)


def advance(seconds: float) -> Control:
    """Let time pass."""
    return Control("clock", {"advance": seconds})


class Case:
    """One row."""

    def __init__(self, title: str, page: str, *steps: Step | Control) -> None:
        assert page.startswith("https://docs.aws.amazon.com/"), title
        self.title = title
        self.page = page
        self.steps = steps

    def __repr__(self) -> str:
        return self.title.replace(" ", "-")

    def run(self, world: World) -> None:
        """Take its steps, one after the other; each answer must fit the service's model."""
        names: dict[str, Any] = {}
        for step in self.steps:
            step.run(world, names)
            wrong = world.complaints()
            assert not wrong, f"{step} doesn't answer as the service's model says: {wrong}"


def _filled(value: Any, names: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        whole = value.removeprefix("$")
        return names[whole] if whole != value and whole in names else Template(value).safe_substitute(names)
    if isinstance(value, Mapping):
        return {key: _filled(item, names) for key, item in value.items()}
    return [_filled(item, names) for item in value] if isinstance(value, list | tuple) else value
