from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError

from tests.integration.local.aws.case import Case, advance, config, ec2, elbv2, route53
from tests.integration.local.aws.conftest import Server

EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
ERRORS = f"{EC2}/errors-overview.html"
PAGES = "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-pagination.html"
TOKENS = "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html"
RATES = "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html"
ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference"
ELB_RATES = "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html"
R53 = "https://docs.aws.amazon.com/Route53/latest/APIReference"
R53_RATES = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html"

VPC = ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId")
TABLE = ec2.create_route_table(VpcId="$vpc", ClientToken="one").keep(table="RouteTable.RouteTableId")
MISMATCH = (
    "IdempotentParameterMismatch",
    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
)
ZONE = route53.create_hosted_zone(Name="example.com", CallerReference="one").keep(zone="HostedZone.Id")


def records(count: int) -> list[dict[str, Any]]:
    return [
        {
            "Action": "CREATE",
            "ResourceRecordSet": {
                "Name": f"h{number:03}.example.com",
                "Type": "A",
                "TTL": 60,
                "ResourceRecords": [{"Value": "10.0.0.1"}],
            },
        }
        for number in range(count)
    ]


CASES = [
    Case(
        "a dry run changes nothing",
        ERRORS,
        ec2.create_vpc(CidrBlock="10.0.0.0/16", DryRun=True).refused(
            "DryRunOperation", "Request would have succeeded, but DryRun flag is set.", status=412
        ),
        ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}]).answers({"Vpcs": []}),
    ),
    Case(
        "a dry run of what is missing a parameter",
        ERRORS,
        ec2.create_vpc_peering_connection(DryRun=True).refused(
            "MissingParameter", "The request must contain the parameter vpcId"
        ),
    ),
    Case(
        "a repeated token is answered as before",
        TOKENS,
        VPC,
        TABLE,
        TABLE.answers({"RouteTable.RouteTableId": "$table"}),
    ),
    Case(
        "a token with other parameters",
        TOKENS,
        VPC,
        TABLE,
        ec2.create_route_table(
            VpcId="$vpc",
            ClientToken="one",
            TagSpecifications=[{"ResourceType": "route-table", "Tags": [{"Key": "a", "Value": "b"}]}],
        ).refused(*MISMATCH),
    ),
    Case(
        "a refused call doesn't use its token up",
        TOKENS,
        ec2.create_route_table(VpcId="vpc-0123456789abcdef0", ClientToken="one").refused(
            "InvalidVpcID.NotFound", "The vpc ID 'vpc-0123456789abcdef0' does not exist"
        ),
        VPC,
        TABLE,
    ),
    Case(
        "a token is one operation's own",
        TOKENS,
        VPC,
        TABLE,
        ec2.create_egress_only_internet_gateway(VpcId="$vpc", ClientToken="one"),
    ),
    Case(
        "a filter that AWS doesn't have",
        f"{EC2}/API_DescribeVpcs.html",
        ec2.describe_vpcs(Filters=[{"Name": "colour", "Values": ["red"]}]).refused(
            "InvalidParameterValue", "The filter 'colour' is invalid"
        ),
    ),
    Case(
        "another name of a filter",
        f"{EC2}/API_DescribeSubnets.html",
        VPC,
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24"),
        ec2.describe_subnets(Filters=[{"Name": "cidrBlock", "Values": ["10.0.1.0/24"]}]).answers(
            {"Subnets[].CidrBlock": ["10.0.1.0/24"]}
        ),
    ),
    Case(
        "a filter by tag",
        f"{EC2}/API_DescribeVpcs.html",
        ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["main"]}]).answers({"Vpcs": []}),
    ),
    Case(
        "a filter of a list that names it in the singular",
        f"{EC2}/API_DescribeNatGateways.html",
        ec2.describe_nat_gateways(Filter=[{"Name": "colour", "Values": ["red"]}]).refused(
            "InvalidParameterValue", "The filter 'colour' is invalid"
        ),
    ),
    Case(
        "more values of filters than 200",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html",
        ec2.describe_vpcs(Filters=[{"Name": "vpc-id", "Values": [f"vpc-{n}" for n in range(201)]}]).refused(
            "FilterLimitExceeded", "The maximum number of filter values specified on a single call is 200"
        ),
    ),
    Case(
        "pages of subnets",
        PAGES,
        VPC,
        *[ec2.create_subnet(VpcId="$vpc", CidrBlock=f"10.0.{n}.0/24") for n in range(7)],
        ec2.describe_subnets(MaxResults=5, Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}])
        .keep(rest="NextToken")
        .answers({"length(Subnets)": 5}),
        ec2.describe_subnets(MaxResults=5, NextToken="$rest", Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}]).answers(
            {"length(Subnets)": 2, "NextToken": None}
        ),
    ),
    Case(
        "a page that holds all",
        PAGES,
        ec2.describe_vpcs(MaxResults=5).answers({"length(Vpcs)": 1, "NextToken": None}),
    ),
    Case(
        "a page's size below the least",
        PAGES,
        ec2.describe_subnets(MaxResults=1).refused(
            "InvalidParameterValue",
            "Value ( 1 ) for parameter maxResults is invalid. Expecting a value greater than 5.",
        ),
    ),
    Case(
        "a page's size above the most",
        f"{EC2}/API_DescribeRouteTables.html",
        ec2.describe_route_tables(MaxResults=101).refused(
            "InvalidParameterValue",
            "Value ( 101 ) for parameter maxResults is invalid. Expecting a value less than 100.",
        ),
    ),
    Case(
        "a token of nobody's",
        PAGES,
        ec2.describe_subnets(NextToken="nobody").refused("InvalidNextToken", "The token 'nobody' is invalid"),
    ),
    Case(
        "a token of another list",
        PAGES,
        ec2.describe_availability_zones(),
        VPC,
        *[ec2.create_subnet(VpcId="$vpc", CidrBlock=f"10.0.{n}.0/24") for n in range(4)],
        ec2.describe_subnets(MaxResults=5).keep(rest="NextToken"),
        ec2.describe_vpcs(NextToken="$rest").refused("InvalidNextToken", "The token '$rest' is invalid"),
    ),
    Case(
        "ids together with a page's size",
        f"{EC2}/API_DescribeNetworkInterfaces.html",
        VPC,
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24").keep(subnet="Subnet.SubnetId"),
        ec2.create_network_interface(SubnetId="$subnet").keep(eni="NetworkInterface.NetworkInterfaceId"),
        ec2.describe_network_interfaces(NetworkInterfaceIds=["$eni"], MaxResults=5).refused(
            "InvalidParameterCombination",
            "The parameter networkInterfaceId cannot be used with the parameter maxResults",
        ),
    ),
    Case(
        "a page's size that load balancers don't have",
        f"{ELB}/API_DescribeLoadBalancers.html",
        elbv2.describe_load_balancers(PageSize=401).refused(
            "ValidationError",
            "1 validation error detected: Value '401' at 'pageSize' failed to satisfy constraint: "
            "Member must have value less than or equal to 400",
        ),
    ),
    Case(
        "pages of target groups",
        f"{ELB}/API_DescribeTargetGroups.html",
        VPC,
        *[elbv2.create_target_group(Name=f"g{n}", Protocol="TCP", Port=80, VpcId="$vpc") for n in range(3)],
        elbv2.describe_target_groups(PageSize=2).keep(marker="NextMarker").answers({"length(TargetGroups)": 2}),
        elbv2.describe_target_groups(Marker="$marker").answers({"length(TargetGroups)": 1, "NextMarker": None}),
    ),
    Case(
        "a marker of nobody's",
        f"{ELB}/API_DescribeTargetGroups.html",
        elbv2.describe_target_groups(Marker="nobody").refused("ValidationError", "Invalid marker: 'nobody'"),
    ),
    Case(
        "pages of zones",
        f"{R53}/API_ListHostedZones.html",
        *[route53.create_hosted_zone(Name=f"z{n}.example.com", CallerReference=f"{n}") for n in range(3)],
        route53.list_hosted_zones(MaxItems="2")
        .keep(marker="NextMarker")
        .answers({"length(HostedZones)": 2, "IsTruncated": True, "MaxItems": "2"}),
        route53.list_hosted_zones(Marker="$marker").answers(
            {"length(HostedZones)": 1, "IsTruncated": False, "MaxItems": "100", "NextMarker": None}
        ),
    ),
    Case(
        "zones by name come in the order of their labels from the right",
        f"{R53}/API_ListHostedZonesByName.html",
        *[route53.create_hosted_zone(Name=name, CallerReference=name) for name in ("b.test", "a.example", "c.example")],
        route53.list_hosted_zones_by_name(MaxItems="2")
        .keep(name="NextDNSName", id="NextHostedZoneId")
        .answers({"HostedZones[].Name": ["a.example.", "c.example."], "IsTruncated": True}),
        route53.list_hosted_zones_by_name(DNSName="$name", HostedZoneId="$id").answers(
            {"HostedZones[].Name": ["b.test."], "IsTruncated": False}
        ),
    ),
    Case(
        "no more than 300 records in a page",
        f"{R53}/API_ListResourceRecordSets.html",
        ZONE,
        route53.change_resource_record_sets(HostedZoneId="$zone", ChangeBatch={"Changes": records(305)}),
        route53.list_resource_record_sets(HostedZoneId="$zone", MaxItems="1000")
        .keep(name="NextRecordName", type="NextRecordType")
        .answers({"length(ResourceRecordSets)": 300, "IsTruncated": True, "MaxItems": "300"}),
        route53.list_resource_record_sets(
            HostedZoneId="$zone", StartRecordName="$name", StartRecordType="$type"
        ).answers({"length(ResourceRecordSets)": 7, "IsTruncated": False, "ResourceRecordSets[0].Name": "$name"}),
    ),
    Case(
        "records from a type on, without a name",
        f"{R53}/API_ListResourceRecordSets.html",
        ZONE,
        route53.list_resource_record_sets(HostedZoneId="$zone", StartRecordType="A").refused(
            "InvalidInput", "If you specify StartRecordType, you must also specify StartRecordName."
        ),
    ),
    Case(
        "a value that Route53's model doesn't have",
        f"{R53}/CommonErrors.html",
        route53.list_hosted_zones(HostedZoneType="Public").refused(
            "InvalidInput",
            "1 validation error detected: Value 'Public' at 'hostedZoneType' failed to satisfy constraint: "
            "Member must satisfy enum value set: [PrivateHostedZone]",
        ),
    ),
    Case(
        "what moto doesn't have is said plainly",
        ERRORS,
        ec2.describe_vpcs(Filters=[{"Name": "ipv6-cidr-block-association.ipv6-pool", "Values": ["x"]}]).refused(
            "NotImplemented",
            "The embedded AWS does not have this of ec2's DescribeVpcs: "
            "The filter 'ipv6-cidr-block-association.ipv6-pool' for DescribeVpcs has not been implemented in Moto yet. "
            "Feel free to open an issue at https://github.com/getmoto/moto/issues",
            status=501,
        ),
    ),
    Case(
        "EC2's changes come no faster than five a second after fifty",
        RATES,
        config(throttling=True, quotas={"vpcs-per-region": 100}),
        *[VPC] * 50,
        VPC.refused("RequestLimitExceeded", "Request limit exceeded.", status=503),
        ec2.describe_vpcs(),
        advance(0.2),
        VPC,
        VPC.refused("RequestLimitExceeded", "Request limit exceeded.", status=503),
    ),
    Case(
        "reads of load balancers share a bucket",
        ELB_RATES,
        config(throttling=True),
        *[elbv2.describe_load_balancers(), elbv2.describe_target_groups()] * 20,
        elbv2.describe_target_groups().refused("ThrottlingException", "Rate exceeded", status=400),
        advance(1),
        *[elbv2.describe_load_balancers()] * 10,
        elbv2.describe_load_balancers().refused("ThrottlingException", "Rate exceeded"),
    ),
    Case(
        "Route53 counts all calls together",
        R53_RATES,
        config(throttling=True),
        *[route53.list_hosted_zones()] * 50,
        route53.get_hosted_zone_count().refused("Throttling", "Rate exceeded", status=400),
        advance(0.1),
        route53.get_hosted_zone_count(),
    ),
    Case(
        "a key that AWS doesn't know",
        ERRORS,
        config(rejected_keys=["kubewire-local"]),
        ec2.describe_vpcs().refused(
            "AuthFailure", "AWS was not able to validate the provided access credentials", status=401
        ),
        elbv2.describe_load_balancers().refused(
            "InvalidClientTokenId", "The security token included in the request is invalid.", status=403
        ),
        route53.list_hosted_zones().refused(
            "InvalidClientTokenId", "The security token included in the request is invalid.", status=403
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_every_call_is_treated_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)


@pytest.mark.parametrize(
    "path", ["/?Action=DescribeVpcs&Version=2016-11-15", "/?Action=DescribeLoadBalancers&Version=2015-12-01"]
)
def test_who_does_not_sign_is_refused(world: Server, path: str) -> None:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (MissingAuthenticationToken)
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{world.url}{path}", timeout=30).close()  # noqa: S310 - our own server on loopback
    assert refused.value.code == 403
    assert b"<Code>MissingAuthenticationToken</Code>" in refused.value.read()


def test_an_action_that_is_none(world: Server) -> None:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidAction)
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{world.url}/?Action=DescribeNothing&Version=2016-11-15", timeout=30).close()  # noqa: S310 - as above
    assert b"The action DescribeNothing is not valid for this web service." in refused.value.read()


def test_other_services_are_motos(world: Server) -> None:
    assert world.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_lenient_is_plain_moto(world: Server) -> None:
    world.control("config", strict=False)
    ec2_client = world.client("ec2")
    vpc = ec2_client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]
    assert vpc["State"] == "available"
    assert ec2_client.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.0.0.0/29")["Subnet"]["CidrBlock"] == "10.0.0.0/29"
    world.control("config", strict=True)
    with pytest.raises(ClientError, match="is invalid"):
        ec2_client.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.0.1.0/29")


def test_motos_own_reset_empties_it_too(world: Server) -> None:
    vpc = world.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    request = Request(f"{world.url}/moto-api/reset", method="POST")  # noqa: S310 - our own server on loopback
    urlopen(request, timeout=30).close()  # noqa: S310 - as above
    with pytest.raises(ClientError, match="does not exist"):
        world.client("ec2").describe_vpcs(VpcIds=[vpc])


@pytest.mark.parametrize(
    ("what", "body", "said"),
    [
        ("config", {"quotas": {"moons": 1}}, b"there is no quota moons"),
        ("config", {"durations": {"for-ever": 1}}, b"there is no duration for-ever"),
        ("config", {"colour": "red"}, b"Extra inputs are not permitted"),
        ("clock", {"advance": -1}, b"greater than or equal to 0"),
    ],
)
def test_what_cannot_be_set_is_said(world: Server, what: str, body: dict[str, Any], said: bytes) -> None:
    before = world.control("")
    with pytest.raises(HTTPError) as refused:
        world.control(what, **body)
    assert refused.value.code == 400
    assert said in refused.value.read()
    assert world.control("") == before
