from __future__ import annotations

from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.errors import InvalidInputError
from kubewire.functions.get_instance_types import GetInstanceTypes, GetInstanceTypesArgs
from kubewire.functions.get_subnets import GetSubnets, GetSubnetsArgs, SubnetsById
from kubewire.functions.get_vpc import GetVpc, GetVpcArgs, VpcById
from kubewire.functions.selection import ByTags


def tagged(kind: str, **tags: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]


@pytest.fixture(scope="module")
def network(ec2: Any) -> dict[str, str]:
    """A VPC that others made: a public subnet with a table of its own, a private one, IPv6, a second range."""
    made = ec2.create_vpc(
        CidrBlock="10.3.0.0/16",
        AmazonProvidedIpv6CidrBlock=True,
        TagSpecifications=tagged("vpc", Name="theirs", of="x"),
    )["Vpc"]["VpcId"]
    ec2.associate_vpc_cidr_block(VpcId=made, CidrBlock="100.64.0.0/16")
    ec2.modify_vpc_attribute(VpcId=made, EnableDnsHostnames={"Value": True})
    described = ec2.describe_vpcs(VpcIds=[made])["Vpcs"][0]
    ipv6 = described["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=made)
    public = ec2.create_subnet(
        VpcId=made,
        CidrBlock="10.3.0.0/24",
        Ipv6CidrBlock=ipv6.replace("/56", "/64"),
        AvailabilityZone="eu-west-1a",
        TagSpecifications=tagged("subnet", Name="out", role="node"),
    )["Subnet"]["SubnetId"]
    private = ec2.create_subnet(
        VpcId=made,
        CidrBlock="10.3.1.0/24",
        AvailabilityZone="eu-west-1b",
        TagSpecifications=tagged("subnet", role="node"),
    )["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=made)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=public)
    return {"vpc": made, "ipv6": ipv6, "gateway": gateway, "public": public, "private": private, "table": table}


def test_a_vpc_is_found_by_id_and_by_tags_alike(looking: AwsCloud, ec2: Any, network: dict[str, str]) -> None:
    found = GetVpc(looking).run(GetVpcArgs(select=VpcById(id=network["vpc"])))
    assert GetVpc(looking).run(GetVpcArgs(select=ByTags(tags={"Name": "theirs", "of": "x"}))) == found
    inside = [{"Name": "vpc-id", "Values": [network["vpc"]]}]
    main = [*inside, {"Name": "association.main", "Values": ["true"]}]
    (table,) = ec2.describe_route_tables(Filters=main)["RouteTables"]
    (group,) = ec2.describe_security_groups(Filters=inside)["SecurityGroups"]
    assert found.to_wire() == {
        "id": network["vpc"],
        "name": "theirs",
        "cidrs": ["10.3.0.0/16", "100.64.0.0/16"],
        "ipv6Cidrs": [network["ipv6"]],
        "mainRouteTable": table["RouteTableId"],
        "defaultSecurityGroup": group["GroupId"],
        "internetGateway": network["gateway"],
        "dnsSupport": True,
        "dnsHostnames": True,
    }


def test_a_vpc_that_is_not_there_is_a_mistake(looking: AwsCloud, network: dict[str, str]) -> None:
    for select in (VpcById(id="vpc-0123456789abcdef0"), ByTags(tags={"Name": "their*"})):
        with pytest.raises(InvalidInputError, match="VPC") as caught:
            GetVpc(looking).run(GetVpcArgs(select=select))
        assert caught.value.path.startswith("select.")
    assert network


def test_subnets_say_how_they_route(looking: AwsCloud, ec2: Any, network: dict[str, str]) -> None:
    by_tags = GetSubnetsArgs(vpc=network["vpc"], select=ByTags(tags={"role": "node"}))
    found = GetSubnets(looking).run(by_tags)
    by_ids = GetSubnetsArgs(vpc=network["vpc"], select=SubnetsById(ids=(network["private"], network["public"])))
    assert GetSubnets(looking).run(by_ids).subnets == found.subnets[::-1]
    acl = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [network["vpc"]]}])["NetworkAcls"][0]
    main = GetVpc(looking).run(GetVpcArgs(select=VpcById(id=network["vpc"]))).main_route_table
    public, private = found.subnets
    assert public.to_wire() == {
        "id": network["public"],
        "name": "out",
        "zone": "eu-west-1a",
        "cidr": "10.3.0.0/24",
        "ipv6Cidr": network["ipv6"].replace("/56", "/64"),
        "availableAddresses": 251,
        "routeTable": network["table"],
        "ownRouteTable": True,
        "public": True,
        "networkAcl": acl["NetworkAclId"],
    }
    assert (private.route_table, private.own_route_table, private.public) == (main, False, False)
    assert private.ipv6_cidr is None


def test_a_subnet_of_another_vpc_is_a_mistake(looking: AwsCloud, network: dict[str, str], subnet: str) -> None:
    args = GetSubnetsArgs(vpc=network["vpc"], select=SubnetsById(ids=(network["public"], subnet)))
    with pytest.raises(InvalidInputError, match=f"has no subnet {subnet}") as caught:
        GetSubnets(looking).run(args)
    assert f"{network['public']} (out)" in caught.value.detail


def test_types_of_instances(looking: AwsCloud) -> None:
    found = GetInstanceTypes(looking).run(GetInstanceTypesArgs(types=("m5.large", "m4.large", "m5.metal"))).types
    assert found["m5.large"].to_wire() == {
        "interfaces": 3,
        "ipv4PerInterface": 10,
        "ipv6PerInterface": 10,
        "nitro": True,
        "vcpus": 2,
    }
    assert (found["m4.large"].nitro, found["m5.metal"].nitro) == (False, True)
    with pytest.raises(InvalidInputError, match=r"m0\.huge") as caught:
        GetInstanceTypes(looking).run(GetInstanceTypesArgs(types=("m5.large", "m0.huge")))
    assert caught.value.path == "types"
