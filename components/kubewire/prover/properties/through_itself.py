"""24. A pod reaches itself through its Service.

kube-proxy puts the pod's own address in place of the Service's, and the node's in place of the sender's; then the pods'
network must hand the packet back to the pod that it came from, which a bridge does in hairpin mode alone.
https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/#a-pod-fails-to-reach-itself-via-the-service-ip
"""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.kinds import kind_of
from kubewire.prover.facts.services import Service
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.backends import found_at, on_host
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.serving import addressed, ready, written
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.gateways import passing
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.stages import Way, stop
from kubewire.prover.verdict import Finding


def _check(network: Network) -> Iterator[Finding]:
    hairpin = network.cluster.hairpin
    for service in addressed(network) if hairpin is not True else ():
        pod = _pod(network, service)
        if pod is None:
            continue
        if isinstance(hairpin, Unknown):
            yield hairpin
            return
        port = service.ports[0]
        asked = written(service, port)
        before = passing(f"kube-proxy on {pod[1]}", f"{asked} becomes {pod[0]}, and its source the node's address")
        lost = stop(f"node {pod[1]}", "it hands no packet back to the pod that sent it")
        kind = kind_of(port.protocol, port.port)
        summary = f"a pod of {service.label} doesn't reach itself"
        yield Way(pod[0], service.label, (before, lost)).witness(kind, summary)


def _pod(network: Network, service: Service) -> tuple[str, str] | None:
    """Give a pod that may be behind a Service, and its node; None where all of them have their nodes' addresses."""
    backends = ready(service)
    if isinstance(backends, Unknown):
        return ("its own pod", "its node") if service.selects else None
    for backend in backends:
        one = found_at(network, service, backend)
        if not isinstance(one, Endpoint):
            # It isn't known whether it is a pod: 21 tells more of it.
            continue
        if not on_host(one):
            return f"pod {backend.address}", one.node
    return None


PROPERTY = Property(24, "A pod reaches itself through its Service", "it times out once in a while", _check)
