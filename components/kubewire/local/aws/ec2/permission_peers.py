"""Who is at the other end of a security group's rule: ranges, prefix lists, and groups that exist and can be met."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Final, TypeAlias

from moto.ec2.models import ec2_backends
from moto.ec2.models.security_groups import SecurityGroup

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.group_lookup import group_by_id, named_group
from kubewire.local.aws.ec2.identities import well_formed
from kubewire.local.aws.ec2.permissions import ALL, Wanted, canonical, described, traffic_of
from kubewire.local.aws.ec2.prefix_lists import prefix_list_of
from kubewire.local.aws.refusal import Refusal

IPV4, IPV6, PREFIX_LIST, GROUP = "CidrIpv4", "CidrIpv6", "PrefixListId", "ReferencedGroupId"
"""The kinds of peers, as rules' rows name them."""

NO_PEER: Final = "The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId"
_ELSEWHERE: Final = "You have specified two resources that belong to different networks."

Peer: TypeAlias = tuple[str, Mapping[str, str]]
Reader: TypeAlias = Callable[[Call, SecurityGroup, Mapping[str, Any]], Peer]
Readers: TypeAlias = Mapping[str, tuple[str, Reader]]


def wanted_by(call: Call, group: SecurityGroup) -> list[Wanted]:
    """Read a call's rules, one for each peer of each permission.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html

    Raises:
        Refusal: one of them can't be.
    """
    return [wanted for said in _permissions(call.parameters) for wanted in _read(call, group, said, _READERS)]


def named_by(call: Call, group: SecurityGroup) -> list[Wanted]:
    """Read the rules that a call means among those that there are: what they refer to may be gone.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html (stale rules)

    Raises:
        Refusal: one of them can't be.
    """
    readers = _READERS | {"PrefixListIds": (PREFIX_LIST, _any_prefix_list), "UserIdGroupPairs": (GROUP, _any_group)}
    return [wanted for said in _permissions(call.parameters) for wanted in _read(call, group, said, readers)]


def group_peer(call: Call, group: SecurityGroup, pair: Mapping[str, Any]) -> Peer:
    """Find a group that a rule refers to: of the same VPC, or of one that is peered with it.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html

    Raises:
        Refusal: there is none like it, or its traffic could never get here.
    """
    owner = pair.get("UserId") or call.account
    other = _referred(call, group, pair, owner)
    reference = {"UserId": owner}
    if other.vpc_id != group.vpc_id:
        peering = _peering(call, str(group.vpc_id), str(other.vpc_id))
        if peering is None:
            raise Refusal("InvalidGroup.NotFound", _ELSEWHERE)
        reference |= {"VpcId": str(other.vpc_id), "VpcPeeringConnectionId": peering}
    return other.id, reference


def _permissions(parameters: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The permissions, or the one that is written into the call itself, as before there were any."""
    if parameters.get("IpPermissions"):
        return list(parameters["IpPermissions"])
    one = {name: parameters[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in parameters}
    if "CidrIp" in parameters:
        return [one | {"IpRanges": [{"CidrIp": parameters["CidrIp"]}]}]
    if "SourceSecurityGroupName" in parameters:
        pair = {"GroupName": parameters["SourceSecurityGroupName"]}
        return [{"IpProtocol": ALL} | one | {"UserIdGroupPairs": [pair]}]
    return [one] if one else []


def _read(call: Call, group: SecurityGroup, said: Mapping[str, Any], readers: Readers) -> Iterator[Wanted]:
    traffic = traffic_of(said)
    if not any(said.get(member) for member in readers):
        raise Refusal("MissingParameter", NO_PEER)
    rest = {name: value for name, value in said.items() if name not in readers}
    for member, (kind, read) in readers.items():
        for one in said.get(member, ()):
            peer, reference = read(call, group, one)
            yield Wanted(traffic, peer, kind, reference, described(one), rest | {member: [one]})


def _ipv4(_call: Call, _group: SecurityGroup, said: Mapping[str, Any]) -> Peer:
    return canonical(said.get("CidrIp"), IPv4Network), {}


def _ipv6(_call: Call, _group: SecurityGroup, said: Mapping[str, Any]) -> Peer:
    return canonical(said.get("CidrIpv6"), IPv6Network), {}


def _prefix_list(call: Call, _group: SecurityGroup, said: Mapping[str, Any]) -> Peer:
    return prefix_list_of(call, said.get("PrefixListId", "")).id, {}


def _any_prefix_list(_call: Call, _group: SecurityGroup, said: Mapping[str, Any]) -> Peer:
    return str(said.get("PrefixListId")), {}


def _any_group(call: Call, group: SecurityGroup, pair: Mapping[str, Any]) -> Peer:
    return (str(pair["GroupId"]), {}) if "GroupId" in pair else group_peer(call, group, pair)


def _referred(call: Call, group: SecurityGroup, pair: Mapping[str, Any], owner: str) -> SecurityGroup:
    group_id, name = pair.get("GroupId"), pair.get("GroupName")
    if group_id and owner != call.account:
        well_formed("InvalidGroupId", "sg", group_id)
        found = ec2_backends[owner][call.region].get_security_group_from_id(group_id) if owner in ec2_backends else None
    elif group_id:
        return group_by_id(call, group_id)
    else:
        found = named_group(call, name or "", str(group.vpc_id))
    if found is None:
        raise Refusal("InvalidGroup.NotFound", f"The security group '{group_id or name}' does not exist")
    return found


def _peering(call: Call, vpc_id: str, other_id: str) -> str | None:
    peerings: list[Any] = list(call.ec2.vpc_pcxs.values())
    return next(
        (
            one.id
            for one in peerings
            if one.status["Code"] == "active" and {one.vpc.id, one.peer_vpc.id} == {vpc_id, other_id}
        ),
        None,
    )


_READERS: Final[dict[str, tuple[str, Reader]]] = {
    "IpRanges": (IPV4, _ipv4),
    "Ipv6Ranges": (IPV6, _ipv6),
    "PrefixListIds": (PREFIX_LIST, _prefix_list),
    "UserIdGroupPairs": (GROUP, group_peer),
}
