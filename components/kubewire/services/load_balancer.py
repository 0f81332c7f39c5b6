"""LoadBalancer: a network load balancer in front of the node ports."""

from __future__ import annotations

import pulumi
from pulumi_kubernetes.core.v1 import Service

from kubewire.declared import Declared, later
from kubewire.deferred import Later
from kubewire.model import PortNumber, Ref
from kubewire.network.carving import Role
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.network.sources import range_of
from kubewire.resources.elb import TransportProtocol
from kubewire.resources.health_check import HealthCheck, HealthProtocol
from kubewire.resources.listener import Listener, ListenerArgs
from kubewire.resources.load_balancer_status import LoadBalancerStatus, LoadBalancerStatusArgs
from kubewire.resources.network_load_balancer import NetworkLoadBalancer, NetworkLoadBalancerArgs, Scheme
from kubewire.resources.security_group import SecurityGroup, SecurityGroupArgs
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.resources.target_group import Target, TargetGroup, TargetGroupArgs, TargetType
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Ports, Protocol, Rule
from kubewire.services.common import (
    NodeServicePort,
    PortProtocol,
    dns_name,
    kubernetes_service,
    service_ports,
)
from kubewire.services.load_balancer_args import LoadBalancerServiceArgs
from kubewire.services.naming import LONGEST, LONGEST_GROUP, aws_name
from kubewire.services.node_access import admit, claim, node_ports, port_rules

LOAD_BALANCER_CLASS = "kubewire.dev/nlb"
"""A class that no controller in the cluster serves: they all leave the Service alone."""

# https://kubernetes.io/docs/reference/command-line-tools-reference/kube-proxy/ (--healthz-bind-address)
PROXY_HEALTH_PORT, PROXY_HEALTH_PATH = 10256, "/healthz"
HEALTH_RULES = "health checks"

SUBNETS = {Scheme.INTERNAL: Role.PRIVATE, Scheme.INTERNET_FACING: Role.PUBLIC}


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
        args.check_fits(network.args, args.label)
        claim(network, args)
        self._args, self._network = args, network
        self._name = args.name_in(network)
        super().__init__("kubewire:services:LoadBalancerService", self._name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        spec = {
            "type": args.type,
            "selector": args.selector,
            "ports": service_ports(args.ports),
            "load_balancer_class": LOAD_BALANCER_CLASS,
        }
        service = kubernetes_service(self._name, args, spec, self, opts)
        self.node_ports = node_ports(args, service)
        self.cluster_ip = service.spec.apply(lambda spec: spec.cluster_ip)
        self.dns_name = dns_name(args)
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
        subnets = network.subnets[SUBNETS[args.scheme]].values()
        balancer = Declared(
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
        return Declared(SecurityGroup, self._name, args, self._child).ref

    def _open(self, group: Ref) -> list[pulumi.Resource]:
        """Open the way: sources to the listeners, the load balancer to the nodes, and the nodes to it.

        The nodes admit the load balancer by its group, which matches whether or not it keeps clients' addresses:
        https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
        """
        nodes = self._network.node_group
        rules: dict[str, Rule] = {}
        for port in self._args.ports:
            protocol = Protocol(port.protocol.lower())
            for source in self._args.sources:
                cidr = range_of(source)
                rules[f"{port.key} from {cidr}"] = Rule(
                    direction=Direction.INGRESS,
                    protocol=protocol,
                    ports=Ports.one(port.port),
                    peer=CidrPeer(cidr=cidr),
                )
            rules[f"{port.key} to nodes"] = Rule(
                direction=Direction.EGRESS,
                protocol=protocol,
                ports=Ports.one(self.node_ports[port.key]),
                peer=GroupPeer(name=nodes.name, id=nodes.id),
            )
        balancer = GroupPeer(name=group.name, id=group.id)
        on_nodes = port_rules(self._args, self.node_ports, {"load balancer": balancer})
        if self._args.checks_proxies:
            rules[f"{HEALTH_RULES} to nodes"] = _health(Direction.EGRESS, GroupPeer(name=nodes.name, id=nodes.id))
            on_nodes[f"{self._args.label}:{HEALTH_RULES} from load balancer"] = _health(Direction.INGRESS, balancer)
        own = Declared(SecurityGroupRules, self._name, SecurityGroupRulesArgs(group=group, rules=rules), self._child)
        return [own, admit(self._network, self._args, on_nodes, self._child)]

    def _listen(self, balancer: Ref, port: NodeServicePort) -> None:
        network, name = self._network, f"{self._name}.{port.key}"
        node_port: Later[PortNumber] = self.node_ports[port.key]
        transport = TransportProtocol(port.protocol.value)
        group = Declared(
            TargetGroup,
            name,
            TargetGroupArgs(
                name=self._aws_name(port.key),
                vpc=network.vpc,
                protocol=transport,
                port=node_port,
                target_type=TargetType.INSTANCE,
                targets={node: Target(id=ref.id, port=node_port) for node, ref in network.nodes.items()},
                health_check=_health_check(port),
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
        Declared(Listener, f"{self._name}.{port.port}", listener, self._child)

    def _aws_name(self, *more: str, longest: int = LONGEST) -> str:
        return aws_name(self._network.args.name, self._args.namespace, self._args.name, *more, longest=longest)

    def _show(self, service: Service) -> None:
        """Write the host name where `kubectl get service` shows it, as a cloud controller would."""
        status = LoadBalancerStatusArgs(
            namespace=self._args.namespace, service=self._args.name, hostnames=(later(self.host_name),)
        )
        opts = pulumi.ResourceOptions(parent=self, depends_on=[service])
        Declared(LoadBalancerStatus, self._name, status, opts)


def _health_check(port: NodeServicePort) -> HealthCheck:
    if port.protocol is PortProtocol.UDP:
        return HealthCheck(protocol=HealthProtocol.HTTP, port=PROXY_HEALTH_PORT, path=PROXY_HEALTH_PATH)
    return HealthCheck()


def _health(direction: Direction, peer: GroupPeer) -> Rule:
    return Rule(direction=direction, protocol=Protocol.TCP, ports=Ports.one(PROXY_HEALTH_PORT), peer=peer)
