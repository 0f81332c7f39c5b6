"""Changes of the network interfaces of a set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from kubewire.errors import InUseError, NotFoundError, RefusedError
from kubewire.resources.abreast import abreast
from kubewire.resources.interface_rows import interface_rows, read_interface
from kubewire.resources.interface_sets import ROWS
from kubewire.resources.members import member_tags, member_token, on_member, retag_members
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import CreateNetworkInterfaceRequestTypeDef

    from kubewire.resources.base import Cloud, Owner
    from kubewire.resources.interface_rows import InterfaceRow
    from kubewire.resources.interface_sets import Interface, NetworkInterfacesArgs


class InterfaceChanges:
    """What is done to the interfaces of one set, in one run.

    Args:
        cloud: AWS.
        owner: whose they are.
        object_id: the set.
        run: what client tokens are drawn from.
    """

    def __init__(self, cloud: Cloud, owner: Owner, object_id: str, run: str) -> None:
        self._cloud = cloud
        self._owner = owner
        self._object_id = object_id
        self._run = run

    def make(self, rows: Mapping[str, Interface], args: NetworkInterfacesArgs) -> dict[str, InterfaceRow]:
        """Make interfaces, and give them as soon as AWS shows them."""
        made = abreast(
            self._cloud.clock, ROWS, {name: partial(self._make, name, row, args) for name, row in rows.items()}
        )
        if not made:
            return {}

        def shown() -> dict[str, InterfaceRow] | None:
            found = {row.id: row for row in interface_rows(self._cloud, self._object_id)}
            return (
                {name: found[made_id] for name, made_id in made.items()} if found.keys() >= {*made.values()} else None
            )

        # One that isn't listed yet can't be changed either.
        return wait_for(self._cloud.clock, f"the new interfaces of {args.name} to show up", shown)

    def adjust(
        self, members: Mapping[str, InterfaceRow], old: NetworkInterfacesArgs, new: NetworkInterfacesArgs
    ) -> dict[str, InterfaceRow]:
        """Bring interfaces to what is declared, each in its own calls and where it differs; give them as they are."""
        steps = {
            name: partial(self._adjust, row, new.interfaces[name], new)
            for name, row in members.items()
            if self._differs(row, new.interfaces[name], new)
        }
        adjusted = {**members, **abreast(self._cloud.clock, ROWS, steps)}
        tags = {row.id: member_tags(self._object_id, name, new, self._owner) for name, row in members.items()}
        retag_members(self._cloud, tags, members.values(), old)
        return adjusted

    def delete(self, interface_id: str) -> None:
        """Remove an interface. Raises InUseError if something has it."""
        try:
            self._cloud.ec2.delete_network_interface(NetworkInterfaceId=interface_id)
        except NotFoundError:
            return
        except RefusedError as error:
            # AWS has a code for this and uses it elsewhere: https://github.com/gruntwork-io/cloud-nuke/pull/1132
            if error.code != "InvalidParameterValue" or "currently in use" not in error.summary:
                raise
            raise InUseError(error.summary, code=error.code, operation=error.operation, detail=error.detail) from error

    def goes_too(self, row: InterfaceRow, *, value: bool) -> None:
        """Say whether an interface goes with the instance that has it."""
        if row.attachment:
            self._cloud.ec2.modify_network_interface_attribute(
                NetworkInterfaceId=row.id, Attachment={"AttachmentId": row.attachment.id, "DeleteOnTermination": value}
            )

    def _make(self, name: str, row: Interface, args: NetworkInterfacesArgs) -> str:
        tags = member_tags(self._object_id, name, args, self._owner)
        request: CreateNetworkInterfaceRequestTypeDef = {
            "SubnetId": row.subnet.id,
            "Groups": sorted(args.security_groups.values()),
            "ClientToken": member_token(self._run, name, row.subnet.id, str(row.address), str(row.ipv6)),
            "TagSpecifications": [on_member("network-interface", tags)],
        }
        if row.address:
            request["PrivateIpAddress"] = str(row.address)
        if row.ipv6:
            request["Ipv6AddressCount"] = 1
        return read_interface(self._cloud.ec2.create_network_interface(**request)["NetworkInterface"]).id

    def _differs(self, row: InterfaceRow, declared: Interface, args: NetworkInterfacesArgs) -> bool:
        return (
            row.source_dest_check != args.source_dest_check
            or row.groups != {*args.security_groups.values()}
            or row.is_leaving
            or bool(row.ipv6) != declared.ipv6
        )

    def _adjust(self, row: InterfaceRow, declared: Interface, args: NetworkInterfacesArgs) -> InterfaceRow:
        ec2 = self._cloud.ec2
        # AWS takes one attribute a call, and the check can't be given to the call that makes an interface.
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyNetworkInterfaceAttribute.html
        if row.source_dest_check != args.source_dest_check:
            ec2.modify_network_interface_attribute(
                NetworkInterfaceId=row.id, SourceDestCheck={"Value": args.source_dest_check}
            )
        if row.groups != {*args.security_groups.values()}:
            ec2.modify_network_interface_attribute(
                NetworkInterfaceId=row.id, Groups=sorted(args.security_groups.values())
            )
        if row.is_leaving:
            # It was given up, and is wanted again before its instance ended.
            self.goes_too(row, value=False)
        if declared.ipv6 and not row.ipv6:
            given = ec2.assign_ipv6_addresses(NetworkInterfaceId=row.id, Ipv6AddressCount=1)
            return replace(row, ipv6=tuple(given["AssignedIpv6Addresses"]))
        if row.ipv6 and not declared.ipv6:
            ec2.unassign_ipv6_addresses(NetworkInterfaceId=row.id, Ipv6Addresses=row.ipv6)
            return replace(row, ipv6=())
        return row
