"""Network topology: each row of the feature list, on what the engine made."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network
from typing import Any

import pytest

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws, made_by, named
from tests.e2e.examples import Corporate, make_bucket, make_corporate
from tests.e2e.features.networks import changed, destination, led, mistaken, network, rules, subnets, tables
from tests.e2e.projects import Config, Project, Projects

REGION = "eu-central-1"
A, B, C = (f"{REGION}{letter}" for letter in "abc")
STACK = "wide/dev"
LAYOUT = [
    {"role": "private", "prefix": 21},
    {"role": "public", "prefix": 22},
    {"role": "isolated", "prefix": 22},
    {"role": "reserved", "prefix": 22},
]
CARVED = {
    f"wide-private-{A}": "10.0.0.0/21",
    f"wide-public-{A}": "10.0.8.0/22",
    f"wide-isolated-{A}": "10.0.12.0/22",
    f"wide-private-{B}": "10.0.32.0/21",
    f"wide-public-{B}": "10.0.40.0/22",
    f"wide-isolated-{B}": "10.0.44.0/22",
}
GAPS = {A: "10.0.16.0/22", B: "10.0.48.0/22"}
PODS = {f"wide-pods-{A}": "100.66.0.0/19", f"wide-pods-{B}": "100.66.32.0/19"}
WIDE: Config = {
    "vpc": {"kind": "new", "cidr": "10.0.0.0/16", "ipv6": True, "secondary": [{"cidr": "100.66.0.0/16"}]},
    "subnets": {"kind": "carved", "layout": LAYOUT},
    "nat": "per-zone",
    "pods": {"kind": "vpc"},
    "egress": ["anywhere"],
    "cluster": "wide",
    "endpoints": [
        {"kind": "gateway", "service": "s3"},
        {"kind": "interface", "service": "ecr.api"},
        {"kind": "interface", "service": "sts", "privateDns": False},
    ],
    "flowLogs": [{"kind": "s3", "bucketArn": "arn:aws:s3:::wide-traffic/flows", "traffic": "reject"}],
    "acls": [
        {
            "role": "isolated",
            "ingress": [{"number": 100, "action": "deny", "cidr": "198.51.100.0/24"}],
            "egress": [{"number": 110, "action": "allow", "protocol": "tcp", "cidr": "198.51.100.0/24",
                        "ports": {"first": 443, "last": 443}}],
        }
    ],
}  # fmt: skip
PEER = {"kind": "peering", "name": "other", "connection": "pcx-0123456789abcdef0"}


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module")
def wide(projects: Projects, cloud: Cloud) -> Project:
    make_bucket(cloud.environment(), REGION, "wide-traffic")
    made = projects.make("wide", network("wide", REGION, **WIDE))
    made.up().ok()
    return made


@pytest.fixture(scope="module")
def vpc(aws: Aws, wide: Project) -> dict[str, Any]:
    del wide
    return dict(aws.ec2.describe_vpcs(VpcIds=[named(aws, STACK, "vpc")["wide"]])["Vpcs"][0])


@pytest.mark.usefixtures("wide")
def test_row_01_creates_vpc_and_subnets_per_zone(aws: Aws, vpc: dict[str, Any]) -> None:
    found = subnets(aws, STACK)
    assert {subnet["VpcId"] for subnet in found.values()} == {vpc["VpcId"]}
    assert {name: subnet["AvailabilityZone"] for name, subnet in found.items()} == {
        f"wide-{role}-{zone}": zone for role in ("private", "public", "isolated", "pods") for zone in (A, B)
    }


@pytest.mark.usefixtures("wide")
def test_row_03_carves_ranges_by_itself(aws: Aws) -> None:
    assert {name: subnet["CidrBlock"] for name, subnet in subnets(aws, STACK).items()} == CARVED | PODS


@pytest.mark.usefixtures("wide")
def test_row_06_secondary_ranges_of_the_vpc_hold_subnets(aws: Aws, vpc: dict[str, Any]) -> None:
    assert {item["CidrBlock"] for item in vpc["CidrBlockAssociationSet"]} == {"10.0.0.0/16", "100.66.0.0/16"}
    for name in PODS:
        assert IPv4Network(subnets(aws, STACK)[name]["CidrBlock"]).subnet_of(IPv4Network("100.66.0.0/16"))


@pytest.mark.usefixtures("wide")
def test_row_08_nat_per_zone(aws: Aws) -> None:
    """None and a single one: test_row_02 and test_row_07; from one to another: test_changes_network.py."""
    gateways, rows = named(aws, STACK, "nat-gateway"), tables(aws, STACK)
    assert gateways.keys() == {f"wide-{A}", f"wide-{B}"}
    for zone in (A, B):
        assert led(rows[f"wide-private-{zone}"], "NatGatewayId") == {"0.0.0.0/0": gateways[f"wide-{zone}"]}
    assert not led(rows["wide-isolated"], "NatGatewayId")


@pytest.mark.usefixtures("wide")
def test_row_09_every_subnet_has_a_range_of_each_family(aws: Aws, vpc: dict[str, Any]) -> None:
    (whole,) = [item["Ipv6CidrBlock"] for item in vpc["Ipv6CidrBlockAssociationSet"]]
    found = subnets(aws, STACK).values()
    ranges = [IPv6Network(item["Ipv6CidrBlock"]) for subnet in found for item in subnet["Ipv6CidrBlockAssociationSet"]]
    assert len(set(ranges)) == len(found) == 8
    assert all(cidr.prefixlen == 64 and cidr.subnet_of(IPv6Network(whole)) for cidr in ranges)
    assert all(subnet["AssignIpv6AddressOnCreation"] for subnet in found)


@pytest.mark.usefixtures("wide")
def test_row_10_private_subnets_leave_by_an_egress_only_gateway(aws: Aws) -> None:
    (gateway,) = named(aws, STACK, "egress-only-gateway").values()
    rows = tables(aws, STACK)
    for zone in (A, B):
        assert led(rows[f"wide-private-{zone}"], "EgressOnlyInternetGatewayId") == {"::/0": gateway}
    internet = named(aws, STACK, "internet-gateway")["wide"]
    public = {destination(row): row.get("GatewayId") for row in rows["wide-public"]}
    assert (public["0.0.0.0/0"], public["::/0"]) == (internet, internet)
    assert not {"0.0.0.0/0", "::/0"} & {destination(row) for row in rows["wide-isolated"]}


@pytest.mark.usefixtures("wide")
def test_row_11_endpoints_of_either_kind(aws: Aws, vpc: dict[str, Any]) -> None:
    of_it: Any = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    found = {
        item["ServiceName"].split(".", 3)[3]: item
        for item in aws.ec2.describe_vpc_endpoints(Filters=of_it)["VpcEndpoints"]
    }
    assert {name: item["VpcEndpointType"] for name, item in found.items()} == {
        "s3": "Gateway",
        "ecr.api": "Interface",
        "sts": "Interface",
    }
    assert set(found["s3"]["RouteTableIds"]) == set(named(aws, STACK, "route-table").values())
    own = subnets(aws, STACK)
    assert set(found["sts"]["SubnetIds"]) == {own[f"wide-private-{zone}"]["SubnetId"] for zone in (A, B)}
    assert (found["ecr.api"]["PrivateDnsEnabled"], found["sts"]["PrivateDnsEnabled"]) == (True, False)
    (group,) = {item["GroupId"] for item in found["sts"]["Groups"]}
    nodes = named(aws, STACK, "security-group")["wide-nodes"]
    assert rules(aws, group) == {("in", "tcp", (443, 443), nodes)}


@pytest.mark.usefixtures("wide")
def test_row_12_flow_log_of_the_vpc(aws: Aws, vpc: dict[str, Any]) -> None:
    (log,) = named(aws, STACK, "flow-log").values()
    (found,) = aws.ec2.describe_flow_logs(FlowLogIds=[log])["FlowLogs"]
    assert (found["ResourceId"], found["TrafficType"]) == (vpc["VpcId"], "REJECT")
    assert found["LogDestination"] == "arn:aws:s3:::wide-traffic/flows"


@pytest.mark.usefixtures("wide")
def test_row_13_network_acl_of_a_role(aws: Aws) -> None:
    (acl,) = named(aws, STACK, "network-acl").values()
    (found,) = aws.ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"]
    own = subnets(aws, STACK)
    isolated = {own[f"wide-isolated-{zone}"]["SubnetId"] for zone in (A, B)}
    assert {item["SubnetId"] for item in found["Associations"]} == isolated
    entries = {(row["Egress"], row["RuleNumber"]): row for row in found["Entries"] if row["RuleNumber"] < 32767}
    assert entries[False, 100]["RuleAction"] == "deny"
    assert entries[True, 110]["PortRange"] == {"From": 443, "To": 443}
    within = {row.get("CidrBlock") or row["Ipv6CidrBlock"] for (_, number), row in entries.items() if number < 100}
    assert within >= {"10.0.0.0/16", "100.66.0.0/16"}, "the network's own ranges pass"


@pytest.mark.usefixtures("wide")
def test_row_14_default_security_group_admits_nothing(aws: Aws, vpc: dict[str, Any]) -> None:
    of_it: Any = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}, {"Name": "group-name", "Values": ["default"]}]
    (group,) = aws.ec2.describe_security_groups(Filters=of_it)["SecurityGroups"]
    assert rules(aws, group["GroupId"]) == set()


@pytest.mark.usefixtures("wide")
def test_row_15_subnets_bear_the_tags_that_controllers_look_for(aws: Aws) -> None:
    for name, subnet in subnets(aws, STACK).items():
        tags = {tag["Key"]: tag["Value"] for tag in subnet["Tags"] if tag["Key"].startswith("kubernetes.io/")}
        role = {"private": "internal-elb", "public": "elb"}.get(name.split("-")[1])
        roles = {f"kubernetes.io/role/{role}": "1"} if role else {}
        assert tags == {"kubernetes.io/cluster/wide": "shared", **roles}, name


def test_row_16_peered_and_transit_networks_are_routed(wide: Project, aws: Aws, vpc: dict[str, Any]) -> None:
    ec2 = aws.ec2
    other = ec2.create_vpc(CidrBlock="10.200.0.0/16")["Vpc"]["VpcId"]
    peering = ec2.create_vpc_peering_connection(VpcId=vpc["VpcId"], PeerVpcId=other)["VpcPeeringConnection"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering["VpcPeeringConnectionId"])
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    own = subnets(aws, STACK)
    attached = [own[f"wide-isolated-{zone}"]["SubnetId"] for zone in (A, B)]
    ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway, VpcId=vpc["VpcId"], SubnetIds=attached)
    ec2.describe_transit_gateway_vpc_attachments()
    links = [
        {
            "kind": "peering",
            "name": "sales",
            "connection": peering["VpcPeeringConnectionId"],
            "cidrs": ["10.200.0.0/16"],
        },
        {"kind": "transit-gateway", "name": "offices", "gateway": gateway, "cidrs": ["10.201.0.0/16", "10.202.0.0/16"]},
    ]
    changed(wide, links=links)
    updated = {f"update RouteTable {name}" for name in tables(aws, STACK)}
    assert wide.up().ok().changes == {"update ClusterNetwork wide", *updated}
    for name, rows in tables(aws, STACK).items():
        assert led(rows, "VpcPeeringConnectionId") == {"10.200.0.0/16": peering["VpcPeeringConnectionId"]}, name
        assert led(rows, "TransitGatewayId") == {"10.201.0.0/16": gateway, "10.202.0.0/16": gateway}, name


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"pods": {"kind": "routed", "cidr": "10.0.64.0/20"}}, "network.pods.cidr"),
        ({"serviceCidr": "100.66.7.0/24"}, "network.serviceCidr"),
        ({"links": [{**PEER, "cidrs": ["10.96.8.0/24"]}]}, "network.links[0].cidrs[0]"),
    ],
    ids=["pods", "Services", "peer"],
)
def test_row_17_overlaps_are_refused_before_apply(wide: Project, fields: Config, path: str) -> None:
    (error,) = mistaken(wide, **fields).errors
    assert f"{path}: " in error
    assert "overlaps" in error
    assert "Move one of them" in error


def test_row_05_reserved_gap_stays_free_and_becomes_a_subnet(wide: Project, aws: Aws) -> None:
    before = subnets(aws, STACK)
    for subnet in before.values():
        assert not any(IPv4Network(subnet["CidrBlock"]).overlaps(IPv4Network(gap)) for gap in GAPS.values())
    filled = [*LAYOUT[:3], {"role": "isolated", "prefix": 22, "index": 1}]
    changed(wide, subnets={"kind": "carved", "layout": filled})
    run = wide.up().ok()
    assert not {change for change in run.changes if change.startswith(("replace", "delete"))}
    after = subnets(aws, STACK)
    assert {name: after[name]["SubnetId"] for name in before} == {name: it["SubnetId"] for name, it in before.items()}
    new = {name: subnet["CidrBlock"] for name, subnet in after.items() if name not in before}
    assert new == {f"wide-isolated-{zone}-1": gap for zone, gap in GAPS.items()}


def test_row_04_more_zones_and_slots_leave_the_others_as_they_are(wide: Project, aws: Aws) -> None:
    before = {thing.id for thing in made_by(aws, STACK)}
    layout = [*wide.config["cluster:network"]["subnets"]["layout"], {"role": "private", "prefix": 22, "index": 1}]
    changed(wide, zones=[A, B, C], subnets={"kind": "carved", "layout": layout})
    run = wide.up().ok()
    assert not {change for change in run.changes if not change.startswith(("create", "update"))}
    assert {thing.id for thing in made_by(aws, STACK)} > before
    assert subnets(aws, STACK)[f"wide-private-{C}-1"]["CidrBlock"] == "10.0.84.0/22"
    assert wide.up("--expect-no-changes").ok().changes == set()


@pytest.mark.parametrize(
    "fields",
    [
        {"zones": [B, A, C]},
        {"subnets": {"kind": "carved", "layout": [{"role": "reserved", "prefix": 21}, *LAYOUT]}},
        {"vpc": {**WIDE["vpc"], "cidr": "10.4.0.0/16"}},
    ],
    ids=["zones swapped", "slot put before others", "another range of the VPC"],
)
def test_a_subnet_moves_on_purpose_alone(wide: Project, fields: Config) -> None:
    former = wide.config
    changed(wide, **fields)
    refused = wide.preview()
    moved = {
        "kind": "carved",
        "layout": former["cluster:network"]["subnets"]["layout"],
        **fields.get("subnets", {}),
    }
    changed(wide, subnets={**moved, "moves": True})
    allowed = wide.preview()
    wide.configure(former)
    assert refused.code > 0
    assert "Traceback" not in refused.said
    assert any(re.search(r"wide-\S+ would move from 10\.0\.\S+ to 10\.", error) for error in refused.errors), (
        refused.errors
    )
    assert all("subnets.moves" in error for error in refused.errors)
    replaced = {step.name for step in allowed.ok().steps if step.op == "replace" and step.kind == "Subnet"}
    assert replaced >= {f"wide-private-{A}", f"wide-private-{B}"}


def test_row_02_existing_vpc_gets_subnets_and_keeps_all_else(projects: Projects, aws: Aws) -> None:
    """Adopted by tags, with subnets that are there: test_example_networks.py."""
    corporate: Corporate = make_corporate(aws, REGION, Name="landlord")
    theirs = corporate.seen()
    described = network(
        "guest",
        REGION,
        vpc={"kind": "id", "id": corporate.vpc, "cidr": "172.31.192.0/20", "secondary": [{"cidr": "100.67.0.0/16"}]},
    )
    guest = projects.make("guest", described)
    guest.up().ok()
    found = subnets(aws, "guest/dev")
    assert {subnet["VpcId"] for subnet in found.values()} == {corporate.vpc}
    assert found[f"guest-private-{A}"]["CidrBlock"] == "172.31.192.0/24"
    rows = tables(aws, "guest/dev")
    assert not led(rows[f"guest-private-{A}"], "NatGatewayId"), "no NAT is the default"
    (way,) = [row["GatewayId"] for row in rows["guest-public"] if destination(row) == "0.0.0.0/0"]
    assert way.startswith("igw-"), "the gateway that is there"
    assert not {thing.kind for thing in made_by(aws, "guest/dev")} & {"vpc", "internet-gateway", "nat-gateway"}
    assert guest.up("--expect-no-changes").ok().changes == set()
    guest.destroy().ok()
    assert corporate.seen() == theirs


def test_row_07_range_of_an_ipam_pool(projects: Projects, aws: Aws) -> None:
    ec2 = aws.ec2
    ipam = ec2.create_ipam(OperatingRegions=[{"RegionName": REGION}])["Ipam"]
    pool = ec2.create_ipam_pool(IpamScopeId=ipam["PrivateDefaultScopeId"], AddressFamily="ipv4", Locale=REGION)
    pool_id = pool["IpamPool"]["IpamPoolId"]
    ec2.provision_ipam_pool_cidr(IpamPoolId=pool_id, Cidr="10.32.0.0/14")
    vpc = {"kind": "new", "cidr": "10.33.0.0/16", "ipamPool": pool_id}
    pooled = projects.make("pooled", network("pooled", REGION, vpc=vpc, nat="single"))
    pooled.up().ok()
    made = named(aws, "pooled/dev", "vpc")["pooled"]
    taken = ec2.get_ipam_pool_allocations(IpamPoolId=pool_id)["IpamPoolAllocations"]
    assert [(item["Cidr"], item["ResourceId"]) for item in taken] == [("10.33.0.0/16", made)]
    (gateway,) = named(aws, "pooled/dev", "nat-gateway").values()
    for zone in (A, B):
        rows = tables(aws, "pooled/dev")[f"pooled-private-{zone}"]
        assert led(rows, "NatGatewayId") == {"0.0.0.0/0": gateway}, "row 8: a single one"
    pooled.destroy().ok()
    assert ec2.get_ipam_pool_allocations(IpamPoolId=pool_id)["IpamPoolAllocations"] == []
