"""The entries of network ACLs: what they may say, how many there may be, and those that are AWS's own."""

from __future__ import annotations

from typing import Any, Final

from moto.ec2.models.network_acls import NetworkAclEntry

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.ranges import ipv4, ipv6
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, answers

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
ENTRIES: Final = quota("rules-per-network-acl", default=20, page=_LIMITS)

LARGEST_NUMBER: Final = 32766
LAST: Final = {"0.0.0.0/0": 32767, "::/0": 32768}
"""The numbers of what AWS puts at the end, which denies all of IPv4, or IPv6. The console writes an asterisk."""

TCP, UDP, ICMP, ICMPV6 = "6", "17", "1", "58"
_NAMES: Final = {"all": "-1", "tcp": TCP, "udp": UDP, "icmp": ICMP, "icmpv6": ICMPV6}
_PROTOCOLS: Final = range(-1, 256)
_PORTS: Final = range(65536)
_TYPES: Final = range(-1, 256)


@answers("ec2", "CreateNetworkAclEntry")
def made_entry(call: Call, _proceed: Proceed) -> Answer:
    """Make an entry, unless there is one of its number in its direction.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html
    """
    acl, entry = _acl(call), _entry(call)
    if _present(acl, call) is not None:
        number = call.parameters["RuleNumber"]
        message = f"The network acl entry identified by {number} already exists."
        raise Refusal("NetworkAclEntryAlreadyExists", message)
    _check_quota(call, acl.network_acl_entries, entry)
    acl.network_acl_entries.append(entry)
    return {}


@answers("ec2", "ReplaceNetworkAclEntry")
def replaced_entry(call: Call, _proceed: Proceed) -> Answer:
    """Put another entry in the place of one.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceNetworkAclEntry.html
    """
    acl, entry = _acl(call), _entry(call)
    others = [one for one in acl.network_acl_entries if one is not _there(acl, call)]
    _check_quota(call, others, entry)
    acl.network_acl_entries = [*others, entry]
    return {}


@answers("ec2", "DeleteNetworkAclEntry")
def deleted_entry(call: Call, _proceed: Proceed) -> Answer:
    """Take an entry away, but never the last one, which denies everything.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkAclEntry.html
    """
    _check_number(call)
    acl = _acl(call)
    acl.network_acl_entries.remove(_there(acl, call))
    return {}


def deny_the_rest(call: Call, acl: Any, *families: str) -> None:
    """Put AWS's own entries at the end, where they aren't yet.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html

    Args:
        call: whose ACL it is.
        acl: moto's.
        families: all of IPv4, or of IPv6, or both: as ranges.
    """
    for family in families:
        for egress in (False, True):
            if not any((one.rule_number, one.egress) == (LAST[family], egress) for one in acl.network_acl_entries):
                acl.network_acl_entries.append(_made(call, acl.id, LAST[family], "deny", egress=egress, cidr=family))


def allow_all_ipv6(call: Call, acl: Any) -> None:
    """Let a default ACL let IPv6 through as it does IPv4, in each direction that nobody has changed.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
    """
    for egress in (False, True):
        own = [one for one in acl.network_acl_entries if one.egress is egress and one.rule_number <= LARGEST_NUMBER]
        if [(one.rule_number, one.rule_action, one.cidr_block) for one in own] == [(100, "allow", "0.0.0.0/0")]:
            acl.network_acl_entries.append(_made(call, acl.id, 101, "allow", egress=egress, cidr="::/0"))


def entry_row(entry: Any) -> dict[str, Any]:
    """An entry as answers have it: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html."""
    row: dict[str, Any] = {
        "Egress": entry.egress,
        "Protocol": entry.protocol,
        "RuleAction": entry.rule_action,
        "RuleNumber": entry.rule_number,
    }
    if entry.cidr_block:
        row["CidrBlock"] = entry.cidr_block
    if entry.ipv6_cidr_block:
        row["Ipv6CidrBlock"] = entry.ipv6_cidr_block
    if entry.port_range_from is not None:
        row["PortRange"] = {"From": entry.port_range_from, "To": entry.port_range_to}
    if entry.icmp_type is not None:
        row["IcmpTypeCode"] = {"Type": entry.icmp_type, "Code": entry.icmp_code}
    return row


def _acl(call: Call) -> Any:
    return call.ec2.network_acls[call.parameters["NetworkAclId"]]


def _present(acl: Any, call: Call) -> Any:
    wanted = int(call.parameters["RuleNumber"]), _egress(call)
    return next((one for one in acl.network_acl_entries if (one.rule_number, one.egress) == wanted), None)


def _there(acl: Any, call: Call) -> Any:
    found = _present(acl, call)
    if found is None:
        way, number = "egress" if _egress(call) else "ingress", call.parameters["RuleNumber"]
        message = f"no {way} entry with number {number} in network ACL {acl.id}"
        raise Refusal("InvalidNetworkAclEntry.NotFound", message)
    return found


def _egress(call: Call) -> bool:
    return bool(call.parameters["Egress"])


def _entry(call: Call) -> Any:
    """The entry that a call describes. Of what is wrong with one, nobody has reported AWS's own words; these are ours.

    What doesn't belong to its protocol is left out, as CreateNetworkAclEntry's page says.
    """
    _check_number(call)
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
    entry = _made(
        call, given["NetworkAclId"], given["RuleNumber"], given["RuleAction"], egress=_egress(call), cidr=cidr
    )
    entry.protocol = protocol
    if protocol in (TCP, UDP):
        entry.port_range_from, entry.port_range_to = _ports(call)
    elif protocol == ICMP or (protocol == ICMPV6 and is_ipv6):
        entry.icmp_type, entry.icmp_code = _type_and_code(call)
    return entry


def _made(call: Call, acl_id: str, number: int, action: str, *, egress: bool, cidr: str) -> Any:
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


def _check_number(call: Call) -> None:
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


def _check_quota(call: Call, present: list[Any], added: Any) -> None:
    """Refuse one entry too many in a direction. IPv4 and IPv6 are counted apart, and AWS's own at the end count.

    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html (Rules per network ACL)
    """
    same = [one for one in present if one.egress is added.egress and bool(one.cidr_block) is bool(added.cidr_block)]
    if len(same) >= call.limit(ENTRIES):
        message = "The maximum number of network acl entries has been reached."
        raise Refusal("NetworkAclEntryLimitExceeded", message)
