"""What the annotations of external-dns become."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kubewire.manifests.annotations.values import Annotated
from kubewire.resources.dns_names import canonical, is_within
from kubewire.services.dns.zones import APEX, HostedZoneRef

HOSTNAME = "hostname"
TTL = "ttl"
IDENTIFIER = "set-identifier"
WEIGHT = "aws-weight"
FAILOVER = "aws-failover"
CHECK = "aws-health-check-id"
HEALTH = "aws-evaluate-target-health"
ALIAS = "alias"
ACCESS = "access"
CONTROLLER = "controller"
OWN_CONTROLLER = "dns-controller"
BALANCED, ON_NODES, NAMED = "LoadBalancer", "NodePort", "ExternalName"


def read_dns(annotated: Annotated, domain: str | None, zones: Sequence[HostedZoneRef]) -> None:
    """Read the annotations of external-dns that become records.

    Args:
        annotated: the Service and they.
        domain: of the network's own zone, if it has one.
        zones: others that names may be in.
    """
    found, kind = annotated.found, annotated.found.wire["type"]
    hostnames = annotated.items(HOSTNAME)
    if not hostnames or (annotated.text(CONTROLLER) or OWN_CONTROLLER) != OWN_CONTROLLER:
        for name in annotated.values:
            if name not in (CONTROLLER, HOSTNAME):
                found.warn(annotated.path(name), f"no record follows without {HOSTNAME}; left out")
        if hostnames:
            found.warn(annotated.path(CONTROLLER), "another controller's records; no `dns` follows")
        return
    if kind not in (BALANCED, ON_NODES, NAMED):
        detail = "Its address is of use inside the cluster alone, and pods use the Service's own name. Leave the "
        detail += f"annotation out, or list it in `without`: {annotated.keys[HOSTNAME]}."
        annotated.refuse(HOSTNAME, f"a {kind} Service has no record", detail)
        return
    records = [
        {**place, **_record(annotated, kind)}
        for hostname in hostnames
        if (place := _place(annotated, hostname, domain, zones)) is not None
    ]
    if kind != NAMED:
        found.say("dns", records, annotated.path(HOSTNAME))
    elif len(hostnames) > 1:
        detail = "Make an ExternalName Service for each."
        annotated.refuse(HOSTNAME, "an ExternalName Service has one record", detail)
    elif records:
        found.say("cname", records[0], annotated.path(HOSTNAME))


def _place(
    annotated: Annotated, hostname: str, domain: str | None, zones: Sequence[HostedZoneRef]
) -> dict[str, Any] | None:
    """Tell a name's zone, the one with the longest domain; None if there is none, which is a mistake."""
    name = canonical(hostname)
    known: dict[str, HostedZoneRef | None] = {canonical(zone.domain): zone for zone in zones}
    if domain is not None:
        known[canonical(domain)] = None
    inside = max((zone for zone in known if is_within(name, zone)), key=len, default=None)
    if inside is None:
        detail = f"There are {', '.join(known) or 'none'}. Write its zone in `overrides`, as one of `zones`."
        annotated.refuse(HOSTNAME, f"{hostname} is in no zone that is known", detail)
        return None
    place: dict[str, Any] = {"name": APEX if name == inside else name.removesuffix(f".{inside}")}
    return place if known[inside] is None else {**place, "zone": known[inside]}


def _record(annotated: Annotated, kind: str) -> dict[str, Any]:
    """Give what all of a Service's records are."""
    record: dict[str, Any] = {}
    routing = _routing(annotated)
    if routing and kind == NAMED:
        annotated.refuse(IDENTIFIER, "a CNAME of an ExternalName Service is the only one of its name", "Leave it out.")
    elif routing:
        record["routing"] = routing
    if kind == ON_NODES:
        record["addresses"] = annotated.choice(ACCESS, "public", "private")
        if ACCESS not in annotated:
            detail = "To external-dns that depends on the nodes. Write its annotation `access`: `public` or `private`."
            annotated.refuse(HOSTNAME, "it isn't said which addresses of nodes", detail)
    if kind == BALANCED:
        record["kind"] = "cname" if annotated.text(ALIAS) == "false" else "alias"
        if record["kind"] == "alias" and annotated.truth(HEALTH) is False:
            record["evaluateTargetHealth"] = False
    if annotated.text(TTL):
        if record.get("kind") == "alias":
            annotated.found.warn(annotated.path(TTL), "an alias has the load balancer's own, 60 seconds; left out")
        elif (seconds := _seconds(annotated)) is not None:
            record["ttl"] = seconds
    return record


def _routing(annotated: Annotated) -> dict[str, Any] | None:
    identifier = annotated.text(IDENTIFIER)
    chosen = [name for name in (WEIGHT, FAILOVER) if annotated.text(name)]
    if identifier is None:
        for name in chosen:
            annotated.refuse(name, "it isn't said which of the records this is", f"Write {IDENTIFIER} too.")
        return None
    if len(chosen) != 1:
        detail = f"Write one of {WEIGHT} and {FAILOVER}; there are no other policies here."
        annotated.refuse(IDENTIFIER, "it isn't said how the record is chosen", detail)
        return None
    check = {"healthCheckId": text} if (text := annotated.text(CHECK)) else {}
    common = {"setIdentifier": identifier, **check}
    if chosen == [WEIGHT]:
        return {"kind": "weighted", "weight": annotated.number(WEIGHT), **common}
    return {"kind": "failover", "role": annotated.choice(FAILOVER, "PRIMARY", "SECONDARY"), **common}


def _seconds(annotated: Annotated) -> int | None:
    """Read a number of seconds, or Go's way to write a duration: `10m`, `1h30m`."""
    text = annotated.text(TTL) or ""
    if text.isdecimal():
        return int(text)
    seconds, digits = 0, ""
    units = {"s": 1, "m": 60, "h": 3600}
    for sign in text:
        if sign.isdecimal():
            digits += sign
        elif sign in units and digits:
            seconds, digits = seconds + int(digits) * units[sign], ""
        else:
            digits = "?"
            break
    if digits or not text:
        annotated.refuse(TTL, f"{text!r} is no number of seconds", "Write `300`, or `5m`.")
        return None
    return seconds
