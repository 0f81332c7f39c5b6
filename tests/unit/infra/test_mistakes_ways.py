"""Mistakes in names, ways in and out, and quotas of a network."""

from __future__ import annotations

import pytest

from tests.unit.infra.mistakes import Mistake, both, check, inside, network, without

PEER = {"kind": "peering", "name": "hq", "cidrs": ["10.9.0.0/16"], "connection": "pcx-01234567"}
LOG_GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:flows"
ROLE = "arn:aws:iam::123456789012:role/flows"

MISTAKES: dict[str, Mistake] = {
    "unknown key of the network": (network(subnet=3), "network.subnet", "unknown key"),
    "no name": (without("cluster:network", "name"), "network.name", "required"),
    "upper-case name": (network(name="Shop"), "network.name", "pattern"),
    "network named like a group's id": (network(name="sg-shop"), "network.name", "no network can be named"),
    "network named like a group's id, before a hyphen": (network(name="sg"), "network.name", "named sg"),
    "name too long": (network(name="a" * 33), "network.name", "pattern"),
    "cluster's name that is none": (network(cluster="Shop"), "network.cluster", "pattern"),
    "reserved tag": (network(tags={"aws:x": "1"}), "network.tags.aws:x", "set by AWS"),
    "tag that load balancers refuse": (network(tags={"team": "a&b"}), "network.tags.team", "pattern"),
    "more tags than AWS takes": (network(tags={f"key-{n}": "x" for n in range(41)}), "network.tags", "at most 40"),
    "more tags than a DNS zone takes": (
        network(domain="shop.internal", tags={f"key-{number}": "x" for number in range(7)}),
        "network.tags",
        "7 tags are too many for the DNS zone",
    ),
    "domain is no name": (network(domain="shop_internal"), "network.domain", "pattern"),
    "domain too long": (network(domain=".".join(["a" * 63] * 4)), "network.domain", "at most 253"),
    "empty range of node ports": (network(nodePorts={"first": 31000, "last": 30000}), "network.nodePorts", "no range"),
    "node ports above all": (network(nodePorts={"last": 65536}), "network.nodePorts.last", "65535"),
    "no Services range": (without("cluster:network", "serviceCidr"), "network.serviceCidr", "required"),
    "the world as a range": (network(egress=["0.0.0.0/0"]), "network.egress[0]", "Write `anywhere`"),
    "the IPv6 world as a range": (network(egress=["::/0"]), "network.egress[0]", "Write `anywhere`"),
    "half of the internet as a range": (network(egress=["0.0.0.0/1"]), "network.egress[0]", "large part"),
    "a wide IPv6 range": (network(egress=["2000::/3"]), "network.egress[0]", "/16 and narrower"),
    "way out with host bits": (network(egress=["10.9.0.1/16"]), "network.egress[0]", "Write 10.9.0.0/16"),
    "way out to nowhere": (network(egress=["everywhere"]), "network.egress[0]", "no range of addresses"),
    "way out to a number": (network(egress=[10]), "network.egress[0]", "Write `anywhere`, a range"),
    "way out to nothing": (network(egress=[None]), "network.egress[0]", "no source"),
    "way out to what is no source": (network(egress=[{"cidr": "10.9.0.0/16"}]), "network.egress[0]", "no source"),
    "prefix list without a size": (
        network(egress=[{"prefixList": "pl-01234567"}]),
        "network.egress[0].entries",
        "required",
    ),
    "prefix list that is none": (
        network(egress=[{"prefixList": "corp", "entries": 3}]),
        "network.egress[0].prefixList",
        "pattern",
    ),
    "prefix list without entries": (
        network(egress=[{"prefixList": "pl-01234567", "entries": 0}]),
        "network.egress[0].entries",
        "greater than or equal to 1",
    ),
    "name of a list that AWS takes in no rule": (
        network(egress=[{"prefixList": "pl-01234567", "entries": 3, "name": "Büro"}]),
        "network.egress[0].name",
        "pattern",
    ),
    "a group and a list at once": (
        network(egress=[{"group": "sg-01234567", "prefixList": "pl-01234567"}]),
        "network.egress[0].prefixList",
        "unknown key",
    ),
    "word of packets from half of the internet": (network(pathMtu=["128.0.0.0/1"]), "network.pathMtu[0]", "large part"),
    "a control plane of no kind": (network(controlPlane={}), "network.controlPlane.kind", "Write group or ranges"),
    "a control plane without ranges": (
        network(controlPlane={"kind": "ranges", "cidrs": []}),
        "network.controlPlane.cidrs",
        "at least 1",
    ),
    "a control plane anywhere": (
        network(controlPlane={"kind": "ranges", "cidrs": ["0.0.0.0/0"]}),
        "network.controlPlane.cidrs[0]",
        "is everybody",
    ),
    "a control plane's group that is none": (
        network(controlPlane={"kind": "group", "name": "eks", "id": "eks"}),
        "network.controlPlane.id",
        "pattern",
    ),
    "a control plane's name that AWS takes in no rule": (
        network(controlPlane={"kind": "group", "name": "Größe", "id": "sg-01234567"}),
        "network.controlPlane.name",
        "pattern",
    ),
    "a webhook without a port": (
        network(controlPlane={"kind": "group", "name": "eks", "id": "sg-01234567", "webhooks": [0]}),
        "network.controlPlane.webhooks[0]",
        "greater than or equal to 1",
    ),
    "a link of no kind": (
        network(links=[{"name": "a", "cidrs": ["10.9.0.0/16"]}]),
        "network.links[0].kind",
        "Write peering or transit-gateway",
    ),
    "a link without ranges": (network(links=[{**PEER, "cidrs": []}]), "network.links[0].cidrs", "at least 1"),
    "a link by nothing": (
        network(links=[{"kind": "transit-gateway", "name": "a", "cidrs": ["10.9.0.0/16"]}]),
        "network.links[0].gateway",
        "required",
    ),
    "a peering that is none": (
        network(links=[{**PEER, "connection": "vpc-1"}]),
        "network.links[0].connection",
        "pattern",
    ),
    "two links of one name": (
        network(links=[PEER, {**PEER, "cidrs": ["10.10.0.0/16"]}]),
        "network.links[1].name",
        "hq is there twice",
    ),
    "two links to one range": (
        network(links=[PEER, {**PEER, "name": "b"}]),
        "network.links[1].cidrs[0]",
        "overlaps links[0].cidrs[0]",
    ),
    "an endpoint of no kind": (
        network(endpoints=[{"service": "s3"}]),
        "network.endpoints[0].kind",
        "Write gateway or interface",
    ),
    "a gateway to what has none": (
        network(endpoints=[{"kind": "gateway", "service": "sts"}]),
        "network.endpoints[0].service",
        "'s3' or 'dynamodb'",
    ),
    "an endpoint with its whole name": (
        network(endpoints=[{"kind": "interface", "service": "com/sts"}]),
        "network.endpoints[0].service",
        "pattern",
    ),
    "an endpoint twice": (
        network(endpoints=2 * [{"kind": "interface", "service": "sts"}]),
        "network.endpoints[1].service",
        "sts is there twice",
    ),
    "a gateway endpoint in tables of others": (
        network(
            vpc={"kind": "id", "id": "vpc-01234567"},
            nat="none",
            subnets={"kind": "existing", "private": {"kind": "tags", "tags": {"tier": "private"}}},
            endpoints=[{"kind": "gateway", "service": "s3"}],
        ),
        "network.endpoints[0].kind",
        "tables of others",
    ),
    "flow logs of no kind": (network(flowLogs=[{}]), "network.flowLogs[0].kind", "Write s3 or cloudwatch"),
    "a bucket that is none": (
        network(flowLogs=[{"kind": "s3", "bucketArn": "logs"}]),
        "network.flowLogs[0].bucketArn",
        "Write the ARN",
    ),
    "a bucket that is a log group": (
        network(flowLogs=[{"kind": "s3", "bucketArn": LOG_GROUP}]),
        "network.flowLogs[0].bucketArn",
        "arn:aws:s3:::name",
    ),
    "a log group that is a bucket": (
        network(flowLogs=[{"kind": "cloudwatch", "logGroupArn": "arn:aws:s3:::logs", "roleArn": ROLE}]),
        "network.flowLogs[0].logGroupArn",
        "log-group:name",
    ),
    "a log group without a role": (
        network(flowLogs=[{"kind": "cloudwatch", "logGroupArn": LOG_GROUP}]),
        "network.flowLogs[0].roleArn",
        "required",
    ),
    "a role that is none": (
        network(flowLogs=[{"kind": "cloudwatch", "logGroupArn": LOG_GROUP, "roleArn": "flows"}]),
        "network.flowLogs[0].roleArn",
        "pattern",
    ),
    "an interval that AWS doesn't have": (
        network(flowLogs=[{"kind": "s3", "bucketArn": "arn:aws:s3:::logs", "interval": 300}]),
        "network.flowLogs[0].interval",
        "60 or 600",
    ),
    "a quota above the highest": (inside("quotas", rulesPerGroup=1001), "network.quotas.rulesPerGroup", "1000"),
    "a quota of routes above the highest": (
        inside("quotas", routesPerTable=1001),
        "network.quotas.routesPerTable",
        "1000",
    ),
    "a quota of an ACL's rules above the highest": (
        inside("quotas", rulesPerAcl=41),
        "network.quotas.rulesPerAcl",
        "40",
    ),
    "a quota below none": (inside("quotas", elasticAddresses=-1), "network.quotas.elasticAddresses", "equal to 0"),
    "unknown quota": (inside("quotas", vpcs=3), "network.quotas.vpcs", "unknown key"),
    "more ways out than rules": (
        both(inside("quotas", rulesPerGroup=2), network(egress=[f"10.{n}.0.0/16" for n in range(20, 50, 2)])),
        "network.egress",
        "more rules are too many for the security group of the nodes",
    ),
    "six groups of nodes": (network(nodeGroups=6), "network.nodeGroups", "less than or equal to 5"),
    "more rules than an interface takes": (
        both(inside("quotas", rulesPerGroup=250), network(nodeGroups=5)),
        "network.nodeGroups",
        "5 groups of 250 rules",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_is_named_with_its_path(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(MISTAKES[mistake], monkeypatch)
