"""What is behind a Service at this moment."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Annotated

from pydantic import Field, PlainSerializer

from kubewire.functions.base import Function
from kubewire.model import Model, PortNumber
from kubewire.resources.load_balancer_status import NAMESPACE, SERVICE


class GetEndpointsArgs(Model):
    """Which Service."""

    namespace: Annotated[str, Field(pattern=NAMESPACE)]
    """Its namespace."""
    service: Annotated[str, Field(pattern=SERVICE)]
    """Its name."""


class Endpoint(Model):
    """One port of one address that is ready."""

    address: Annotated[IPv4Address, PlainSerializer(str)]
    """The address."""
    port: PortNumber
    """The port that it answers on."""
    port_name: str
    """The name of the Service's port that leads there; empty where that has none."""
    protocol: str
    """`TCP`, `UDP` or `SCTP`."""
    pod: str | None = None
    """The pod that has it; None where it is something else."""


class GetEndpointsResult(Model):
    """What is behind the Service; nothing behind one that isn't there yet."""

    endpoints: tuple[Endpoint, ...]
    """What is ready and has an IPv4 address, in the order of addresses."""
    not_ready: int
    """How many others with an IPv4 address there are."""


class GetEndpoints(Function[GetEndpointsArgs, GetEndpointsResult]):
    """Looks up the endpoints of a Service: its pods' addresses and ports, as far as they are ready."""

    Args, Result = GetEndpointsArgs, GetEndpointsResult

    def run(self, args: GetEndpointsArgs) -> GetEndpointsResult:
        ready: dict[Endpoint, None] = {}
        waiting: set[tuple[str, str, str, int]] = set()
        for row in self.cloud.endpoints.list_endpoints(args.namespace, args.service):
            if not _is_ipv4(row.address):
                continue
            if not row.ready:
                waiting.add((row.address, row.port_name, row.protocol, row.port))
                continue
            # While an endpoint moves from one slice to another, both have it.
            found = Endpoint(
                address=IPv4Address(row.address),
                port=row.port,
                port_name=row.port_name,
                protocol=row.protocol,
                pod=row.pod,
            )
            ready[found] = None
        ordered = sorted(ready, key=lambda one: (one.address, one.port, one.protocol, one.port_name))
        return GetEndpointsResult(endpoints=tuple(ordered), not_ready=len(waiting))


def _is_ipv4(address: str) -> bool:
    try:
        IPv4Address(address)
    except ValueError:
        return False
    return True
