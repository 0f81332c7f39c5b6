"""Hosted zones that records are put in, and names in them."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator

from kubewire.deferred import Later, is_deferred
from kubewire.errors import InvalidInputError
from kubewire.model import Described
from kubewire.resources.dns_names import canonical, record_name
from kubewire.resources.record_marker import MarkNames
from kubewire.services.kubernetes_names import DNS_SUBDOMAIN, LONGEST_SUBDOMAIN

APEX = "@"
"""The name that is the zone's own, as zone files write it."""
OWN = "own"


def _dns_name(name: str) -> str:
    plain = name.removesuffix(".")
    try:
        ip_address(plain)
    except ValueError:
        pass
    else:
        detail = "An ExternalName is answered as a CNAME, and a CNAME leads to a name. Use a ClusterIP Service instead."
        raise InvalidInputError(f"{name} is an IP address, not a name", detail=detail)
    # No top-level domain is a number (RFC 3696, section 2): 10.0.0.256 is a mistaken address.
    if len(plain) > LONGEST_SUBDOMAIN or not DNS_SUBDOMAIN.fullmatch(plain) or plain.rpartition(".")[2].isdigit():
        detail = "Labels of lower-case letters, digits and hyphens, joined by dots: `db.example.com`."
        raise InvalidInputError(f"{name!r} is no DNS name", detail=detail)
    return name


def _labels(name: str) -> str:
    if name == APEX:
        return name
    try:
        # Alone an asterisk is no name, and below a zone it is.
        return record_name(f"{name}.x").removesuffix(".x")
    except InvalidInputError as error:
        detail = "Labels of letters, digits, hyphens and underscores, joined by dots; the first may be `*`. Or `@`."
        raise InvalidInputError(f"{name!r} is no name in a zone", detail=detail) from error


DnsName = Annotated[str, AfterValidator(_dns_name)]
"""A host's name, `db.example.com`; with or without the last dot."""
NameInZone = Annotated[str, AfterValidator(_labels)]
"""The labels before the zone's domain, `www` or `*.shop`; `@` for the domain itself, the zone's apex."""


class HostedZoneRef(Described):
    """A Route53 zone that exists."""

    domain: DnsName
    """Its name."""
    id: Later[str]
    """Its id."""
    marks: MarkNames = MarkNames()
    """How an external-dns of this zone names its marks, where it doesn't do it by its defaults."""

    @property
    def key(self) -> str:
        """Tell it from others of its domain: a private zone and a public one may have the same."""
        return f"{canonical(self.domain)} {'?' if is_deferred(self.id) else self.id}"


class InZone(Described):
    """A record's name and its zone."""

    name: NameInZone
    """What stands before the zone's domain; `@` for nothing."""
    zone: HostedZoneRef | None = None
    """The zone. Default: the network's own."""
    adopt: bool = False
    """Whether a record of this name that is there already, and bears nobody's mark, is taken over, and removed with the
    Service. One that an external-dns or another stack marks as its own never is."""

    @property
    def zone_key(self) -> str:
        """Tell its zone from others."""
        return self.zone.key if self.zone else OWN

    def full_name(self, domain: str | None, path: str) -> str:
        """Give the record's whole name.

        Args:
            domain: of the network's own zone, if it has one.
            path: where the record is described.

        Raises:
            InvalidInputError: there is no zone for it, or it's too long.
        """
        zone = self.zone.domain if self.zone else domain
        if zone is None:
            detail = "Give the record a `zone`, or the network a `domain`."
            raise InvalidInputError("there is no zone for the record", detail=detail, path=f"{path}.zone")
        plain = canonical(zone)
        name = plain if self.name == APEX else f"{self.name}.{plain}"
        if len(name) > LONGEST_SUBDOMAIN:
            detail = f"A DNS name has {LONGEST_SUBDOMAIN} characters at most."
            raise InvalidInputError(f"{name} is too long", detail=detail, path=f"{path}.name")
        return name
