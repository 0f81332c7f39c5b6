from __future__ import annotations

from typing import Any

from kubewire.resources.base import Owner
from kubewire.resources.internet_gateway import InternetGateway
from kubewire.resources.nat_gateway import NatGateway
from kubewire.resources.subnet import Subnet
from kubewire.resources.vpc import Vpc
from tests.integration.resources.ec2.described import (
    NOBODY,
    World,
    differences,
    internet_gateway,
    made_in,
    nat_gateway,
    subnet,
    tags,
    vpc,
)


def test_a_detached_gateway_shows_and_is_attached_again(run: Any, world: World, ec2: Any) -> None:
    args = internet_gateway(world)
    gateway, _ = run(InternetGateway).create(args, NOBODY)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=world.bare.id)
    read = run(InternetGateway).read(gateway, args)
    assert differences(InternetGateway, read, args) == {"attached"}
    run(InternetGateway).update(gateway, read, args)
    (found,) = ec2.describe_internet_gateways(InternetGatewayIds=[gateway])["InternetGateways"]
    assert [item["VpcId"] for item in found["Attachments"]] == [world.bare.id]


def test_a_nat_gateway_bears_an_address_with_its_name_and_owner(run: Any, world: World, ec2: Any, owner: Owner) -> None:
    gateway, state = run(NatGateway).create(nat_gateway(world), NOBODY)
    (found,) = ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"]
    assert (found["SubnetId"], found["State"]) == (world.subnet.id, "available")
    assert tags(ec2, state.allocation) == {"Name": "main", **owner.tags()}


def test_an_address_that_a_killed_run_left_is_used(run: Any, world: World, ec2: Any, owner: Owner) -> None:
    marks = [{"Key": key, "Value": value} for key, value in {"Name": "main", **owner.tags()}.items()]
    specification = [{"ResourceType": "elastic-ip", "Tags": marks}]
    left = ec2.allocate_address(Domain="vpc", TagSpecifications=specification)["AllocationId"]
    _, state = run(NatGateway).create(nat_gateway(world), NOBODY)
    assert state.allocation == left
    assert made_in(ec2)["addresses"] == {left}


def test_dns_and_public_addresses_are_switched(run: Any, world: World, ec2: Any) -> None:
    args = vpc(world)
    made, state = run(Vpc).create(args, NOBODY)
    run(Vpc).update(made, state, args.model_copy(update={"dns_hostnames": False}))
    switch = ec2.describe_vpc_attribute(VpcId=made, Attribute="enableDnsHostnames")
    assert not switch["EnableDnsHostnames"]["Value"]
    part = subnet(world)
    made, state = run(Subnet).create(part, NOBODY)
    run(Subnet).update(made, state, part.model_copy(update={"public_addresses": True}))
    (found,) = ec2.describe_subnets(SubnetIds=[made])["Subnets"]
    assert found["MapPublicIpOnLaunch"]
