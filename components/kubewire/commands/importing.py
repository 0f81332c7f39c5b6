"""The Services of a cluster, read and printed as a program that takes them over."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError

from kubewire.cloud.clock import SystemClock
from kubewire.cloud.service_objects import ServiceObjects
from kubewire.commands.form import ProgramForm
from kubewire.errors import InvalidInputError
from kubewire.faults import faults
from kubewire.manifests.documents import documents
from kubewire.manifests.live import Live
from kubewire.manifests.overrides import Overrides
from kubewire.manifests.printing.environment import environment
from kubewire.manifests.printing.python import module

QUIET_SECONDS = 2.0


def read(kubeconfig: str | None, context: str | None, namespace: str | None, selector: str | None) -> Live:
    """Read the Services of a cluster, and sort them.

    Args:
        kubeconfig: a file; None: the environment's.
        context: of the kubeconfig; None: its own.
        namespace: whose; None: all but the cluster's own.
        selector: labels; None: any.

    Raises:
        InvalidInputError: it selects no labels.
        CloudError: the cluster refuses, or can't be reached.
    """
    api = ServiceObjects(kubeconfig, context, SystemClock())
    return Live.sort(api.list_objects(namespace, selector, _Counter()), namespace)


def print_program(live: Live, said: Overrides, form: ProgramForm) -> None:
    """Print them as they are to be declared; on stderr, what is left out and why.

    Args:
        live: the Services.
        said: what they don't say.
        form: what is printed.

    Raises:
        InvalidInputError: all that is wrong with them.
    """
    taken, others = live.read(said)
    print_as = module if form is ProgramForm.PYTHON else environment
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


def overriding(file: Path | None, given: dict[str, Any]) -> Overrides:
    """Read what the Services don't say; options go before the file.

    Raises:
        InvalidInputError: all that is wrong with it.
    """
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
