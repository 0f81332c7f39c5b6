"""One entry of a network ACL: what it may say, and how EC2 writes it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, model_validator

from kubewire.deferred import Later, is_deferred
from kubewire.errors import InvalidInputError
from kubewire.model import AnyCidr, Model
from kubewire.resources.traffic import ANY_PORT, LARGEST_ICMP, PORTED, TYPED, Direction, IpProtocol, Ports, Protocol

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import NetworkAclEntryTypeDef

LARGEST_NUMBER: Final = 32766
"""Numbers above are AWS's: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html."""

MOST_ENTRIES: Final = 39
"""Of one address family, in one direction: 40 is what AWS raises the quota of 20 to, and its own `*` is one of them.
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html (Rules per network ACL)"""

# ACLs have numbers where rules of groups have names.
# https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml
_NUMBERS: Final = {Protocol.TCP: 6, Protocol.UDP: 17, Protocol.ICMP: 1, Protocol.ICMPV6: 58}
_NAMES: Final = {number: name for name, number in _NUMBERS.items()}


class Action(StrEnum):
    """What becomes of a packet."""

    ALLOW = "allow"
    DENY = "deny"


class AclEntry(Model):
    """What packets an ACL lets into its subnets, or out of them. The lowest number that fits a packet decides.

    An ACL keeps no track of connections: answers need an entry of their own, in the other direction.
    """

    direction: Direction
    """Which packets: those that come in, or those that go out."""
    number: int = Field(ge=1, le=LARGEST_NUMBER)
    """Its place among those of its direction."""
    action: Action
    """Whether they pass."""
    protocol: IpProtocol = Protocol.ALL
    """Of which protocol."""
    cidr: Later[AnyCidr]
    """Where they come from, or go to."""
    ports: Ports | None = None
    """The ports that they are sent to; for ICMP, type and code. None: every one."""

    @property
    def key(self) -> str:
        """Give what no two entries of an ACL have in common: `ingress 100`."""
        return f"{self.direction} {self.number}"

    @model_validator(mode="after")
    def _ports_fit(self) -> AclEntry:
        if self.ports is None:
            if self.protocol in PORTED:
                detail = "Write 0 to 65535 for every port."
                raise InvalidInputError(f"an entry for {self.protocol} says which ports", detail=detail, path="ports")
            return self
        if self.protocol not in PORTED + TYPED or self._ignores_types():
            detail = "Leave them out: EC2 takes this entry for every one, whatever it says."
            raise InvalidInputError(
                f"an entry for IP protocol {self.protocol} has no ports", detail=detail, path="ports"
            )
        first, last = self.ports.first, self.ports.last
        if not is_deferred(first) and not is_deferred(last):
            self._check(first, last)
        return self

    def _ignores_types(self) -> bool:
        """Tell ICMPv6 of an IPv4 range, which EC2 lets one write: every type is meant then."""
        return self.protocol is Protocol.ICMPV6 and isinstance(self.cidr, IPv4Network)

    def _check(self, first: int, last: int) -> None:
        if self.protocol in PORTED:
            if not 0 <= first <= last:
                raise InvalidInputError(f"{first} to {last} is no range of ports", path="ports")
        elif first == ANY_PORT:
            raise InvalidInputError("every type of ICMP", detail="Leave the ports out for that.", path="ports")
        elif max(first, last) > LARGEST_ICMP:
            detail = f"Types and codes go to {LARGEST_ICMP}; the code {ANY_PORT} stands for every one."
            raise InvalidInputError(f"{first} with {last} is no type and code of ICMP", detail=detail, path="ports")

    def written(self) -> dict[str, Any]:
        """Write the entry as CreateNetworkAclEntry and ReplaceNetworkAclEntry take it."""
        number = self.protocol if isinstance(self.protocol, int) else _NUMBERS.get(self.protocol, self.protocol.value)
        entry: dict[str, Any] = {
            "Egress": self.direction is Direction.EGRESS,
            "RuleNumber": self.number,
            "RuleAction": self.action.value,
            "Protocol": str(number),
            "Ipv6CidrBlock" if isinstance(self.cidr, IPv6Network) else "CidrBlock": str(self.cidr),
        }
        if self.protocol in PORTED and self.ports is not None:
            entry["PortRange"] = {"From": self.ports.first, "To": self.ports.last}
        elif self.protocol in TYPED:
            # EC2 wants both where all are meant, too.
            kind, code = (self.ports.first, self.ports.last) if self.ports else (ANY_PORT, ANY_PORT)
            entry["IcmpTypeCode"] = {"Type": kind, "Code": code}
        return entry


def read_entries(rows: list[NetworkAclEntryTypeDef]) -> dict[str, AclEntry]:
    """Read the entries of an ACL, without AWS's own at the end."""
    entries = [_read(row) for row in rows if row["RuleNumber"] <= LARGEST_NUMBER]
    return {entry.key: entry for entry in entries}


def _read(row: NetworkAclEntryTypeDef) -> AclEntry:
    number = int(row["Protocol"])
    ports, types = row.get("PortRange"), row.get("IcmpTypeCode")
    bounds = None
    if number in _NAMES and ports:
        bounds = Ports(first=ports["From"], last=ports["To"])
    elif number in _NAMES and types and types.get("Type", ANY_PORT) != ANY_PORT:
        bounds = Ports(first=types["Type"], last=types.get("Code", ANY_PORT))
    cidr = ip_network(row.get("CidrBlock") or row["Ipv6CidrBlock"], strict=False)
    if _NAMES.get(number) is Protocol.ICMPV6 and isinstance(cidr, IPv4Network):
        bounds = None
    return AclEntry(
        direction=Direction.EGRESS if row["Egress"] else Direction.INGRESS,
        number=row["RuleNumber"],
        action=Action(row["RuleAction"]),
        protocol=Protocol.ALL if number < 0 else _NAMES.get(number, number),
        cidr=cidr,
        ports=bounds,
    )


def check_entries(entries: Mapping[str, AclEntry]) -> None:
    """Refuse entries under other keys than their own, and more than any ACL holds.

    Raises:
        InvalidInputError: the keys don't fit, or they are too many.
    """
    for key, entry in entries.items():
        if key != entry.key:
            message = f"{key!r} is the key of another entry"
            raise InvalidInputError(message, detail=f"Write {entry.key!r}.", path=f'entries["{key}"]')
    for direction in Direction:
        for family in (IPv4Network, IPv6Network):
            same = [one for one in entries.values() if one.direction is direction and isinstance(one.cidr, family)]
            if len(same) > MOST_ENTRIES:
                detail = f"AWS takes {MOST_ENTRIES} at most. Put neighbouring ranges into one."
                raise InvalidInputError(f"{len(same)} entries of {direction}", detail=detail, path="entries")
