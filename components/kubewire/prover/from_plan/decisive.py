"""Values that decide what else is read of a resource: with one of them unknown, nothing holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.values import Values, is_open

DECISIVE: Final = {
    "kubewire:index:NetworkLoadBalancer": ("scheme", "ipAddressType"),
    "kubewire:index:Listener": ("port", "protocol"),
    "kubewire:index:TargetGroup": ("targetType", "autoScalingGroup", "protocol", "preserveClientIp", "proxyProtocol"),
    "kubewire:index:SecurityGroupRules": ("exclusive",),
    "kubernetes:core/v1:Service": (
        "metadata.namespace",
        "metadata.name",
        "spec.type",
        "spec.externalTrafficPolicy",
        "spec.internalTrafficPolicy",
        "spec.sessionAffinity",
        "spec.loadBalancerSourceRanges",
        "spec.ports",
    ),
}


def undecided(listed: Listed) -> Iterator[str]:
    """Give those of a resource that aren't known."""
    for path in DECISIVE.get(listed.kind, ()):
        *above, key = path.split(".")
        values = Values(str(listed), listed.inputs)
        for part in above:
            inner = values.inner(part)
            if isinstance(inner, Unknown):
                yield inner.comes_from
                break
            values = inner
        else:
            value = values.fields.get(key)
            if is_open(value) or (isinstance(value, list) and any(map(is_open, value))):
                yield values.says(key)
