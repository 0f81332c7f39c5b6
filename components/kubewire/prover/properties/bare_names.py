"""38. An ExternalName Service is a CNAME and nothing else: no address, ports or endpoints, and its target is a name.

https://kubernetes.io/docs/concepts/services-networking/service/#externalname
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from kubewire.prover.facts.services import Service, ServiceType
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

LONGEST_NAME = 253
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
"""RFC 1123, as the API server has it."""


def _check(network: Network) -> Iterator[Finding]:
    for service in network.services:
        if service.type is ServiceType.EXTERNAL_NAME:
            yield from _more(service)
            yield from _target(service)
        elif service.external_name is not None:
            yield Witness(summary=f"{service.label} has an externalName, and is a {service.type}")


def _more(service: Service) -> Iterator[Witness]:
    """Find what a name has no use for."""
    addresses = [address for address in (service.cluster_ip, *service.cluster_ips) if isinstance(address, str)]
    if addresses:
        yield Witness(summary=f"{service.label} is an ExternalName with the address {addresses[0]}")
    if service.ports:
        yield Witness(summary=f"{service.label} is an ExternalName with ports: clients use those of what it leads to")
    if not isinstance(service.endpoints, Unknown) and service.endpoints:
        yield Witness(summary=f"{service.label} is an ExternalName with endpoints, to which nothing leads")


def _target(service: Service) -> Iterator[Finding]:
    name = service.external_name
    if name is None:
        yield Witness(summary=f"{service.label} is an ExternalName without a name")
        return
    if isinstance(name, Unknown):
        yield name
        return
    plain = name.removesuffix(".")
    if _is_address(plain):
        yield Witness(summary=f"{service.label} leads to {name}, an address: a CNAME leads to a name")
    elif len(plain) > LONGEST_NAME or not _NAME.fullmatch(plain):
        yield Witness(summary=f"{service.label} leads to {name!r}, which is no DNS name")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        # No top-level domain is a number (RFC 3696, section 2): 10.0.0.256 is a mistaken address.
        return text.rpartition(".")[2].isdigit()
    return True


PROPERTY = Property(38, "An ExternalName is a bare CNAME to a name", "it resolves to nothing", _check)
