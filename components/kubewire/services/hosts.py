"""Namespaces that Services are in and that the program doesn't make: they must be there, and stay."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pulumi

from kubewire.errors import InvalidInputError
from kubewire.functions.get_namespaces import PresentNamespace
from kubewire.functions.kubernetes_services import OWNER
from kubewire.services.common import ServiceArgs
from kubewire.services.namespaces import BUILT_IN

KEYS = "`cluster:namespaces` (in a program: `namespaces=`)"
ADD = f"Add it to {KEYS}, or create it first."
KEEP = f"Keep it in {KEYS}, or move the Services first."
LET_GO = "If it was let go of with `pulumi state delete`: `kubectl annotate namespace {name} {owner}-`, too."


def owner(cluster: str) -> str:
    """Give what the namespaces say that this stack makes in a cluster, `project/stack/cluster`."""
    return f"{pulumi.get_project()}/{pulumi.get_stack()}/{cluster}"


def hosts(services: Sequence[ServiceArgs], own: Collection[str]) -> dict[str, str]:
    """Give the namespaces that somebody else makes, each with the path of the first Service in it.

    Args:
        services: all that the program declares.
        own: the namespaces that it makes.
    """
    paths: dict[str, str] = {}
    for index, service in enumerate(services):
        if service.namespace not in BUILT_IN and service.namespace not in own:
            paths.setdefault(service.namespace, f"services[{index}].namespace")
    return paths


def refuse_hosts(
    wanted: dict[str, str], found: Sequence[PresentNamespace], network: pulumi.Resource, ours: str, *, whole: bool
) -> None:
    """Refuse namespaces that aren't there, and those that this update would delete.

    A program that names no namespaces may well make its own with other means, a Namespace or a chart of its own: it is
    only warned of those that aren't there yet.

    Args:
        wanted: what `hosts` gives.
        found: what the cluster has.
        network: who is warned.
        ours: what `owner` gives.
        whole: whether the program said which namespaces it makes.

    Raises:
        InvalidInputError: one isn't there, is being deleted, or is this stack's and no longer declared.
    """
    there = {item.name: item for item in found}
    for name, path in wanted.items():
        host = there.get(name)
        if host is None or host.terminating:
            absent = f"namespace {name} isn't there" if host is None else f"namespace {name} is being deleted"
            if whole:
                raise InvalidInputError(absent, detail=ADD, path=path)
            pulumi.log.warn(f"{absent}. Unless this program makes it: {ADD}", network)
        elif host.owner == ours:
            message = f"namespace {name} is this stack's, and would be deleted with its Services"
            detail = f"{KEEP} {LET_GO.format(name=name, owner=OWNER)}"
            raise InvalidInputError(message, detail=detail, path=path)
