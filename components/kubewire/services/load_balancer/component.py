"""LoadBalancer: a network load balancer in front of the node ports."""

from __future__ import annotations

from typing import TypeVar

import pulumi
from pulumi_kubernetes.core.v1 import Service

from kubewire.declared import Declared, later
from kubewire.deferred import Later
from kubewire.model import Model, PortNumber, Ref
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.network.layout import Role
from kubewire.resources.base import Resource
from kubewire.resources.elb import TransportProtocol
from kubewire.resources.health_check import HealthCheck, HealthProtocol
from kubewire.resources.listener import Listener, ListenerArgs
from kubewire.resources.load_balancer_status import LoadBalancerStatus, LoadBalancerStatusArgs
from kubewire.resources.network_load_balancer import NetworkLoadBalancer, NetworkLoadBalancerArgs, Scheme
from kubewire.resources.security_group import SecurityGroup, SecurityGroupArgs
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.resources.target_group import Stickiness, Target, TargetGroup, TargetGroupArgs
from kubewire.services.common import cluster_ip_of, dns_name, kubernetes_service
from kubewire.services.hairpin import hairpin
from kubewire.services.load_balancer_args import LoadBalancerServiceArgs
from kubewire.services.load_balancer_rules import balancer_rules, health_port, node_rules
from kubewire.services.naming import LONGEST, LONGEST_GROUP, aws_name
from kubewire.services.node_access import chosen_health_port, claim, node_ports
from kubewire.services.ports import NodeServicePort, PortProtocol

HEALTH_PATH = "/healthz"
"""What kube-proxy answers, at its own port and at a Service's `healthCheckNodePort`."""

ArgsT = TypeVar("ArgsT", bound=Model)
StateT = TypeVar("StateT", bound=Model)


class LoadBalancerService(pulumi.ComponentResource):
    """A Service behind an NLB: a listener for each port, which leads to that port on every node.

    Attributes:
        host_name: the load balancer's DNS name; known after the apply.
        cluster_ip: its address inside the cluster; known after the apply.
        node_ports: port name to node port.
        dns_name: the name that pods find it by.
    """

    def __init__(
        self, args: LoadBalancerServiceArgs, network: ClusterNetwork, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check_fits(network.args, network.limits, args.label)
        args.check_targets(len(network.nodes.targets), args.label)
        claim(network, args)
        self._args, self._network = args, network
        self._name = args.name_in(network)
        super().__init__("kubewire:services:LoadBalancerService", self._name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        service = kubernetes_service(self._name, args, self, opts)
        self.node_ports = node_ports(args, service)
        self._health_port = health_port(args, chosen_health_port(service))
        self.cluster_ip = cluster_ip_of(service)
        self.dns_name = dns_name(args)
        if trap := hairpin(args, network.args):
            pulumi.log.warn(trap, self)
        self.host_name = self._make_balancer()
        self._show(service)
        self.outputs = {
            "hostName": self.host_name,
            "clusterIP": self.cluster_ip,
            "nodePorts": self.node_ports,
            "dnsName": self.dns_name,
        }
        self.register_outputs(self.outputs)

    def _make_balancer(self) -> pulumi.Output[str]:
        network, args = self._network, self._args
        group = self._make_group()
        opened = self._open(group)
        role = Role.PUBLIC if args.scheme is Scheme.INTERNET_FACING else network.args.node_role
        subnets = network.zone_subnets(role).values()
        balancer = self._declare(
            NetworkLoadBalancer,
            self._name,
            NetworkLoadBalancerArgs(
                name=self._aws_name(),
                scheme=args.scheme,
                subnets={subnet.name: subnet.id for subnet in subnets},
                security_groups={group.name: group.id},
                tags=network.args.tags,
            ),
            # Whoever reaches it finds the way to the nodes open; and AWS wants the internet gateway to be there first.
            pulumi.ResourceOptions(parent=self, depends_on=[*opened, *network.ways_out]),
        )
        for port in args.ports:
            self._listen(balancer.ref, port)
        return balancer.output("dns_name")

    def _make_group(self) -> Ref:
        args = SecurityGroupArgs(
            name=self._aws_name(longest=LONGEST_GROUP),
            vpc=self._network.vpc,
            description=f"Load balancer of {self._args.namespace}/{self._args.name}",
            tags=self._network.args.tags,
        )
        # AWS opens a group to IPv6 whose VPC gets it before the group has rules of its own.
        settled = pulumi.ResourceOptions(parent=self, depends_on=[*self._network.settled])
        return self._declare(SecurityGroup, self._name, args, settled).ref

    def _open(self, group: Ref) -> list[pulumi.Resource]:
        network, args = self._network, self._args
        rules = balancer_rules(args, self.node_ports, network.node_group, self._health_port)
        described = SecurityGroupRulesArgs(group=group, rules=rules)
        own = self._declare(SecurityGroupRules, self._name, described, self._child)
        admitted = node_rules(args, self.node_ports, group, self._health_port)
        return [own, *network.admit(admitted, f"{self._name}.nodes", args.label, self)]

    def _listen(self, balancer: Ref, port: NodeServicePort) -> None:
        network, name = self._network, f"{self._name}.{port.key}"
        node_port: Later[PortNumber] = self.node_ports[port.key]
        transport = TransportProtocol(port.protocol.value)
        group = self._declare(
            TargetGroup,
            name,
            TargetGroupArgs(
                name=self._aws_name(port.key),
                vpc=network.vpc,
                protocol=transport,
                port=node_port,
                target_type=network.nodes.target_type,
                targets={node: Target(id=target, port=node_port) for node, target in network.nodes.targets.items()},
                health_check=self._health_check(port),
                preserve_client_ip=self._args.preserve_client_ip,
                stickiness=Stickiness.SOURCE_IP if self._args.session_affinity else Stickiness.OFF,
                tags=network.args.tags,
            ),
            self._child,
        )
        listener = ListenerArgs(
            name=f"{self._args.namespace}-{self._args.name}-{port.key}",
            load_balancer=balancer,
            port=port.port,
            protocol=transport,
            target_group=group.ref,
            tags=network.args.tags,
        )
        # Named by its port, which AWS has once: a port under a new name is the listener that there is, changed.
        self._declare(Listener, f"{self._name}.{port.port}", listener, self._child)

    def _health_check(self, port: NodeServicePort) -> HealthCheck:
        """Ask TCP ports themselves, unless what answers there may be another node's endpoint."""
        if self._health_port is not None and (self._args.is_local or port.protocol is PortProtocol.UDP):
            return HealthCheck(protocol=HealthProtocol.HTTP, port=self._health_port, path=HEALTH_PATH)
        return HealthCheck()

    def _aws_name(self, *more: str, longest: int = LONGEST) -> str:
        return aws_name(self._network.args.name, self._args.namespace, self._args.name, *more, longest=longest)

    def _show(self, service: Service) -> None:
        """Write the host name where `kubectl get service` shows it, as a cloud controller would."""
        status = LoadBalancerStatusArgs(
            namespace=self._args.namespace, service=self._args.name, hostnames=(later(self.host_name),)
        )
        opts = pulumi.ResourceOptions(parent=self, depends_on=[service])
        self._declare(LoadBalancerStatus, self._name, status, opts)

    def _declare(
        self, kind: type[Resource[ArgsT, StateT]], name: str, args: ArgsT, opts: pulumi.ResourceOptions
    ) -> Declared:
        return self._network.forecast.watch(Declared(kind, name, args, opts))
