"""Which namespaces a cluster has: a Service is made only in one that is there."""

from __future__ import annotations

from kubewire.functions.base import Function
from kubewire.model import Model


class GetNamespacesArgs(Model):
    """Nothing to choose: they are the cluster's."""


class PresentNamespace(Model):
    """A namespace that is there."""

    name: str
    """Its name."""
    terminating: bool = False
    """Whether it is being deleted: nothing is made in it any more."""
    owner: str | None = None
    """Whose it is, `project/stack/cluster`; None if it is no stack's of ours."""


class GetNamespacesResult(Model):
    """The namespaces of the cluster."""

    namespaces: tuple[PresentNamespace, ...]
    """All of them, by name."""


class GetNamespaces(Function[GetNamespacesArgs, GetNamespacesResult]):
    """Looks up the namespaces of the cluster, and which stack each is of."""

    Args, Result = GetNamespacesArgs, GetNamespacesResult

    def run(self, args: GetNamespacesArgs) -> GetNamespacesResult:  # noqa: ARG002 - there is nothing to choose
        found = sorted(self.cloud.cluster_services.present_namespaces(), key=lambda item: item.name)
        return GetNamespacesResult(
            namespaces=tuple(
                PresentNamespace(name=item.name, terminating=item.terminating, owner=item.owner) for item in found
            )
        )
