"""`kubewire adopt`: a Service's load balancer that a controller in the cluster made, taken over by a stack.

The order is such that a run may end anywhere. First AWS's things are imported: from then on the stack has them, and as
`pulumi import` protects them, no `pulumi up` deletes what its program doesn't declare. Then the controller lets go of
the Service, so nobody but the stack changes them. Then the Service itself is imported. Another run sees what is done
already, and goes on from there; until it does, the controller works as before, or nobody does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kubewire.commands.import_services import Form
from kubewire.errors import InvalidInputError

if TYPE_CHECKING:
    from kubewire.adoption.found import FoundBalancer, Object
    from kubewire.adoption.plan import Plan
    from kubewire.adoption.stack import Stack
    from kubewire.cloud.adopting.services import AdoptedServices
    from kubewire.cloud.aws import AwsCloud
    from kubewire.cloud.config import CloudConfig

CONFLICT = "Conflict"
TRIES = 10
"""Of a patch, when somebody changes the Service all the time."""


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
        Form, typer.Option("--format", help="What is printed: Python, or an environment file's.", show_default=True)
    ] = Form.PYTHON,
) -> None:
    """Take over a Service's load balancer that a controller in the cluster made, and print the Service for the program.

    Without --yes nothing is written: it shows what would be imported and what the next `pulumi up` would replace.
    """
    from kubewire.adoption.described import Wishes, described  # noqa: PLC0415 - `--help` needs none of it
    from kubewire.adoption.plan import plan  # noqa: PLC0415
    from kubewire.adoption.stack import Stack  # noqa: PLC0415
    from kubewire.cloud.adopting.services import AdoptedServices  # noqa: PLC0415
    from kubewire.cloud.aws import AwsCloud  # noqa: PLC0415
    from kubewire.commands.adoption_writing import printed, show  # noqa: PLC0415
    from kubewire.commands.progress import after_a_while  # noqa: PLC0415
    from kubewire.commands.running import exported, selected_stack  # noqa: PLC0415

    namespace, _, name = service.partition("/")
    if not name or "/" in name:
        raise InvalidInputError(f"{service!r} is no Service", detail="Write NAMESPACE/NAME.", path="NAMESPACE/NAME")
    chosen = stack or selected_stack("Name one with --stack, in its project's folder.")
    known = Stack.read(exported(chosen), network)
    cloud = AwsCloud(_config(known, kubeconfig, context))
    api = AdoptedServices(cloud.config.kubeconfig, cloud.config.context, cloud.clock)
    with after_a_while(f"reading {service}"):
        seen = api.read(namespace, name)
        found, maker = _balancer(seen, known, cloud)
    args, warnings = described(seen, found, Wishes(sources or (), without or (), replace))
    planned = plan(args, found, known, warnings, replace=replace)
    show(planned, maker, chosen, yes=yes)
    if yes:
        _take_over(planned, found, known, api, cloud, chosen)
        typer.echo("Done. Declare the Service as printed here; then `pulumi up`.", err=True)
    typer.echo(printed(args, form), nl=False)


def _config(known: Stack, kubeconfig: str | None, context: str | None) -> CloudConfig:
    """Give the way to AWS and the cluster that the stack's own provider takes. Raises InvalidInputError."""
    from pydantic import ValidationError  # noqa: PLC0415

    from kubewire.cloud.config import CloudConfig  # noqa: PLC0415
    from kubewire.faults import faults  # noqa: PLC0415
    from kubewire.provider.configuration import decoded  # noqa: PLC0415

    given = {"kubeconfig": kubeconfig, "context": context}
    settings = {**decoded(dict(known.settings)), **{key: value for key, value in given.items() if value}}
    try:
        return CloudConfig.model_validate(settings)
    except ValidationError as error:
        raise InvalidInputError.joined(faults(error, settings), "the provider of the stack's network") from None


def _balancer(seen: Object, known: Stack, cloud: AwsCloud) -> tuple[FoundBalancer, str | None]:
    """Find the load balancer of a Service, and who made it; nobody, where the stack has it already.

    Raises:
        InvalidInputError: the Service has none, or one that can't be taken over.
    """
    from kubewire.adoption.makers import maker_of  # noqa: PLC0415
    from kubewire.adoption.plan import BALANCER  # noqa: PLC0415
    from kubewire.cloud.adopting.balancer import by_arn, by_host_name, read_balancer  # noqa: PLC0415

    metadata, spec = seen["metadata"], seen["spec"]
    label = f"{metadata['namespace']}/{metadata['name']}"
    for key, reason in (("deletionTimestamp", "is being deleted"), ("ownerReferences", "belongs to another object")):
        if metadata.get(key):
            raise InvalidInputError(f"it {reason}", detail="Leave it to whoever does that.", path=label)
    own = known.part(BALANCER, known.service(metadata["namespace"], metadata["name"]))
    if arn := known.ids.get(own):
        row = by_arn(cloud, arn)
        if row is None:
            detail = "Run `pulumi refresh`, then look what the Service has."
            raise InvalidInputError(f"the stack has load balancer {arn}, and it is gone", detail=detail, path=label)
        return read_balancer(cloud, row), None
    ingress = ((seen.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    names = tuple(item["hostname"] for item in ingress if item.get("hostname"))
    if spec.get("type") != "LoadBalancer" or not names:
        detail = f"It is of type {spec.get('type')}, and no load balancer is in its status."
        raise InvalidInputError("it has no load balancer", detail=detail, path=label)
    row = by_host_name(cloud, names)
    if row is None:
        detail = (
            f"Its status has {', '.join(names)}. A classic load balancer can't be taken over: declare the Service with "
            "another name beside it, move clients there, and delete this one."
        )
        raise InvalidInputError("its load balancer is none of this region, or a classic one", detail=detail, path=label)
    found = read_balancer(cloud, row)
    return found, maker_of(found, label)


def _take_over(
    planned: Plan, found: FoundBalancer, known: Stack, api: AdoptedServices, cloud: AwsCloud, stack: str
) -> None:
    from kubewire.adoption.importing import import_file, missing  # noqa: PLC0415
    from kubewire.adoption.makers import BINDING_FINALIZER  # noqa: PLC0415
    from kubewire.adoption.plan import plan  # noqa: PLC0415
    from kubewire.adoption.stack import Stack  # noqa: PLC0415
    from kubewire.commands.running import exported, imported  # noqa: PLC0415

    args = planned.args
    if todo := missing(planned.aws):
        imported(stack, import_file(planned, todo, known))
        typer.echo(f"{len(todo)} things of AWS are imported.", err=True)
    _detach(planned, api)
    for binding in api.bindings(args.namespace, found.groups.keys()):
        api.release(binding, BINDING_FINALIZER)
        typer.echo(f"TargetGroupBinding {binding['metadata']['name']} is deleted.", err=True)
    if not cloud.services.read_hostnames(args.namespace, args.name):
        # The API server empties the status of a Service that changes its type, and external-dns reads it.
        cloud.services.write_hostnames(args.namespace, args.name, (found.row["DNSName"],))
    typer.echo(f"Service {args.label} is nobody's but the stack's.", err=True)
    known = Stack.read(exported(stack), known.network)
    planned = plan(args, found, known, [], replace=planned.replaces)
    if todo := missing([planned.service]):
        imported(stack, import_file(planned, todo, known))
        typer.echo(f"Service {args.label} is imported.", err=True)


def _detach(planned: Plan, api: AdoptedServices) -> None:
    """Have the controller let go of the Service, from wherever an earlier run has got to."""
    from kubewire.adoption.detaching import first_patch, is_detached, is_half_detached, second_patch  # noqa: PLC0415
    from kubewire.errors import RefusedError  # noqa: PLC0415

    args = planned.args
    for left in reversed(range(TRIES)):
        seen = api.read(args.namespace, args.name)
        if is_detached(seen):
            return
        patch = second_patch(seen, args) if is_half_detached(seen) else first_patch(seen)
        try:
            api.patch(args.namespace, args.name, patch)
        except RefusedError as error:
            # Somebody changed it since it was read, its controller for example.
            if error.code != CONFLICT or not left:
                raise
