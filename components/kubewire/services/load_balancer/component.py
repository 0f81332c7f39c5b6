"""LoadBalancer: a network load balancer in front of the node ports."""

from __future__ import annotations

import pulumi
from pulumi_kubernetes.core.v1 import Service

from kubewire.declared import later
from kubewire.errors import InvalidInputError
from kubewire.model import Ref
from kubewire.network.budget import Rules
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.resources.load_balancer_status import LoadBalancerStatus, LoadBalancerStatusArgs
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.services.common import cluster_ip_of, dns_name, kubernetes_service
from kubewire.services.component import ServiceComponent
from kubewire.services.declaration import declaration
from kubewire.services.dns.balancers import balancer_records
from kubewire.services.dns.declare import RecordsOf
from kubewire.services.dns.rows import BalancerName
from kubewire.services.hairpin import hairpin
from kubewire.services.in_cluster import check_addresses
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.load_balancer.balancer import Balancer, declare, make_balancer, make_group
from kubewire.services.load_balancer.behind import check_choice, own
from kubewire.services.load_balancer.fits import check_behind
from kubewire.services.load_balancer.listeners import Listeners
from kubewire.services.load_balancer.pods import asked_pods, check_reached, counted_pods, peer_of_pods
from kubewire.services.load_balancer.quotas import hold_targets
from kubewire.services.load_balancer.rules import (
    common_rules,
    health_port,
    listener_rules,
    node_rules,
    target_rules,
    way_rules,
)
from kubewire.services.load_balancer.shared import LoadBalancer
from kubewire.services.node_access import chosen_health_port, claim, node_ports


class LoadBalancerService(ServiceComponent):
    """A Service behind an NLB: a listener for each port, which leads to that port on every node.

    Attributes:
        host_name: the load balancer's DNS name; known after the apply.
        cluster_ip: its address inside the cluster; known after the apply.
        node_ports: port name to node port.
        dns_name: the name that pods find it by.
        listeners: what must be there before a name of others leads to it.
    """

    def __init__(
        self,
        args: LoadBalancerServiceArgs,
        network: ClusterNetwork,
        opts: pulumi.ResourceOptions | None = None,
        *,
        load_balancer: LoadBalancer | None = None,
    ) -> None:
        """Declare it.

        Args:
            args: what it is.
            network: the network of its cluster.
            opts: the component's options.
            load_balancer: the shared one that it names, if it does.

        Raises:
            InvalidInputError: what AWS or the API server would refuse.
        """
        check_addresses(args, network.args, args.label)
        check_reached(args, network.args, args.label)
        self._args, self._network = args, network
        _check_balancer(args, network, load_balancer)
        claim(network, args)
        self._name = args.name_in(network)
        told = declaration(network, args.sources)
        super().__init__("kubewire:services:LoadBalancerService", self._name, told, opts, network=network)
        service = kubernetes_service(self._name, args, self, opts)
        self.node_ports = node_ports(args, service)
        self._health_port = health_port(args, chosen_health_port(service))
        self.cluster_ip = cluster_ip_of(service)
        self.dns_name = dns_name(args)
        if trap := hairpin(args, network.args):
            pulumi.log.warn(trap, self)
        self._found = asked_pods(args, self)
        if args.shared is None:
            described, pods = own(args, network.args, args.label), counted_pods([args], self._found)
            hold_targets(described, len(network.nodes.targets), network.limits, pods=pods)
        balancer, opened = self._share(load_balancer.balancer) if load_balancer else self._make_own()
        self.host_name = balancer.host_name
        made = Listeners(args, network, balancer, self.node_ports, self._health_port, self._found, self._name, self)
        self.listeners = made.make(opened)
        self._show(service)
        to = BalancerName(later(self.host_name), later(balancer.hosted_zone_id), balancer.described.has_ipv6)
        records = balancer_records(args.dns, network.args.domain, to, args.label)
        # A name comes when something listens behind it, and goes before that does.
        RecordsOf(network, self._name, args.label, self).declare(records, after=self.listeners)
        self.outputs = {
            "hostName": self.host_name,
            "clusterIP": self.cluster_ip,
            "nodePorts": self.node_ports,
            "dnsName": self.dns_name,
        }
        self.register_outputs(self.outputs)

    def _make_own(self) -> tuple[Balancer, list[pulumi.Resource]]:
        """Make a load balancer of its own, and give the way to the nodes that is open for it."""
        args, network = self._args, self._network
        described = own(args, network.args, args.label)
        group = make_group(described, network, self._name, f"of {args.label}", self)
        pods = peer_of_pods(network.args, network.node_group)
        rules = common_rules([args], network.node_group, ipv6=described.has_ipv6, pods=pods, found=self._found)
        for admitted in listener_rules(args, ipv6=described.has_ipv6).values():
            rules |= admitted
        nodes = node_rules(args, self.node_ports, group, self._health_port)
        ways = way_rules([args], args.label, group, self._found)
        opened = self._open(group, rules, nodes | ways, f"{self._name}.nodes")
        # One that is there, and gets this group in another's place, goes on to admit its clients.
        return make_balancer(described, network, self._name, group, self, after=opened), opened

    def _share(self, balancer: Balancer) -> tuple[Balancer, list[pulumi.Resource]]:
        """Open the way to the nodes for a shared load balancer, which has the rules that all of its Services need."""
        args, network, group = self._args, self._network, balancer.group
        # Each port's rules are the load balancer's, as its listener is: another Service that gets the port changes
        # them, and doesn't find them there.
        opts = pulumi.ResourceOptions(parent=balancer.parent)
        admitting = [
            declare(
                network,
                SecurityGroupRules,
                f"{balancer.stack_name}.{port}",
                SecurityGroupRulesArgs(group=group, rules=rules),
                opts,
            )
            for port, rules in listener_rules(args, ipv6=balancer.described.has_ipv6, shared=True).items()
        ]
        nodes = node_rules(args, self.node_ports, group, self._health_port)
        # Named by the load balancer too: when a Service moves, the way from the old one stays until that is left.
        name = f"{self._name}.{balancer.stack_name}.nodes"
        return balancer, [*balancer.opened, *admitting, *self._open(group, {}, nodes, name, shared=True)]

    def _open(
        self, group: Ref, rules: Rules, on_nodes: Rules, nodes_name: str, *, shared: bool = False
    ) -> list[pulumi.Resource]:
        network, args = self._network, self._args
        ways = target_rules(args, self.node_ports, network.node_group, self._health_port, shared=shared)
        described = SecurityGroupRulesArgs(group=group, rules=rules | ways)
        put = declare(network, SecurityGroupRules, self._name, described, pulumi.ResourceOptions(parent=self))
        return [put, *network.admit(on_nodes, nodes_name, args.label, self)]

    def _show(self, service: Service) -> None:
        """Write the host name where `kubectl get service` shows it, as a cloud controller would."""
        status = LoadBalancerStatusArgs(
            namespace=self._args.namespace,
            service=self._args.name,
            hostnames=(later(self.host_name),),
            uid=later(service.metadata.apply(lambda metadata: metadata.uid or pulumi.UNKNOWN)),
        )
        # With healthy targets that are waited for, the name appears when it leads somewhere.
        waited = self.listeners if self._args.wait_for_healthy_targets else []
        opts = pulumi.ResourceOptions(parent=self, depends_on=[service, *waited])
        declare(self._network, LoadBalancerStatus, self._name, status, opts)


def _check_balancer(args: LoadBalancerServiceArgs, network: ClusterNetwork, load_balancer: LoadBalancer | None) -> None:
    """Refuse a load balancer that can't be made, or isn't the one that the Service names. Raises InvalidInputError."""
    if args.shared is None:
        described = own(args, network.args, args.label)
        check_behind(described, network.args, network.limits)
        return
    given = load_balancer.args if load_balancer and load_balancer.args.name == args.shared else None
    check_choice(args, given, [load_balancer.args.name] if load_balancer else [], args.label)
    if load_balancer and args not in load_balancer.balancer.described.services.values():
        detail = "Give it to the load balancer too, when that is declared: its ports are seen together."
        message = f"load balancer {args.shared} doesn't know of it"
        raise InvalidInputError(message, detail=detail, path=f"{args.label}.loadBalancer")
