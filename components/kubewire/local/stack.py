"""Deploying and destroying a stack on clouds that forget, while its state does not."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.backend import Remaining, abandoned, may_hold_resources, remaining
from kubewire.local.cloud import Cloud
from kubewire.local.deployments import Deployments
from kubewire.local.environment import BACKEND
from kubewire.local.home import Home, find_checkout

# The cloud that the state describes is gone, so nothing in the state can be trusted. The program is run for the
# refresh, too: providers must be configured as it says now, not as they were for the former cloud.
_REFRESH = ("--refresh", "--run-program")

_LOOK = """
Look at it from a shell that knows where it is, `eval "$(make env)"` or `.venv/bin/kubewire shell`:
  kubectl get service --all-namespaces      the Services, as the API server has them
  aws --region eu-west-1 elbv2 describe-load-balancers
                                            what AWS has for them; any AWS tool or SDK works
  pulumi stack output                       what the program exports
  pulumi preview --diff                     what a change of yours would do
`make down` destroys it and stops the embedded cloud."""


class Stack:
    """A stack of the checkout's project, and the cloud it goes to."""

    def __init__(self, name: str, cloud: Cloud) -> None:
        """Find the project and the engine.

        Raises:
            EnvironmentNotReadyError: this is no project's folder.
        """
        self.name = name
        self._cloud = cloud
        self._checkout = find_checkout()
        self._environment = cloud.environment(os.environ)
        if not (self._checkout / "Pulumi.yaml").is_file():
            raise EnvironmentNotReadyError(
                f"there is no Pulumi.yaml in {self._checkout}, nor above it",
                detail="run this inside the checkout whose project is meant.",
            )
        self._pulumi = shutil.which("pulumi", path=self._environment["PATH"])
        if self._pulumi is None:
            raise EnvironmentNotReadyError(
                "the Pulumi engine that this cloud was started with is gone",
                detail="`kubewire local down`, then `kubewire local up`, finds or builds another.",
            )

    def select(self) -> None:
        """Make it the current stack, so that the user's own `pulumi` commands mean it; create it if need be.

        A lock that a killed engine left is removed, so that killing a run costs nothing but repeating it.

        Raises:
            EnvironmentNotReadyError: the backend refuses.
        """
        said = self._asked("stack", "select", "--create", self.name)
        if said.returncode != 0:
            raise EnvironmentNotReadyError(f"the stack {self.name} can't be selected", detail=said.stderr.strip())
        home = self._cloud.home
        if self._environment[BACKEND] == home.backend and abandoned(home.state, self.name):
            typer.echo(f"The last run on {self.name} was killed and left its lock behind: removing it.", err=True)
            self._asked("cancel", "--yes", "--stack", self.name)

    def run(self, *arguments: str) -> int:
        """Run `pulumi` on it, with the terminal its own."""
        command = [str(self._pulumi), *arguments, "--stack", self.name]
        with _interrupts_left_to_the_child():
            return subprocess.Popen(command, cwd=self._checkout, env=self._environment).wait()  # noqa: S603 - the engine

    def has_resources(self) -> bool:
        """Whether its state holds anything."""
        said = self._asked("stack", "ls", "--json")
        stacks = json.loads(said.stdout) if said.returncode == 0 else []
        return any(stack["name"].endswith(self.name) and stack.get("resourceCount") for stack in stacks)

    def needs_refresh(self) -> bool:
        """Whether its state describes a cloud that is gone."""
        return (
            Deployments.load(self._cloud.home.deployed).of(self.name) != self._cloud.instance and self.has_resources()
        )

    def remember(self) -> None:
        """Write down that it is deployed on the cloud that runs now."""
        path = self._cloud.home.deployed
        Deployments.load(path).remember(self.name, self._cloud.instance, path)

    def _asked(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the engine
            [str(self._pulumi), *arguments, "--non-interactive"],
            cwd=self._checkout,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )


def deploy(name: str) -> int:
    """`pulumi up` on the embedded cloud; started first, refreshed first where the cloud has forgotten.

    Returns:
        The engine's exit code.
    """
    stack = Stack(name, Cloud.up())
    stack.select()
    refresh = _REFRESH if stack.needs_refresh() else ()
    if refresh:
        typer.echo("The embedded cloud is a new one and has forgotten what was deployed: refreshing first.", err=True)
    code = stack.run("up", "--yes", "--suppress-outputs", *refresh)
    if code == 0:
        stack.remember()
        typer.echo(_LOOK)
    return code


def preview(name: str) -> int:
    """`pulumi preview --diff` on the embedded cloud.

    Returns:
        The engine's exit code.
    """
    stack = Stack(name, Cloud.up())
    stack.select()
    return stack.run("preview", "--diff", "--suppress-outputs", *(_REFRESH if stack.needs_refresh() else ()))


def destroy(name: str) -> int:
    """`pulumi destroy`, then the end of the embedded cloud.

    Where the cloud is gone already, it is started again: only a cloud can tell that nothing of the state exists, and
    with a state that claims otherwise the next deployment would fail.

    Returns:
        The engine's exit code. The cloud runs on if that isn't 0, because something may still be in it.
    """
    home = Home.locate()
    own_backend = os.environ.get(BACKEND, home.backend) == home.backend
    if Cloud.running(home) is None and own_backend and not may_hold_resources(home.state, name):
        rest = remaining(home.state)
        typer.echo("Nothing is deployed." if not rest else f"Nothing of {name} is deployed.")
        Cloud.stop(home)
        _tell(rest)
        return 0
    stack = Stack(name, Cloud.up(home))
    stack.select()
    if stack.has_resources():
        code = stack.run("destroy", "--yes", *(_REFRESH if stack.needs_refresh() else ()))
        if code != 0:
            typer.echo("The embedded cloud runs on. `kubewire local down` stops it as it is.", err=True)
            return code
    Deployments.load(home.deployed).forget(name, home.deployed)
    Cloud.stop(home)
    _tell(remaining(home.state))
    return 0


def _tell(rest: Sequence[Remaining]) -> None:
    """Name the stacks that are left: their clouds are gone, their states aren't."""
    if not rest:
        return
    typer.echo("Other stacks are still in the embedded cloud's backend, and the cloud that they were on is stopped:")
    for one in rest:
        typer.echo(f"  {one}")
    typer.echo('`make cloud` and `eval "$(make env)"`, then in the project of each, empty their states:')
    typer.echo(f"  pulumi destroy {' '.join(_REFRESH)} --stack NAME")


@contextmanager
def _interrupts_left_to_the_child() -> Iterator[None]:
    """Let the engine alone answer Ctrl-C, which the terminal sends to both.

    It finishes the step in hand and gives its lock back, which takes as long as it takes; Python would kill it.
    """
    former = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)
