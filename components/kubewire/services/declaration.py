"""What a Service says of itself to whoever reads the plan: its network, and who may connect from outside.

No resource says that: firewall rules say who gets in, which is to be proved.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kubewire.network.cluster_network import ClusterNetwork
from kubewire.network.sources import Source, all_peers

Wire = dict[str, Any]


def declaration(network: ClusterNetwork, sources: Iterable[Source] | None = None) -> Wire:
    """Give the inputs that a Service's component registers.

    Args:
        network: the network of its cluster.
        sources: who may connect from outside the cluster; None for a Service that nobody outside can reach.
    """
    told: Wire = {"network": network.args.name}
    if sources is None:
        return told
    return told | {"sources": [peer.to_wire() for peer in all_peers(sources, ipv6=network.args.ipv6).values()]}
