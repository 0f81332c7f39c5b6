"""`kubewire local …`: what can be done with the embedded cloud."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Annotated

import typer

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.aws.remote import configure
from kubewire.local.home import Home, find_checkout
from kubewire.local.record import CloudRecord, Part
from kubewire.local.region import region_of
from kubewire.local.shell import Shell, script

app = typer.Typer(no_args_is_help=True, help="The embedded cloud on this machine.")


@app.command()
def up(
    *,
    strict: Annotated[
        bool | None,
        typer.Option("--strict/--lenient", help="Whether AWS's rules hold, as at the start, or its emulator's alone."),
    ] = None,
) -> None:
    """Start the embedded cloud: AWS emulator and Kubernetes API server, with a Pulumi engine beside them."""
    from kubewire.local.cloud import Cloud  # noqa: PLC0415 - `--help` needs none of it
    from kubewire.local.deployments import Deployments  # noqa: PLC0415 - as above

    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    cloud = Cloud.up()
    typer.echo("The embedded cloud was already running:" if cloud.was_running else "The embedded cloud is ready:")
    if strict is not None:
        configure(cloud.aws_endpoint, strict=strict)
    _show(cloud.record)
    stale = Deployments.load(cloud.home.deployed).stale(cloud.instance)
    if stale:
        typer.echo(
            f"It has forgotten what was deployed on a former one ({', '.join(stale)}): "
            "`make up`, or `pulumi up --refresh --run-program`, deploys it again."
        )


@app.command()
def down() -> None:
    """Stop the embedded cloud. Pulumi's state stays."""
    from kubewire.local.cloud import Cloud  # noqa: PLC0415 - as above

    if not Cloud.stop():
        typer.echo("The embedded cloud is not running.")


@app.command()
def status() -> None:
    """Show what runs and where. Exits with 3 unless all of it does."""
    record = CloudRecord.load(Home.locate().record)
    if record is None:
        typer.echo("The embedded cloud is not running. `kubewire local up` starts it.")
        raise typer.Exit(3)
    _show(record)
    if not all(record.alive(part) for part in Part):
        raise typer.Exit(3)


@app.command()
def env(
    shell: Annotated[Shell, typer.Option(help="What will read the output.")] = Shell.SH,
) -> None:
    """Print what a shell must evaluate to use the embedded cloud: eval "$(kubewire local env)"."""
    from kubewire.local.cloud import Cloud  # noqa: PLC0415 - as above

    cloud = Cloud.running()
    if cloud is None:
        raise EnvironmentNotReadyError("the embedded cloud is not running", detail="`kubewire local up` starts it.")
    typer.echo(script(cloud.exports(os.environ, region_of(find_checkout())), shell))


@app.command()
def deploy(stack: Annotated[str, typer.Argument(help="The stack to deploy.")] = "dev") -> None:
    """Start the embedded cloud if need be, and run `pulumi up` on it."""
    from kubewire.local.stack import deploy as deploy_stack  # noqa: PLC0415 - as above

    raise typer.Exit(deploy_stack(stack))


@app.command()
def preview(stack: Annotated[str, typer.Argument(help="The stack to preview.")] = "dev") -> None:
    """Start the embedded cloud if need be, and run `pulumi preview --diff` on it."""
    from kubewire.local.stack import preview as preview_stack  # noqa: PLC0415 - as above

    raise typer.Exit(preview_stack(stack))


@app.command()
def destroy(stack: Annotated[str, typer.Argument(help="The stack to destroy.")] = "dev") -> None:
    """Run `pulumi destroy`, then stop the embedded cloud."""
    from kubewire.local.stack import destroy as destroy_stack  # noqa: PLC0415 - as above

    raise typer.Exit(destroy_stack(stack))


def _end(number: int, _frame: FrameType | None) -> None:
    """Unwind as for Ctrl-C, so that what was started is stopped."""
    sys.exit(128 + number)


def _show(record: CloudRecord) -> None:
    from rich.console import Console  # noqa: PLC0415 - only where it is used
    from rich.table import Table  # noqa: PLC0415 - as above

    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("part", "where", "pid", ""):
        table.add_column(column, no_wrap=True)
    where = {
        Part.AWS: record.aws_endpoint,
        Part.KUBERNETES: record.kubernetes_endpoint,
        Part.ETCD: f"127.0.0.1:{record.ports.etcd_clients}",
        Part.CONTROLLERS: f"127.0.0.1:{record.ports.controllers}",
    }
    for part in reversed(Part):
        alive = record.alive(part)
        pid = str(record.parts[part].pid) if alive else "-"
        table.add_row(part.value, where[part], pid, "[green]running" if alive else "[red]not running")
    Console(highlight=False).print(table)
