"""The security groups of interfaces: those that each was given, and no others.

moto adds an instance's groups to those of every interface that is attached to it, so nobody here asks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.group_lookup import group_by_id
from kubewire.local.aws.refusal import Refusal


def own_groups(interface: Any) -> list[Any]:
    """An interface's own groups."""
    return list(interface._group_set)  # noqa: SLF001 - moto's public name for it has the instance's as well


def give_groups(interface: Any, groups: Sequence[Any]) -> None:
    """Give an interface other groups; an instance has those of its first interface."""
    interface._group_set = list(groups)  # noqa: SLF001 - as above
    mirror(interface.instance)


def mirror(instance: Any | None) -> None:
    """Let an instance say what its first interface is: AWS keeps both in one place, moto in two.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html (SourceDestCheck, GroupSet)
    """
    primary = instance.nics.get(0) if instance else None
    if instance is not None and primary is not None:
        instance.source_dest_check = primary.source_dest_check
        instance.security_groups = own_groups(primary)


def rows(groups: Iterable[Any]) -> list[dict[str, str]]:
    """Groups as answers have them."""
    return [{"GroupId": group.id, "GroupName": group.name} for group in groups]


def groups_for(call: Call, subnet: Any, ids: Sequence[str]) -> list[Any]:
    """The groups that a new interface in a subnet is to have: the VPC's default one if none is named.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html

    Raises:
        Refusal: one isn't there, or is another VPC's.
    """
    if not ids:
        return [call.ec2.get_default_security_group(subnet.vpc_id)]
    found = [group_by_id(call, group_id) for group_id in dict.fromkeys(ids)]
    for group in found:
        if group.vpc_id != subnet.vpc_id:
            message = f"Security group {group.id} and subnet {subnet.id} belong to different networks."
            raise Refusal("InvalidParameter", message)
    return found
