"""What a load balancer can be told, be it one Service's own or shared by many; and which of the two a Service has."""

from __future__ import annotations

from typing import Annotated, Literal

from kubewire.model import Described
from kubewire.resources.balancer_addresses import IpAddressType
from kubewire.resources.elb import BalancerName
from kubewire.services.kubernetes_names import ServiceName
from kubewire.services.load_balancer.addresses import Addresses, ChosenAddresses
from kubewire.unions import OneOf


class BalancerOptions(Described):
    """How a network load balancer is."""

    cross_zone: bool = True
    """Whether each of its addresses sends to the targets of every zone. Without, a zone without targets is idle, and
    traffic between zones costs nothing."""
    deletion_protection: bool = False
    """Whether nothing deletes it, the stack itself included, until this is false again and that is applied."""
    ip_address_type: IpAddressType = IpAddressType.IPV4
    """By which families clients reach it; `dualstack` wants a network with IPv6."""
    addresses: Addresses = ChosenAddresses()
    """Where clients find it. A change of one that is written makes another load balancer."""


class OwnLoadBalancer(BalancerOptions):
    """A load balancer for this Service alone."""

    kind: Literal["own"] = "own"
    name: BalancerName | None = None
    """Its name on AWS, one in account and region. Default: made of the network's and the Service's, and other ones for
    other schemes: a load balancer that is replaced stays until the new one is in use."""


class SharedLoadBalancer(Described):
    """A load balancer that other Services use too, each with ports of its own."""

    kind: Literal["shared"] = "shared"
    name: ServiceName
    """Which one of the stack's load balancers."""


LoadBalancerChoice = Annotated[OwnLoadBalancer | SharedLoadBalancer, OneOf()]
"""Whose load balancer a Service is behind."""
