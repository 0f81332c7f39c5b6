"""How many pods a node can hold that has its pods' addresses from the VPC, and how many addresses that takes."""

from __future__ import annotations

from dataclasses import dataclass

from kubewire.functions.get_instance_types import InstanceLimits

PREFIX_SIZE = 16
"""Addresses in a delegated /28 prefix.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html"""
HOST_NETWORK_PODS = 2
"""The CNI and kube-proxy use their node's own address:
https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html"""
# What Kubernetes' scalability tests, and AWS, recommend at most with prefixes: as above.
SMALL_NODE_PODS, LARGE_NODE_PODS = 110, 250
LARGE_NODE_CPUS = 30


@dataclass(frozen=True)
class Capacity:
    """What a node of a type can hold.

    Attributes:
        pods: how many pods.
        addresses: how many addresses of the pods' subnet they take when all are there.
    """

    pods: int
    addresses: int


def capacity(limits: InstanceLimits, *, prefixes: bool, own_subnets: bool) -> Capacity:
    """Work out what a node holds.

    Args:
        limits: its type's interfaces and addresses.
        prefixes: whether interfaces get prefixes instead of single addresses.
        own_subnets: whether pods have subnets of their own; the node's first interface holds none then.
    """
    interfaces = limits.interfaces - own_subnets
    # The first address of an interface is the interface's.
    slots = interfaces * (limits.ipv4_per_interface - 1)
    if not prefixes:
        return Capacity(pods=slots + HOST_NETWORK_PODS, addresses=slots + interfaces)
    most = LARGE_NODE_PODS if limits.vcpus > LARGE_NODE_CPUS else SMALL_NODE_PODS
    pods = min(slots * PREFIX_SIZE + HOST_NETWORK_PODS, most)
    blocks = -(-(pods - HOST_NETWORK_PODS) // PREFIX_SIZE)
    return Capacity(pods=pods, addresses=blocks * PREFIX_SIZE + interfaces)
