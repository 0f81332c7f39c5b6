"""The nodes of a cluster, as its API lists them."""

from __future__ import annotations

from collections.abc import Mapping

from lightkube import Client
from lightkube.resources.core_v1 import Node

from kubewire.cloud.kubernetes import KubernetesApi
from kubewire.functions.kubernetes_nodes import KubernetesNode

PAGE = 500
"""Objects in one answer: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks."""
ZONE_LABEL = "topology.kubernetes.io/zone"
"""https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesiozone."""


class Nodes(KubernetesApi):
    """Implements `kubewire.functions.kubernetes_nodes.NodesApi`."""

    def list_nodes(self, labels: Mapping[str, str]) -> tuple[KubernetesNode, ...]:
        """Give the nodes that bear all of these labels. A list that breaks off is begun anew: it is from one moment."""

        def every(client: Client) -> tuple[KubernetesNode, ...]:
            return tuple(_read(node) for node in client.list(Node, labels=dict(labels) or None, chunk_size=PAGE))

        return self._call("kubernetes:ListNode", every)


def _read(node: Node) -> KubernetesNode:
    metadata, spec, status = node.metadata, node.spec, node.status
    labels = (metadata.labels if metadata else None) or {}
    addresses = (status.addresses if status else None) or []
    conditions = (status.conditions if status else None) or []
    # An older API server fills the single range alone.
    single = [spec.podCIDR] if spec and spec.podCIDR else []
    return KubernetesNode(
        name=(metadata.name if metadata else None) or "",
        zone=labels.get(ZONE_LABEL),
        provider_id=(spec.providerID if spec else None) or None,
        pod_cidrs=tuple((spec.podCIDRs if spec else None) or single),
        internal_ip=next((item.address for item in addresses if item.type == "InternalIP"), None),
        ready=any(item.type == "Ready" and item.status == "True" for item in conditions),
    )
