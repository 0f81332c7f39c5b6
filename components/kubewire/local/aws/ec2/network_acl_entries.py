"""The entries of network ACLs: made, replaced and removed; how many there may be, and those that are AWS's own."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.network_acl_parsing import LARGEST_NUMBER, check_number, entry_of, is_egress, made
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
ENTRIES: Final = quota("rules-per-network-acl", default=20, page=_LIMITS)

LAST: Final = {"0.0.0.0/0": 32767, "::/0": 32768}
"""The numbers of what AWS puts at the end, which denies all of IPv4, or IPv6. The console writes an asterisk."""


@answers("ec2", "CreateNetworkAclEntry")
def made_entry(call: Call, _proceed: Proceed) -> Answer:
    """Make an entry, unless there is one of its number in its direction.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html
    """
    acl, entry = _acl(call), entry_of(call)
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
    acl, entry = _acl(call), entry_of(call)
    others = [one for one in acl.network_acl_entries if one is not _there(acl, call)]
    _check_quota(call, others, entry)
    acl.network_acl_entries = [*others, entry]
    return {}


@answers("ec2", "DeleteNetworkAclEntry")
def deleted_entry(call: Call, _proceed: Proceed) -> Answer:
    """Take an entry away, but never the last one, which denies everything.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkAclEntry.html
    """
    check_number(call)
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
                acl.network_acl_entries.append(made(call, acl.id, LAST[family], "deny", egress=egress, cidr=family))


def allow_all_ipv6(call: Call, acl: Any) -> None:
    """Let a default ACL let IPv6 through as it does IPv4, in each direction that nobody has changed.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
    """
    for egress in (False, True):
        own = [one for one in acl.network_acl_entries if one.egress is egress and one.rule_number <= LARGEST_NUMBER]
        if [(one.rule_number, one.rule_action, one.cidr_block) for one in own] == [(100, "allow", "0.0.0.0/0")]:
            acl.network_acl_entries.append(made(call, acl.id, 101, "allow", egress=egress, cidr="::/0"))


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
    wanted = int(call.parameters["RuleNumber"]), is_egress(call)
    return next((one for one in acl.network_acl_entries if (one.rule_number, one.egress) == wanted), None)


def _there(acl: Any, call: Call) -> Any:
    found = _present(acl, call)
    if found is None:
        way, number = "egress" if is_egress(call) else "ingress", call.parameters["RuleNumber"]
        message = f"no {way} entry with number {number} in network ACL {acl.id}"
        raise Refusal("InvalidNetworkAclEntry.NotFound", message)
    return found


def _check_quota(call: Call, present: list[Any], added: Any) -> None:
    """Refuse one entry too many in a direction. IPv4 and IPv6 are counted apart, and AWS's own at the end count.

    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html (Rules per network ACL)
    """
    same = [one for one in present if one.egress is added.egress and bool(one.cidr_block) is bool(added.cidr_block)]
    if len(same) >= call.limit(ENTRIES):
        message = "The maximum number of network acl entries has been reached."
        raise Refusal("NetworkAclEntryLimitExceeded", message)
