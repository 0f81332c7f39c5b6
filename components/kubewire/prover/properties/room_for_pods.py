"""5. A node's pod range holds as many pods as its kubelet runs."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

KEPT = 3
"""Of each range: its first and last address, and the node's own among its pods.
https://www.cni.dev/plugins/current/ipam/host-local/"""


def _check(network: Network) -> Iterator[Finding]:
    for node in network.cluster.nodes:
        for version in sorted({item.version for item in node.pod_ranges}):
            room = sum(item.num_addresses - KEPT for item in node.pod_ranges if item.version == version)
            if isinstance(node.most_pods, Unknown):
                yield node.most_pods
            elif room < node.most_pods:
                yield Witness(
                    summary=f"{node.name} runs up to {node.most_pods} pods and has {room} IPv{version} addresses"
                )


PROPERTY = Property(5, "A node's pod range holds its maximum of pods", "pods hang in ContainerCreating", _check)
