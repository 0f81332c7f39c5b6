"""Network interfaces, and the machines that have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import TYPE_CHECKING

from kubewire.cloud.live.keys import Keys, in_vpc, named, tags_of
from kubewire.net.addresses import Range
from kubewire.prover.facts.network import Interface

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import InstanceTypeDef, NetworkInterfaceTypeDef

    from kubewire.resources.base import Cloud

ENDED = ("shutting-down", "terminated")
OF_BALANCER = "network_load_balancer"
NAMED_AFTER_BALANCER = "ELB net/"


@dataclass(frozen=True)
class Machines:
    """The machines of a VPC.

    Attributes:
        interfaces: all of its interfaces.
        instances: by id, those that aren't ended.
    """

    interfaces: Sequence[NetworkInterfaceTypeDef]
    instances: Mapping[str, InstanceTypeDef]

    def of(self, instance: str) -> list[NetworkInterfaceTypeDef]:
        """Give the interfaces of an instance, the primary one first."""
        held = [row for row in self.interfaces if _holder(row) == instance]
        return sorted(held, key=lambda row: row["Attachment"]["DeviceIndex"])


def machine_rows(cloud: Cloud, vpc: str, keys: Keys) -> Machines:
    """List the interfaces and instances of a VPC, and name them: two calls for each thousand."""
    interfaces = cloud.ec2.describe_network_interfaces(Filters=in_vpc(vpc))["NetworkInterfaces"]
    reservations = cloud.ec2.describe_instances(Filters=in_vpc(vpc))["Reservations"]
    rows = [row for item in reservations for row in item["Instances"] if row["State"]["Name"] not in ENDED]
    keys.add({row["InstanceId"]: named(row) for row in rows})
    keys.add({row["NetworkInterfaceId"]: named(row) for row in interfaces})
    return Machines(interfaces, {row["InstanceId"]: row for row in rows})


def interfaces_of(machines: Machines, keys: Keys) -> Iterator[Interface]:
    """Read interfaces."""
    for row in machines.interfaces:
        if row.get("InterfaceType") == OF_BALANCER or row.get("Description", "").startswith(NAMED_AFTER_BALANCER):
            # It is the load balancer itself, which facts have apart.
            continue
        holder = _holder(row)
        address = row.get("PrivateIpAddress")
        # A further address of its own may be public, too.
        associated = [item.get("Association") or {} for item in (row, *row.get("PrivateIpAddresses", []))]
        public = next((item["PublicIp"] for item in associated if item.get("PublicIp")), None)
        ipv6 = [item["Ipv6Address"] for item in row.get("Ipv6Addresses", [])]
        yield Interface(
            name=keys.of(row["NetworkInterfaceId"]),
            subnet=keys.known(row.get("SubnetId"), "subnet"),
            address=IPv4Address(address) if address else None,
            ipv6=IPv6Address(ipv6[0]) if ipv6 else None,
            prefixes=_prefixes(row),
            public=public or None,
            groups=tuple(keys.of(group["GroupId"]) for group in row["Groups"]),
            checks=row["SourceDestCheck"],
            machine=keys.of(holder) if holder else None,
        )


def tags_by_interface(machines: Machines, keys: Keys) -> dict[str, dict[str, str]]:
    """Give the tags of primary interfaces, with those of the instances that have them."""
    found = {}
    for instance, row in machines.instances.items():
        for primary in machines.of(instance)[:1]:
            found[keys.of(primary["NetworkInterfaceId"])] = tags_of(primary) | tags_of(row)
    return found


def _prefixes(row: NetworkInterfaceTypeDef) -> tuple[Range, ...]:
    """Give what AWS knows as the interface's own beside its addresses: prefixes, and further addresses."""
    whole = [item["Ipv4Prefix"] for item in row.get("Ipv4Prefixes", [])]
    whole += [item["Ipv6Prefix"] for item in row.get("Ipv6Prefixes", [])]
    whole += [item["PrivateIpAddress"] for item in row.get("PrivateIpAddresses", []) if not item.get("Primary")]
    whole += [item["Ipv6Address"] for item in row.get("Ipv6Addresses", [])[1:]]
    return tuple(ip_network(item) for item in whole)


def _holder(row: NetworkInterfaceTypeDef) -> str | None:
    held = row.get("Attachment")
    return held.get("InstanceId") if held and held.get("Status") not in ("detached", "detaching") else None
