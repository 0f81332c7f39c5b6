"""A Service that its controller lets go of, and the bindings of its target groups."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from lightkube import Client
from lightkube.types import PatchType

from kubewire.cloud.kubernetes import KubernetesApi
from kubewire.cloud.kubernetes_nodes import PAGE
from kubewire.cloud.service_objects import Object, raw_kind
from kubewire.errors import NotFoundError

PULUMI = "pulumi-kubernetes"
"""In whose name a Service is changed. What this manager wrote, pulumi-kubernetes makes its own when it first applies
the Service (`fixCSAFieldManagers` in its provider/pkg/await/await.go); over any other's it would have a conflict."""


class AdoptedServices(KubernetesApi):
    """Reads and patches whole Services, and lets go of TargetGroupBindings."""

    def read(self, namespace: str, name: str) -> Object:
        """Give a Service. Raises NotFoundError without it."""
        kind = raw_kind("", "v1", "Service", "services")
        found = self._call("kubernetes:GetService", lambda client: client.get(kind, name, namespace=namespace))
        return _object(found, "v1", "Service")

    def patch(self, namespace: str, name: str, body: Mapping[str, Any]) -> Object:
        """Change a Service by a merge patch; give it as it is then.

        Raises:
            RefusedError: with code `Conflict`, somebody has changed it since the version that the patch names.
            NotFoundError: there is no such Service.
        """
        kind = raw_kind("", "v1", "Service", "services")

        def change(client: Client) -> Any:
            options: Any = {"patch_type": PatchType.MERGE, "field_manager": PULUMI}
            return client.patch(kind, name, dict(body), namespace=namespace, **options)

        return _object(self._call("kubernetes:PatchService", change), "v1", "Service")

    def bindings(self, namespace: str, groups: Collection[str]) -> list[Object]:
        """Give the bindings of target groups, by the groups' ARNs; none where the cluster doesn't know the kind.

        https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/
        """
        kind = _bindings()

        def every(client: Client) -> list[Object]:
            return [dict(item) for item in client.list(kind, namespace=namespace, chunk_size=PAGE)]

        try:
            found = self._call("kubernetes:ListTargetGroupBinding", every)
        except NotFoundError:
            return []
        return [one for one in found if one.get("spec", {}).get("targetGroupARN") in groups]

    def release(self, binding: Object, finalizer: str) -> None:
        """Delete a binding, without its controller's finalizer: that would take the targets off the group first.

        A controller that puts the finalizer back in between does just that, and then this waits for nothing: the group
        is replaced anyway.
        """
        kind, metadata = _bindings(), binding["metadata"]
        name, namespace = metadata["name"], metadata["namespace"]
        finalizers = [one for one in metadata.get("finalizers") or [] if one != finalizer]
        body = {"metadata": {"finalizers": finalizers or None}}

        def let_go(client: Client) -> None:
            client.patch(kind, name, body, namespace=namespace, patch_type=PatchType.MERGE)
            client.delete(kind, name, namespace=namespace)

        try:
            self._call("kubernetes:DeleteTargetGroupBinding", let_go)
        except NotFoundError:
            return


def _bindings() -> Any:
    return raw_kind("elbv2.k8s.aws", "v1beta1", "TargetGroupBinding", "targetgroupbindings")


def _object(found: Any, version: str, kind: str) -> Object:
    return {"apiVersion": version, "kind": kind, **dict(found)}
