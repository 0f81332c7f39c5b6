"""A network interface."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, PlainSerializer

from kubewire.deferred import Later
from kubewire.errors import InUseError, RefusedError
from kubewire.model import REPLACE, UNIQUE, Ref
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.references import named, named_set
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import CreateNetworkInterfaceRequestTypeDef

MOST_GROUPS = 16


class NetworkInterfaceArgs(NamedArgs):
    """Inputs of a network interface."""

    subnet: Annotated[Ref, REPLACE, UNIQUE]
    """The subnet that it is in."""
    address: Annotated[IPv4Address | None, PlainSerializer(lambda it: str(it) if it else None), REPLACE, UNIQUE] = None
    """Its private address. Default: AWS chooses a free one."""
    security_groups: Annotated[dict[str, Later[str]], Field(min_length=1, max_length=MOST_GROUPS)]
    """Its groups, name to id; one at least, or AWS would choose the VPC's default group."""
    source_dest_check: bool = True
    """Whether AWS drops packets that aren't from or to its own addresses. Off for whatever routes for pods."""


class NetworkInterfaceState(NetworkInterfaceArgs):
    """A network interface as it is."""

    private_ip: str
    """Its private address, chosen or given."""


class NetworkInterface(Resource[NetworkInterfaceArgs, NetworkInterfaceState]):
    """What a machine has in a subnet. It outlives the machine, and with it the routes that lead to it."""

    Args, State = NetworkInterfaceArgs, NetworkInterfaceState

    def find(self, args: NetworkInterfaceArgs) -> list[str]:
        found = self.cloud.ec2.describe_network_interfaces(Filters=owned_by(self.owner))["NetworkInterfaces"]
        return [interface["NetworkInterfaceId"] for interface in found]

    def create(self, args: NetworkInterfaceArgs) -> str:
        request: CreateNetworkInterfaceRequestTypeDef = {
            "SubnetId": args.subnet.id,
            "Groups": sorted(args.security_groups.values()),
            "ClientToken": self.client_token,
            "TagSpecifications": on_create("network-interface", args, self.owner),
        }
        if args.address:
            request["PrivateIpAddress"] = str(args.address)
        made = self.cloud.ec2.create_network_interface(**request)
        return made["NetworkInterface"]["NetworkInterfaceId"]

    def read(self, object_id: str, known: NetworkInterfaceArgs | None) -> NetworkInterfaceState | None:
        found = self.cloud.ec2.describe_network_interfaces(NetworkInterfaceIds=[object_id])["NetworkInterfaces"]
        if not found:
            return None
        interface = found[0]
        address = interface["PrivateIpAddress"]
        return NetworkInterfaceState(
            **named_fields(interface.get("TagSet", [])),
            subnet=named(interface["SubnetId"], known.subnet if known else None),
            # An address that AWS chose isn't declared, so it is no difference.
            address=address if known is None or known.address else None,
            security_groups=named_set(
                (group["GroupId"] for group in interface["Groups"]), known.security_groups if known else None
            ),
            source_dest_check=interface["SourceDestCheck"],
            private_ip=address,
        )

    def converge(self, object_id: str, old: NetworkInterfaceState, new: NetworkInterfaceArgs) -> NetworkInterfaceState:
        ec2 = self.cloud.ec2
        # AWS takes one attribute a call.
        if new.source_dest_check != old.source_dest_check:
            ec2.modify_network_interface_attribute(
                NetworkInterfaceId=object_id, SourceDestCheck={"Value": new.source_dest_check}
            )
        groups = sorted(new.security_groups.values())
        if groups != sorted(old.security_groups.values()):
            ec2.modify_network_interface_attribute(NetworkInterfaceId=object_id, Groups=groups)
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: NetworkInterfaceState) -> None:
        try:
            self.cloud.ec2.delete_network_interface(NetworkInterfaceId=object_id)
        except RefusedError as error:
            # AWS has a code for this and uses it elsewhere: https://github.com/gruntwork-io/cloud-nuke/pull/1132
            if error.code != "InvalidParameterValue" or "currently in use" not in error.summary:
                raise
            raise InUseError(error.summary, code=error.code, operation=error.operation, detail=error.detail) from error
