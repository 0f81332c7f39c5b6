"""Steps that many cases begin with: a VPC, a subnet, and what stands in them."""

from __future__ import annotations

from tests.integration.local.aws.case import ec2

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
ERRORS = f"{API}/errors-overview.html"
LIMITS = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
IMAGE = "ami-0d71ea30463e0ff8d"

VPC = ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId")
OTHER_VPC = ec2.create_vpc(CidrBlock="10.9.0.0/16").keep(other="Vpc.VpcId")
SUBNET = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24", AvailabilityZone="eu-west-1a").keep(
    subnet="Subnet.SubnetId"
)
SMALL_SUBNET = ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.2.0/28").keep(subnet="Subnet.SubnetId")
GATEWAY = ec2.create_internet_gateway().keep(igw="InternetGateway.InternetGatewayId")
ATTACH = ec2.attach_internet_gateway(InternetGatewayId="$igw", VpcId="$vpc")
DETACH = ec2.detach_internet_gateway(InternetGatewayId="$igw", VpcId="$vpc")
ADDRESS = ec2.allocate_address(Domain="vpc").keep(eip="AllocationId", public="PublicIp")
RELEASE = ec2.release_address(AllocationId="$eip")
INTERFACE = ec2.create_network_interface(SubnetId="$subnet").keep(eni="NetworkInterface.NetworkInterfaceId")
SECOND_INTERFACE = ec2.create_network_interface(SubnetId="$subnet").keep(second="NetworkInterface.NetworkInterfaceId")
ASSOCIATE = ec2.associate_address(AllocationId="$eip", NetworkInterfaceId="$eni").keep(association="AssociationId")
NAT = ec2.create_nat_gateway(SubnetId="$subnet", AllocationId="$eip").keep(nat="NatGateway.NatGatewayId")
PUBLIC_SUBNET = (VPC, SUBNET, GATEWAY, ATTACH)

LAUNCH = {"ImageId": IMAGE, "InstanceType": "t3.medium", "MinCount": 1, "MaxCount": 1}
INSTANCE = ec2.run_instances(**LAUNCH, SubnetId="$subnet").keep(
    instance="Instances[0].InstanceId", eni="Instances[0].NetworkInterfaces[0].NetworkInterfaceId"
)
TERMINATE = ec2.terminate_instances(InstanceIds=["$instance"])
