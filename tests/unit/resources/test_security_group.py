from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.faults import faults
from kubewire.model import Ref
from kubewire.resources.base import Owner
from kubewire.resources.security_group import SecurityGroup, SecurityGroupArgs, SecurityGroupState

EVERYTHING = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
BOTH = {**EVERYTHING, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
SIX = {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
VPC = Ref(name="shop", id="vpc-1")


@pytest.fixture
def args() -> SecurityGroupArgs:
    return SecurityGroupArgs(name="nodes", vpc=VPC, description="Nodes of shop")


@pytest.fixture
def state(args: SecurityGroupArgs) -> SecurityGroupState:
    return SecurityGroupState(**dict(args))


def row(**changed: Any) -> dict[str, Any]:
    made = {"SecurityGroupRuleId": "sgr-1", "IsEgress": True, "IpProtocol": "-1", "CidrIpv4": "0.0.0.0/0", "Tags": []}
    return {**made, **changed}


def there(cloud: Any, egress: list[Any], rows: list[Any]) -> None:
    group = {"GroupId": "sg-1", "GroupName": "nodes", "VpcId": "vpc-1", "Description": "Nodes of shop"}
    cloud.ec2.answers = {
        "describe_security_groups": {"SecurityGroups": [{**group, "IpPermissionsEgress": egress}]},
        "describe_security_group_rules": {"SecurityGroupRules": rows},
    }


@pytest.mark.parametrize("name", ["sg-nodes", "SG-x", "default", "Default", " nodes", "nodes ", "nödes", "", "a" * 256])
def test_names_that_aws_refuses_are_refused(name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SecurityGroupArgs(name=name, vpc=VPC, description="x")
    assert [fault.path for fault in faults(caught.value)] == ["name"]


@pytest.mark.parametrize("name", ["nodes", "sg", "shop-sg-nodes", "a/b (c) [d]", "a" * 255])
def test_other_names_are_taken(name: str) -> None:
    assert SecurityGroupArgs(name=name, vpc=VPC, description="x").name == name


@pytest.mark.parametrize("description", ["", "it's", "a\nb", "a" * 256])
def test_descriptions_that_aws_refuses_are_refused(description: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SecurityGroupArgs(name="nodes", vpc=VPC, description=description)
    assert [fault.path for fault in faults(caught.value)] == ["description"]


def test_reads_what_it_declares(cloud: Any, owner: Owner, args: SecurityGroupArgs, state: SecurityGroupState) -> None:
    there(cloud, [], [])
    assert SecurityGroup(cloud, owner).read("sg-1", args) == state


def test_a_group_that_is_gone_reads_as_none(cloud: Any, owner: Owner, args: SecurityGroupArgs) -> None:
    cloud.ec2.answers["describe_security_groups"] = {"SecurityGroups": []}
    assert SecurityGroup(cloud, owner).read("sg-1", args) is None


@pytest.mark.parametrize("given", [EVERYTHING, BOTH, SIX], ids=["IPv4", "both", "IPv6"])
@pytest.mark.parametrize("rows", [[row()], []], ids=["with its row", "before its row shows up"])
def test_the_way_out_that_aws_gives_every_new_group_is_taken_away(
    rows: list[Any], given: dict[str, Any], cloud: Any, owner: Owner, args: SecurityGroupArgs
) -> None:
    there(cloud, [given], rows)
    group = SecurityGroup(cloud, owner)
    found = group.read("sg-1", args)
    assert found
    assert found.default_egress
    assert not group.converge("sg-1", found, args).default_egress
    assert cloud.ec2.asked[-1] == ("revoke_security_group_egress", {"GroupId": "sg-1", "IpPermissions": [given]})


def test_of_two_ways_out_the_one_that_somebody_declared_stays(
    cloud: Any, owner: Owner, args: SecurityGroupArgs
) -> None:
    there(cloud, [BOTH], [row(Tags=[{"Key": "kubewire:resource", "Value": "another"}])])
    group = SecurityGroup(cloud, owner)
    found = group.read("sg-1", args)
    assert found
    assert found.default_egress
    group.converge("sg-1", found, args)
    assert cloud.ec2.asked[-1] == ("revoke_security_group_egress", {"GroupId": "sg-1", "IpPermissions": [SIX]})


def test_the_same_way_out_stays_where_somebody_declared_it(cloud: Any, owner: Owner, args: SecurityGroupArgs) -> None:
    there(cloud, [EVERYTHING], [row(Tags=[{"Key": "kubewire:resource", "Value": "another"}])])
    group = SecurityGroup(cloud, owner)
    found = group.read("sg-1", args)
    assert found
    assert not found.default_egress
    group.converge("sg-1", found.model_copy(update={"default_egress": True}), args)
    assert "revoke_security_group_egress" not in cloud.ec2.operations


def test_the_way_out_stays_where_it_is_asked_for(cloud: Any, owner: Owner, args: SecurityGroupArgs) -> None:
    there(cloud, [EVERYTHING], [row()])
    open_args = args.model_copy(update={"default_egress": True})
    group = SecurityGroup(cloud, owner)
    found = group.read("sg-1", open_args)
    assert found == SecurityGroupState(**dict(open_args))
    group.converge("sg-1", found, open_args)
    assert "revoke_security_group_egress" not in cloud.ec2.operations


def test_a_way_out_that_was_taken_away_is_given_back(
    cloud: Any, owner: Owner, args: SecurityGroupArgs, state: SecurityGroupState
) -> None:
    there(cloud, [], [])
    SecurityGroup(cloud, owner).converge("sg-1", state, args.model_copy(update={"default_egress": True}))
    assert cloud.ec2.asked == [("authorize_security_group_egress", {"GroupId": "sg-1", "IpPermissions": [EVERYTHING]})]


def test_a_narrower_way_out_is_not_the_one_of_aws(cloud: Any, owner: Owner, args: SecurityGroupArgs) -> None:
    https = {**EVERYTHING, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    there(cloud, [https], [row(IpProtocol="tcp")])
    found = SecurityGroup(cloud, owner).read("sg-1", args)
    assert found
    assert not found.default_egress


def test_no_change_is_no_call(cloud: Any, owner: Owner, args: SecurityGroupArgs, state: SecurityGroupState) -> None:
    assert SecurityGroup(cloud, owner).converge("sg-1", state, args) == state
    assert cloud.ec2.asked == []
