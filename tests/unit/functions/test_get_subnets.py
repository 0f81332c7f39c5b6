from __future__ import annotations

from typing import Any

import pytest

from kubewire.errors import InvalidInputError
from kubewire.functions.get_subnets import GetSubnets, GetSubnetsArgs, GetSubnetsResult
from tests.unit.functions.account import Account, tags

VPC = "vpc-00000001"
A, B, C = "subnet-0000000a", "subnet-0000000b", "subnet-0000000c"


def subnet(subnet_id: str, zone: str, cidr: str | None, **row: Any) -> dict[str, Any]:
    block = {"CidrBlock": cidr} if cidr else {}
    return {
        "SubnetId": subnet_id,
        "VpcId": VPC,
        "AvailabilityZone": zone,
        "AvailableIpAddressCount": 251,
        **block,
        **row,
    }


@pytest.fixture
def vpc(account: Account) -> Account:
    """Two subnets in zone b, one in a; the first of b has a table of its own, which leads out."""
    ec2 = account.ec2
    ipv6 = [{"Ipv6CidrBlock": "2001:db8::/64", "Ipv6CidrBlockState": {"State": "associated"}}]
    ec2.put("Subnets", **subnet(A, "eu-west-1b", "10.0.10.0/24", Tags=tags(Name="out", tier="x")))
    ec2.put("Subnets", **subnet(B, "eu-west-1b", "10.0.9.0/24", Tags=tags(tier="x"), Ipv6CidrBlockAssociationSet=ipv6))
    ec2.put("Subnets", **subnet(C, "eu-west-1a", "10.0.200.0/24", Tags=tags(tier="y")))
    ec2.put("Subnets", **{**subnet("subnet-0000000d", "eu-west-1a", "10.1.0.0/24"), "VpcId": "vpc-00000002"})
    hole = {"GatewayId": "igw-gone", "State": "blackhole", "DestinationCidrBlock": "0.0.0.0/0"}
    out = {"GatewayId": "igw-1", "State": "active", "DestinationCidrBlock": "0.0.0.0/0", "Origin": "CreateRoute"}
    local = {"GatewayId": "local", "State": "active", "DestinationCidrBlock": "10.0.0.0/16"}
    own = {"Main": False, "SubnetId": A, "AssociationState": {"State": "associated"}}
    left = {"Main": False, "SubnetId": B, "AssociationState": {"State": "disassociated"}}
    ec2.put("RouteTables", VpcId=VPC, RouteTableId="rtb-out", Associations=[own, left], Routes=[local, out])
    ec2.put("RouteTables", VpcId=VPC, RouteTableId="rtb-main", Associations=[{"Main": True}], Routes=[local, hole])
    acl = [{"SubnetId": subnet_id} for subnet_id in (A, B, C)]
    ec2.put("NetworkAcls", VpcId=VPC, NetworkAclId="acl-1", Associations=acl)
    return account


def look(account: Account, **select: Any) -> GetSubnetsResult:
    return GetSubnets(account).run(GetSubnetsArgs.model_validate({"vpc": VPC, "select": select}))


def test_ids_are_answered_in_their_order(vpc: Account) -> None:
    first, second = look(vpc, by="ids", ids=[A, B, A]).subnets
    assert first.to_wire() == {
        "id": A,
        "name": "out",
        "zone": "eu-west-1b",
        "cidr": "10.0.10.0/24",
        "availableAddresses": 251,
        "routeTable": "rtb-out",
        "ownRouteTable": True,
        "public": True,
        "networkAcl": "acl-1",
    }
    assert (second.id, second.name, str(second.ipv6_cidr)) == (B, "", "2001:db8::/64")
    assert (second.route_table, second.own_route_table, second.public) == ("rtb-main", False, False)


def test_tags_are_answered_by_zone_and_range(vpc: Account) -> None:
    vpc.ec2.rows["Subnets"][2]["Tags"] = tags(tier="x")
    assert [row.id for row in look(vpc, by="tags", tags={"tier": "x"}).subnets] == [C, B, A]


def test_any_number_takes_three_calls(vpc: Account) -> None:
    for number in range(300):
        subnet_id = f"subnet-1{number:07x}"
        vpc.ec2.put("Subnets", **subnet(subnet_id, "eu-west-1a", f"10.0.0.{number % 16 * 16}/28", Tags=tags(tier="x")))
        vpc.ec2.rows["NetworkAcls"][0]["Associations"].append({"SubnetId": subnet_id})
    assert len(look(vpc, by="tags", tags={"tier": "x"}).subnets) == 302
    assert vpc.ec2.asked == ["describe_subnets", "describe_route_tables", "describe_network_acls"]


@pytest.mark.parametrize(
    ("select", "path", "said"),
    [
        (
            {"by": "ids", "ids": [A, "subnet-0000000d", "subnet-0000000e"]},
            "select.ids",
            f"{VPC} has no subnet subnet-0000000d, subnet-0000000e",
        ),
        ({"by": "tags", "tags": {"tier": "?"}}, "select.tags", f"no subnet of {VPC} has tier=?"),
    ],
)
def test_none_is_told_with_those_that_there_are(vpc: Account, select: dict[str, Any], path: str, said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        look(vpc, **select)
    assert (caught.value.path, caught.value.summary) == (path, said)
    assert caught.value.detail == f"It has {A} (out), {B}, {C}."


def test_a_vpc_without_subnets_says_so(account: Account) -> None:
    with pytest.raises(InvalidInputError) as caught:
        look(account, by="ids", ids=[A])
    assert caught.value.detail == "It has no subnet at all."


def test_a_subnet_without_ipv4_is_refused(vpc: Account) -> None:
    vpc.ec2.put("Subnets", **subnet("subnet-0000000f", "eu-west-1a", None))
    with pytest.raises(InvalidInputError, match="subnet-0000000f without an IPv4 range"):
        look(vpc, by="ids", ids=["subnet-0000000f", A])


def test_a_shared_subnet_that_hides_its_routes_is_refused_with_its_owner(vpc: Account) -> None:
    vpc.ec2.rows["RouteTables"].pop()
    vpc.ec2.rows["Subnets"][1]["OwnerId"] = "123456789012"
    with pytest.raises(InvalidInputError) as caught:
        look(vpc, by="ids", ids=[A, B])
    assert caught.value.detail.startswith("123456789012 owns it")


def test_the_tables_and_acls_that_they_use_are_told_with_what_is_in_them(vpc: Account) -> None:
    vpn = {"GatewayId": "vgw-1", "State": "active", "DestinationCidrBlock": "10.7.0.0/16"}
    propagated = {**vpn, "Origin": "EnableVgwRoutePropagation"}
    to_appliance = {"NetworkInterfaceId": "eni-9", "State": "active"}
    advertised = {**to_appliance, "DestinationCidrBlock": "10.6.0.0/16", "Origin": "Advertisement"}
    bent = {**to_appliance, "DestinationCidrBlock": "10.0.0.0/16", "Origin": "CreateRouteTable"}
    own = {"Main": False, "SubnetId": C, "AssociationState": {"State": "associated"}}
    vpc.ec2.put(
        "RouteTables",
        VpcId=VPC,
        RouteTableId="rtb-c",
        Associations=[own],
        Routes=[propagated, advertised, bent],
        Tags=tags(Name="c"),
    )
    entry = {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "Egress": False, "CidrBlock": "0.0.0.0/0"}
    vpc.ec2.put(
        "NetworkAcls", VpcId=VPC, NetworkAclId="acl-2", Associations=[], Entries=[entry], Tags=tags(Name="unused")
    )
    found = look(vpc, by="ids", ids=[A, C])
    assert [table.to_wire() for table in found.route_tables] == [
        {
            "id": "rtb-out",
            "name": "",
            "routes": {"0.0.0.0/0": {"name": "igw-1", "id": "igw-1", "via": "internet-gateway"}},
        },
        {
            "id": "rtb-c",
            "name": "c",
            "routes": {
                "10.7.0.0/16": {"name": "vgw-1", "id": "vgw-1", "via": "virtual-private-gateway"},
                "10.6.0.0/16": {"name": "eni-9", "id": "eni-9", "via": "network-interface"},
                "10.0.0.0/16": {"name": "eni-9", "id": "eni-9", "via": "network-interface"},
            },
        },
    ]
    assert [(acl.id, acl.entries) for acl in found.network_acls] == [("acl-1", {})]
