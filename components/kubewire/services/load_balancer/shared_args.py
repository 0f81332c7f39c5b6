"""What describes a load balancer that several Services share."""

from __future__ import annotations

from kubewire.resources.network_load_balancer import Scheme
from kubewire.services.kubernetes_names import ServiceName
from kubewire.services.load_balancer.options import BalancerOptions


class LoadBalancerArgs(BalancerOptions):
    """A network load balancer that the stack's Services may stand behind, each with ports of its own."""

    name: ServiceName
    """What Services name it by. On AWS it is called after the network too."""
    scheme: Scheme
    """Whether the internet can reach it, or the VPC alone; that of every Service behind it."""
