"""Fields of a Kubernetes Service that are refused here, each with the reason and what to write instead."""

from __future__ import annotations

from typing import Any, NamedTuple

from kubewire.errors import InvalidInputError


class Refused(NamedTuple):
    """A field, by Kubernetes' name for it and by Python's."""

    names: tuple[str, str]
    reason: str
    instead: str


REFUSED = (
    Refused(
        ("externalIPs", "external_ips"),
        "a Service with external addresses takes other people's traffic",
        "Every node sends their packets to this Service, whoever they belong to (CVE-2020-8554). Use a LoadBalancer.",
    ),
    Refused(
        ("loadBalancerIP", "load_balancer_ip"),
        "Kubernetes has given it up",
        "A network load balancer has an address in each zone. Clients use its name.",
    ),
    Refused(
        ("loadBalancerSourceRanges", "load_balancer_source_ranges"),
        "it follows from `sources`",
        "Write the ranges there: they become firewall rules, and are in the Service's spec too.",
    ),
    Refused(
        ("clusterIPs", "cluster_ips"),
        "it follows from `clusterIP`",
        "Write one address there, or a list with one of each family.",
    ),
    Refused(
        ("sessionAffinityConfig", "session_affinity_config"),
        "it is part of `sessionAffinity`",
        "Write `sessionAffinity: {kind: ClientIP, timeoutSeconds: 600}`.",
    ),
)


def refuse_known(given: Any) -> Any:
    """Say of a field that is refused why it is: that it's unknown would be no help. Raises InvalidInputError."""
    for field in REFUSED:
        for name in field.names:
            if isinstance(given, dict) and name in given:
                raise InvalidInputError(field.reason, detail=field.instead, path=name)
    return given
