"""What a preview says: the real server's answer to a dry run, less what the next run will answer differently."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

from kubewire.deferred import UNKNOWN
from kubewire.errors import NotFoundError, RefusedError
from kubewire.local.kubernetes_plugin.allocations import HEADLESS, Allocations, allocations, without
from kubewire.local.kubernetes_plugin.applying import applied
from kubewire.local.kubernetes_plugin.cluster import Cluster
from kubewire.local.kubernetes_plugin.kinds import Kind
from kubewire.local.kubernetes_plugin.objects import Address, Object, has_unknown, metadata, section
from kubewire.local.kubernetes_plugin.refusals import INVALID, ForbiddenError, NoNamespaceError
from kubewire.provider.protocol import Wire

_LONGEST_NAME: Final = 63
_DRAWN_METADATA = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields")
_NODE_PORT = "nodePort"
_DRAWN_SPEC = ("clusterIP", "clusterIPs", "healthCheckNodePort")


class DryRun:
    """Asks the server what would come of something."""

    def __init__(self, cluster: Cluster, kind: Kind, manager: str, *, force: bool) -> None:
        self._cluster = cluster
        self._kind = kind
        self._manager = manager
        self._force = force

    def of_create(self, inputs: Object) -> Wire:
        """Say what will be known of a new object in a free place.

        Raises:
            RefusedError: the server would not take it.
        """
        if has_unknown(inputs):
            return dict(inputs)
        try:
            return foreseen(self._apply(inputs), inputs, {})
        except NoNamespaceError:
            return self._tried_elsewhere(inputs, {"namespace": "default"})
        except ForbiddenError:
            # Whoever previews may not be whoever deploys.
            return dict(inputs)

    def of_replacement(self, inputs: Object, occupied: Allocations) -> Wire:
        """Say what will be known of an object whose place, node ports or addresses are still taken by its predecessor.

        Args:
            inputs: what is declared.
            occupied: what the predecessor has, and leaves before the new one comes.

        Raises:
            RefusedError: the server would not take it.
        """
        return dict(inputs) if has_unknown(inputs) else self._tried_elsewhere(inputs, {}, occupied)

    def of_update(self, inputs: Object, live: Object, *, touched: bool) -> Wire:
        """Say what will be known of an object once it is brought to new inputs.

        Args:
            inputs: what is declared.
            live: the object as last seen.
            touched: whether somebody changed it by hand. An update takes that back first, which no dry run can.

        Raises:
            RefusedError: the server would not take it.
        """
        if has_unknown(inputs):
            return dict(inputs)
        if touched:
            return self._tried_elsewhere(inputs, {}, allocations(live))
        try:
            return foreseen(self._apply(inputs), inputs, live)
        except (ForbiddenError, NotFoundError):
            return dict(inputs)

    def _apply(self, inputs: Object) -> Object:
        return applied(self._cluster, self._kind, inputs, self._manager, force=self._force, dry_run=True)

    def _tried_elsewhere(self, inputs: Object, place: Mapping[str, str], occupied: Allocations = frozenset()) -> Wire:
        """Let the server judge an object under a name that nobody has, without what is still taken.

        Only what is wrong with the object itself counts: another place has other policies.
        """
        meant = Address.of(inputs)
        identity = {**metadata(inputs), "name": _unused(meant.name), **place}
        trial = {**without(inputs, occupied), "metadata": identity}
        tried = Address.of(trial)
        try:
            outcome = self._apply(trial)
        except (NotFoundError, RefusedError) as refusal:
            if refusal.code == INVALID:
                summary = refusal.summary.replace(str(tried), str(meant)).replace(tried.name, meant.name)
                raise RefusedError(summary, code=refusal.code, operation=refusal.operation) from refusal
            return dict(inputs)
        return foreseen({**outcome, "metadata": metadata(inputs)}, inputs, {})


def foreseen(outcome: Object, inputs: Object, live: Object) -> Wire:
    """Give of a dry run's outcome what will be so in earnest.

    What the server draws it draws again: those values become unknown, or stay away where the official plugin lets
    programs read their neighbours in a preview (`metadata.name`).
    """
    result = {key: value for key, value in outcome.items() if key != "status"}
    was = metadata(live)
    result["metadata"] = {
        key: value for key, value in metadata(outcome).items() if key not in _DRAWN_METADATA or value == was.get(key)
    }
    if spec := section(outcome, "spec"):
        result["spec"] = _foreseen_spec(spec, section(inputs, "spec"), section(live, "spec"))
    return result


def _foreseen_spec(spec: Object, declared: Object, live: Object) -> dict[str, Any]:
    result = dict(spec)
    for field in _DRAWN_SPEC:
        if field in declared:
            result[field] = declared[field]
        elif field in spec and spec[field] not in (live.get(field), HEADLESS, [HEADLESS]):
            result[field] = UNKNOWN
    if isinstance(spec.get("ports"), list):
        kept = {**_node_ports(live), **_node_ports(declared)}
        result["ports"] = [
            {**port, _NODE_PORT: kept.get(_key(port), UNKNOWN)} if _NODE_PORT in port else port
            for port in spec["ports"]
        ]
    return result


def _node_ports(spec: Object) -> dict[tuple[Any, Any], Any]:
    return {_key(port): port[_NODE_PORT] for port in spec.get("ports") or [] if _NODE_PORT in port}


def _key(port: Object) -> tuple[Any, Any]:
    """Give what tells one port of a Service from another, to the server."""
    return port.get("port"), port.get("protocol", "TCP")


def _unused(name: str) -> str:
    suffix = f"-{secrets.token_hex(3)}"
    # A name that is too long, or has a bad character somewhere, is to be refused for that.
    return f"{name}{suffix}" if len(name) + len(suffix) <= _LONGEST_NAME else f"{name[: -len(suffix)]}{suffix}"
