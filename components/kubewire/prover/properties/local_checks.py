"""33. With `externalTrafficPolicy: Local`, only nodes with endpoints pass the load balancer's health check.

Nodes without endpoints drop what comes from outside, the check of the node port with it; and the Service's
`healthCheckNodePort` answers 503 there. Any other port says nothing of endpoints.
https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy
"""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import IpProtocol
from kubewire.prover.facts.services import Service, TargetType
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.properties.balancing import Sending, sendings
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.receivers import targets
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    for sending in sendings(network):
        if isinstance(sending, Unknown):
            yield sending
        elif sending.service is not None and sending.service.local and sending.group.type is TargetType.INSTANCE:
            yield from _asked(network, sending, sending.service)


def _asked(network: Network, sending: Sending, service: Service) -> Iterator[Finding]:
    check = sending.group.health_check
    if not check.http:
        yield from _connected(network, sending, service)
        return
    asked, says = check.port, service.health_check_node_port
    if says is None:
        yield Witness(summary=f"{sending} has no port to ask nodes at: {service.label} has no healthCheckNodePort")
        return
    unknown = next((port for port in (asked, says) if isinstance(port, Unknown)), None)
    if unknown is not None:
        yield unknown
    elif asked != says:
        where = "the node port by HTTP" if asked is None else f"port {asked}"
        yield Witness(summary=f"{sending} asks {where}, and nodes of {service.label} tell at {says} what they have")


def _connected(network: Network, sending: Sending, service: Service) -> Iterator[Finding]:
    """Judge a check that only connects: at a node port it fails where there are no endpoints."""
    node_ports = {port.node_port for port in service.ports if port.protocol == IpProtocol.TCP}
    for port in _ports(network, sending):
        if isinstance(port, Unknown):
            yield port
        elif port not in node_ports and any(isinstance(one, Unknown) for one in node_ports):
            yield from (one for one in node_ports if isinstance(one, Unknown))
        elif port not in node_ports:
            yield Witness(summary=f"{sending} asks port {port}, which answers without endpoints of {service.label} too")
            return
    own = network.pod_addresses | Addresses.of(*network.cluster.pod_ranges)
    for name in sending.balancer.subnets:
        subnet = network.facts.subnet(name)
        ranges = [item for item in subnet.ranges if not isinstance(item, Unknown)] if subnet else []
        if Addresses.of(*ranges) & own:
            # What comes from pods is sent on to any endpoint.
            yield Unknown(comes_from=f"whether kube-proxy takes load balancer {sending.balancer.name} for a pod")
            return


def _ports(network: Network, sending: Sending) -> set[Known[int]]:
    port = sending.group.health_check.port
    return {target.port for target in targets(network, sending.group)} if port is None else {port}


PROPERTY = Property(33, "With traffic policy Local, only nodes with endpoints pass the check", "drops", _check)
