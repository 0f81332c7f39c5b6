from __future__ import annotations

from typing import Any

from kubewire.resources.base import Owner
from kubewire.resources.security_group import SecurityGroup
from kubewire.resources.security_group_rules import SecurityGroupRules
from tests.integration.resources.ec2.described import (
    NOBODY,
    World,
    differences,
    rule,
    security_group,
    security_group_rules,
)


def test_a_group_lets_nothing_out_until_rules_say_so(run: Any, world: World, ec2: Any) -> None:
    group, _ = run(SecurityGroup).create(security_group(world), NOBODY)
    (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert (found["IpPermissions"], found["IpPermissionsEgress"]) == ([], [])


def rules_on(ec2: Any, group: str) -> dict[str, tuple[Any, ...]]:
    found = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    return {
        row.get("Description", ""): (row["IsEgress"], row["IpProtocol"], row["FromPort"], row["ToPort"])
        for row in found
    }


def test_rules_are_tagged_in_the_call_that_makes_them_and_change_beside_those_of_others(
    run: Any, world: World, ec2: Any, owner: Owner
) -> None:
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.revoke_security_group_egress(GroupId=world.group.id, IpPermissions=[everything])
    by_hand = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    peer = {"IpRanges": [{"CidrIp": "10.9.0.0/16", "Description": "by hand"}]}
    ec2.authorize_security_group_ingress(GroupId=world.group.id, IpPermissions=[{**by_hand, **peer}])
    args = security_group_rules(world)
    object_id, state = run(SecurityGroupRules).create(args, NOBODY)
    assert rules_on(ec2, world.group.id) == {
        "by hand": (False, "tcp", 22, 22),
        "web": (False, "tcp", 80, 80),
        "ping": (False, "icmp", -1, -1),
        "all to nodes": (True, "-1", -1, -1),
    }
    filters = [{"Name": "group-id", "Values": [world.group.id]}]
    rows = ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    marks = [{tag["Key"]: tag["Value"] for tag in row["Tags"]} for row in rows if row["Description"] != "by hand"]
    assert marks == [owner.tags()] * 3
    wanted = args.model_copy(update={"rules": {"tls": rule(443), "http": rule(80)}})
    run(SecurityGroupRules).update(object_id, state, wanted)
    assert rules_on(ec2, world.group.id) == {
        "by hand": (False, "tcp", 22, 22),
        "http": (False, "tcp", 80, 80),
        "tls": (False, "tcp", 443, 443),
    }


def test_a_rule_that_somebody_removed_shows_and_comes_back(run: Any, world: World, ec2: Any) -> None:
    args = security_group_rules(world)
    object_id, _ = run(SecurityGroupRules).create(args, NOBODY)
    there = rules_on(ec2, world.group.id)
    (permission,) = [args.rules["web"].permission("web")]
    ec2.revoke_security_group_ingress(GroupId=world.group.id, IpPermissions=[permission])
    read = run(SecurityGroupRules).read(object_id, args)
    assert differences(SecurityGroupRules, read, args) == {"rules.web"}
    run(SecurityGroupRules).update(object_id, read, args)
    assert rules_on(ec2, world.group.id) == there
