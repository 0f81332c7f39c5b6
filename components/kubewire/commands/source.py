"""Where the facts come from: exactly one source, as the options say."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kubewire.commands.progress import after_a_while
from kubewire.errors import InvalidInputError
from kubewire.model import Model

if TYPE_CHECKING:
    from kubewire.prover.declared.cluster_file import ClusterFile
    from kubewire.prover.facts.facts import Facts

STDIN = "-"

PlanOption = Annotated[
    str | None,
    typer.Option("--plan", metavar="FILE", help="What `pulumi preview --json --show-sames --show-reads` printed."),
]
StateOption = Annotated[
    str | None, typer.Option("--state", metavar="FILE", help="What `pulumi stack export` printed; `-` is stdin.")
]
StackOption = Annotated[
    str | None,
    typer.Option(
        "--stack",
        metavar="NAME",
        help="Preview this stack of the project here, and take that. Default: the selected one.",
    ),
]
LiveOption = Annotated[
    str | None,
    typer.Option(
        "--live",
        metavar="VPC",
        help="What AWS and the cluster have now: a VPC's id or name. It only reads, as boto3 and kubectl would.",
    ),
]
TerraformOption = Annotated[
    str | None,
    typer.Option("--terraform", metavar="FILE", help="What `terraform show -json` printed of a plan or a state."),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="FILE",
        help="With --live or --terraform: YAML that says what they can't know of the cluster.",
    ),
]


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

OF_A_CLUSTER = ("Only a program that declares a ClusterNetwork says what its network is for. Of another one, "
    "`terraform show -json` (--terraform) or the account itself (--live) can be read."
)  # fmt: skip


def source(
    plan: str | None = None,
    state: str | None = None,
    stack: str | None = None,
    live: str | None = None,
    terraform: str | None = None,
    cluster: str | None = None,
) -> Source:
    """Say which source the options mean; without any, the selected stack of the project here.

    Raises:
        InvalidInputError: they name several, or none and there is no stack, or a cluster's file that isn't needed.
    """
    given: list[Source] = []
    if plan is not None:
        given.append(PlanFile(file=plan))
    if state is not None:
        given.append(StateFile(file=state))
    if stack is not None:
        given.append(PreviewedStack(stack=stack))
    if live is not None:
        given.append(LiveVpc(vpc=live, cluster=cluster))
    if terraform is not None:
        given.append(TerraformFile(file=terraform, cluster=cluster))
    if len(given) > 1:
        detail = "Give one of --plan FILE, --state FILE, --stack NAME, --live VPC and --terraform FILE."
        raise InvalidInputError("it must be clear what is asked about", detail=detail)
    if not given:
        from kubewire.commands.running import selected_stack  # noqa: PLC0415 - `--help` needs none of it

        given.append(PreviewedStack(stack=selected_stack()))
    if cluster is not None and not isinstance(given[0], LiveVpc | TerraformFile):
        detail = "A stack's program says it itself. Leave --cluster out."
        raise InvalidInputError("it goes with --live and --terraform alone", detail=detail, path="--cluster")
    return given[0]


def facts(
    plan: str | None = None,
    state: str | None = None,
    stack: str | None = None,
    live: str | None = None,
    terraform: str | None = None,
    cluster: str | None = None,
) -> Facts:
    """Read the facts from the one source that is given.

    Raises:
        InvalidInputError: none is given, or several; a file can't be read, or is something else; it has no network.
        EnvironmentNotReadyError: the preview fails.
        CloudError: AWS or the cluster refuses, or can't be reached.
    """
    found = read(source(plan, state, stack, live, terraform, cluster))
    if not found.clusters:
        raise InvalidInputError("there is no ClusterNetwork in it, so there is nothing to prove", detail=OF_A_CLUSTER)
    return found


def read(chosen: Source) -> Facts:
    """Read the facts from a source. It raises what `facts` does."""
    from kubewire.prover.declared.clusters import with_clusters  # noqa: PLC0415 - `--help` needs none of it
    from kubewire.prover.from_plan.facts import from_plan, from_state  # noqa: PLC0415

    match chosen:
        case PreviewedStack(stack=stack):
            from kubewire.commands.running import preview  # noqa: PLC0415

            return from_plan(preview(stack))
        case LiveVpc(vpc=vpc, cluster=cluster):
            from kubewire.cloud.aws import AwsCloud  # noqa: PLC0415
            from kubewire.cloud.config import CloudConfig  # noqa: PLC0415
            from kubewire.cloud.live.read import live  # noqa: PLC0415

            declared = _declared(cluster)
            with after_a_while(f"reading {vpc}"):
                return with_clusters(live(AwsCloud(CloudConfig()), vpc), declared)
        case TerraformFile(file=file, cluster=cluster):
            from kubewire.prover.from_terraform.read import from_terraform  # noqa: PLC0415

            declared = _declared(cluster)
            with after_a_while(f"reading {file}"):
                return with_clusters(from_terraform(read_text(file, "--terraform")), declared)
        case PlanFile(file=file):
            with after_a_while(f"reading {file}"):
                return from_plan(read_text(file, "--plan"))
        case StateFile(file=file):
            with after_a_while(f"reading {file}"):
                return from_state(read_text(file, "--state"))


def _declared(file: str | None) -> ClusterFile | None:
    from kubewire.prover.declared.cluster_file import read_cluster_file  # noqa: PLC0415

    return None if file is None else read_cluster_file(read_text(file, "--cluster"), file)


def read_text(name: str, path: str) -> str:
    """Read a file, or stdin. Raises InvalidInputError where it can't be read."""
    try:
        return sys.stdin.read() if name == STDIN else Path(name).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInputError(f"{name} is no text", path=path) from None
    except OSError as error:
        raise InvalidInputError(f"{name} can't be read: {error.strerror}", path=path) from None
