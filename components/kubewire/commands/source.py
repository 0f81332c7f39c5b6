"""Where facts may come from, and the options that say it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from itertools import chain
from typing import Annotated, Any

import typer

from kubewire.model import Model

PlanOption = Annotated[
    str | None,
    typer.Option("--plan", metavar="FILE", help="What `pulumi preview --json --show-sames --show-reads` printed."),
]


class SourceOptions(Model):
    """The options that say where the facts come from, as they were given."""

    plan: PlanOption = None
    state: Annotated[
        str | None, typer.Option("--state", metavar="FILE", help="What `pulumi stack export` printed; `-` is stdin.")
    ] = None
    stack: Annotated[
        str | None,
        typer.Option(
            "--stack",
            metavar="NAME",
            help="Preview this stack of the project here, and take that. Default: the selected one.",
        ),
    ] = None
    live: Annotated[
        str | None,
        typer.Option(
            "--live",
            metavar="VPC",
            help="What AWS and the cluster have now: a VPC's id or name. It only reads, as boto3 and kubectl would.",
        ),
    ] = None
    terraform: Annotated[
        str | None,
        typer.Option("--terraform", metavar="FILE", help="What `terraform show -json` printed of a plan or a state."),
    ] = None
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster",
            metavar="FILE",
            help="With --live or --terraform: YAML that says what they can't know of the cluster.",
        ),
    ] = None


def with_source(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command these options in the place of its parameter `told`.

    typer makes an option of each parameter, and knows no groups of them.
    """
    options = signature(SourceOptions).parameters
    own = signature(command, eval_str=True)

    @wraps(command)
    def asked(**given: Any) -> None:
        command(told=SourceOptions(**{name: given.pop(name) for name in options}), **given)

    parameters = chain.from_iterable(
        options.values() if one.name == "told" else [one] for one in own.parameters.values()
    )
    vars(asked)["__signature__"] = own.replace(parameters=[*parameters])
    return asked


class PlanFile(Model):
    """A plan of Pulumi's."""

    file: str


class StateFile(Model):
    """A state of Pulumi's."""

    file: str


class PreviewedStack(Model):
    """A stack, previewed now."""

    stack: str


class LiveVpc(Model):
    """An account and a cluster, read now."""

    vpc: str
    cluster: str | None = None
    """The file that says what they don't."""


class TerraformFile(Model):
    """A plan or a state of Terraform's."""

    file: str
    cluster: str | None = None
    """The file that says what it can't know."""


Source = PlanFile | StateFile | PreviewedStack | LiveVpc | TerraformFile
"""Where the facts come from."""
