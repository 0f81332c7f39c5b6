"""EC2 instances as functions show them: the machine, and the interface that its node talks through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kubewire.functions.base import PlanCloud
from kubewire.model import Model

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import (
        FilterTypeDef,
        InstanceIpv6AddressTypeDef,
        InstanceNetworkInterfaceTypeDef,
        InstanceTypeDef,
    )

MOST_FILTER_VALUES = 200
"""In one call: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html."""
LIVE = ("pending", "running", "stopping", "stopped")
"""States in which an instance has its interfaces, and may run again:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html."""


class FurtherInterface(Model):
    """An interface of an instance beside its primary one: the CNI's own, with addresses of pods."""

    subnet: str
    """Id of its subnet."""
    security_groups: tuple[str, ...]
    """Ids of its security groups."""


class ExistingMachine(Model):
    """An instance and its primary interface."""

    instance: str
    """Id of the instance."""
    zone: str
    """The name of its availability zone."""
    network_interface: str
    """Id of its primary interface."""
    subnet: str
    """Id of the subnet of that interface."""
    private_address: str
    """The interface's primary IPv4 address."""
    public_address: str | None = None
    """The IPv4 address that the internet reaches it by; an elastic one stays, any other goes when it is stopped."""
    ipv6_address: str | None = None
    """The interface's primary IPv6 address, or its first."""
    source_dest_check: bool
    """Whether EC2 drops what the interface sends or gets under other addresses, those of pods say."""
    security_groups: tuple[str, ...]
    """Ids of the interface's security groups."""
    further_interfaces: tuple[FurtherInterface, ...] = ()
    """The others that it has, one of each sort."""


def described(cloud: PlanCloud, filters: Mapping[str, Iterable[str]]) -> list[InstanceTypeDef]:
    """Give the instances that fit all filters, each by any of its values."""
    written: list[FilterTypeDef] = [{"Name": name, "Values": list(values)} for name, values in filters.items()]
    reservations = cloud.ec2.describe_instances(Filters=written)["Reservations"]
    return [instance for reservation in reservations for instance in reservation["Instances"]]


def with_ids(cloud: PlanCloud, instance_ids: Iterable[str]) -> list[InstanceTypeDef]:
    """Give those of these instances that there are. Asked for by a filter, for an unknown id fails a call by ids."""
    ids = sorted(set(instance_ids))
    parts = [ids[start : start + MOST_FILTER_VALUES] for start in range(0, len(ids), MOST_FILTER_VALUES)]
    return [instance for part in parts for instance in described(cloud, {"instance-id": part})]


def machine_fields(instance: InstanceTypeDef) -> dict[str, Any] | None:
    """Give the fields of an `ExistingMachine`; None where the instance is gone, or on its way."""
    attached = instance.get("NetworkInterfaces", [])
    primary = [item for item in attached if item["Attachment"]["DeviceIndex"] == 0]
    if instance["State"]["Name"] not in LIVE or not primary:
        return None
    return {
        "instance": instance["InstanceId"],
        "zone": instance["Placement"]["AvailabilityZone"],
        "network_interface": primary[0]["NetworkInterfaceId"],
        "subnet": primary[0]["SubnetId"],
        "private_address": primary[0]["PrivateIpAddress"],
        "public_address": primary[0].get("Association", {}).get("PublicIp"),
        "ipv6_address": _ipv6(primary[0].get("Ipv6Addresses", [])),
        "source_dest_check": primary[0]["SourceDestCheck"],
        "security_groups": _groups(primary[0]),
        "further_interfaces": [
            {"subnet": subnet, "security_groups": groups}
            for subnet, groups in sorted(
                {(item["SubnetId"], _groups(item)) for item in attached if item not in primary}
            )
        ],
    }


def _groups(interface: InstanceNetworkInterfaceTypeDef) -> tuple[str, ...]:
    return tuple(sorted(group["GroupId"] for group in interface.get("Groups", [])))


def _ipv6(addresses: Sequence[InstanceIpv6AddressTypeDef]) -> str | None:
    ordered = sorted(addresses, key=lambda address: not address.get("IsPrimaryIpv6", False))
    return ordered[0]["Ipv6Address"] if ordered else None
