from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, ec2

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
CREATE = f"{API}/API_CreateRoute.html"
ERRORS = f"{API}/errors-overview.html"
STATE = f"{API}/API_Route.html"
PEERING = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html"
TRANSIT = "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html"

VPC = ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId")
OTHER_VPC = ec2.create_vpc(CidrBlock="10.1.0.0/16").keep(other="Vpc.VpcId")
SUBNET = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24").keep(subnet="Subnet.SubnetId")
OTHER_SUBNET = ec2.create_subnet(VpcId="$other", CidrBlock="10.1.1.0/24").keep(subnet="Subnet.SubnetId")
TABLE = ec2.create_route_table(VpcId="$vpc").keep(table="RouteTable.RouteTableId")
BASE = (VPC, SUBNET, TABLE)
ELSEWHERE = (VPC, OTHER_VPC, OTHER_SUBNET, TABLE)
INTERFACE = ec2.create_network_interface(SubnetId="$subnet").keep(eni="NetworkInterface.NetworkInterfaceId")
INSTANCE = (
    ec2.run_instances(ImageId="ami-1e749f67", InstanceType="m5.large", MinCount=1, MaxCount=1, SubnetId="$subnet").keep(
        instance="Instances[0].InstanceId"
    ),
    ec2.describe_instances(InstanceIds=["$instance"]).keep(
        eni="Reservations[0].Instances[0].NetworkInterfaces[0].NetworkInterfaceId"
    ),
)
GATEWAY = ec2.create_internet_gateway().keep(igw="InternetGateway.InternetGatewayId")
ATTACH = ec2.attach_internet_gateway(InternetGatewayId="$igw", VpcId="$vpc")
NAT = ec2.create_nat_gateway(SubnetId="$subnet", ConnectivityType="private").keep(nat="NatGateway.NatGatewayId")
PEER = ec2.create_vpc_peering_connection(VpcId="$vpc", PeerVpcId="$other").keep(
    peering="VpcPeeringConnection.VpcPeeringConnectionId"
)
ACCEPT = ec2.accept_vpc_peering_connection(VpcPeeringConnectionId="$peering")
TRANSIT_GATEWAY = ec2.create_transit_gateway().keep(tgw="TransitGateway.TransitGatewayId")
ATTACHMENT = ec2.create_transit_gateway_vpc_attachment(
    TransitGatewayId="$tgw", VpcId="$vpc", SubnetIds=["$subnet"]
).keep(attachment="TransitGatewayVpcAttachment.TransitGatewayAttachmentId")
ROUTE = ec2.describe_route_tables(RouteTableIds=["$table"])
EXACTLY_ONE = (
    "The request must contain exactly one of gatewayId, localGatewayId, carrierGatewayId, natGatewayId, "
    "networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, vpcEndpointId, "
    "coreNetworkArn or instanceId"
)


def to(**target: str) -> dict[str, str]:
    return {"RouteTableId": "$table", "DestinationCidrBlock": "192.0.2.0/24", **target}


def leads(**members: str) -> dict[str, dict[str, str]]:
    return {"RouteTables[0].Routes[1]": {"DestinationCidrBlock": "192.0.2.0/24", "Origin": "CreateRoute", **members}}


CASES = [
    Case(
        "a route to nowhere",
        CREATE,
        *BASE,
        ec2.create_route(**to()).refused("MissingParameter", EXACTLY_ONE),
        ec2.replace_route(**to()).refused("MissingParameter", f"{EXACTLY_ONE}, or must have localTarget set to true"),
    ),
    Case(
        "a route to two targets",
        CREATE,
        *BASE,
        INTERFACE,
        GATEWAY,
        ec2.create_route(**to(NetworkInterfaceId="$eni", GatewayId="$igw")).refused(
            "InvalidParameterCombination", EXACTLY_ONE
        ),
    ),
    Case(
        "a route in a table that isn't there",
        ERRORS,
        VPC,
        ec2.create_route(
            RouteTableId="rtb-0123456789abcdef0", DestinationCidrBlock="0.0.0.0/0", GatewayId="local"
        ).refused("InvalidRouteTableID.NotFound", "The routeTable ID 'rtb-0123456789abcdef0' does not exist"),
    ),
    Case(
        "a route to an internet gateway that isn't there",
        ERRORS,
        *BASE,
        ec2.create_route(**to(GatewayId="igw-0123456789abcdef0")).refused(
            "InvalidGatewayID.NotFound", "The gateway ID 'igw-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "a route to an internet gateway that isn't attached",
        f"{GUIDE}/VPC_Internet_Gateway.html",
        *BASE,
        GATEWAY,
        ec2.create_route(**to(GatewayId="$igw")).refused(
            "InvalidParameterValue", "route table $table and network gateway $igw belong to different networks"
        ),
    ),
    Case(
        "a route to another VPC's internet gateway",
        f"{GUIDE}/VPC_Internet_Gateway.html",
        *BASE,
        OTHER_VPC,
        GATEWAY,
        ec2.attach_internet_gateway(InternetGatewayId="$igw", VpcId="$other"),
        ec2.create_route(**to(GatewayId="$igw")).refused(
            "InvalidParameterValue", "route table $table and network gateway $igw belong to different networks"
        ),
    ),
    Case(
        "a route to a detached internet gateway is a black hole until it's attached again",
        STATE,
        *BASE,
        GATEWAY,
        ATTACH,
        ec2.create_route(**to(GatewayId="$igw")),
        ec2.detach_internet_gateway(InternetGatewayId="$igw", VpcId="$vpc"),
        ROUTE.answers(leads(GatewayId="$igw", State="blackhole")),
        ATTACH,
        ROUTE.answers(leads(GatewayId="$igw", State="active")),
    ),
    Case(
        "a route to a deleted internet gateway is a black hole",
        STATE,
        *BASE,
        GATEWAY,
        ATTACH,
        ec2.create_route(**to(GatewayId="$igw")),
        ec2.detach_internet_gateway(InternetGatewayId="$igw", VpcId="$vpc"),
        ec2.delete_internet_gateway(InternetGatewayId="$igw"),
        ROUTE.answers(leads(GatewayId="$igw", State="blackhole")),
    ),
    Case(
        "a route to a NAT gateway",
        f"{GUIDE}/nat-gateway-basics.html",
        *BASE,
        NAT,
        ec2.create_route(**to(NatGatewayId="$nat")),
        ROUTE.answers(leads(NatGatewayId="$nat", State="active")),
    ),
    Case(
        "a route to a NAT gateway that isn't there",
        ERRORS,
        *BASE,
        ec2.create_route(**to(NatGatewayId="nat-0123456789abcdef0")).refused(
            "InvalidNatGatewayID.NotFound", "The natGateway ID 'nat-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "a route to another VPC's NAT gateway",
        f"{GUIDE}/nat-gateway-basics.html",
        *ELSEWHERE,
        NAT,
        ec2.create_route(**to(NatGatewayId="$nat")).refused(
            "InvalidParameterValue", "route table $table and NAT gateway $nat belong to different networks"
        ),
    ),
    Case(
        "a route to a deleted NAT gateway is a black hole, and no new one leads there",
        f"{GUIDE}/nat-gateway-basics.html",
        *BASE,
        NAT,
        ec2.create_route(**to(NatGatewayId="$nat")),
        ec2.delete_nat_gateway(NatGatewayId="$nat"),
        ec2.describe_nat_gateways(),
        ROUTE.answers(leads(NatGatewayId="$nat", State="blackhole")),
        ec2.create_route(RouteTableId="$table", DestinationCidrBlock="198.51.100.0/24", NatGatewayId="$nat").refused(
            "InvalidNatGatewayID.NotFound", "The natGateway ID '$nat' does not exist"
        ),
    ),
    Case(
        "a NAT gateway can stand before a subnet",
        f"{GUIDE}/subnet-route-tables.html",
        *BASE,
        NAT,
        ec2.create_route(RouteTableId="$table", DestinationCidrBlock="10.0.1.0/24", NatGatewayId="$nat"),
    ),
    Case(
        "a route to an interface that isn't attached is a black hole",
        STATE,
        *BASE,
        INTERFACE,
        ec2.create_route(**to(NetworkInterfaceId="$eni")),
        ROUTE.answers(leads(NetworkInterfaceId="$eni", State="blackhole")),
    ),
    Case(
        "a route to an interface that isn't there",
        ERRORS,
        *BASE,
        ec2.create_route(**to(NetworkInterfaceId="eni-0123456789abcdef0")).refused(
            "InvalidNetworkInterfaceID.NotFound", "The networkInterface ID 'eni-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "a route to another VPC's interface",
        CREATE,
        *ELSEWHERE,
        INTERFACE,
        ec2.create_route(**to(NetworkInterfaceId="$eni")).refused(
            "InvalidParameterValue", "route table $table and interface $eni belong to different networks"
        ),
    ),
    Case(
        "a route to a deleted interface is a black hole",
        STATE,
        *BASE,
        INTERFACE,
        ec2.create_route(**to(NetworkInterfaceId="$eni")),
        ec2.delete_network_interface(NetworkInterfaceId="$eni"),
        ROUTE.answers(leads(NetworkInterfaceId="$eni", State="blackhole")),
        ec2.delete_route(RouteTableId="$table", DestinationCidrBlock="192.0.2.0/24"),
    ),
    Case(
        "a route to an instance leads to its interface, and says whose that is",
        STATE,
        *BASE,
        *INSTANCE,
        ec2.create_route(**to(InstanceId="$instance")),
        ROUTE.answers(
            leads(InstanceId="$instance", InstanceOwnerId="123456789012", NetworkInterfaceId="$eni", State="active")
        ),
    ),
    Case(
        "a route to an instance's interface says whose that is, too",
        STATE,
        *BASE,
        *INSTANCE,
        ec2.create_route(**to(NetworkInterfaceId="$eni")),
        ROUTE.answers(
            leads(InstanceId="$instance", InstanceOwnerId="123456789012", NetworkInterfaceId="$eni", State="active")
        ),
    ),
    Case(
        "the same route by an instance and by its interface",
        CREATE,
        *BASE,
        *INSTANCE,
        ec2.create_route(**to(InstanceId="$instance")),
        ec2.create_route(**to(NetworkInterfaceId="$eni")).answers({"Return": True}),
    ),
    Case(
        "a route to an instance that isn't there",
        ERRORS,
        *BASE,
        ec2.create_route(**to(InstanceId="i-0123456789abcdef0")).refused(
            "InvalidInstanceID.NotFound", "The instance ID 'i-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "a route to another VPC's instance",
        CREATE,
        *ELSEWHERE,
        *INSTANCE,
        ec2.create_route(**to(InstanceId="$instance")).refused(
            "InvalidParameterValue", "route table $table and interface $eni belong to different networks"
        ),
    ),
    Case(
        "a route to an instance with two interfaces",
        f"{GUIDE}/VPC_NAT_Instance.html",
        *BASE,
        *INSTANCE,
        ec2.create_network_interface(SubnetId="$subnet").keep(second="NetworkInterface.NetworkInterfaceId"),
        ec2.attach_network_interface(NetworkInterfaceId="$second", InstanceId="$instance", DeviceIndex=1),
        ec2.create_route(**to(InstanceId="$instance")).refused(
            "InvalidInstanceID",
            "There are multiple interfaces attached to instance '$instance'. "
            "Please specify an interface ID for the operation instead.",
        ),
        ec2.create_route(**to(NetworkInterfaceId="$second")),
        ROUTE.answers({"RouteTables[0].Routes[1].[NetworkInterfaceId, InstanceId]": ["$second", "$instance"]}),
    ),
    Case(
        "a route to a stopped instance is a black hole until it runs again",
        f"{GUIDE}/VPC_NAT_Instance.html",
        *BASE,
        *INSTANCE,
        ec2.create_route(**to(InstanceId="$instance")),
        ec2.stop_instances(InstanceIds=["$instance"]),
        ec2.describe_instances(),
        ROUTE.answers({"RouteTables[0].Routes[1].[InstanceId, State]": ["$instance", "blackhole"]}),
        ec2.start_instances(InstanceIds=["$instance"]),
        ROUTE.answers({"RouteTables[0].Routes[1].State": "active"}),
    ),
    Case(
        "a route to a terminated instance is a black hole",
        STATE,
        *BASE,
        *INSTANCE,
        ec2.create_route(**to(InstanceId="$instance")),
        ec2.terminate_instances(InstanceIds=["$instance"]),
        ROUTE.answers({"RouteTables[0].Routes[1].State": "blackhole"}),
        ec2.describe_route_tables(Filters=[{"Name": "route.state", "Values": ["blackhole"]}]).answers(
            {"RouteTables[].RouteTableId": ["$table"]}
        ),
    ),
    Case(
        "a route to a peering that isn't accepted yet is a black hole",
        PEERING,
        *BASE,
        OTHER_VPC,
        PEER,
        ec2.create_route(**to(VpcPeeringConnectionId="$peering")),
        ROUTE.answers(leads(VpcPeeringConnectionId="$peering", State="blackhole")),
        ACCEPT,
        ROUTE.answers(leads(VpcPeeringConnectionId="$peering", State="active")),
    ),
    Case(
        "a route to a deleted peering is a black hole",
        PEERING,
        *BASE,
        OTHER_VPC,
        PEER,
        ACCEPT,
        ec2.create_route(**to(VpcPeeringConnectionId="$peering")),
        ec2.delete_vpc_peering_connection(VpcPeeringConnectionId="$peering"),
        ROUTE.answers(leads(VpcPeeringConnectionId="$peering", State="blackhole")),
    ),
    Case(
        "a route to a peering that isn't there",
        ERRORS,
        *BASE,
        ec2.create_route(**to(VpcPeeringConnectionId="pcx-0123456789abcdef0")).refused(
            "InvalidVpcPeeringConnectionID.NotFound",
            "The vpcPeeringConnection ID 'pcx-0123456789abcdef0' does not exist",
        ),
    ),
    Case(
        "a route to a peering of other VPCs",
        PEERING,
        *BASE,
        OTHER_VPC,
        ec2.create_vpc(CidrBlock="10.2.0.0/16").keep(third="Vpc.VpcId"),
        ec2.create_vpc_peering_connection(VpcId="$third", PeerVpcId="$other").keep(
            peering="VpcPeeringConnection.VpcPeeringConnectionId"
        ),
        ec2.create_route(**to(VpcPeeringConnectionId="$peering")).refused(
            "InvalidParameterValue",
            "route table $table and VPC peering connection $peering belong to different networks",
        ),
    ),
    Case(
        "a route to a transit gateway that the VPC isn't attached to",
        TRANSIT,
        *BASE,
        TRANSIT_GATEWAY,
        ec2.create_route(**to(TransitGatewayId="$tgw")).refused(
            "InvalidTransitGatewayID.NotFound", "The transitGateway ID '$tgw' does not exist."
        ),
    ),
    Case(
        "a route to a transit gateway is active while the VPC is attached to it",
        TRANSIT,
        *BASE,
        TRANSIT_GATEWAY,
        ATTACHMENT,
        ec2.create_route(**to(TransitGatewayId="$tgw")),
        ROUTE.answers(leads(TransitGatewayId="$tgw", State="active")),
        ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId="$attachment"),
        ROUTE.answers(leads(TransitGatewayId="$tgw", State="blackhole")),
    ),
    Case(
        "a black hole stays until the route is given another target",
        STATE,
        *BASE,
        INTERFACE,
        ec2.create_route(**to(NetworkInterfaceId="$eni")),
        ec2.delete_network_interface(NetworkInterfaceId="$eni"),
        ROUTE.answers(leads(NetworkInterfaceId="$eni", State="blackhole")),
        *INSTANCE,
        ROUTE.answers({"RouteTables[0].Routes[1].State": "blackhole"}),
        ec2.create_route(**to(NetworkInterfaceId="$eni")).refused(
            "RouteAlreadyExists", "The route identified by 192.0.2.0/24 already exists."
        ),
        ec2.replace_route(**to(NetworkInterfaceId="$eni")),
        ROUTE.answers({"RouteTables[0].Routes[1].[NetworkInterfaceId, State]": ["$eni", "active"]}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_routes_lead_where_they_do_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
