"""Protocols, and which of them go together."""

from __future__ import annotations

from typing import Final

from moto.elbv2.models import FakeTargetGroup

STREAMS: Final = frozenset({"TCP", "TLS"})
DATAGRAMS: Final = frozenset({"UDP", "TCP_UDP", "QUIC", "TCP_QUIC"})

# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#target-group-protocols
SENT_TO: Final = {
    "TCP": frozenset({"TCP", "TCP_UDP"}),
    "TLS": frozenset({"TCP", "TLS"}),
    "UDP": frozenset({"UDP", "TCP_UDP"}),
    "TCP_UDP": frozenset({"TCP_UDP"}),
}
"""The protocols of target groups that a listener's may send to."""


def carried_by_network(group: FakeTargetGroup) -> bool:
    """Whether a group is one for network load balancers."""
    return group.protocol in STREAMS | DATAGRAMS
