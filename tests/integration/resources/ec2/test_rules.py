from __future__ import annotations

from typing import Any

import pytest

from kubewire.errors import PartlyCreatedError
from kubewire.model import Ref
from kubewire.resources.base import Owner
from kubewire.resources.security_group import SecurityGroup
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.resources.traffic import PrefixListPeer
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


def test_nor_by_ipv6(run: Any, world: World, ec2: Any) -> None:
    ec2.associate_vpc_cidr_block(VpcId=world.vpc.id, AmazonProvidedIpv6CidrBlock=True)
    args = security_group(world)
    group, state = run(SecurityGroup).create(args, NOBODY)
    assert rows_on(ec2, group) == []
    # A group of the time before, which nobody has changed yet, is opened when the range comes.
    everything = {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[everything])
    read = run(SecurityGroup).read(group, args)
    assert differences(SecurityGroup, read, args) == {"defaultEgress"}
    assert run(SecurityGroup).update(group, read, args) == state
    assert rows_on(ec2, group) == []


def rows_on(ec2: Any, group: str) -> list[Any]:
    filters = [{"Name": "group-id", "Values": [group]}]
    return list(ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"])


def partner_list(ec2: Any, entries: int = 5) -> str:
    made = ec2.create_managed_prefix_list(PrefixListName="partners", MaxEntries=entries, AddressFamily="IPv4")
    return str(made["PrefixList"]["PrefixListId"])


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


def default_group(world: World, ec2: Any) -> Ref:
    filters = [{"Name": "vpc-id", "Values": [world.vpc.id]}, {"Name": "group-name", "Values": ["default"]}]
    (found,) = ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    return Ref(name="default", id=found["GroupId"])


def test_a_default_group_is_locked_down_and_whoever_opens_it_is_seen(run: Any, world: World, ec2: Any) -> None:
    group = default_group(world, ec2)
    assert len(rows_on(ec2, group.id)) == 2
    args = SecurityGroupRulesArgs(group=group, exclusive=True)
    object_id, state = run(SecurityGroupRules).create(args, NOBODY)
    assert rows_on(ec2, group.id) == []
    gre = {"IpProtocol": "47", "IpRanges": [{"CidrIp": "10.9.0.0/16", "Description": "a tunnel"}]}
    partners = {"PrefixListId": partner_list(ec2), "Description": "partners"}
    listed = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [partners]}
    ec2.authorize_security_group_ingress(GroupId=group.id, IpPermissions=[gre, listed])
    read = run(SecurityGroupRules).read(object_id, args)
    assert differences(SecurityGroupRules, read, args) == {'rules["a tunnel"]', "rules.partners"}
    assert (read.rules["a tunnel"].protocol, read.rules["partners"].peer.max_entries) == (47, 5)
    # What a refresh has found is remembered by the next.
    assert run(SecurityGroupRules).read(object_id, read) == read
    run(SecurityGroupRules).update(object_id, read, args)
    assert rows_on(ec2, group.id) == []
    run(SecurityGroupRules).delete(object_id, state)
    assert rows_on(ec2, group.id) == []


def test_an_exclusive_set_takes_the_rules_of_others_away(run: Any, world: World, ec2: Any, owner: Owner) -> None:
    args = security_group_rules(world).model_copy(update={"exclusive": True})
    # The first is declared, too, and becomes ours; the second is nobody's business here.
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.9.0.0/16"}]}
    same = args.rules["web"].permission("theirs")
    ec2.authorize_security_group_ingress(GroupId=world.group.id, IpPermissions=[same, ssh])
    object_id, state = run(SecurityGroupRules).create(args, NOBODY)
    assert state.rules == args.rules
    assert sorted(rules_on(ec2, world.group.id)) == ["all to nodes", "ping", "web"]
    marks = [{tag["Key"]: tag["Value"] for tag in row["Tags"]} for row in rows_on(ec2, world.group.id)]
    assert marks == [owner.tags()] * 3
    run(SecurityGroupRules).delete(object_id, state)
    assert rows_on(ec2, world.group.id) == []


def test_every_kind_of_traffic_and_peer_is_made_read_and_removed(run: Any, world: World, ec2: Any) -> None:
    office, office6 = ({"kind": "cidr", "cidr": cidr} for cidr in ("10.8.0.0/16", "2001:db8::/48"))
    nodes = {"kind": "group", "name": world.group.name, "id": world.group.id}
    partners = {"kind": "prefix-list", "name": "partners", "id": partner_list(ec2), "maxEntries": 5}
    kinds = {
        "everything": ("-1", None, nodes),
        "web": ("tcp", (80, 443), office),
        "web by IPv6": ("tcp", (80, 443), office6),
        "DNS": ("udp", (53, 53), partners),
        "every message": ("icmp", None, office),
        "ping": ("icmp", (8, -1), office),
        "too big": ("icmp", (3, 4), office),
        "every message by IPv6": ("icmpv6", None, office6),
        "ping by IPv6": ("icmpv6", (128, 0), office6),
        "signalling": ("132", None, office),
        "overlay": ("4", None, nodes),
        "IPsec": ("50", None, office6),
        "GRE": (47, None, office),
    }
    rules = {
        name: {
            "direction": direction,
            "protocol": protocol,
            "ports": {"first": ports[0], "last": ports[1]} if ports else None,
            "peer": peer,
        }
        for direction in ("ingress", "egress")
        for name, (protocol, ports, peer) in ((f"{direction} {kind}", what) for kind, what in kinds.items())
    }
    args = SecurityGroupRulesArgs.model_validate({"group": world.group, "rules": rules})
    object_id, state = run(SecurityGroupRules).create(args, NOBODY)
    assert run(SecurityGroupRules).read(object_id, args) == state
    assert state.rules == args.rules
    run(SecurityGroupRules).update(object_id, state, args.model_copy(update={"rules": {}}))
    assert [row.get("CidrIpv4") for row in rows_on(ec2, world.group.id)] == ["0.0.0.0/0"]


def test_a_prefix_list_counts_against_the_quota_as_all_that_it_can_have(run: Any, world: World, ec2: Any) -> None:
    peer = PrefixListPeer(name="partners", id=partner_list(ec2, 56), max_entries=56)
    listed = rule(22).model_copy(update={"peer": peer})
    few = {f"port {port}": rule(port) for port in range(80, 85)}
    args = SecurityGroupRulesArgs(group=world.group, rules={"partners": listed, **few})
    with pytest.raises(PartlyCreatedError, match="maximum number of rules"):
        run(SecurityGroupRules).create(args, NOBODY)
    fewer = args.model_copy(update={"rules": {"partners": listed, **dict(list(few.items())[:4])}})
    object_id, _ = run(SecurityGroupRules).create(fewer, NOBODY)
    assert run(SecurityGroupRules).read(object_id, fewer).rules == fewer.rules
