"""Server-side apply as the official plugin goes about it."""

from __future__ import annotations

from typing import Final

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from kubewire.local.kubernetes_plugin.annotations import Annotation, is_true
from kubewire.local.kubernetes_plugin.byhand import adopted, is_by_hand, is_touched
from kubewire.local.kubernetes_plugin.cluster import Cluster
from kubewire.local.kubernetes_plugin.kinds import API_VERSION, Kind
from kubewire.local.kubernetes_plugin.objects import Address, Object, uid
from kubewire.local.kubernetes_plugin.refusals import ConflictError

_ATTEMPTS: Final = 5


def applied(
    cluster: Cluster, kind: Kind, inputs: Object, manager: str, *, force: bool, dry_run: bool = False
) -> Object:
    """Apply all that is declared of an object.

    Raises:
        ConflictError: other programs manage some of its fields.
    """
    force = force or is_true(Annotation.PATCH_FORCE, inputs)
    try:
        return cluster.apply(kind, inputs, manager, force=force, dry_run=dry_run)
    except ConflictError as conflict:
        if not conflict.managers or not all(is_by_hand(name) for name in conflict.managers):
            raise
        return cluster.apply(kind, inputs, manager, force=True, dry_run=dry_run)


def take_back(cluster: Cluster, kind: Kind, address: Address, manager: str) -> None:
    """Make over to a manager what was changed by hand, so that what it applies next is all that there is."""

    def once() -> None:
        live = cluster.get(kind, address)
        if live is not None and is_touched(live):
            cluster.replace_managers(kind, live, adopted(live, manager))

    again = Retrying(retry=retry_if_exception_type(ConflictError), stop=stop_after_attempt(_ATTEMPTS), reraise=True)
    again(once)


def relinquish(cluster: Cluster, kind: Kind, address: Address, manager: str) -> None:
    """Give up all fields that a manager has applied. What nobody else manages then goes back to its default."""
    live = cluster.get(kind, address)
    if live is None:
        return
    # With its uid: without, an object that goes away meanwhile would be made anew, empty.
    identity = {"name": address.name, "uid": uid(live)}
    if kind.namespaced:
        identity["namespace"] = address.namespace
    cluster.apply(kind, {"apiVersion": API_VERSION, "kind": kind.name, "metadata": identity}, manager)
