"""What an entry of a network ACL may say."""

from __future__ import annotations

from typing import Any, Final

from moto.ec2.models.network_acls import NetworkAclEntry

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.ranges import ipv4, ipv6
from kubewire.local.aws.refusal import Refusal, invalid_parameter

LARGEST_NUMBER: Final = 32766
TCP, UDP, ICMP, ICMPV6 = "6", "17", "1", "58"
_NAMES: Final = {"all": "-1", "tcp": TCP, "udp": UDP, "icmp": ICMP, "icmpv6": ICMPV6}
_PROTOCOLS: Final = range(-1, 256)
_PORTS: Final = range(65536)
_TYPES: Final = range(-1, 256)


def is_egress(call: Call) -> bool:
    """Whether a call is about what goes out."""
    return bool(call.parameters["Egress"])


def entry_of(call: Call) -> Any:
    """The entry that a call describes. Of what is wrong with one, nobody has reported AWS's own words; these are ours.

    What doesn't belong to its protocol is left out, as CreateNetworkAclEntry's page says.
    """
    check_number(call)
    given = call.parameters
    ranges = [name for name in ("CidrBlock", "Ipv6CidrBlock") if given.get(name)]
    if len(ranges) != 1:
        message = "The request must contain exactly one of cidrBlock or ipv6CidrBlock"
        raise Refusal("InvalidParameterCombination" if ranges else "MissingParameter", message)
    is_ipv6 = ranges[0] == "Ipv6CidrBlock"
    cidr = str(ipv6(given["Ipv6CidrBlock"]) if is_ipv6 else ipv4(given["CidrBlock"]))
    protocol = _NAMES.get(str(given["Protocol"]).lower(), str(given["Protocol"]))
    if not protocol.removeprefix("-").isdecimal() or int(protocol) not in _PROTOCOLS:
        raise invalid_parameter(f"Invalid value '{given['Protocol']}' for protocol.")
    entry = made(
        call, given["NetworkAclId"], given["RuleNumber"], given["RuleAction"], egress=is_egress(call), cidr=cidr
    )
    entry.protocol = protocol
    if protocol in (TCP, UDP):
        entry.port_range_from, entry.port_range_to = _ports(call)
    elif protocol == ICMP or (protocol == ICMPV6 and is_ipv6):
        entry.icmp_type, entry.icmp_code = _type_and_code(call)
    return entry


def made(call: Call, acl_id: str, number: int, action: str, *, egress: bool, cidr: str) -> Any:
    """An entry for every protocol, of a range of either family."""
    is_ipv6 = ":" in cidr
    return NetworkAclEntry(
        call.ec2,
        acl_id,
        int(number),
        "-1",
        action,
        egress,
        "" if is_ipv6 else cidr,
        icmp_code=None,
        icmp_type=None,
        port_range_from=None,
        port_range_to=None,
        ipv6_cidr_block=cidr if is_ipv6 else None,
    )


def check_number(call: Call) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html (RuleNumber)."""
    number = int(call.parameters["RuleNumber"])
    if not 1 <= number <= LARGEST_NUMBER:
        raise invalid_parameter(f"Invalid value '{number}' for ruleNumber. Must be from 1 to {LARGEST_NUMBER}.")


def _ports(call: Call) -> tuple[int, int]:
    given = call.parameters.get("PortRange", {})
    if not {"From", "To"} <= given.keys():
        raise Refusal("MissingParameter", "The request must contain the parameter portRange")
    first, last = int(given["From"]), int(given["To"])
    if first not in _PORTS or last not in _PORTS or first > last:
        raise invalid_parameter(f"Invalid TCP/UDP port range ({first}:{last})")
    return first, last


def _type_and_code(call: Call) -> tuple[int, int]:
    given = call.parameters.get("IcmpTypeCode", {})
    if not {"Type", "Code"} <= given.keys():
        raise Refusal("MissingParameter", "The request must contain the parameter icmpTypeCode")
    kind, code = int(given["Type"]), int(given["Code"])
    if kind not in _TYPES or code not in _TYPES:
        raise invalid_parameter(f"Invalid ICMP type or code ({kind}:{code})")
    return kind, code
