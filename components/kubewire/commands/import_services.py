"""`kubewire import-services`: the Services of a cluster as a program that takes them over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kubewire.commands.form import ProgramForm


def import_services(  # noqa: PLR0913 - its options are its users'
    *,
    kubeconfig: Annotated[str | None, typer.Option(metavar="FILE", help="Of the cluster. Default: KUBECONFIG.")] = None,
    context: Annotated[str | None, typer.Option(metavar="NAME", help="In the kubeconfig. Default: its own.")] = None,
    namespace: Annotated[str | None, typer.Option(metavar="NAME", help="Default: all but the cluster's own.")] = None,
    selector: Annotated[str | None, typer.Option(metavar="LABELS", help="`app=web,tier!=test`. Default: any.")] = None,
    form: Annotated[
        ProgramForm,
        typer.Option("--format", help="A Python module, or what an environment file has.", show_default=True),
    ] = ProgramForm.PYTHON,
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
    from kubewire.commands.importing import overriding, print_program, read  # noqa: PLC0415 - `--help` needs none of it

    said = overriding(overrides, {"scheme": scheme, "sources": sources, "nodePortSources": node_port_sources})
    print_program(read(kubeconfig, context, namespace, selector), said, form)
