"""How a stack takes over a Service's load balancer, which a controller in the cluster made.

The order is such that a run may end anywhere. First AWS's things are imported: from then on the stack has them, and as
`pulumi import` protects them, no `pulumi up` deletes what its program doesn't declare. Then the controller lets go of
the Service, so nobody but the stack changes them. Then the Service itself is imported. Another run sees what is done
already, and goes on from there; until it does, the controller works as before, or nobody does.
"""

from __future__ import annotations

import typer
from pydantic import ValidationError

from kubewire.adoption.described import Wishes, described
from kubewire.adoption.detaching import first_patch, is_detached, is_half_detached, second_patch
from kubewire.adoption.found import FoundBalancer, Object
from kubewire.adoption.importing import import_file, missing
from kubewire.adoption.makers import BINDING_FINALIZER, maker_of
from kubewire.adoption.plan import BALANCER, Plan, plan
from kubewire.adoption.stack import Stack
from kubewire.cloud.adopting.balancer import by_arn, by_host_name, read_balancer
from kubewire.cloud.adopting.services import AdoptedServices
from kubewire.cloud.aws import AwsCloud
from kubewire.cloud.config import CloudConfig
from kubewire.commands.adoption_writing import printed, show
from kubewire.commands.form import ProgramForm
from kubewire.commands.progress import after_a_while
from kubewire.commands.running import exported, imported, selected_stack
from kubewire.errors import InvalidInputError, RefusedError
from kubewire.faults import faults
from kubewire.provider.configuration import decoded

CONFLICT = "Conflict"
TRIES = 10
"""Of a patch, when somebody changes the Service all the time."""


class Adopting:
    """A stack that takes Services over, and its ways to AWS and to the cluster."""

    def __init__(self, stack: str | None, network: str | None, kubeconfig: str | None, context: str | None) -> None:
        """Read the stack.

        Args:
            stack: its name; None: the selected one.
            network: the network of the Services in it; None: the only one.
            kubeconfig: a file; None: the stack's, or the environment's.
            context: of the kubeconfig; None: its own.

        Raises:
            InvalidInputError: there is no such stack or network, or its provider is configured wrongly.
            EnvironmentNotReadyError: the engine fails.
        """
        self._stack = stack or selected_stack("Name one with --stack, in its project's folder.")
        self._known = Stack.read(exported(self._stack), network)
        self._cloud = AwsCloud(_config(self._known, kubeconfig, context))
        self._api = AdoptedServices(self._cloud.config.kubeconfig, self._cloud.config.context, self._cloud.clock)

    def take_over(self, namespace: str, name: str, wishes: Wishes, form: ProgramForm, *, yes: bool) -> None:
        """Show what is imported, import it if `yes`, and print the Service for the program.

        Raises:
            InvalidInputError: it can't be taken over.
            CloudError: AWS or the cluster refuses, or can't be reached.
            EnvironmentNotReadyError: the engine fails.
        """
        with after_a_while(f"reading {namespace}/{name}"):
            seen = self._api.read(namespace, name)
            found, maker = _balancer(seen, self._known, self._cloud)
        args, warnings = described(seen, found, wishes)
        planned = plan(args, found, self._known, warnings, replace=wishes.replace)
        show(planned, maker, self._stack, yes=yes)
        if yes:
            self._import(planned, found)
            typer.echo("Done. Declare the Service as printed here; then `pulumi up`.", err=True)
        typer.echo(printed(args, form), nl=False)

    def _import(self, planned: Plan, found: FoundBalancer) -> None:
        args = planned.args
        if todo := missing(planned.aws):
            imported(self._stack, import_file(planned, todo, self._known))
            typer.echo(f"{len(todo)} things of AWS are imported.", err=True)
        _detach(planned, self._api)
        for binding in self._api.bindings(args.namespace, found.groups.keys()):
            self._api.release(binding, BINDING_FINALIZER)
            typer.echo(f"TargetGroupBinding {binding['metadata']['name']} is deleted.", err=True)
        if not self._cloud.services.read_hostnames(args.namespace, args.name):
            # The API server empties the status of a Service that changes its type, and external-dns reads it.
            self._cloud.services.write_hostnames(args.namespace, args.name, (found.row["DNSName"],))
        typer.echo(f"Service {args.label} is nobody's but the stack's.", err=True)
        known = Stack.read(exported(self._stack), self._known.network)
        planned = plan(args, found, known, [], replace=planned.replaces)
        if todo := missing([planned.service]):
            imported(self._stack, import_file(planned, todo, known))
            typer.echo(f"Service {args.label} is imported.", err=True)


def _config(known: Stack, kubeconfig: str | None, context: str | None) -> CloudConfig:
    """Give the way to AWS and the cluster that the stack's own provider takes. Raises InvalidInputError."""
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


def _detach(planned: Plan, api: AdoptedServices) -> None:
    """Have the controller let go of the Service, from wherever an earlier run has got to."""
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
