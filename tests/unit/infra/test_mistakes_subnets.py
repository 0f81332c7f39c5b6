"""Mistakes in the zones, the subnets and their ACLs."""

from __future__ import annotations

import pytest

from tests.unit.infra.mistakes import Mistake, both, check, inside, network

EXISTING = network(vpc={"kind": "id", "id": "vpc-01234567"}, nat="none")
SUBNETS = {"kind": "existing", "private": {"kind": "tags", "tags": {"tier": "private"}}}
RULE = {"number": 100, "action": "allow", "cidr": "10.9.0.0/16"}

MISTAKES: dict[str, Mistake] = {
    "zone of another region": (
        network(zones=["eu-west-1a", "eu-west-2b"]),
        "network.zones[1]",
        "eu-west-2b is not in eu-west-1",
    ),
    "zone twice": (network(zones=["eu-west-1a", "eu-west-1a"]), "network.zones[1]", "twice"),
    "zone is no zone": (network(zones=["Ireland"]), "network.zones[0]", "pattern"),
    "no zone": (network(zones=[]), "network.zones", "at least 1"),
    "seven zones": (network(zones=[f"eu-west-1{letter}" for letter in "abcdefg"]), "network.zones", "at most 6"),
    "subnets are a number": (network(subnets=3), "network.subnets", "dictionary"),
    "subnets of no kind": (network(subnets={"layout": []}), "network.subnets.kind", "Write carved or existing"),
    "unknown kind of subnets": (network(subnets={"kind": "new"}), "network.subnets.kind", "Write carved or existing"),
    "an empty layout": (inside("subnets", kind="carved", layout=[]), "network.subnets.layout", "at least 1"),
    "seventeen slots": (
        inside(
            "subnets", kind="carved", layout=[{"role": "private", "prefix": 28, "index": n % 16} for n in range(17)]
        ),
        "network.subnets.layout",
        "at most 16",
    ),
    "unknown role": (
        inside("subnets", kind="carved", layout=[{"role": "db", "prefix": 24}]),
        "network.subnets.layout[0].role",
        "'private', 'public', 'isolated', 'pods' or 'reserved'",
    ),
    "slot without a size": (
        inside("subnets", kind="carved", layout=[{"role": "private"}]),
        "network.subnets.layout[0].prefix",
        "required",
    ),
    "slot smaller than AWS takes": (
        inside("subnets", kind="carved", layout=[{"role": "private", "prefix": 29}]),
        "network.subnets.layout[0].prefix",
        "less than or equal to 28",
    ),
    "slot larger than a zone's block": (
        inside("subnets", kind="carved", layout=[{"role": "private", "prefix": 18}]),
        "network.subnets.layout[0]",
        "every zone has a /19",
    ),
    "slots larger than a zone's block together": (
        inside(
            "subnets",
            kind="carved",
            layout=[{"role": "private", "prefix": 20}] + 2 * [{"role": "reserved", "prefix": 20}],
        ),
        "network.subnets.layout[2]",
        "room for 2 of /20",
    ),
    "two slots that are known by the same": (
        inside("subnets", kind="carved", layout=2 * [{"role": "private", "prefix": 21}]),
        "network.subnets.layout[1].index",
        "Give this one the next `index`",
    ),
    "a role without a first slot": (
        inside("subnets", kind="carved", layout=[{"role": "private", "prefix": 21, "index": 1}]),
        "network.subnets.layout[0].index",
        "no first private slot",
    ),
    "an index beyond the slots": (
        inside("subnets", kind="carved", layout=[{"role": "private", "prefix": 21, "index": 16}]),
        "network.subnets.layout[0].index",
        "less than 16",
    ),
    "no subnet for nodes": (
        both(
            network(nat="none", nodes={"kind": "declared"}),
            inside("subnets", kind="carved", layout=[{"role": "public", "prefix": 21}]),
        ),
        "network.subnets.layout",
        "no subnet for nodes",
    ),
    "existing subnets of a new VPC": (
        inside("subnets", kind="existing", private={"kind": "ids", "ids": ["subnet-01234567"]}),
        "network.subnets.kind",
        "a new VPC has no subnets yet",
    ),
    "existing subnets without private ones": (
        both(EXISTING, network(subnets={"kind": "existing"})),
        "network.subnets.private",
        "required",
    ),
    "existing subnets that are known by nothing": (
        both(EXISTING, network(subnets={"kind": "existing", "private": {"ids": ["subnet-01234567"]}})),
        "network.subnets.private.kind",
        "Write ids or tags",
    ),
    "no ids": (
        both(EXISTING, network(subnets={"kind": "existing", "private": {"kind": "ids", "ids": []}})),
        "network.subnets.private.ids",
        "at least 1",
    ),
    "id of a subnet that is none": (
        both(EXISTING, network(subnets={"kind": "existing", "private": {"kind": "ids", "ids": ["a"]}})),
        "network.subnets.private.ids[0]",
        "pattern",
    ),
    "no tags to know subnets by": (
        both(EXISTING, network(subnets={"kind": "existing", "private": {"kind": "tags", "tags": {}}})),
        "network.subnets.private.tags",
        "at least 1",
    ),
    "more private subnets beside existing ones": (
        both(
            EXISTING,
            network(subnets=SUBNETS),
            inside("vpc", secondary=[{"cidr": "100.80.0.0/20", "layout": [{"role": "private", "prefix": 24}]}]),
        ),
        "network.vpc.secondary[0].layout[0].role",
        "are there already",
    ),
    "NAT beside existing subnets": (both(EXISTING, network(subnets=SUBNETS, nat="single")), "network.nat", "nat: none"),
    "NAT without public subnets": (
        inside("subnets", kind="carved", layout=[{"role": "private", "prefix": 21}]),
        "network.nat",
        "no public subnets",
    ),
    "NAT for nobody": (
        inside("subnets", kind="carved", layout=[{"role": "isolated", "prefix": 21}, {"role": "public", "prefix": 21}]),
        "network.nat",
        "no subnet would use",
    ),
    "unknown NAT": (network(nat="many"), "network.nat", "'none', 'single' or 'per-zone'"),
    "ACL of subnets that aren't there": (network(acls=[{"role": "isolated"}]), "network.acls[0].role", "no isolated"),
    "ACL of what is no subnet": (network(acls=[{"role": "reserved"}]), "network.acls[0].role", "have no subnet"),
    "ACL of existing subnets": (
        both(EXISTING, network(subnets=SUBNETS, acls=[{"role": "private"}])),
        "network.acls[0].role",
        "belong to others",
    ),
    "two ACLs of a role": (network(acls=2 * [{"role": "private"}]), "network.acls[1].role", "an ACL already"),
    "two rules of an ACL with one number": (
        network(acls=[{"role": "private", "egress": 2 * [{"number": 100, "action": "allow", "cidr": "10.9.0.0/16"}]}]),
        "network.acls[0].egress[1].number",
        "100 is there twice",
    ),
    "a rule with a number of the network's own": (
        network(acls=[{"role": "private", "egress": [{"number": 99, "action": "allow", "cidr": "10.9.0.0/16"}]}]),
        "network.acls[0].egress[0].number",
        "greater than or equal to 100",
    ),
    "a rule for TCP without ports": (
        network(acls=[{"role": "private", "egress": [{**RULE, "protocol": "tcp"}]}]),
        "network.acls[0].egress[0].ports",
        "says which ports",
    ),
    "a rule for everything with ports": (
        network(acls=[{"role": "private", "egress": [{**RULE, "ports": {"first": 80, "last": 80}}]}]),
        "network.acls[0].egress[0].ports",
        "has no ports",
    ),
    "a rule for no protocol": (
        network(acls=[{"role": "private", "egress": [{**RULE, "protocol": "tpc"}]}]),
        "network.acls[0].egress[0].protocol",
        "Write tcp, udp",
    ),
    "a rule for a protocol beyond all": (
        network(acls=[{"role": "private", "egress": [{**RULE, "protocol": 256}]}]),
        "network.acls[0].egress[0].protocol",
        "256 is no protocol",
    ),
    "a rule that does nothing": (
        network(acls=[{"role": "private", "ingress": [{"number": 100, "cidr": "10.9.0.0/16"}]}]),
        "network.acls[0].ingress[0].action",
        "required",
    ),
    "a rule for no range": (
        network(acls=[{"role": "private", "ingress": [{**RULE, "cidr": "anywhere"}]}]),
        "network.acls[0].ingress[0].cidr",
        "no range of addresses",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_is_named_with_its_path(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(MISTAKES[mistake], monkeypatch)
