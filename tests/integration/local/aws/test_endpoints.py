from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, advance, config, ec2, route53
from tests.integration.local.aws.network import API, ERRORS, OTHER_VPC, SUBNET, VPC

LINK = "https://docs.aws.amazon.com/vpc/latest/privatelink"
GATEWAYS = f"{LINK}/gateway-endpoints.html"
INTERFACES = f"{LINK}/create-interface-endpoint.html"
LIMITS = f"{LINK}/vpc-limits-endpoints.html"
CREATE = f"{API}/API_CreateVpcEndpoint.html"
MODIFY = f"{API}/API_ModifyVpcEndpoint.html"
S3 = "com.amazonaws.eu-west-1.s3"
STS = "com.amazonaws.eu-west-1.sts"
MISSING = "vpce-0123456789abcdef0"

TABLE = ec2.create_route_table(VpcId="$vpc").keep(table="RouteTable.RouteTableId")
GATEWAY = ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3, RouteTableIds=["$table"]).keep(
    vpce="VpcEndpoint.VpcEndpointId"
)
LIST = ec2.describe_managed_prefix_lists(Filters=[{"Name": "prefix-list-name", "Values": [S3]}]).keep(
    pl="PrefixLists[0].PrefixListId"
)
ROUTES = ec2.describe_route_tables(RouteTableIds=["$table"])
DNS = (
    ec2.modify_vpc_attribute(VpcId="$vpc", EnableDnsHostnames={"Value": True}),
    ec2.describe_vpcs(VpcIds=["$vpc"]),
)
GROUP = ec2.create_security_group(VpcId="$vpc", GroupName="endpoints", Description="d").keep(group="GroupId")
SECOND = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.2.0/24", AvailabilityZone="eu-west-1b").keep(
    second="Subnet.SubnetId"
)
TWIN = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.3.0/24", AvailabilityZone="eu-west-1a").keep(
    twin="Subnet.SubnetId"
)
STANDING = {"VpcId": "$vpc", "ServiceName": STS, "VpcEndpointType": "Interface", "SubnetIds": ["$subnet"]}
INTERFACE = ec2.create_vpc_endpoint(**STANDING, SecurityGroupIds=["$group"]).keep(
    vpce="VpcEndpoint.VpcEndpointId", name="VpcEndpoint.DnsEntries[0].DnsName"
)
QUIET = ec2.create_vpc_endpoint(**STANDING, PrivateDnsEnabled=False).keep(vpce="VpcEndpoint.VpcEndpointId")
PLACE = (VPC, *DNS, SUBNET, GROUP)
DESCRIBE = ec2.describe_vpc_endpoints(VpcEndpointIds=["$vpce"])
DELETE = ec2.delete_vpc_endpoints(VpcEndpointIds=["$vpce"])
OWN = ec2.describe_network_interfaces(Filters=[{"Name": "interface-type", "Values": ["vpc_endpoint"]}])
GONE = ("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '$vpce' does not exist")


def kept(kind: str, name: str) -> tuple[str, str]:
    return "DependencyViolation", f"The {kind} '{name}' has dependencies and cannot be deleted."


GATEWAY_CASES = [
    Case(
        "a gateway endpoint is available at once and puts its route into its tables",
        GATEWAYS,
        VPC,
        TABLE,
        LIST,
        GATEWAY.answers(
            {
                "VpcEndpoint.State": "available",
                "VpcEndpoint.VpcEndpointType": "Gateway",
                "VpcEndpoint.RouteTableIds": ["$table"],
                "VpcEndpoint.DnsEntries": [],
            }
        ),
        ROUTES.answers(
            {
                "RouteTables[0].Routes[1].GatewayId": "$vpce",
                "RouteTables[0].Routes[1].DestinationPrefixListId": "$pl",
                "RouteTables[0].Routes[1].State": "active",
            }
        ),
        ec2.describe_route_tables(Filters=[{"Name": "route.gateway-id", "Values": ["$vpce"]}]).answers(
            {"RouteTables[].RouteTableId": ["$table"]}
        ),
    ),
    Case(
        "a second endpoint to a service in one table",
        GATEWAYS,
        VPC,
        TABLE,
        LIST,
        GATEWAY,
        GATEWAY.refused(
            "RouteAlreadyExists", "route table $table already has a route with destination-prefix-list-id $pl"
        ),
        ec2.create_vpc_endpoint(
            VpcId="$vpc", ServiceName="com.amazonaws.eu-west-1.dynamodb", RouteTableIds=["$table"]
        ).answers({"VpcEndpoint.State": "available"}),
    ),
    Case(
        "a table is added and removed",
        MODIFY,
        VPC,
        TABLE,
        GATEWAY,
        ec2.create_route_table(VpcId="$vpc").keep(added="RouteTable.RouteTableId"),
        ec2.modify_vpc_endpoint(
            VpcEndpointId="$vpce", AddRouteTableIds=["$added"], RemoveRouteTableIds=["$table"]
        ).answers({"Return": True}),
        DESCRIBE.answers({"VpcEndpoints[0].RouteTableIds": ["$added"]}),
        ROUTES.answers({"length(RouteTables[0].Routes)": 1}),
        ec2.describe_route_tables(RouteTableIds=["$added"]).answers({"RouteTables[0].Routes[1].GatewayId": "$vpce"}),
    ),
    Case(
        "a table that has the route already",
        MODIFY,
        VPC,
        TABLE,
        LIST,
        GATEWAY,
        ec2.modify_vpc_endpoint(VpcEndpointId="$vpce", AddRouteTableIds=["$table"]).refused(
            "RouteAlreadyExists", "route table $table already has a route with destination-prefix-list-id $pl"
        ),
    ),
    Case(
        "an endpoint's route is nobody else's to remove",
        GATEWAYS,
        VPC,
        TABLE,
        LIST,
        GATEWAY,
        ec2.delete_route(RouteTableId="$table", DestinationPrefixListId="$pl").refused(
            "InvalidParameterValue", "cannot remove VPC endpoint route $pl in route table $table"
        ),
    ),
    Case(
        "a table of another VPC",
        GATEWAYS,
        VPC,
        OTHER_VPC,
        ec2.create_route_table(VpcId="$other").keep(table="RouteTable.RouteTableId"),
        GATEWAY.refused("InvalidParameter", "route table $table does not belong to VPC $vpc"),
    ),
    Case(
        "a gateway endpoint goes with its routes and leaves its table",
        f"{API}/API_DeleteVpcEndpoints.html",
        VPC,
        TABLE,
        GATEWAY,
        DELETE.answers({"Unsuccessful": []}),
        DESCRIBE.refused(*GONE),
        ROUTES.answers({"length(RouteTables[0].Routes)": 1}),
    ),
    Case(
        "a table goes and its endpoint stays",
        GATEWAYS,
        VPC,
        TABLE,
        GATEWAY,
        ec2.delete_route_table(RouteTableId="$table"),
        DESCRIBE.answers({"VpcEndpoints[0].RouteTableIds": []}),
        DELETE.answers({"Unsuccessful": []}),
    ),
    Case(
        "an endpoint keeps its VPC",
        f"{API}/API_DeleteVpc.html",
        VPC,
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3).keep(vpce="VpcEndpoint.VpcEndpointId"),
        ec2.delete_vpc(VpcId="$vpc").refused(*kept("vpc", "$vpc")),
        DELETE,
        ec2.delete_vpc(VpcId="$vpc"),
    ),
    Case(
        "twenty gateway endpoints a region",
        LIMITS,
        VPC,
        config(quotas={"gateway-endpoints-per-region": 1}),
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3),
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3).refused(
            "VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached."
        ),
    ),
    Case(
        "subnets for a gateway endpoint",
        CREATE,
        VPC,
        SUBNET,
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3, SubnetIds=["$subnet"]).refused(
            "InvalidParameter", "SubnetIds is not supported for endpoints of type Gateway"
        ),
    ),
    Case(
        "a gateway to a service that has none",
        CREATE,
        VPC,
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=STS).refused(
            "InvalidParameter", "Endpoint type (Gateway) does not match available service types ([Interface])."
        ),
    ),
    Case(
        "a service that isn't, and one of another region",
        CREATE,
        VPC,
        *[
            ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=name).refused(
                "InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist"
            )
            for name in ("com.amazonaws.eu-west-1.nothing", "com.amazonaws.eu-north-1.s3")
        ],
    ),
]

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

LIST_CASES = [
    Case(
        "an endpoint that isn't there",
        ERRORS,
        ec2.describe_vpc_endpoints(VpcEndpointIds=[MISSING]).refused(
            "InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{MISSING}' does not exist"
        ),
        ec2.delete_vpc_endpoints(VpcEndpointIds=[MISSING]).answers(
            {
                "Unsuccessful[0].Error.Code": "InvalidVpcEndpoint.NotFound",
                "Unsuccessful[0].ResourceId": MISSING,
            }
        ),
    ),
    Case(
        "endpoints by service, VPC, kind, state and tag",
        f"{API}/API_DescribeVpcEndpoints.html",
        *PLACE,
        TABLE,
        ec2.create_vpc_endpoint(
            VpcId="$vpc",
            ServiceName=S3,
            TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "team", "Value": "shop"}]}],
        ).keep(s3="VpcEndpoint.VpcEndpointId"),
        INTERFACE,
        *[
            ec2.describe_vpc_endpoints(Filters=[{"Name": name, "Values": [value]}]).answers(
                {"VpcEndpoints[].VpcEndpointId": found}
            )
            for name, value, found in (
                ("service-name", S3, ["$s3"]),
                ("vpc-id", "$vpc", ["$s3", "$vpce"]),
                ("vpc-endpoint-type", "Interface", ["$vpce"]),
                ("vpc-endpoint-state", "available", ["$s3", "$vpce"]),
                ("tag:team", "shop", ["$s3"]),
            )
        ],
    ),
    Case(
        "pages of endpoints",
        f"{API}/API_DescribeVpcEndpoints.html",
        VPC,
        *[ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3) for _ in range(6)],
        ec2.describe_vpc_endpoints(MaxResults=5).keep(rest="NextToken").answers({"length(VpcEndpoints)": 5}),
        ec2.describe_vpc_endpoints(MaxResults=5, NextToken="$rest").answers(
            {"length(VpcEndpoints)": 1, "NextToken": None}
        ),
    ),
    Case(
        "an endpoint made twice with a token",
        CREATE,
        VPC,
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3, ClientToken="one").keep(vpce="VpcEndpoint.VpcEndpointId"),
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3, ClientToken="one").answers(
            {"VpcEndpoint.VpcEndpointId": "$vpce", "ClientToken": "one"}
        ),
    ),
    Case(
        "an endpoint's tags",
        f"{API}/API_CreateTags.html",
        VPC,
        TABLE,
        GATEWAY,
        ec2.create_tags(Resources=["$vpce"], Tags=[{"Key": "Name", "Value": "s3"}]),
        DESCRIBE.answers({"VpcEndpoints[0].Tags": [{"Key": "Name", "Value": "s3"}]}),
        DELETE,
        ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": ["$vpce"]}]).answers({"Tags": []}),
        ec2.create_tags(Resources=["$vpce"], Tags=[{"Key": "Name", "Value": "s3"}]).refused(*GONE),
    ),
]


@pytest.mark.parametrize("case", [*GATEWAY_CASES, *INTERFACE_CASES, *LIST_CASES], ids=repr)
def test_endpoints_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
