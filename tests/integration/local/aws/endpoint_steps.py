"""Steps that cases about VPC endpoints share."""

from __future__ import annotations

from tests.integration.local.aws.case import ec2
from tests.integration.local.aws.network import API, SUBNET, VPC

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
