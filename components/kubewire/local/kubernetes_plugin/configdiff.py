"""What a change of the provider's configuration means for the objects that it made."""

from __future__ import annotations

from collections.abc import Mapping

from kubewire.deferred import Unknown
from kubewire.local.kubernetes_plugin.config import Config
from kubewire.local.kubernetes_plugin.kubeconfig import active_cluster
from kubewire.provider.configuration import ENGINE_KEYS
from kubewire.provider.diff import Change, Difference
from kubewire.provider.protocol import Wire

_CLUSTER_KEYS = ("kubeconfig", "context", "cluster")
_IDENTIFIER = "clusterIdentifier"


def config_difference(old: Wire, new: Wire, environment: Mapping[str, str]) -> Difference:
    """Compare two configurations. Objects are replaced if another cluster is meant.

    A cluster has no identity: it counts as another one if its address or certificate changes, or, where the program
    gives it an identifier, if that changes. A kubeconfig that only the apply knows may well be another one.
    """
    changes = {
        key: Change.ADD if key not in old else Change.DELETE if key not in new else Change.UPDATE
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key) and key not in ENGINE_KEYS
    }
    return Difference(changes, frozenset(_replacing(old, new, changes, environment)), delete_before_replace=False)


def _replacing(old: Wire, new: Wire, changes: Mapping[str, Change], environment: Mapping[str, str]) -> frozenset[str]:
    if new.get(_IDENTIFIER) and old.get(_IDENTIFIER):
        return frozenset({_IDENTIFIER} & changes.keys())
    unknown = frozenset(key for key in _CLUSTER_KEYS if isinstance(new.get(key), Unknown))
    if unknown:
        return unknown
    before = active_cluster(Config.read(old, environment), environment)
    after = active_cluster(Config.read(new, environment), environment)
    if before is None or after is None or before == after:
        return frozenset()
    return frozenset(changes.keys() & set(_CLUSTER_KEYS))
