from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.errors import InvalidInputError
from kubewire.functions.get_vpc import GetVpc, GetVpcArgs, GetVpcResult
from tests.unit.functions.account import Account, tags

ONE, OTHER = "vpc-00000001", "vpc-00000002"


def add(
    account: Account, vpc: str, more: Mapping[str, str] | None = None, *, shared: bool = False, **names: str
) -> None:
    account.ec2.put(
        "Vpcs",
        VpcId=vpc,
        OwnerId="123456789012",
        CidrBlock="10.0.0.0/16",
        Tags=tags(**names, **(more or {})),
        CidrBlockAssociationSet=[
            {"CidrBlock": "100.64.0.0/16", "CidrBlockState": {"State": "associated"}},
            {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
            {"CidrBlock": "10.9.0.0/16", "CidrBlockState": {"State": "disassociated"}},
        ],
        Ipv6CidrBlockAssociationSet=[
            {"Ipv6CidrBlock": "2001:db8::/56", "Ipv6CidrBlockState": {"State": "associated"}},
            {"Ipv6CidrBlock": "2001:db8:1::/56", "Ipv6CidrBlockState": {"State": "disassociating"}},
        ],
    )
    if shared:
        return
    account.ec2.put("RouteTables", VpcId=vpc, RouteTableId=f"rtb-own-{vpc}", Associations=[{"Main": False}])
    account.ec2.put("RouteTables", VpcId=vpc, RouteTableId=f"rtb-main-{vpc}", Associations=[{"Main": True}])
    account.ec2.put("SecurityGroups", VpcId=vpc, GroupName="default", GroupId=f"sg-{vpc}")
    account.ec2.put("InternetGateways", InternetGatewayId=f"igw-{vpc}", Attachments=[{"VpcId": vpc}])


def look(account: Account, **select: Any) -> GetVpcResult:
    return GetVpc(account).run(GetVpcArgs.model_validate({"select": select}))


@pytest.fixture
def two(account: Account) -> Account:
    add(account, ONE, Name="shop", team="web", tier="a*c")
    add(account, OTHER, Name="lab", team="web", tier="abc")
    return account


def test_a_vpc_by_its_id(two: Account) -> None:
    two.ec2.attributes["enableDnsHostnames"] = False
    assert look(two, by="id", id=ONE).to_wire() == {
        "id": ONE,
        "name": "shop",
        "cidrs": ["10.0.0.0/16", "100.64.0.0/16"],
        "ipv6Cidrs": ["2001:db8::/56"],
        "mainRouteTable": f"rtb-main-{ONE}",
        "defaultSecurityGroup": f"sg-{ONE}",
        "internetGateway": f"igw-{ONE}",
        "dnsSupport": True,
        "dnsHostnames": False,
    }


def test_who_declares_it_where_that_is_a_stack_of_kubewires(account: Account) -> None:
    owner = {"kubewire:stack": "shop/dev", "kubewire:resource": "kubewire:index:Vpc/main"}
    add(account, ONE, owner)
    add(account, OTHER, {"kubewire:stack": "shop/dev"})
    assert look(account, by="id", id=ONE).declared_by == "shop/dev kubewire:index:Vpc/main"
    assert look(account, by="id", id=OTHER).declared_by is None


def test_a_vpc_without_an_internet_gateway(two: Account) -> None:
    two.ec2.rows["InternetGateways"].clear()
    assert look(two, by="id", id=ONE).internet_gateway is None


def test_a_vpc_by_its_tags_to_the_letter(two: Account) -> None:
    assert look(two, by="tags", tags={"tier": "a*c"}).id == ONE
    assert look(two, by="tags", tags={"team": "web", "Name": "lab"}).id == OTHER


def test_several_are_all_named(two: Account) -> None:
    with pytest.raises(InvalidInputError, match="2 VPCs have team=web") as caught:
        look(two, by="tags", tags={"team": "web"})
    assert caught.value.path == "select.tags"
    assert caught.value.detail.startswith(f"They are {ONE} (shop), {OTHER} (lab). Name one by its id")


@pytest.mark.parametrize(
    ("select", "path", "said"),
    [
        ({"by": "id", "id": "vpc-0000000f"}, "select.id", "there is no VPC vpc-0000000f"),
        ({"by": "tags", "tags": {"team": "db"}}, "select.tags", "no VPC has team=db"),
        ({"by": "tags", "tags": {"te*": "web"}}, "select.tags", "no VPC has te*=web"),
    ],
)
def test_none_is_told_with_where_was_looked(two: Account, select: dict[str, Any], path: str, said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        look(two, **select)
    assert (caught.value.path, caught.value.summary) == (path, said)
    assert "Region eu-west-1" in caught.value.detail


def test_a_shared_vpc_is_refused_with_its_owner(account: Account) -> None:
    add(account, ONE, shared=True)
    with pytest.raises(InvalidInputError) as caught:
        look(account, by="id", id=ONE)
    assert caught.value.detail.startswith("123456789012 owns it")


@pytest.mark.parametrize(
    "select",
    [{}, {"by": "id"}, {"by": "id", "id": "shop"}, {"by": "tags", "tags": {}}, {"by": "id", "id": ONE, "tags": {}}],
)
def test_exactly_one_way_to_select(select: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GetVpcArgs.model_validate({"select": select})
