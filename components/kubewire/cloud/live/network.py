"""The VPC, its subnets, and the network ACLs before them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from kubewire.cloud.live.keys import Keys, in_vpc, named
from kubewire.errors import InvalidInputError
from kubewire.net.addresses import Range
from kubewire.prover.facts.firewall import Acl, AclRow, AnyTraffic, Direction
from kubewire.prover.facts.network import Subnet, Vpc
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.facts.written import match_of

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import (
        NetworkAclEntryTypeDef,
        NetworkAclTypeDef,
        RouteTableTypeDef,
        SubnetTypeDef,
        VpcTypeDef,
    )

    from kubewire.resources.base import Cloud

GONE = ("disassociated", "disassociating", "failed", "failing")
LAST = 32767
"""The row that AWS ends every ACL with; what matches no row is denied, so it says nothing.
https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html"""
FIRST_OF_DEFAULT = {4: 100, 6: 101}
"""The rows of a default ACL as AWS makes it, which pass everything.
https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html"""
NAMED = 12


def find_vpc(cloud: Cloud, name: str) -> VpcTypeDef:
    """Find a VPC by its id or its Name tag.

    Raises:
        InvalidInputError: there is none, or there are several.
    """
    by = "vpc-id" if name.startswith("vpc-") else "tag:Name"
    found = cloud.ec2.describe_vpcs(Filters=[{"Name": by, "Values": [name]}])["Vpcs"]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(sorted(vpc["VpcId"] for vpc in found))
        detail = f"They are {ids}: give one of the ids."
        raise InvalidInputError(f"{len(found)} VPCs bear the name {name}", detail=detail, path="--live")
    there = sorted(f"{vpc['VpcId']} ({named(vpc) or 'no name'})" for vpc in cloud.ec2.describe_vpcs()["Vpcs"])
    more = f" and {len(there) - NAMED} more" if len(there) > NAMED else ""
    detail = (
        f"This account has {', '.join(there[:NAMED]) or 'none'}{more} in this region. Check AWS_PROFILE and AWS_REGION."
    )
    raise InvalidInputError(f"there is no VPC {name}", detail=detail, path="--live")


def ranges_of(row: VpcTypeDef) -> tuple[Range, ...]:
    """Give all ranges of a VPC."""
    blocks = [(item["CidrBlock"], item["CidrBlockState"]) for item in row.get("CidrBlockAssociationSet", [])]
    blocks += [
        (item["Ipv6CidrBlock"], item["Ipv6CidrBlockState"]) for item in row.get("Ipv6CidrBlockAssociationSet", [])
    ]
    held = [cidr for cidr, state in blocks if state.get("State") not in GONE]
    return tuple(ip_network(cidr) for cidr in dict.fromkeys([row["CidrBlock"], *held]))


def vpc_of(row: VpcTypeDef, key: str, main: Known[str]) -> Vpc:
    """Read a VPC."""
    return Vpc(name=key, ranges=ranges_of(row), main_table=main)


def subnet_rows(cloud: Cloud, vpc: str, keys: Keys) -> Sequence[SubnetTypeDef]:
    """List the subnets of a VPC, and name them."""
    rows = cloud.ec2.describe_subnets(Filters=in_vpc(vpc))["Subnets"]
    keys.add({row["SubnetId"]: named(row) for row in rows})
    return rows


def acl_rows(cloud: Cloud, vpc: str, keys: Keys) -> Sequence[NetworkAclTypeDef]:
    """List the ACLs of a VPC, and name them."""
    rows = cloud.ec2.describe_network_acls(Filters=in_vpc(vpc))["NetworkAcls"]
    keys.add({row["NetworkAclId"]: named(row) or ("default ACL" if row["IsDefault"] else "") for row in rows})
    return rows


def subnets_of(
    rows: Sequence[SubnetTypeDef],
    vpc: str,
    tables: Sequence[RouteTableTypeDef],
    acls: Mapping[str, str | None],
    keys: Keys,
) -> Iterator[Subnet]:
    """Read subnets.

    Args:
        rows: as AWS describes them.
        vpc: the key of their VPC.
        tables: the route tables of the VPC.
        acls: ids of subnets to the keys of their ACLs; None for one that is as AWS makes it.
        keys: the names of all.
    """
    associations = [item for table in tables for item in table.get("Associations", [])]
    main = next((item["RouteTableId"] for item in associations if item.get("Main")), None)
    used = {item["SubnetId"]: item["RouteTableId"] for item in associations if item.get("SubnetId")}
    for row in rows:
        object_id = row["SubnetId"]
        ipv6 = [
            item["Ipv6CidrBlock"]
            for item in row.get("Ipv6CidrBlockAssociationSet", [])
            if item["Ipv6CidrBlockState"].get("State") not in GONE
        ]
        yield Subnet(
            name=keys.of(object_id),
            vpc=vpc,
            zone=row["AvailabilityZone"],
            ranges=tuple(ip_network(cidr) for cidr in (row["CidrBlock"], *ipv6)),
            table=keys.known(used.get(object_id, main), f"the route table of {keys.of(object_id)}"),
            acl=acls.get(object_id, Unknown(comes_from=f"the network ACL of {keys.of(object_id)}")),
        )


def acls_of(rows: Sequence[NetworkAclTypeDef], keys: Keys) -> Iterator[Acl]:
    """Read ACLs."""
    for row in rows:
        entries = [entry for entry in row["Entries"] if entry["RuleNumber"] < LAST]
        yield Acl(name=keys.of(row["NetworkAclId"]), rows=tuple(_row(entry) for entry in entries))


def acls_by_subnet(rows: Sequence[NetworkAclTypeDef], own: tuple[Range, ...], keys: Keys) -> dict[str, str | None]:
    """Give the ACL of each subnet, by its id; None for a default one that is as AWS makes it.

    Args:
        rows: the ACLs.
        own: the VPC's ranges: with IPv6 ones, AWS adds a row for IPv6.
        keys: their names.
    """
    versions = {item.version for item in own}
    found: dict[str, str | None] = {}
    for row in rows:
        key = None if row["IsDefault"] and _passes_all(row, versions) else keys.of(row["NetworkAclId"])
        found |= {item["SubnetId"]: key for item in row.get("Associations", [])}
    return found


def _passes_all(acl: NetworkAclTypeDef, versions: Collection[int]) -> bool:
    rows = [_row(entry) for entry in acl["Entries"] if entry["RuleNumber"] < LAST]
    said = {(row.direction, row.range) for row in rows if row.allows and isinstance(row.match, AnyTraffic)}
    worlds = [ip_network("0.0.0.0/0" if version == 4 else "::/0") for version in versions]  # noqa: PLR2004 - IP's version
    as_made = all(row.number == FIRST_OF_DEFAULT[row.range.version] for row in rows)
    return as_made and all((direction, world) in said for direction in Direction for world in worlds)


def _row(entry: NetworkAclEntryTypeDef) -> AclRow:
    ports: Mapping[str, Any] = entry.get("PortRange") or {}
    typed: Mapping[str, Any] = entry.get("IcmpTypeCode") or {}
    first, last = (ports.get("From"), ports.get("To")) if ports else (typed.get("Type"), typed.get("Code"))
    return AclRow(
        number=entry["RuleNumber"],
        direction=Direction.EGRESS if entry["Egress"] else Direction.INGRESS,
        allows=entry["RuleAction"] == "allow",
        match=match_of(entry["Protocol"], first, last),
        range=ip_network(entry.get("CidrBlock") or entry["Ipv6CidrBlock"], strict=False),
    )
