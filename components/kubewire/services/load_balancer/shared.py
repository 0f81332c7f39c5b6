"""LoadBalancer: one network load balancer for several Services."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pulumi

from kubewire.network.cluster_network import ClusterNetwork
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.services.component import ServiceComponent
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.load_balancer.balancer import declare, make_balancer, make_group
from kubewire.services.load_balancer.behind import shared
from kubewire.services.load_balancer.fits import check_behind
from kubewire.services.load_balancer.pods import asked_pods, counted_pods, peer_of_pods
from kubewire.services.load_balancer.quotas import hold_targets
from kubewire.services.load_balancer.rules import common_rules, way_rules
from kubewire.services.load_balancer.shared_args import LoadBalancerArgs


class LoadBalancer(ServiceComponent):
    """A network load balancer that Services share. Each has ports, targets and firewall rules of its own there.

    Attributes:
        args: what it was described by.
        balancer: it, and its security group.
        host_name: its DNS name; known after the apply.
        outputs: what the component shows.
    """

    def __init__(
        self,
        args: LoadBalancerArgs,
        network: ClusterNetwork,
        services: Iterable[LoadBalancerServiceArgs],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare it.

        Args:
            args: how it is.
            network: where it stands.
            services: the Services of which some are to be behind it: ports, rules and quotas of these are seen
                together. Each is still declared by itself.
            opts: the component's options.

        Raises:
            InvalidInputError: what AWS would refuse.
        """
        described = shared(args, network.args, args.name, {service.label: service for service in services})
        check_behind(described, network.args, network.limits)
        self.args = args
        name = f"{network.args.name}.{args.name}"
        super().__init__("kubewire:services:LoadBalancer", name, None, opts, network=network)
        group = make_group(described, network, name, f"{args.name} of {network.args.name}", self)
        behind = described.services.values()
        found = {label: pods for one in behind for label, pods in asked_pods(one, self, quiet=True).items()}
        hold_targets(described, len(network.nodes.targets), network.limits, pods=counted_pods(behind, found))
        pods = peer_of_pods(network.args, network.node_group)
        common = common_rules(behind, network.node_group, ipv6=described.has_ipv6, pods=pods, found=found)
        opened = network.admit(way_rules(behind, args.name, group, found), f"{name}.nodes", args.name, self)
        if common:
            rules = SecurityGroupRulesArgs(group=group, rules=common)
            opened.append(declare(network, SecurityGroupRules, name, rules, pulumi.ResourceOptions(parent=self)))
        self.balancer = replace(make_balancer(described, network, name, group, self), opened=tuple(opened))
        self.host_name = self.balancer.host_name
        self.outputs = {"hostName": self.host_name}
        self.register_outputs(self.outputs)
