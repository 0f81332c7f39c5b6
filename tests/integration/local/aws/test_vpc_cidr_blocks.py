from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.local.aws.case import Case, Step, advance, config, ec2

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
BLOCKS = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"
LIMITS = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
PEERS = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"

VPC = ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId")
STATES = "Vpcs[0].CidrBlockAssociationSet[].CidrBlockState.State"
SIX_STATES = "Vpcs[0].Ipv6CidrBlockAssociationSet[].Ipv6CidrBlockState.State"
ADD_SIX = ec2.associate_vpc_cidr_block(VpcId="$vpc", AmazonProvidedIpv6CidrBlock=True).keep(
    six="Ipv6CidrBlockAssociation.Ipv6CidrBlock", range="Ipv6CidrBlockAssociation.AssociationId"
)
DESCRIBE = ec2.describe_vpcs(VpcIds=["$vpc"])
TAKE_AWAY = ec2.disassociate_vpc_cidr_block(AssociationId="$range")


def vpc(cidr: str) -> Step:
    return ec2.create_vpc(CidrBlock=cidr).keep(vpc="Vpc.VpcId")


def add(cidr: str) -> Step:
    return ec2.associate_vpc_cidr_block(VpcId="$vpc", CidrBlock=cidr)


def kept(cidr: str) -> Step:
    return add(cidr).keep(range="CidrBlockAssociation.AssociationId")


def restricted(cidr: str) -> Step:
    return add(cidr).refused(
        "InvalidVpc.Range",
        f"The CIDR '{cidr}' is restricted. Use a CIDR from the same private address range as the current VPC CIDR, or "
        "use a publicly-routable CIDR. For additional restrictions, see "
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    )


def subnet(cidr: str, **more: Any) -> Step:
    return ec2.create_subnet(VpcId="$vpc", CidrBlock=cidr, **more).keep(subnet="Subnet.SubnetId")


def out_of_range(cidr: str) -> tuple[str, str]:
    return "InvalidSubnet.Range", f"The CIDR '{cidr}' is invalid."


def in_use(cidr: str) -> tuple[str, str]:
    return "InvalidCidrBlock.InUse", f"The vpc $vpc currently has a subnet within CIDR block {cidr}"


IPV4 = [
    Case(
        "a further range comes in a while, and subnets can be in it then",
        f"{API}/API_AssociateVpcCidrBlock.html",
        config(durations={"vpc-cidr-block.associated": 10}),
        VPC,
        add("100.64.0.0/16").answers({"CidrBlockAssociation.CidrBlockState.State": "associating"}),
        DESCRIBE.answers({STATES: ["associated", "associating"]}),
        subnet("100.64.1.0/24").refused(*out_of_range("100.64.1.0/24")),
        advance(10),
        DESCRIBE.answers({STATES: ["associated", "associated"]}),
        subnet("100.64.1.0/24"),
    ),
    Case(
        "a further range is routed locally in every table",
        f"{API}/API_AssociateVpcCidrBlock.html",
        VPC,
        ec2.create_route_table(VpcId="$vpc").keep(table="RouteTable.RouteTableId"),
        kept("100.64.0.0/16"),
        ec2.describe_route_tables(RouteTableIds=["$table"]).answers(
            {
                "RouteTables[0].Routes[].[DestinationCidrBlock, GatewayId]": [
                    ["10.0.0.0/16", "local"],
                    ["100.64.0.0/16", "local"],
                ]
            }
        ),
        TAKE_AWAY,
        ec2.describe_route_tables(RouteTableIds=["$table"]).answers(
            {"RouteTables[0].Routes[].DestinationCidrBlock": ["10.0.0.0/16"]}
        ),
    ),
    Case(
        "a further range below /28",
        BLOCKS,
        VPC,
        add("10.1.0.0/29").refused("InvalidVpc.Range", "The CIDR '10.1.0.0/29' is invalid."),
    ),
    Case(
        "a further range above /16",
        BLOCKS,
        VPC,
        add("100.64.0.0/10").refused("InvalidVpc.Range", "The CIDR '100.64.0.0/10' is invalid."),
    ),
    Case(
        "a range that no machine can be in",
        BLOCKS,
        VPC,
        add("169.254.0.0/16").refused("InvalidVpc.Range", "The CIDR '169.254.0.0/16' is invalid."),
        ec2.create_vpc(CidrBlock="127.0.0.0/16").refused("InvalidVpc.Range", "The CIDR '127.0.0.0/16' is invalid."),
    ),
    Case(
        "a further range that overlaps",
        BLOCKS,
        VPC,
        add("10.0.128.0/17").refused(
            "InvalidVpc.Range", "The CIDR '10.0.128.0/17' conflicts with another CIDR block of the VPC."
        ),
    ),
    Case("another private network than the first range's", BLOCKS, VPC, restricted("192.168.0.0/16")),
    Case("the same private network beside a shared one", BLOCKS, VPC, add("100.64.0.0/16"), add("10.2.0.0/16")),
    Case("a private network beside a public first range", BLOCKS, vpc("100.64.0.0/16"), restricted("10.1.0.0/16")),
    Case("the range of benchmarks beside a private one", BLOCKS, VPC, restricted("198.19.0.0/16")),
    Case("a shared range beside that of benchmarks", BLOCKS, vpc("198.19.0.0/16"), add("100.64.0.0/16")),
    Case(
        "the lowest private ranges",
        BLOCKS,
        vpc("10.1.0.0/16"),
        restricted("10.0.0.0/16"),
        add("10.2.0.0/16"),
    ),
    Case("the default VPC's range beside its neighbours", BLOCKS, vpc("172.20.0.0/16"), restricted("172.31.0.0/16")),
    Case(
        "five ranges a VPC, the first one counted",
        LIMITS,
        VPC,
        *[add(f"10.{number}.0.0/16") for number in range(1, 5)],
        add("10.9.0.0/16").refused(
            "CidrLimitExceeded", "This network '$vpc' has met its maximum number of allowed CIDRs: 5"
        ),
    ),
    Case(
        "an account may have asked for more ranges",
        LIMITS,
        config(quotas={"ipv4-cidr-blocks-per-vpc": 7}),
        VPC,
        *[add(f"10.{number}.0.0/16") for number in range(1, 7)],
    ),
    Case(
        "a range that has left counts no more",
        LIMITS,
        config(quotas={"ipv4-cidr-blocks-per-vpc": 2}),
        VPC,
        kept("10.1.0.0/16"),
        TAKE_AWAY,
        add("10.2.0.0/16"),
    ),
    Case(
        "a range as large as a route's destination",
        BLOCKS,
        VPC,
        ec2.create_internet_gateway().keep(gateway="InternetGateway.InternetGatewayId"),
        ec2.attach_internet_gateway(InternetGatewayId="$gateway", VpcId="$vpc"),
        ec2.create_route_table(VpcId="$vpc").keep(table="RouteTable.RouteTableId"),
        ec2.create_route(RouteTableId="$table", DestinationCidrBlock="100.64.1.0/24", GatewayId="$gateway"),
        add("100.64.0.0/16").refused(
            "InvalidVpc.Range", "The CIDR '100.64.0.0/16' conflicts with the route to 100.64.1.0/24."
        ),
        add("100.64.1.0/25"),
    ),
    Case(
        "a range of a peer's",
        PEERS,
        ec2.create_vpc(CidrBlock="10.9.0.0/16").keep(peer="Vpc.VpcId"),
        VPC,
        ec2.create_vpc_peering_connection(VpcId="$vpc", PeerVpcId="$peer").keep(
            connection="VpcPeeringConnection.VpcPeeringConnectionId"
        ),
        add("100.64.0.0/16").refused(
            "OperationNotPermitted", "The VPC peering connection $connection is pending. Wait for it, or delete it."
        ),
        ec2.accept_vpc_peering_connection(VpcPeeringConnectionId="$connection"),
        add("10.9.128.0/17").refused(
            "InvalidVpc.Range", "The CIDR '10.9.128.0/17' conflicts with a CIDR block of the peer VPC $peer."
        ),
        add("100.64.0.0/16"),
    ),
    Case(
        "a range goes in a while",
        f"{API}/API_DisassociateVpcCidrBlock.html",
        config(durations={"vpc-cidr-block.disassociated": 10}),
        VPC,
        kept("100.64.0.0/16"),
        TAKE_AWAY.answers({"CidrBlockAssociation.CidrBlockState.State": "disassociating"}),
        DESCRIBE.answers({STATES: ["associated", "disassociating"]}),
        subnet("100.64.1.0/24").refused(*out_of_range("100.64.1.0/24")),
        advance(10),
        DESCRIBE.answers({STATES: ["associated", "disassociated"]}),
        TAKE_AWAY.refused(
            "InvalidVpcCidrBlockAssociationID.NotFound", "The vpc CIDR block association ID '$range' does not exist"
        ),
    ),
    Case(
        "taking the first range away",
        f"{API}/API_DisassociateVpcCidrBlock.html",
        VPC,
        DESCRIBE.keep(range="Vpcs[0].CidrBlockAssociationSet[0].AssociationId"),
        TAKE_AWAY.refused(
            "OperationNotPermitted",
            "The vpc CIDR block with association ID $range may not be disassociated. It is the primary IPv4 CIDR "
            "block of the VPC",
        ),
    ),
    Case(
        "taking a range away that subnets are in",
        f"{API}/API_DisassociateVpcCidrBlock.html",
        VPC,
        kept("100.64.0.0/16"),
        subnet("10.0.1.0/24"),
        subnet("100.64.1.0/24"),
        TAKE_AWAY.refused(*in_use("100.64.0.0/16")),
        ec2.delete_subnet(SubnetId="$subnet"),
        TAKE_AWAY,
        subnet("100.64.1.0/24").refused(*out_of_range("100.64.1.0/24")),
    ),
    Case(
        "no range at all",
        f"{API}/API_AssociateVpcCidrBlock.html",
        VPC,
        ec2.associate_vpc_cidr_block(VpcId="$vpc").refused(
            "MissingParameter",
            "The request must contain exactly one of: cidrBlock, amazonProvidedIpv6CidrBlock",
        ),
    ),
]

IPV6 = [
    Case(
        "an IPv6 range of Amazon's",
        f"{API}/API_AssociateVpcCidrBlock.html",
        config(durations={"vpc-cidr-block.associated": 10}),
        VPC,
        ADD_SIX.answers(
            {
                "Ipv6CidrBlockAssociation.Ipv6CidrBlockState.State": "associating",
                "Ipv6CidrBlockAssociation.Ipv6Pool": "Amazon",
                "Ipv6CidrBlockAssociation.NetworkBorderGroup": "eu-west-1",
                "ends_with(Ipv6CidrBlockAssociation.Ipv6CidrBlock, '/56')": True,
            }
        ),
        DESCRIBE.answers({SIX_STATES: ["associating"]}),
        advance(10),
        DESCRIBE.answers({SIX_STATES: ["associated"], "Vpcs[0].Ipv6CidrBlockAssociationSet[].Ipv6CidrBlock": ["$six"]}),
    ),
    Case(
        "a second IPv6 range of Amazon's",
        f"{API}/API_AssociateVpcCidrBlock.html",
        VPC,
        ADD_SIX,
        ADD_SIX.refused("CidrLimitExceeded", "This network '$vpc' has met its maximum number of allowed CIDRs: 1"),
        TAKE_AWAY,
        ADD_SIX,
    ),
    Case(
        "an IPv6 range that comes with its VPC",
        f"{API}/API_CreateVpc.html",
        ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)
        .answers({"Vpc.Ipv6CidrBlockAssociationSet[].Ipv6CidrBlockState.State": ["associating"]})
        .keep(vpc="Vpc.VpcId"),
        DESCRIBE.answers({SIX_STATES: ["associated"]}),
    ),
    Case(
        "an IPv6 range is routed locally in every table",
        BLOCKS,
        VPC,
        ADD_SIX,
        ec2.create_route_table(VpcId="$vpc"),
        ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}]).answers(
            {"RouteTables[].Routes[?DestinationIpv6CidrBlock].GatewayId[]": ["local", "local"]}
        ),
        TAKE_AWAY,
        ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}]).answers(
            {"RouteTables[].Routes[].DestinationCidrBlock": ["10.0.0.0/16", "10.0.0.0/16"]}
        ),
    ),
    Case(
        "taking an IPv6 range away that subnets are in",
        f"{API}/API_DisassociateVpcCidrBlock.html",
        VPC,
        ADD_SIX,
        subnet("10.0.1.0/24", Ipv6CidrBlock="$six"),
        TAKE_AWAY.refused(*in_use("$six")),
        ec2.delete_subnet(SubnetId="$subnet"),
        TAKE_AWAY.answers({"Ipv6CidrBlockAssociation.Ipv6CidrBlockState.State": "disassociating"}),
        DESCRIBE.answers({SIX_STATES: ["disassociated"]}),
    ),
    Case(
        "a range of each family in a call",
        f"{API}/API_AssociateVpcCidrBlock.html",
        VPC,
        ec2.associate_vpc_cidr_block(VpcId="$vpc", CidrBlock="100.64.0.0/16", AmazonProvidedIpv6CidrBlock=True).refused(
            "InvalidParameterCombination",
            "The request must contain exactly one of: cidrBlock, amazonProvidedIpv6CidrBlock",
        ),
    ),
]


@pytest.mark.parametrize("case", IPV4 + IPV6, ids=repr)
def test_the_ranges_of_a_vpc_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
