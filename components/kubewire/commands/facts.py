"""The facts that a command is asked about, read from exactly one source."""

from __future__ import annotations

import sys
from pathlib import Path

from kubewire.commands.progress import after_a_while
from kubewire.commands.running import preview, selected_stack
from kubewire.commands.source import LiveVpc, PlanFile, PreviewedStack, Source, SourceOptions, StateFile, TerraformFile
from kubewire.errors import InvalidInputError
from kubewire.prover.declared.cluster_file import ClusterFile, read_cluster_file
from kubewire.prover.declared.clusters import with_clusters
from kubewire.prover.facts.facts import Facts
from kubewire.prover.from_plan.facts import from_plan, from_state
from kubewire.uncollected import uncollected

STDIN = "-"
OF_A_CLUSTER = (
    "Only a program that declares a ClusterNetwork says what its network is for. "
    "Of another one, `terraform show -json` (--terraform) or the account itself (--live) can be read."
)


def facts(told: SourceOptions) -> Facts:
    """Read the facts from the one source that is given.

    Raises:
        InvalidInputError: none is given, or several; a file can't be read, or is something else; it has no network.
        EnvironmentNotReadyError: the preview fails.
        CloudError: AWS or the cluster refuses, or can't be reached.
    """
    with uncollected():
        found = _read(source(told))
    if not found.clusters:
        raise InvalidInputError("there is no ClusterNetwork in it, so there is nothing to prove", detail=OF_A_CLUSTER)
    return found


def source(told: SourceOptions) -> Source:
    """Say which source the options mean; without any, the selected stack of the project here.

    Raises:
        InvalidInputError: they name several, or none and there is no stack, or a cluster's file that isn't needed.
    """
    given: list[Source] = []
    if told.plan is not None:
        given.append(PlanFile(file=told.plan))
    if told.state is not None:
        given.append(StateFile(file=told.state))
    if told.stack is not None:
        given.append(PreviewedStack(stack=told.stack))
    if told.live is not None:
        given.append(LiveVpc(vpc=told.live, cluster=told.cluster))
    if told.terraform is not None:
        given.append(TerraformFile(file=told.terraform, cluster=told.cluster))
    if len(given) > 1:
        detail = "Give one of --plan FILE, --state FILE, --stack NAME, --live VPC and --terraform FILE."
        raise InvalidInputError("it must be clear what is asked about", detail=detail)
    if not given:
        given.append(PreviewedStack(stack=selected_stack()))
    if told.cluster is not None and not isinstance(given[0], LiveVpc | TerraformFile):
        detail = "A stack's program says it itself. Leave --cluster out."
        raise InvalidInputError("it goes with --live and --terraform alone", detail=detail, path="--cluster")
    return given[0]


def _read(chosen: Source) -> Facts:
    match chosen:
        case PreviewedStack(stack=stack):
            return from_plan(preview(stack))
        case LiveVpc(vpc=vpc, cluster=cluster):
            from kubewire.cloud.aws import AwsCloud  # noqa: PLC0415 - a file needs none of it
            from kubewire.cloud.config import CloudConfig  # noqa: PLC0415 - as above
            from kubewire.cloud.live.read import live  # noqa: PLC0415 - as above

            declared = _declared(cluster)
            with after_a_while(f"reading {vpc}"):
                return with_clusters(live(AwsCloud(CloudConfig()), vpc), declared)
        case TerraformFile(file=file, cluster=cluster):
            from kubewire.prover.from_terraform.read import from_terraform  # noqa: PLC0415 - Pulumi's needs none of it

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
    return None if file is None else read_cluster_file(read_text(file, "--cluster"), file)


def read_text(name: str, path: str) -> str:
    """Read a file, or stdin. Raises InvalidInputError where it can't be read."""
    try:
        return sys.stdin.read() if name == STDIN else Path(name).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInputError(f"{name} is no text", path=path) from None
    except OSError as error:
        raise InvalidInputError(f"{name} can't be read: {error.strerror}", path=path) from None
