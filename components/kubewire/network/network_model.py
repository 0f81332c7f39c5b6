"""The Kubernetes network model, and who keeps each of its promises: it depends on how pods get their addresses.

https://kubernetes.io/docs/concepts/services-networking/#the-kubernetes-network-model
"""

from __future__ import annotations

from enum import StrEnum

from kubewire.network.pods import OverlayPods, RoutedPods, VpcPods


class Promise(StrEnum):
    """What the model promises: one big flat network."""

    NODES_REACH_NODES = "nodes reach each other without NAT"
    PODS_REACH_PODS = "pods reach each other without NAT"
    PODS_AND_NODES = "pods and nodes reach each other without NAT"
    OWN_ADDRESS = "a pod knows its own address"
    VPC_REACHES_PODS = "the rest of the VPC reaches pods"
    """Not the model's: what load balancers to pods' addresses and linked networks need."""


class Keeper(StrEnum):
    """Who keeps a promise."""

    VPC = "the VPC's routes and firewall, as declared here"
    OVERLAY = "the overlay, over the way between nodes that is open here"
    NOBODY = "nobody"


def kept_by(pods: RoutedPods | VpcPods | OverlayPods) -> dict[Promise, Keeper]:
    """Say who keeps each promise."""
    if not isinstance(pods, OverlayPods):
        return dict.fromkeys(Promise, Keeper.VPC)
    kept = dict.fromkeys(Promise, Keeper.OVERLAY)
    return {**kept, Promise.NODES_REACH_NODES: Keeper.VPC, Promise.VPC_REACHES_PODS: Keeper.NOBODY}
