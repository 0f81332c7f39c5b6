from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, advance, config, ec2

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
SIZES = "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"

# `ipv6` is as large as the VPC's whole range, which a subnet may have.
VPC = (
    ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)
    .keep(vpc="Vpc.VpcId")
    .keep(ipv6="Vpc.Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock")
)
SUBNET = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24").keep(subnet="Subnet.SubnetId")
BOTH = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24", Ipv6CidrBlock="$ipv6").keep(
    subnet="Subnet.SubnetId", range="Subnet.Ipv6CidrBlockAssociationSet[0].AssociationId"
)
ADD = ec2.associate_subnet_cidr_block(SubnetId="$subnet", Ipv6CidrBlock="$ipv6").keep(
    range="Ipv6CidrBlockAssociation.AssociationId"
)
TAKE_AWAY = ec2.disassociate_subnet_cidr_block(AssociationId="$range")
DESCRIBE = ec2.describe_subnets(SubnetIds=["$subnet"])
STATES = "Subnets[0].Ipv6CidrBlockAssociationSet[].Ipv6CidrBlockState.State"
ASSIGNING = "Subnets[0].AssignIpv6AddressOnCreation"
ASSIGN = ec2.modify_subnet_attribute(SubnetId="$subnet", AssignIpv6AddressOnCreation={"Value": True})
ASSIGN_NOT = ec2.modify_subnet_attribute(SubnetId="$subnet", AssignIpv6AddressOnCreation={"Value": False})
NOTHING_TO_ASSIGN = (
    "InvalidParameterValue",
    (
        "Invalid value 'true' for assign-ipv6-address-on-creation. Cannot set assign-ipv6-address-on-creation to true "
        "unless the subnet ($subnet) has an IPv6 CIDR block associated with it."
    ),
)
KEPT = "The subnet IPv6 CIDR block with association ID $range may not be disassociated, because"

CASES = [
    Case(
        "a range that comes with its subnet",
        f"{API}/API_CreateSubnet.html",
        config(durations={"subnet-cidr-block.associated": 5}),
        VPC,
        advance(60),
        BOTH.answers({"Subnet.Ipv6CidrBlockAssociationSet[].Ipv6CidrBlockState.State": ["associating"]}),
        DESCRIBE.answers({STATES: ["associating"]}),
        advance(5),
        DESCRIBE.answers({STATES: ["associated"], "Subnets[0].Ipv6CidrBlockAssociationSet[].Ipv6CidrBlock": ["$ipv6"]}),
    ),
    Case(
        "a range of a VPC's that is still coming",
        f"{API}/API_CreateSubnet.html",
        config(durations={"vpc-cidr-block.associated": 10}),
        VPC,
        BOTH.refused("InvalidSubnet.Range", "The CIDR '$ipv6' is invalid."),
        advance(10),
        BOTH,
    ),
    Case(
        "a range comes and goes",
        f"{API}/API_AssociateSubnetCidrBlock.html",
        config(durations={"subnet-cidr-block.associated": 5, "subnet-cidr-block.disassociated": 5}),
        VPC,
        SUBNET,
        ADD.answers({"Ipv6CidrBlockAssociation.Ipv6CidrBlockState.State": "associating"}),
        advance(5),
        DESCRIBE.answers({STATES: ["associated"]}),
        TAKE_AWAY.answers({"Ipv6CidrBlockAssociation.Ipv6CidrBlockState.State": "disassociating"}),
        DESCRIBE.answers({STATES: ["disassociating"]}),
        advance(5),
        DESCRIBE.answers({STATES: []}),
        ADD,
    ),
    Case(
        "a second range",
        f"{API}/API_AssociateSubnetCidrBlock.html",
        VPC,
        BOTH,
        ADD.refused("InvalidParameterValue", "The subnet $subnet already has an IPv6 CIDR block associated with it."),
    ),
    Case(
        "a range of another subnet's",
        SIZES,
        VPC,
        BOTH,
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.2.0/24").keep(subnet="Subnet.SubnetId"),
        ADD.refused("InvalidSubnet.Conflict", "The CIDR '$ipv6' conflicts with another subnet"),
    ),
    Case(
        "a range outside the VPC's",
        SIZES,
        VPC,
        SUBNET,
        ec2.associate_subnet_cidr_block(SubnetId="$subnet", Ipv6CidrBlock="2001:db8::/64").refused(
            "InvalidSubnet.Range", "The CIDR '2001:db8::/64' is invalid."
        ),
    ),
    Case(
        "a range of a size that AWS doesn't have",
        SIZES,
        VPC,
        SUBNET,
        ec2.associate_subnet_cidr_block(SubnetId="$subnet", Ipv6CidrBlock="2001:db8::/80").refused(
            "InvalidSubnet.Range", "The CIDR '2001:db8::/80' is invalid."
        ),
    ),
    Case(
        "taking a range away that isn't there",
        f"{API}/API_DisassociateSubnetCidrBlock.html",
        VPC,
        BOTH,
        TAKE_AWAY,
        TAKE_AWAY.refused(
            "InvalidSubnetCidrBlockAssociationID.NotFound",
            "The subnet CIDR block with association ID '$range' does not exist",
        ),
    ),
    Case(
        "addresses are assigned of a range that is there",
        f"{API}/API_ModifySubnetAttribute.html",
        VPC,
        SUBNET.answers({"Subnet.AssignIpv6AddressOnCreation": False}),
        ASSIGN.refused(*NOTHING_TO_ASSIGN),
        ADD,
        ASSIGN,
        DESCRIBE.answers({ASSIGNING: True}),
        TAKE_AWAY.refused(
            "InvalidCidrBlock.InUse", f"{KEPT} its subnet has assign-ipv6-address-on-creation set to true."
        ),
        ASSIGN_NOT,
        TAKE_AWAY,
        ASSIGN_NOT,
        DESCRIBE.answers({ASSIGNING: False}),
    ),
    Case(
        "taking a range away that interfaces have addresses of",
        f"{API}/API_DisassociateSubnetCidrBlock.html",
        VPC,
        BOTH,
        ec2.create_network_interface(SubnetId="$subnet", Ipv6AddressCount=1).keep(
            eni="NetworkInterface.NetworkInterfaceId"
        ),
        TAKE_AWAY.refused("InvalidCidrBlock.InUse", f"{KEPT} network interfaces have addresses of it."),
        ec2.delete_network_interface(NetworkInterfaceId="$eni"),
        TAKE_AWAY,
    ),
    Case(
        "public addresses are given out when it is said so",
        f"{API}/API_ModifySubnetAttribute.html",
        VPC,
        SUBNET.answers({"Subnet.MapPublicIpOnLaunch": False, "Subnet.DefaultForAz": False}),
        ec2.modify_subnet_attribute(SubnetId="$subnet", MapPublicIpOnLaunch={"Value": True}),
        DESCRIBE.answers({"Subnets[0].MapPublicIpOnLaunch": True, "Subnets[0].DefaultForAz": False}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_the_ipv6_ranges_of_subnets_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
