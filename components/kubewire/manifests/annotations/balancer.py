"""What the annotations of AWS's controllers say of the load balancer itself."""

from __future__ import annotations

from collections.abc import Sequence

from kubewire.manifests.annotations.aws_table import BALANCER, BALANCER_ATTRIBUTES
from kubewire.manifests.annotations.values import Annotated

FIELD = "loadBalancer"
NAME = f"{BALANCER}name"
FAMILIES = f"{BALANCER}ip-address-type"
CROSS_ZONE = f"{BALANCER}cross-zone-load-balancing-enabled"
ATTRIBUTES = f"{BALANCER}attributes"
ELASTIC = f"{BALANCER}eip-allocations"
PRIVATE = f"{BALANCER}private-ipv4-addresses"
OF_ATTRIBUTES = {
    "deletion_protection.enabled": "deletionProtection",
    "load_balancing.cross_zone.enabled": "crossZone",
}


def read_balancer(annotated: Annotated, zones: Sequence[str]) -> None:
    """Read them.

    Args:
        annotated: the Service and its annotations.
        zones: those of the network; each has one address of the load balancer.
    """
    found = annotated.found
    if name := annotated.text(NAME):
        found.part(FIELD, "name", name, annotated.path(NAME))
    if families := annotated.choice(FAMILIES, "ipv4", "dualstack"):
        found.part(FIELD, "ipAddressType", families, annotated.path(FAMILIES))
    _attributes(annotated)
    # The annotation of an attribute's own goes before the one of all attributes.
    if (cross_zone := annotated.truth(CROSS_ZONE)) is not None:
        found.part(FIELD, "crossZone", cross_zone, annotated.path(CROSS_ZONE))
    _addresses(annotated, ELASTIC, annotated.items(ELASTIC), zones)
    _addresses(annotated, PRIVATE, annotated.addresses(PRIVATE), zones)
    if FIELD in found.wire:
        found.wire[FIELD] = {"kind": "own", **found.wire[FIELD]}


def _attributes(annotated: Annotated) -> None:
    if ATTRIBUTES in annotated:
        own = annotated.attributes(ATTRIBUTES, BALANCER_ATTRIBUTES)
        for key, field in OF_ATTRIBUTES.items():
            if (value := own.truth(key)) is not None:
                annotated.found.part(FIELD, field, value, own.path)


def _addresses(annotated: Annotated, name: str, items: Sequence[str], zones: Sequence[str]) -> None:
    if not items:
        return
    if len(items) != len(zones):
        detail = f"The network has {', '.join(zones) or 'no zone that is known here'}: one for each, in this order."
        annotated.refuse(name, f"{len(items)} addresses for {len(zones)} zones", detail)
        return
    kind, field = ("elastic", "allocationIds") if name == ELASTIC else ("private", "addresses")
    addresses = {"kind": kind, field: dict(zip(zones, items, strict=True))}
    annotated.found.part(FIELD, "addresses", addresses, annotated.path(name))
