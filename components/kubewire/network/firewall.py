"""The node firewall that the network model asks for: every node and pod reaches every other, on everything."""

from __future__ import annotations

from kubewire.model import Ref
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.sources import range_of
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Protocol, Rule


def node_rules(args: ClusterNetworkArgs, group: Ref) -> dict[str, Rule]:
    """Give the network's own rules for the nodes' group; Services put theirs beside them.

    Nodes are named by their group. Pods are named by their range: a packet from a routed pod range bears an address
    that belongs to no interface, so no group matches it.
    """
    rules = {}
    for direction, word in ((Direction.INGRESS, "from"), (Direction.EGRESS, "to")):
        nodes = GroupPeer(name=group.name, id=group.id)
        rules[f"all {word} nodes"] = Rule(direction=direction, protocol=Protocol.ALL, peer=nodes)
        pods = CidrPeer(cidr=args.pods.cidr)
        rules[f"all {word} pods"] = Rule(direction=direction, protocol=Protocol.ALL, peer=pods)
    for target in args.egress:
        cidr = range_of(target)
        if cidr == args.pods.cidr:
            # Open already, and EC2 keeps one of each rule.
            continue
        rules[f"all to {cidr}"] = Rule(direction=Direction.EGRESS, protocol=Protocol.ALL, peer=CidrPeer(cidr=cidr))
    return rules
