from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, ec2, elbv2
from tests.integration.local.aws.elbv2_steps import (
    API,
    BALANCER,
    GATEWAY,
    GUARD,
    NLB,
    NO_BALANCER,
    PLACE,
    VPC,
    A,
    balancer,
    subnet,
)

CREATE = f"{API}/API_CreateLoadBalancer.html"
SET = f"{API}/API_SetSubnets.html"
ZONES = f"{NLB}/network-load-balancers.html#availability-zones"
FAMILY = f"{NLB}/load-balancer-ip-address-type.html"
GROUPS = f"{NLB}/load-balancer-security-groups.html"

NO_SUBNET = ("SubnetNotFound", "The subnet ID 'subnet-0123456789abcdef0' does not exist")
NEITHER = ("ValidationError", "At least one subnet must be specified")
BOTH = ("ValidationError", "You must specify either subnets or subnet mappings, but not both")
ONE_A_ZONE = (
    "InvalidConfigurationRequest",
    "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
)
NO_GATEWAY = ("InvalidSubnet", "VPC $vpc has no internet gateway")
NO_IPV6 = ("ValidationError", "You must specify subnets with an associated IPv6 CIDR block.")
NO_GROUP = ("InvalidSecurityGroup", "The security group 'sg-0123456789abcdef0' does not exist")
WRONG_GROUPS = ("InvalidConfigurationRequest", "One or more security groups are invalid")

A2, C = subnet("a2", 5, "a"), subnet("c", 3, "c")
OTHER_VPC = (
    ec2.create_vpc(CidrBlock="10.1.0.0/16").keep(other="Vpc.VpcId"),
    subnet("far", 0, "b", "$other", CidrBlock="10.1.0.0/24"),
)
FOREIGN = ec2.create_security_group(GroupName="far", Description="far", VpcId="$other").keep(foreign="GroupId")
IPV6_VPC = (
    ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True).keep(vpc="Vpc.VpcId"),
    ec2.describe_vpcs(VpcIds=["$vpc"]).keep(range="Vpcs[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock"),
)


CASES = [
    Case(
        "a load balancer in a subnet that isn't there",
        CREATE,
        *PLACE,
        balancer(Subnets=["subnet-0123456789abcdef0"]).refused(*NO_SUBNET),
        balancer(SubnetMappings=[{"SubnetId": "subnet-0123456789abcdef0"}]).refused(*NO_SUBNET),
    ),
    Case("a load balancer in no subnet", CREATE, balancer(Subnets=None).refused(*NEITHER)),
    Case(
        "a load balancer in subnets and mappings",
        CREATE,
        *PLACE,
        balancer(Subnets=["$a"], SubnetMappings=[{"SubnetId": "$b"}]).refused(*BOTH),
    ),
    Case("a network load balancer in one zone", ZONES, *PLACE, balancer(Subnets=["$a"])),
    Case(
        "an application load balancer in one zone",
        CREATE,
        *PLACE,
        balancer(Type="application", Subnets=["$a"]).refused(
            "ValidationError", "At least two subnets in two different Availability Zones must be specified"
        ),
    ),
    Case("two subnets in a zone", ZONES, *PLACE, A2, balancer(Subnets=["$a", "$a2"]).refused(*ONE_A_ZONE)),
    Case("a subnet twice", ZONES, *PLACE, balancer(Subnets=["$a", "$a"]).refused(*ONE_A_ZONE)),
    Case(
        "subnets of two VPCs",
        ZONES,
        *PLACE,
        *OTHER_VPC,
        balancer(Subnets=["$a"]),
        elbv2.set_subnets(LoadBalancerArn="$balancer", Subnets=["$far"]).refused(
            "InvalidConfigurationRequest", "All subnets must belong to the same VPC: '$vpc'"
        ),
    ),
    Case(
        "a subnet with too few addresses left",
        CREATE,
        VPC,
        subnet("small", 0, "a", CidrBlock="10.0.0.0/28"),
        *[ec2.create_network_interface(SubnetId="$small") for _ in range(4)],
        balancer(Subnets=["$small"]).refused(
            "InvalidSubnet",
            "Not enough IP space available in $small. ELB requires at least 8 free IP addresses in each subnet.",
        ),
    ),
    Case(
        "a subnet with just enough addresses left",
        CREATE,
        VPC,
        subnet("small", 0, "a", CidrBlock="10.0.0.0/28"),
        *[ec2.create_network_interface(SubnetId="$small") for _ in range(3)],
        balancer(Subnets=["$small"]),
    ),
    Case(
        "an internet-facing load balancer without an internet gateway",
        f"{NLB}/network-load-balancers.html",
        *PLACE,
        balancer(Scheme="internet-facing").refused(*NO_GATEWAY),
        balancer(Scheme=None).refused(*NO_GATEWAY),
        balancer(),
    ),
    Case(
        "an internet-facing load balancer with an internet gateway",
        f"{NLB}/network-load-balancers.html",
        *PLACE,
        *GATEWAY,
        balancer(Scheme="internet-facing"),
    ),
    Case(
        "a dual-stack load balancer in subnets without IPv6",
        FAMILY,
        *PLACE,
        balancer(IpAddressType="dualstack").refused(*NO_IPV6),
    ),
    Case(
        "a dual-stack load balancer has IPv6 addresses in its subnets",
        FAMILY,
        *IPV6_VPC,
        A,
        ec2.associate_subnet_cidr_block(SubnetId="$a", Ipv6CidrBlock="$range"),
        balancer(IpAddressType="dualstack", Subnets=["$a"]).answers({"LoadBalancers[].IpAddressType": ["dualstack"]}),
        ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": ["$a"]}]).answers(
            {"length(NetworkInterfaces[0].Ipv6Addresses)": 1}
        ),
        elbv2.set_ip_address_type(LoadBalancerArn="$balancer", IpAddressType="ipv4").answers({"IpAddressType": "ipv4"}),
        ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": ["$a"]}]).answers(
            {"NetworkInterfaces[0].Ipv6Addresses": []}
        ),
        elbv2.set_ip_address_type(LoadBalancerArn="$balancer", IpAddressType="dualstack").answers(
            {"IpAddressType": "dualstack"}
        ),
    ),
    Case(
        "a load balancer can't become dual-stack without IPv6",
        f"{API}/API_SetIpAddressType.html",
        *PLACE,
        BALANCER,
        elbv2.set_ip_address_type(LoadBalancerArn="$balancer", IpAddressType="dualstack").refused(*NO_IPV6),
    ),
    Case(
        "a load balancer enters a zone and leaves another",
        SET,
        *PLACE,
        C,
        BALANCER,
        elbv2.set_subnets(LoadBalancerArn="$balancer", Subnets=["$a", "$c"]).answers(
            {"AvailabilityZones[].SubnetId": ["$a", "$c"], "IpAddressType": "ipv4"}
        ),
        ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}]).answers(
            {"sort(NetworkInterfaces[].AvailabilityZone)": ["eu-west-1a", "eu-west-1c"]}
        ),
        ec2.delete_subnet(SubnetId="$b"),
        elbv2.set_subnets(LoadBalancerArn="$balancer", Subnets=["$a"]).answers({"length(AvailabilityZones)": 1}),
    ),
    Case(
        "another subnet of a zone that a load balancer is in",
        f"{NLB}/availability-zones.html",
        *PLACE,
        A2,
        BALANCER,
        elbv2.set_subnets(LoadBalancerArn="$balancer", Subnets=["$a2", "$b"]).refused(
            "InvalidConfigurationRequest",
            "You cannot specify an additional subnet from an Availability Zone that is already associated with the "
            "load balancer. The Availability Zone 'eu-west-1a' corresponding to the new subnet '$a2' is already "
            "associated with the load balancer.",
        ),
        elbv2.set_subnets(LoadBalancerArn="$balancer", Subnets=["$b"]),
        elbv2.set_subnets(LoadBalancerArn="$balancer", Subnets=["$a2", "$b"]).answers(
            {"AvailabilityZones[].SubnetId": ["$a2", "$b"]}
        ),
    ),
    Case(
        "subnets for a load balancer that isn't there",
        SET,
        *PLACE,
        elbv2.set_subnets(LoadBalancerArn=NO_BALANCER, Subnets=["$a"]).refused(
            "LoadBalancerNotFound", f"Load balancer '{NO_BALANCER}' not found"
        ),
    ),
    Case(
        "no subnets for a load balancer",
        SET,
        *PLACE,
        BALANCER,
        elbv2.set_subnets(LoadBalancerArn="$balancer").refused(*NEITHER),
    ),
    Case(
        "a load balancer with a group that isn't there",
        CREATE,
        *PLACE,
        balancer(SecurityGroups=["sg-0123456789abcdef0"]).refused(*NO_GROUP),
    ),
    Case(
        "a load balancer with a group of another VPC",
        GROUPS,
        *PLACE,
        *OTHER_VPC,
        FOREIGN,
        balancer(SecurityGroups=["$foreign"]).refused(*WRONG_GROUPS),
    ),
    Case(
        "a load balancer with a group",
        GROUPS,
        *PLACE,
        GUARD,
        balancer(SecurityGroups=["$guard"]).answers(
            {
                "LoadBalancers[].SecurityGroups[]": ["$guard"],
                "LoadBalancers[].EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": ["on"],
            }
        ),
    ),
    Case(
        "other groups for a load balancer and its interfaces",
        f"{API}/API_SetSecurityGroups.html",
        *PLACE,
        GUARD,
        balancer(SecurityGroups=["$guard"]),
        ec2.create_security_group(GroupName="more", Description="more", VpcId="$vpc").keep(more="GroupId"),
        elbv2.set_security_groups(LoadBalancerArn="$balancer", SecurityGroups=["$more"]).answers(
            {"SecurityGroupIds": ["$more"], "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "on"}
        ),
        ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": ["$more"]}]).answers(
            {"length(NetworkInterfaces)": 2}
        ),
        ec2.delete_security_group(GroupId="$guard"),
    ),
    Case(
        "groups for a load balancer that was made without",
        GROUPS,
        *PLACE,
        GUARD,
        BALANCER,
        elbv2.set_security_groups(LoadBalancerArn="$balancer", SecurityGroups=["$guard"]).refused(
            "InvalidConfigurationRequest",
            "You cannot set security groups on a Network Load Balancer which was created without any security groups.",
        ),
    ),
    Case(
        "no groups for a load balancer that has some",
        GROUPS,
        *PLACE,
        GUARD,
        balancer(SecurityGroups=["$guard"]),
        elbv2.set_security_groups(LoadBalancerArn="$balancer", SecurityGroups=[]).refused(
            "InvalidConfigurationRequest", "At least one security group must be specified"
        ),
    ),
    Case(
        "groups of another VPC for a load balancer",
        GROUPS,
        *PLACE,
        GUARD,
        *OTHER_VPC,
        FOREIGN,
        balancer(SecurityGroups=["$guard"]),
        elbv2.set_security_groups(LoadBalancerArn="$balancer", SecurityGroups=["$foreign"]).refused(*WRONG_GROUPS),
        elbv2.set_security_groups(LoadBalancerArn="$balancer", SecurityGroups=["sg-0123456789abcdef0"]).refused(
            *NO_GROUP
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_places_of_load_balancers_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
