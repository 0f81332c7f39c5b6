"""The listeners of a Service: for each port number one, with the target group that it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from kubewire.declared import Declared
from kubewire.deferred import Later
from kubewire.model import PortNumber, Ref
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.resources.auto_scaling_attachment import AutoScalingAttachment, AutoScalingAttachmentArgs
from kubewire.resources.healthy_targets import HealthyTargets, HealthyTargetsArgs
from kubewire.resources.listener import Listener, ListenerArgs
from kubewire.resources.target_group import Stickiness, Target, TargetGroup, TargetGroupArgs, TargetType
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.load_balancer.balancer import Balancer, declare
from kubewire.services.load_balancer.health import asked_of
from kubewire.services.load_balancer.listened import Listened
from kubewire.services.load_balancer.pods import Found, pod_targets
from kubewire.services.naming import aws_name


@dataclass(frozen=True)
class Listeners:
    """Makes the listeners of a Service.

    Attributes:
        args: the Service.
        network: where its nodes are.
        balancer: what listens.
        node_ports: port key to the port on every node.
        health_port: the port of a node that tells whether it may be sent to; None: whichever the traffic goes to.
        found: the pods behind it, where they are the targets.
        name: what the stack calls the Service.
        parent: its component.
    """

    args: LoadBalancerServiceArgs
    network: ClusterNetwork
    balancer: Balancer
    node_ports: Mapping[str, Later[PortNumber]]
    health_port: Later[PortNumber] | None
    found: Found
    name: str
    parent: pulumi.Resource

    def make(self, opened: list[pulumi.Resource]) -> list[Declared]:
        """Make them; give of each what must be there before anybody is led to it.

        Args:
            opened: the firewall's rules. Whoever reaches a listener finds the way to the nodes open.
        """
        made = [self._listen(port, opened) for port in self.args.listened]
        return [listener if waits is None else waits for listener, waits in made]

    def _listen(self, port: Listened, opened: list[pulumi.Resource]) -> tuple[Declared, Declared | None]:
        balancer, tls, targets = self.balancer, port.main.tls, self._targets(port)
        group = self._target_group(port, targets)
        args = ListenerArgs(
            name=f"{self.args.namespace}-{self.args.name}-{port.main.key}",
            load_balancer=balancer.ref,
            port=port.main.port,
            protocol=port.protocol,
            target_group=group.ref,
            certificate=tls.certificate if tls else None,
            tls_policy=tls.policy if tls else None,
            alpn=tls.alpn if tls else None,
            tags=self.network.args.tags,
        )
        attached = self._attach(port, group.ref)
        # Named by its port, which AWS has once, and the load balancer's own: a port that goes to another Service, or
        # gets another name, is the listener that there is, changed.
        opts = pulumi.ResourceOptions(parent=balancer.parent, depends_on=[*opened, *attached])
        listener = declare(self.network, Listener, f"{balancer.stack_name}.{port.main.port}", args, opts)
        return listener, self._wait(port, group.ref, targets, listener)

    def _wait(self, port: Listened, group: Ref, targets: dict[str, Target], listener: Declared) -> Declared | None:
        """Wait for the targets, if that is asked for: nothing checks those of a group without a listener."""
        seconds = self.args.wait_for_healthy_targets
        if not seconds:
            return None
        args = HealthyTargetsArgs(
            target_group=group, targets=targets, auto_scaling_group=self._registering, timeout_seconds=seconds
        )
        opts = pulumi.ResourceOptions(parent=self.parent, depends_on=[listener])
        return declare(self.network, HealthyTargets, f"{self.name}.{port.main.key}", args, opts)

    @property
    def _registering(self) -> str | None:
        """The Auto Scaling group that registers the targets itself."""
        return None if self.args.to_pods else self.network.nodes.registering

    def _attach(self, port: Listened, group: Ref) -> list[Declared]:
        """Have the nodes' Auto Scaling group register its machines, if it is to: before the listener sends there."""
        if self._registering is None:
            return []
        self.network.claim_attachment(self.args.label)
        args = AutoScalingAttachmentArgs(group=self._registering, target_group=group)
        opts = pulumi.ResourceOptions(parent=self.parent)
        return [declare(self.network, AutoScalingAttachment, f"{self.name}.{port.main.key}", args, opts)]

    def _target_group(self, port: Listened, targets: dict[str, Target]) -> Declared:
        network, service = self.network, self.args
        args = TargetGroupArgs(
            name=self._group_name(port),
            vpc=network.vpc,
            protocol=port.to_targets,
            port=self._default_port(port),
            target_type=TargetType.IP if service.to_pods else network.nodes.target_type,
            auto_scaling_group=self._registering,
            targets=targets,
            health_check=asked_of(service.health_check, self._proxy(port)),
            preserve_client_ip=service.keeps_client_ip(port),
            proxy_protocol=service.proxy_protocol,
            deregistration_delay_seconds=service.deregistration_delay_seconds,
            stickiness=Stickiness.SOURCE_IP if service.session_affinity else Stickiness.OFF,
            tags=network.args.tags,
        )
        opts = pulumi.ResourceOptions(parent=self.parent)
        return declare(network, TargetGroup, f"{self.name}.{port.main.key}", args, opts)

    def _default_port(self, port: Listened) -> Later[PortNumber]:
        """Give the port of targets that others may register without one."""
        if not self.args.to_pods:
            return self.node_ports[port.main.key]
        return port.main.target_port if isinstance(port.main.target_port, int) else port.main.port

    def _targets(self, port: Listened) -> dict[str, Target]:
        network = self.network
        if self.args.to_pods:
            return pod_targets(self.args, port, self.found, network.args, network.cidrs)
        if self._registering:
            return {}
        node_port = self.node_ports[port.main.key]
        return {node: Target(id=target, port=node_port) for node, target in network.nodes.targets.items()}

    def _group_name(self, port: Listened) -> str:
        """Name the target group: another one for another load balancer.

        AWS lets one load balancer at a time use a group, and the old one uses its own until the new one has all of its
        listeners.
        """
        parts = (self.network.args.name, self.args.namespace, self.args.name)
        usual, given = aws_name(*parts), self.balancer.described.name
        return aws_name(*parts, port.main.key, *([] if given == usual else [given]))

    def _proxy(self, port: Listened) -> Later[PortNumber] | None:
        """Give the port of a node that tells whether it may be sent to, where the one that it's sent to can't.

        UDP says nothing, and with `externalTrafficPolicy: Local` what answers may be another node's endpoint.
        """
        told = port.is_udp and not (self.args.health_check and self.args.health_check.port)
        return self.health_port if self.args.is_local or told else None
