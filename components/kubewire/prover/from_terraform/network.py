"""VPCs and subnets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from ipaddress import ip_network

from kubewire.net.addresses import Range
from kubewire.prover.facts.network import Subnet, Vpc
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_terraform.index import Index, default_acl, main_table
from kubewire.prover.from_terraform.kinds import Sort
from kubewire.prover.from_terraform.owners import Users, owner, users
from kubewire.prover.from_terraform.values import Block

BLOCKS = {"aws_vpc_ipv4_cidr_block_association": "cidr_block", "aws_vpc_ipv6_cidr_block_association": "ipv6_cidr_block"}


def vpcs(index: Index) -> Iterator[Vpc]:
    """Give the VPCs, with the ranges that others add to them."""
    more: defaultdict[str, list[Known[Range]]] = defaultdict(list)
    keys = [key for key, _ in index.of(Sort.VPC)]
    for block in index.parts(*BLOCKS):
        attribute = BLOCKS[block.resource.kind]
        # AWS chooses it, where it comes from a pool.
        found = block.chosen(attribute)
        added: Known[Range] = (
            ip_network(found, strict=False) if isinstance(found, str) else Unknown(comes_from=block.says(attribute))
        )
        whose = owner(index, block, "vpc_id", Sort.VPC)
        for key in keys:
            if key == whose.key:
                more[key].append(added)
            elif whose.may_be(key) and whose.unknown is not None:
                more[key].append(whose.unknown)
    main = users(
        index, index.parts("aws_main_route_table_association"), ("vpc_id", Sort.VPC), ("route_table_id", Sort.TABLE)
    )
    for key, block in index.of(Sort.VPC):
        yield Vpc(
            name=key,
            ranges=tuple(dict.fromkeys([*_ranges(block), *more[key]])),
            main_table=_main(index, key, block, main),
        )


def _main(index: Index, key: str, block: Block, said: Users) -> Known[str]:
    if (named := said.of(key)) is not None:
        return named
    known = index.key(block, "main_route_table_id", Sort.TABLE)
    return known if isinstance(known, str) else index.adopted(main_table(key))


def _ranges(block: Block) -> Iterator[Known[Range]]:
    if block.resource.is_data:
        rows = block.blocks("cidr_block_associations")
        for row in [] if isinstance(rows, Unknown) else rows:
            if row.text("state") in (None, "associated") and (item := row.range("cidr_block")) is not None:
                yield item
        if isinstance(rows, Unknown):
            yield rows
    cidr = block.chosen("cidr_block")
    yield ip_network(cidr, strict=False) if isinstance(cidr, str) else Unknown(comes_from=block.says("cidr_block"))
    asked = block.flag("assign_generated_ipv6_cidr_block", default=False) is not False
    ipv6 = block.chosen("ipv6_cidr_block")
    if isinstance(ipv6, str):
        yield ip_network(ipv6, strict=False)
    elif isinstance(ipv6, Unknown) and (asked or block.text("ipv6_ipam_pool_id") or block.is_set("ipv6_cidr_block")):
        yield ipv6


def subnets(index: Index, main: dict[str, Known[str]]) -> Iterator[Subnet]:
    """Give the subnets.

    Args:
        index: all resources.
        main: VPCs to their main tables.
    """
    links = [one for one in index.parts("aws_route_table_association") if one.text("gateway_id") is None]
    tables = users(index, links, ("subnet_id", Sort.SUBNET), ("route_table_id", Sort.TABLE))
    seen = dict(_seen_tables(index))
    acls = _Acls(index)
    for key, block in index.of(Sort.SUBNET):
        vpc = index.key(block, "vpc_id", Sort.VPC)
        whole: Known[str] = vpc if vpc is not None else Unknown(comes_from=block.says("vpc_id"))
        table = tables.of(key) or seen.get(key)
        if table is None:
            table = Unknown(comes_from=f"the route table of {key}")
            if isinstance(vpc, str) and not block.resource.is_data:
                table = main.get(vpc, table)
        ranges = [block.range("cidr_block"), block.range("ipv6_cidr_block")]
        yield Subnet(
            name=key,
            vpc=whole,
            zone=block.chosen("availability_zone") or Unknown(comes_from=block.says("availability_zone")),
            ranges=tuple(item for item in ranges if item is not None),
            table=table,
            acl=acls.of(key, block, whole),
        )


def gateway_tables(index: Index) -> Iterator[str]:
    """Give what routes what comes in by a gateway: outside the model."""
    for block in index.parts("aws_route_table_association"):
        if block.text("gateway_id") is not None:
            yield f"{block}, which routes for a gateway"


def _seen_tables(index: Index) -> Iterator[tuple[str, str]]:
    """Give what tables that are looked up say of their subnets."""
    for key, block in index.of(Sort.TABLE):
        rows = block.blocks("associations") if block.resource.is_data else []
        for row in [] if isinstance(rows, Unknown) else rows:
            subnet = index.key(row, "subnet_id", Sort.SUBNET)
            if isinstance(subnet, str):
                yield subnet, key


class _Acls:
    """Which ACL guards which subnet."""

    def __init__(self, index: Index) -> None:
        self._index = index
        links = index.parts("aws_network_acl_association")
        self._linked = users(index, links, ("subnet_id", Sort.SUBNET), ("network_acl_id", Sort.ACL))
        self._listed: dict[str, str] = {}
        self._unsure: list[tuple[frozenset[str] | None, Unknown]] = []
        for key, block in index.of(Sort.ACL):
            if block.resource.kind != "aws_network_acl":
                # A default one is that of all subnets that no other lists.
                continue
            for subnet in index.keys(block, "subnet_ids", Sort.SUBNET):
                if isinstance(subnet, str):
                    self._listed[subnet] = key
            if any(isinstance(value, Unknown) for value in block.texts("subnet_ids")):
                able = index.candidates(block, "subnet_ids", Sort.SUBNET)
                unknown = Unknown(comes_from=block.says("subnet_ids"))
                self._unsure.append((None if able is None else frozenset(able), unknown))

    def of(self, subnet: str, block: Block, vpc: Known[str]) -> Known[str] | None:
        """Give the ACL of a subnet; None for the default one as AWS makes it."""
        found = self._linked.of(subnet) or self._listed.get(subnet)
        if found is not None:
            return found
        maybe = next((unknown for able, unknown in self._unsure if able is None or subnet in able), None)
        if maybe is not None:
            return maybe
        if isinstance(vpc, Unknown) or block.resource.is_data:
            return Unknown(comes_from=f"the network ACL of {subnet}")
        adopted = self._index.adopted(default_acl(vpc))
        if adopted != default_acl(vpc):
            return adopted
        of_others = any(key == vpc and one.resource.is_found for key, one in self._index.of(Sort.VPC))
        return Unknown(comes_from=f"the default network ACL of {vpc}") if of_others else None
