"""What a program has declared for a network, once the engine has answered for all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import pulumi

Listener = Callable[[Mapping[str, pulumi.Resource]], "pulumi.Output[None]"]
"""Takes all that is declared, in order and by its URN."""
LOOK_AGAIN_SECONDS = 0.02


class Registered:
    """Counts resources in, and tells who listens when the engine has answered for all of them.

    That is once, after the program has declared everything; only what a program declares later still, when an output
    has come say, is told in another round, with all before it.
    """

    def __init__(self) -> None:
        self._resources: list[pulumi.Resource] = []
        self._listeners: list[Listener] = []
        self._waiting = False

    def tell(self, listener: Listener) -> None:
        """Have somebody told."""
        self._listeners.append(listener)

    def add(self, resource: pulumi.Resource) -> None:
        """Count a resource in."""
        self._resources.append(resource)
        if self._listeners and not self._waiting:
            self._waiting = True
            self._wait()

    def _wait(self) -> pulumi.Output[None]:
        # A URN is there once the engine has answered.
        urns: pulumi.Output[list[str]] = pulumi.Output.all(*(one.urn for one in self._resources))
        at_rest: pulumi.Output[list[str]] = urns.apply(_program_rests)
        return at_rest.apply(self._answered)

    def _answered(self, urns: list[str]) -> pulumi.Output[None]:
        if len(urns) < len(self._resources):
            return self._wait()
        self._waiting = False
        answered = dict(zip(urns, self._resources, strict=True))
        said = [listener(answered) for listener in self._listeners]
        return pulumi.Output.all(*said).apply(lambda _: None)


async def _program_rests(urns: list[str]) -> list[str]:
    """Wait until the program has come to its end.

    A program that asks a function runs the event loop while it waits for the answer, itself in the middle of its task.
    """
    mine = asyncio.current_task()
    while any(_is_midway(task) for task in asyncio.all_tasks() if task is not mine):  # noqa: ASYNC110 - no event says it
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return urns


def _is_midway(task: asyncio.Task[object]) -> bool:
    return bool(getattr(task.get_coro(), "cr_running", False))
