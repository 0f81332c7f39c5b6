"""`kubewire adopt`: a Service's load balancer that a controller in the cluster made, taken over by a stack."""

from __future__ import annotations

from typing import Annotated

import typer

from kubewire.commands.form import ProgramForm
from kubewire.errors import InvalidInputError


def adopt(  # noqa: PLR0913 - its options are its users'
    service: Annotated[str, typer.Argument(metavar="NAMESPACE/NAME", help="The Service.")],
    *,
    stack: Annotated[
        str | None, typer.Option("--stack", metavar="NAME", help="Who takes it over. Default: the selected one.")
    ] = None,
    network: Annotated[
        str | None, typer.Option(metavar="NAME", help="Its network in the stack. Default: the only one.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without, it is only shown.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let `pulumi up` make another load balancer in its place.")
    ] = False,
    sources: Annotated[
        list[str] | None, typer.Option(metavar="RANGE", help="Who may connect. Default: who may now.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="ANNOTATION", help="One that is passed over, by its whole name.")
    ] = None,
    kubeconfig: Annotated[
        str | None, typer.Option(metavar="FILE", help="Of the cluster. Default: the stack's, or KUBECONFIG.")
    ] = None,
    context: Annotated[str | None, typer.Option(metavar="NAME", help="In the kubeconfig. Default: its own.")] = None,
    form: Annotated[
        ProgramForm,
        typer.Option("--format", help="What is printed: Python, or an environment file's.", show_default=True),
    ] = ProgramForm.PYTHON,
) -> None:
    """Take over a Service's load balancer that a controller in the cluster made, and print the Service for the program.

    Without --yes nothing is written: it shows what would be imported and what the next `pulumi up` would replace.
    """
    from kubewire.adoption.described import Wishes  # noqa: PLC0415 - `--help` needs none of it
    from kubewire.commands.adopting import Adopting  # noqa: PLC0415 - as above

    namespace, _, name = service.partition("/")
    if not name or "/" in name:
        raise InvalidInputError(f"{service!r} is no Service", detail="Write NAMESPACE/NAME.", path="NAMESPACE/NAME")
    wishes = Wishes(sources or (), without or (), replace)
    Adopting(stack, network, kubeconfig, context).take_over(namespace, name, wishes, form, yes=yes)
