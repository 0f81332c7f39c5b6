"""`kubewire import-services`: the Services of a cluster as a program that takes them over."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kubewire.errors import InvalidInputError

if TYPE_CHECKING:
    from kubewire.manifests.live import Live
    from kubewire.manifests.overrides import Overrides

QUIET_SECONDS = 2.0


class Form(StrEnum):
    """What is printed."""

    PYTHON = "python"
    YAML = "yaml"


def import_services(  # noqa: PLR0913 - its options are its users'
    *,
    kubeconfig: Annotated[str | None, typer.Option(metavar="FILE", help="Of the cluster. Default: KUBECONFIG.")] = None,
    context: Annotated[str | None, typer.Option(metavar="NAME", help="In the kubeconfig. Default: its own.")] = None,
    namespace: Annotated[str | None, typer.Option(metavar="NAME", help="Default: all but the cluster's own.")] = None,
    selector: Annotated[str | None, typer.Option(metavar="LABELS", help="`app=web,tier!=test`. Default: any.")] = None,
    form: Annotated[
        Form, typer.Option("--format", help="A Python module, or what an environment file has.", show_default=True)
    ] = Form.PYTHON,
    overrides: Annotated[
        Path | None, typer.Option(metavar="FILE", help="YAML of what the Services don't say: docs/manifests.md.")
    ] = None,
    scheme: Annotated[str | None, typer.Option(metavar="SCHEME", help="internal or internet-facing.")] = None,
    sources: Annotated[
        list[str] | None, typer.Option(metavar="RANGE", help="Who may connect to load balancers; `anywhere` is all.")
    ] = None,
    node_port_sources: Annotated[
        list[str] | None, typer.Option(metavar="RANGE", help="Who may connect to node ports.")
    ] = None,
) -> None:
    """Print a program that takes the Services of a cluster over as they are: it plans to no change of them.

    The cluster is read, and nothing is written to it.
    """
    from kubewire.cloud.clock import SystemClock  # noqa: PLC0415 - `--help` needs none of it
    from kubewire.cloud.service_objects import ServiceObjects  # noqa: PLC0415
    from kubewire.manifests.live import Live  # noqa: PLC0415
    from kubewire.manifests.printing.environment import environment  # noqa: PLC0415
    from kubewire.manifests.printing.python import module  # noqa: PLC0415

    said = _overrides(overrides, {"scheme": scheme, "sources": sources, "nodePortSources": node_port_sources})
    api = ServiceObjects(kubeconfig, context, SystemClock())
    live = Live.sort(api.list_objects(namespace, selector, _Counter()), namespace)
    taken, others = live.read(said)
    print_as = module if form is Form.PYTHON else environment
    typer.echo(print_as(taken.services, others.services), nl=False)
    for warning in (*taken.warnings, *others.warnings):
        typer.secho(f"warning: {warning}", fg=typer.colors.YELLOW, err=True)
    _tell(live, len(taken.services), len(others.services))


class _Counter:
    """Says now and then how many Services there are so far."""

    def __init__(self) -> None:
        self._spoke = time.monotonic()

    def __call__(self, count: int) -> None:
        now = time.monotonic()
        if now - self._spoke >= QUIET_SECONDS:
            self._spoke = now
            typer.echo(f"{count} Services so far ...", err=True)


def _overrides(file: Path | None, given: dict[str, Any]) -> Overrides:
    """Read what the Services don't say; options go before the file.

    Raises:
        InvalidInputError: all that is wrong with it.
    """
    from pydantic import ValidationError  # noqa: PLC0415

    from kubewire.faults import faults  # noqa: PLC0415
    from kubewire.manifests.documents import documents  # noqa: PLC0415
    from kubewire.manifests.overrides import Overrides  # noqa: PLC0415

    options = {key: value for key, value in given.items() if value}
    written: Any = {}
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInputError(f"{file} can't be read: {error}", path="--overrides") from None
        found = [document.value for document in documents(text, str(file))]
        written = found[0] if found else {}
        if len(found) > 1 or not isinstance(written, dict):
            detail = "Write one mapping: `scheme`, `sources`, `nodePortSources`, `services`."
            raise InvalidInputError("these are no overrides", detail=detail, path=str(file))
    whole = {**written, **options}
    try:
        return Overrides.model_validate(whole)
    except ValidationError as error:
        raise InvalidInputError.joined(faults(error, whole), str(file or "the options")) from None


def _tell(live: Live, taken: int, others: int) -> None:
    typer.echo(f"{taken} Services are taken over.", err=True)
    if others:
        typer.echo(f"{others} have a load balancer of another controller: written, not declared.", err=True)
    by_reason: dict[str, list[str]] = {}
    for label, reason in live.passed.items():
        by_reason.setdefault(reason, []).append(label)
    for reason, labels in by_reason.items():
        typer.echo(f"left out, {reason}: {', '.join(labels)}", err=True)
