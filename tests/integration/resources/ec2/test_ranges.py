"""The ranges of VPCs and subnets, as the embedded AWS keeps them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from ipaddress import IPv6Network
from typing import Any
from urllib.request import Request, urlopen

import pytest

from kubewire.errors import PartlyCreatedError
from kubewire.resources.egress_only_internet_gateway import EgressOnlyInternetGateway
from kubewire.resources.subnet import Subnet
from kubewire.resources.vpc import Vpc
from kubewire.resources.vpc_cidr_blocks import VpcCidrBlocks
from tests.integration.resources.ec2.described import (
    NOBODY,
    World,
    differences,
    egress_only_internet_gateway,
    made_in,
    subnet,
    vpc,
    vpc_cidr_blocks,
)


def ranges(ec2: Any, vpc_id: str) -> dict[str, str]:
    """Give a VPC's ranges that are there, to their associations' ids."""
    (found,) = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"]
    rows = [(row["CidrBlock"], row["CidrBlockState"], row) for row in found["CidrBlockAssociationSet"]]
    six = found.get("Ipv6CidrBlockAssociationSet", [])
    rows += [(row["Ipv6CidrBlock"], row["Ipv6CidrBlockState"], row) for row in six]
    return {cidr: row["AssociationId"] for cidr, state, row in rows if state["State"] == "associated"}


def ipv6_part(cidr: str, number: int) -> str:
    return str(list(IPv6Network(cidr).subnets(new_prefix=64))[number])


@pytest.fixture
def slow(endpoint: str) -> Iterator[Callable[[], None]]:
    """Let ranges take their time from when it is called."""
    url = f"{endpoint}/kubewire-api"

    def ask(what: str, body: dict[str, Any]) -> None:
        request = Request(f"{url}/{what}", data=json.dumps(body).encode(), method="POST")  # noqa: S310 - our own server
        urlopen(request, timeout=30).close()  # noqa: S310 - as above

    of_ranges = [
        f"{what}-cidr-block.{state}" for what in ("vpc", "subnet") for state in ("associated", "disassociated")
    ]
    yield lambda: ask("config", {"durations": dict.fromkeys(of_ranges, 0.3)})
    ask("reset", {})


def test_ranges_are_waited_for_and_leave_those_of_others_alone(
    run: Any, world: World, ec2: Any, slow: Callable[[], None]
) -> None:
    for cidr in ("100.96.0.0/16", "10.1.0.0/16"):
        ec2.associate_vpc_cidr_block(VpcId=world.vpc.id, CidrBlock=cidr)
    slow()
    args = vpc_cidr_blocks(world)
    object_id, state = run(VpcCidrBlocks).create(args, NOBODY)
    six = state.ipv6_cidr
    assert set(ranges(ec2, world.vpc.id)) == {"10.0.0.0/16", "100.96.0.0/16", "100.64.0.0/16", "10.1.0.0/16", six}
    wanted = args.model_copy(update={"cidrs": args.cidrs[:1], "ipv6": False})
    state = run(VpcCidrBlocks).update(object_id, state, wanted)
    assert state.ipv6_cidr is None
    assert set(ranges(ec2, world.vpc.id)) == {"10.0.0.0/16", "100.96.0.0/16", "100.64.0.0/16", "10.1.0.0/16"}
    run(VpcCidrBlocks).delete(object_id, state)
    # The other that was declared was there before, too.
    assert set(ranges(ec2, world.vpc.id)) == {"10.0.0.0/16", "100.96.0.0/16", "10.1.0.0/16"}


def test_a_range_that_somebody_took_away_shows_and_comes_back(run: Any, world: World, ec2: Any) -> None:
    args = vpc_cidr_blocks(world)
    object_id, _ = run(VpcCidrBlocks).create(args, NOBODY)
    ec2.disassociate_vpc_cidr_block(AssociationId=ranges(ec2, world.vpc.id)["10.1.0.0/16"])
    read = run(VpcCidrBlocks).read(object_id, args)
    assert differences(VpcCidrBlocks, read, args) == {"cidrs"}
    run(VpcCidrBlocks).update(object_id, read, args)
    assert "10.1.0.0/16" in ranges(ec2, world.vpc.id)


def test_a_range_that_subnets_are_in_goes_with_the_run_after_theirs(
    run: Any, world: World, ec2: Any, caplog: pytest.LogCaptureFixture
) -> None:
    args = vpc_cidr_blocks(world)
    object_id, state = run(VpcCidrBlocks).create(args, NOBODY)
    made = ec2.create_subnet(VpcId=world.vpc.id, CidrBlock="100.64.0.0/24")["Subnet"]["SubnetId"]
    wanted = args.model_copy(update={"cidrs": (), "ipv6": False})
    state = run(VpcCidrBlocks).update(object_id, state, wanted)
    assert differences(VpcCidrBlocks, state, wanted) == {"cidrs"}
    assert "100.64.0.0/16 stays in shop while subnets use it" in caplog.text
    ec2.delete_subnet(SubnetId=made)
    run(VpcCidrBlocks).update(object_id, run(VpcCidrBlocks).read(object_id, wanted), wanted)
    assert set(ranges(ec2, world.vpc.id)) == {"10.0.0.0/16"}


def test_a_range_that_aws_refuses_is_told_and_left_out(run: Any, world: World, ec2: Any) -> None:
    args = vpc_cidr_blocks(world).model_copy(update={"ipv6": False})
    odd = type(args).model_validate({**dict(args), "cidrs": ["192.168.0.0/16"]})
    with pytest.raises(PartlyCreatedError, match="is restricted") as caught:
        run(VpcCidrBlocks).create(odd, NOBODY)
    assert caught.value.resource_id == world.vpc.id
    run(VpcCidrBlocks).update(world.vpc.id, None, args)
    assert set(ranges(ec2, world.vpc.id)) == {"10.0.0.0/16", "100.64.0.0/16", "10.1.0.0/16"}


def test_a_subnet_has_both_families_and_can_be_given_another_ipv6_range(
    run: Any, world: World, ec2: Any, slow: Callable[[], None]
) -> None:
    _, blocks = run(VpcCidrBlocks).create(vpc_cidr_blocks(world), NOBODY)
    slow()
    plain = subnet(world)
    fields = {"ipv6_cidr": ipv6_part(blocks.ipv6_cidr, 0), "assigns_ipv6": True}
    args = type(plain).model_validate({**dict(plain), **fields})
    object_id, state = run(Subnet).create(args, NOBODY)
    assert run(Subnet).read(object_id, args) == state
    interface = ec2.create_network_interface(SubnetId=object_id)["NetworkInterface"]
    assert len(interface["Ipv6Addresses"]) == 1
    ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    other = type(plain).model_validate({**dict(args), "ipv6_cidr": ipv6_part(blocks.ipv6_cidr, 1)})
    state = run(Subnet).update(object_id, state, other)
    assert differences(Subnet, run(Subnet).read(object_id, other), other) == set()
    state = run(Subnet).update(object_id, state, plain)
    assert differences(Subnet, run(Subnet).read(object_id, plain), plain) == set()


def test_an_ipv6_range_that_interfaces_have_addresses_of_goes_with_the_run_after_theirs(
    run: Any, world: World, ec2: Any, caplog: pytest.LogCaptureFixture
) -> None:
    _, blocks = run(VpcCidrBlocks).create(vpc_cidr_blocks(world), NOBODY)
    plain = subnet(world)
    fields = {"ipv6_cidr": ipv6_part(blocks.ipv6_cidr, 0), "assigns_ipv6": True}
    args = type(plain).model_validate({**dict(plain), **fields})
    object_id, state = run(Subnet).create(args, NOBODY)
    interface = ec2.create_network_interface(SubnetId=object_id)["NetworkInterface"]["NetworkInterfaceId"]
    kept = run(Subnet).update(object_id, state, plain)
    assert kept == run(Subnet).read(object_id, plain)
    assert differences(Subnet, kept, plain) == {"ipv6Cidr"}
    assert f"keeps {fields['ipv6_cidr']} while interfaces have addresses of it" in caplog.text
    # To one with another range it's no use to wait: nobody will take these addresses away.
    other = type(plain).model_validate({**dict(args), "ipv6_cidr": ipv6_part(blocks.ipv6_cidr, 1)})
    with pytest.raises(PartlyCreatedError, match="network interfaces have addresses of it"):
        run(Subnet).update(object_id, kept, other)
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    last = run(Subnet).update(object_id, kept, plain)
    assert differences(Subnet, last, plain) == set()
    assert run(Subnet).read(object_id, plain) == last


def test_an_ipv6_range_that_somebody_took_away_shows_and_comes_back(run: Any, world: World, ec2: Any) -> None:
    _, blocks = run(VpcCidrBlocks).create(vpc_cidr_blocks(world), NOBODY)
    plain = subnet(world)
    fields = {"ipv6_cidr": ipv6_part(blocks.ipv6_cidr, 0), "assigns_ipv6": True}
    args = type(plain).model_validate({**dict(plain), **fields})
    object_id, state = run(Subnet).create(args, NOBODY)
    (found,) = ec2.describe_subnets(SubnetIds=[object_id])["Subnets"]
    ec2.modify_subnet_attribute(SubnetId=object_id, AssignIpv6AddressOnCreation={"Value": False})
    (block,) = found["Ipv6CidrBlockAssociationSet"]
    ec2.disassociate_subnet_cidr_block(AssociationId=block["AssociationId"])
    read = run(Subnet).read(object_id, args)
    assert differences(Subnet, read, args) == {"ipv6Cidr", "assignsIpv6"}
    assert run(Subnet).update(object_id, read, args) == state


def test_a_vpc_s_range_is_its_pool_s_until_it_is_deleted(run: Any, world: World, ec2: Any) -> None:
    scope = ec2.create_ipam(OperatingRegions=[{"RegionName": "eu-west-1"}])["Ipam"]["PrivateDefaultScopeId"]
    pool = ec2.create_ipam_pool(IpamScopeId=scope, AddressFamily="ipv4", Locale="eu-west-1")["IpamPool"]["IpamPoolId"]
    args = vpc(world).model_copy(update={"ipam_pool": pool})
    with pytest.raises(Exception, match="is not provisioned to the IPAM pool"):
        run(Vpc).create(args, NOBODY)
    ec2.provision_ipam_pool_cidr(IpamPoolId=pool, Cidr="10.0.0.0/12")
    before = made_in(ec2)
    object_id, state = run(Vpc).create(args, NOBODY)
    assert differences(Vpc, run(Vpc).read(object_id, args), args) == set()
    allocated = ec2.get_ipam_pool_allocations(IpamPoolId=pool)["IpamPoolAllocations"]
    assert [(one["Cidr"], one["ResourceId"]) for one in allocated] == [("10.1.0.0/16", object_id)]
    run(Vpc).delete(object_id, state)
    assert ec2.get_ipam_pool_allocations(IpamPoolId=pool)["IpamPoolAllocations"] == []
    assert made_in(ec2) == before


def test_ipv6_goes_out_through_a_gateway_of_its_own(run: Any, world: World, ec2: Any) -> None:
    run(VpcCidrBlocks).create(vpc_cidr_blocks(world), NOBODY)
    gateway, _ = run(EgressOnlyInternetGateway).create(egress_only_internet_gateway(world), NOBODY)
    table = ec2.create_route_table(VpcId=world.vpc.id)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId=gateway)
    (found,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    (route,) = [row for row in found["Routes"] if row.get("DestinationIpv6CidrBlock") == "::/0"]
    assert (route["EgressOnlyInternetGatewayId"], route["State"]) == (gateway, "active")
