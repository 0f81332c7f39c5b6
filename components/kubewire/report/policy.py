"""Which new exposures need an explicit allowance, and which have one."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from ipaddress import ip_network
from typing import Annotated

from pydantic import Field
from pydantic.functional_validators import AfterValidator, BeforeValidator

from kubewire.errors import InvalidInputError
from kubewire.model import Model
from kubewire.net.addresses import Addresses
from kubewire.net.kinds import LAST_PORT, IpProtocol, Kinds
from kubewire.prover.reach.world import PRIVATE, internet


class From(StrEnum):
    """Outsiders, as exposures to them are told apart."""

    INTERNET = "internet"
    """Public addresses."""
    OTHER_NETWORKS = "other-networks"
    """Private addresses outside the VPC."""
    VPC = "vpc"
    """The VPC's other machines."""
    UNDECLARED = "undeclared"
    """Anybody whom the Service doesn't name among its sources, or who reaches what no Service has."""


class Exposures(Model):
    """Which new exposures need an entry of `allow`."""

    sources: tuple[From, ...] = (From.INTERNET, From.UNDECLARED)
    """Those to these outsiders."""
    not_known: bool = True
    """Whether those need one, too, of which values that aren't known decide."""


_WHO = "Write `internet`, `other-networks`, `anyone` or a range of addresses, `10.8.0.0/16`."
_WHOM = (
    "Write `any`, `nodes`, `pods`, `node:NAME`, `pods:NODE`, `lb:NAMESPACE/NAME` or `service:NAMESPACE/NAME`, which is "
    "its node ports and its load balancer."
)
_TRAFFIC = "Write `any`, `443/tcp`, `8000-8100/udp`, `icmp` or another protocol's name or number."
_PORTS = re.compile(r"(?P<first>\d{1,5})(?:-(?P<last>\d{1,5}))?/(?P<protocol>tcp|udp|sctp)")
_WHOMS = re.compile(r"any|nodes|pods|node:.+|pods:.+|lb:.+|service:[^/]+/[^/]+")


def _one_or_more(given: object) -> object:
    return (given,) if isinstance(given, str) else given


def _who(given: str) -> str:
    addresses_of(given)
    return given


def _whom(given: str) -> str:
    if not _WHOMS.fullmatch(given):
        raise InvalidInputError(f"{given!r} says of nobody who they are", detail=_WHOM)
    return given


def _traffic(given: str) -> str:
    kinds_of(given)
    return given


class Allow(Model):
    """Exposures that somebody answers for, until a day."""

    who: Annotated[tuple[Annotated[str, AfterValidator(_who)], ...], BeforeValidator(_one_or_more), Field(min_length=1)]
    """Who may: `internet`, `other-networks`, `anyone`, or ranges of addresses."""
    whom: Annotated[
        tuple[Annotated[str, AfterValidator(_whom)], ...], BeforeValidator(_one_or_more), Field(min_length=1)
    ]
    """Whom they may reach: `lb:shop/frontend`, `service:shop/frontend`, `nodes`, `node:node-a`, `pods`, `any`."""
    traffic: Annotated[
        tuple[Annotated[str, AfterValidator(_traffic)], ...], BeforeValidator(_one_or_more), Field(min_length=1)
    ]
    """With what: `443/tcp`, `30000-32767/tcp`, `icmp`, `any`."""
    reason: str = Field(min_length=1)
    """Why this is wanted, for who reads it in a year."""
    expires: date
    """The last day on which it counts, `2027-01-31`."""

    @property
    def addresses(self) -> Addresses:
        """Give who may."""
        return Addresses.union(addresses_of(item) for item in self.who)

    @property
    def kinds(self) -> Kinds:
        """Give with what."""
        return Kinds.union(kinds_of(item) for item in self.traffic)

    def __str__(self) -> str:
        return f"{', '.join(self.who)} => {', '.join(self.whom)}: {', '.join(self.traffic)}"


class Policy(Model):
    """What `policy.yaml` says."""

    exposures: Exposures = Exposures()
    """Which need an entry of `allow`."""
    allow: tuple[Allow, ...] = ()
    """The entries."""


def addresses_of(who: str) -> Addresses:
    """Give the addresses that a word or a range means. Raises InvalidInputError for anything else."""
    match who:
        case "internet":
            return internet()
        case "other-networks":
            return Addresses.of(*(ip_network(item) for item in PRIVATE))
        case "anyone":
            return Addresses.everything()
    try:
        return Addresses.of(ip_network(who))
    except ValueError:
        raise InvalidInputError(f"{who!r} is nobody", detail=_WHO) from None


def kinds_of(traffic: str) -> Kinds:
    """Give the traffic that is meant. Raises InvalidInputError for anything else."""
    if traffic == "any":
        return Kinds.everything()
    names = {item.name.lower(): item.value for item in IpProtocol}
    if found := _PORTS.fullmatch(traffic):
        first, last = int(found["first"]), int(found["last"] or found["first"])
        if first <= last <= LAST_PORT:
            return Kinds.ports(names[found["protocol"]], first, last)
    elif traffic in names:
        return Kinds.protocol(names[traffic])
    elif traffic.isdecimal() and int(traffic) < 256:  # noqa: PLR2004 - a protocol's number is a byte
        return Kinds.protocol(int(traffic))
    raise InvalidInputError(f"{traffic!r} is no traffic", detail=_TRAFFIC)
