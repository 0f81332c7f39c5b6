"""The command `kubewire`."""

from __future__ import annotations

import os
import sys

import typer

from kubewire.commands.adopt import adopt
from kubewire.commands.can import can
from kubewire.commands.comment import comment
from kubewire.commands.exposed import exposed
from kubewire.commands.import_services import import_services
from kubewire.commands.mistakes import explain
from kubewire.commands.preview import preview
from kubewire.commands.prove import prove
from kubewire.errors import KubewireError
from kubewire.local.commands import app as local_app
from kubewire.local.home import find_checkout
from kubewire.local.region import region_of
from kubewire.local.shell import users_shell

app = typer.Typer(
    name="kubewire",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A Kubernetes network and its Services, declared in typed Python and provisioned by Pulumi.",
)
app.add_typer(local_app, name="local")
for command in (preview, prove, can, exposed, comment, import_services, adopt):
    app.command()(command)


@app.callback()
def kubewire() -> None:
    """Keep the commands' names, even while there is a single one."""


@app.command()
def shell() -> None:
    """Start your shell with everything set to use the embedded cloud; it is started first if need be."""
    from kubewire.local.cloud import Cloud  # noqa: PLC0415 - `--help` needs none of it

    program = users_shell()
    environment = Cloud.up().exports(os.environ, region_of(find_checkout())).applied_to(os.environ)
    typer.echo(f"{program.name} with the embedded cloud; `exit` leaves it.", err=True)
    os.execve(program, [program.name], environment)  # noqa: S606 - the user's own shell takes this process's place


def main() -> None:
    """Run a command. A failure that has an explanation gives that, and no traceback."""
    try:
        app()
    except KubewireError as error:
        explain(error)
        sys.exit(1)
