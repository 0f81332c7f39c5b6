from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, advance, config, ec2, route53
from tests.integration.local.aws.endpoint_steps import (
    CREATE,
    DELETE,
    DESCRIBE,
    GATEWAY,
    GONE,
    GROUP,
    INTERFACE,
    INTERFACES,
    LIMITS,
    MODIFY,
    OWN,
    PLACE,
    QUIET,
    S3,
    SECOND,
    STS,
    TABLE,
    TWIN,
    kept,
)
from tests.integration.local.aws.network import OTHER_VPC, SUBNET, VPC

STORE = {"VpcId": "$vpc", "ServiceName": S3, "VpcEndpointType": "Interface", "SubnetIds": ["$subnet"]}
FOR_ALL = {"PrivateDnsOnlyForInboundResolverEndpoint": False}
NO_GATEWAY = (
    "InvalidParameter",
    (
        "To set PrivateDnsOnlyForInboundResolverEndpoint to true, the VPC $vpc must have a Gateway endpoint for the "
        "service."
    ),
)

INTERFACE_CASES = [
    Case(
        "an interface endpoint is pending, then available",
        INTERFACES,
        *PLACE,
        INTERFACE.answers({"VpcEndpoint.State": "pending", "VpcEndpoint.SubnetIds": ["$subnet"]}),
        DESCRIBE.answers(
            {
                "VpcEndpoints[0].State": "available",
                "VpcEndpoints[0].PrivateDnsEnabled": True,
                "VpcEndpoints[0].Groups[].GroupId": ["$group"],
                "VpcEndpoints[0].DnsEntries[2].DnsName": "sts.eu-west-1.amazonaws.com",
                "VpcEndpoints[0].RouteTableIds": [],
            }
        ),
    ),
    Case(
        "an interface endpoint takes its time",
        INTERFACES,
        *PLACE,
        config(durations={"interface-endpoint.available": 60, "interface-endpoint.deleted": 60}),
        INTERFACE,
        advance(59),
        DESCRIBE.answers({"VpcEndpoints[0].State": "pending"}),
        advance(1),
        DESCRIBE.answers({"VpcEndpoints[0].State": "available"}),
        DELETE,
        DESCRIBE.answers({"VpcEndpoints[0].State": "deleting"}),
        ec2.delete_subnet(SubnetId="$subnet").refused(*kept("subnet", "$subnet")),
        ec2.delete_security_group(GroupId="$group").refused(
            "DependencyViolation", "resource $group has a dependent object"
        ),
        advance(60),
        DESCRIBE.refused(*GONE),
        ec2.delete_subnet(SubnetId="$subnet"),
        ec2.delete_security_group(GroupId="$group"),
    ),
    Case(
        "an interface in each of its subnets, which nobody else can delete",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html",
        *PLACE,
        SECOND,
        INTERFACE,
        ec2.modify_vpc_endpoint(VpcEndpointId="$vpce", AddSubnetIds=["$second"]),
        OWN.keep(eni="NetworkInterfaces[0].NetworkInterfaceId").answers(
            {
                "NetworkInterfaces[].SubnetId": ["$subnet", "$second"],
                "NetworkInterfaces[].PrivateIpAddress": ["10.0.1.4", "10.0.2.4"],
                "NetworkInterfaces[].Groups[].GroupId": ["$group", "$group"],
                "NetworkInterfaces[0].Description": "VPC Endpoint Interface $vpce",
                "NetworkInterfaces[0].RequesterManaged": True,
            }
        ),
        ec2.delete_network_interface(NetworkInterfaceId="$eni").refused(
            "InvalidParameterValue", "Network interface '$eni' is currently in use."
        ),
        ec2.modify_vpc_endpoint(VpcEndpointId="$vpce", RemoveSubnetIds=["$subnet"]),
        OWN.answers({"NetworkInterfaces[].SubnetId": ["$second"]}),
        DESCRIBE.answers({"VpcEndpoints[0].SubnetIds": ["$second"]}),
    ),
    Case(
        "two subnets in one zone",
        INTERFACES,
        *PLACE,
        TWIN,
        INTERFACE,
        ec2.modify_vpc_endpoint(VpcEndpointId="$vpce", AddSubnetIds=["$twin"]).refused(
            "DuplicateSubnetsInSameZone",
            "Found another VPC endpoint subnet in the availability zone of $twin. VPC endpoint subnets should be in "
            "different availability zones supported by the VPC endpoint service.",
        ),
        ec2.modify_vpc_endpoint(VpcEndpointId="$vpce", AddSubnetIds=["$twin"], RemoveSubnetIds=["$subnet"]),
        OWN.answers({"NetworkInterfaces[].SubnetId": ["$twin"]}),
    ),
    Case(
        "security groups come and go, but never the last",
        MODIFY,
        *PLACE,
        ec2.create_security_group(VpcId="$vpc", GroupName="new", Description="d").keep(new="GroupId"),
        INTERFACE,
        ec2.modify_vpc_endpoint(VpcEndpointId="$vpce", RemoveSecurityGroupIds=["$group"]).refused(
            "InvalidParameter", "An interface endpoint must have at least one security group"
        ),
        ec2.modify_vpc_endpoint(
            VpcEndpointId="$vpce", AddSecurityGroupIds=["$new"], RemoveSecurityGroupIds=["$group"]
        ).answers({"Return": True}),
        OWN.answers({"NetworkInterfaces[].Groups[].GroupId": ["$new"]}),
        ec2.delete_security_group(GroupId="$group"),
    ),
    Case(
        "a security group of another VPC",
        CREATE,
        *PLACE,
        OTHER_VPC,
        ec2.create_security_group(VpcId="$other", GroupName="far", Description="d").keep(group="GroupId"),
        INTERFACE.refused("InvalidParameter", "Security group $group does not belong to VPC $vpc"),
    ),
    Case(
        "no security group is the VPC's default one",
        CREATE,
        *PLACE,
        QUIET.answers({"VpcEndpoint.Groups[].GroupName": ["default"], "VpcEndpoint.PrivateDnsEnabled": False}),
    ),
    Case(
        "a subnet of another VPC",
        CREATE,
        *PLACE,
        OTHER_VPC,
        ec2.create_subnet(VpcId="$other", CidrBlock="10.9.1.0/24").keep(subnet="Subnet.SubnetId"),
        INTERFACE.refused("InvalidParameter", "Subnet $subnet does not belong to VPC $vpc"),
    ),
    Case(
        "private DNS in a VPC without hostnames",
        CREATE,
        VPC,
        SUBNET,
        GROUP,
        INTERFACE.refused(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true "
            "for $vpc",
        ),
        QUIET.answers({"VpcEndpoint.State": "pending"}),
    ),
    Case(
        "private DNS twice for one service, and once it is free",
        CREATE,
        *PLACE,
        INTERFACE,
        INTERFACE.refused(
            "InvalidParameter",
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
            "sts.eu-west-1.amazonaws.com in the VPC $vpc",
        ),
        ec2.modify_vpc_endpoint(VpcEndpointId="$vpce", PrivateDnsEnabled=False),
        DESCRIBE.answers({"VpcEndpoints[0].PrivateDnsEnabled": False, "length(VpcEndpoints[0].DnsEntries)": 2}),
        INTERFACE,
    ),
    Case(
        "private DNS beside a private zone of that name",
        CREATE,
        *PLACE,
        route53.create_hosted_zone(
            Name="sts.eu-west-1.amazonaws.com",
            CallerReference="1",
            HostedZoneConfig={"PrivateZone": True},
            VPC={"VPCRegion": "eu-west-1", "VPCId": "$vpc"},
        ),
        INTERFACE.refused(
            "InvalidParameter",
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
            "sts.eu-west-1.amazonaws.com in the VPC $vpc",
        ),
    ),
    Case(
        "private DNS for S3 without a gateway endpoint, which others would be led by",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html#private-dns",
        *PLACE,
        TABLE,
        ec2.create_vpc_endpoint(**STORE).refused(*NO_GATEWAY),
        ec2.create_vpc_endpoint(**STORE, PrivateDnsEnabled=False).keep(vpce="VpcEndpoint.VpcEndpointId"),
        ec2.modify_vpc_endpoint(VpcEndpointId="$vpce", PrivateDnsEnabled=True).refused(*NO_GATEWAY),
        ec2.modify_vpc_endpoint(VpcEndpointId="$vpce", PrivateDnsEnabled=True, DnsOptions=FOR_ALL),
        ec2.modify_vpc_endpoint(VpcEndpointId="$vpce", PrivateDnsEnabled=False),
        GATEWAY,
        ec2.create_vpc_endpoint(**STORE).answers({"VpcEndpoint.PrivateDnsEnabled": True}),
    ),
    Case(
        "private DNS for S3 that leads everybody there",
        CREATE,
        *PLACE,
        ec2.create_vpc_endpoint(**STORE, DnsOptions=FOR_ALL).answers({"VpcEndpoint.PrivateDnsEnabled": True}),
    ),
    Case(
        "route tables for an interface endpoint",
        MODIFY,
        *PLACE,
        TABLE,
        INTERFACE,
        ec2.modify_vpc_endpoint(VpcEndpointId="$vpce", AddRouteTableIds=["$table"]).refused(
            "InvalidParameter", "AddRouteTableIds is not supported for endpoints of type Interface"
        ),
    ),
    Case(
        "fifty interface endpoints a VPC",
        LIMITS,
        *PLACE,
        OTHER_VPC,
        config(quotas={"interface-endpoints-per-vpc": 1}),
        QUIET,
        QUIET.refused("VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached."),
        ec2.create_vpc_endpoint(
            VpcId="$other", ServiceName=STS, VpcEndpointType="Interface", PrivateDnsEnabled=False
        ).answers({"VpcEndpoint.State": "pending"}),
    ),
]


@pytest.mark.parametrize("case", INTERFACE_CASES, ids=repr)
def test_endpoints_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
