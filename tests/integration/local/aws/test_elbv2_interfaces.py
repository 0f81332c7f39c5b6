from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Step, advance, config, ec2, elbv2
from tests.integration.local.aws.elbv2_steps import (
    API,
    BALANCER,
    DELETE_BALANCER,
    EC2_ERRORS,
    GATEWAY,
    GUARD,
    MANAGED,
    PLACE,
    balancer,
)

MAPPING = f"{API}/API_SubnetMapping.html"
ADDRESS = f"{API}/API_LoadBalancerAddress.html"
EIP = ec2.allocate_address(Domain="vpc").keep(eip="AllocationId", public="PublicIp")
FACING = balancer(Scheme="internet-facing", SubnetMappings=[{"SubnetId": "$a", "AllocationId": "$eip"}])
SLOW = config(durations={"load-balancer.interfaces-released": 60})
BUSY = ("ResourceInUse", "The allocation IDs are not available for use")
INTERFACES = ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": ["$vpc"]}])
SUBNET_BUSY = ("DependencyViolation", "The subnet '$a' has dependencies and cannot be deleted.")
DELETE_A = ec2.delete_subnet(SubnetId="$a")


def fixed(address: str) -> Step:
    return balancer(SubnetMappings=[{"SubnetId": "$a", "PrivateIPv4Address": address}])


CASES = [
    Case(
        "a network load balancer has an interface in each subnet",
        MANAGED,
        *PLACE,
        BALANCER,
        INTERFACES.answers(
            {
                "sort(NetworkInterfaces[].AvailabilityZone)": ["eu-west-1a", "eu-west-1b"],
                "NetworkInterfaces[].InterfaceType": ["network_load_balancer"] * 2,
                "NetworkInterfaces[].RequesterManaged": [True, True],
                "NetworkInterfaces[].RequesterId": ["amazon-elb"] * 2,
                "NetworkInterfaces[].Status": ["in-use"] * 2,
                "NetworkInterfaces[].SourceDestCheck": [False, False],
                "NetworkInterfaces[].Groups[]": [],
                "NetworkInterfaces[].Attachment.Status": ["attached"] * 2,
                "starts_with(NetworkInterfaces[0].Description, 'ELB net/shop/')": True,
                "starts_with(NetworkInterfaces[0].Attachment.AttachmentId, 'ela-attach-')": True,
                "NetworkInterfaces[].Association": [],
            }
        ),
    ),
    Case(
        "an interface carries the name and id of its load balancer's ARN",
        MANAGED,
        *PLACE,
        BALANCER,
        INTERFACES.keep(description="NetworkInterfaces[0].Description"),
        ec2.describe_network_interfaces(Filters=[{"Name": "description", "Values": ["$description"]}]).answers(
            {"length(NetworkInterfaces)": 2}
        ),
    ),
    Case(
        "a load balancer's addresses are taken from its subnets",
        MANAGED,
        *PLACE,
        BALANCER,
        ec2.describe_subnets(SubnetIds=["$a"]).answers({"Subnets[].AvailableIpAddressCount": [250]}),
    ),
    Case(
        "an application load balancer has interfaces, too",
        MANAGED,
        *PLACE,
        balancer(Type="application"),
        INTERFACES.answers(
            {
                "NetworkInterfaces[].InterfaceType": ["interface"] * 2,
                "starts_with(NetworkInterfaces[0].Description, 'ELB app/shop/')": True,
                "NetworkInterfaces[].Groups[].GroupName": ["default"] * 2,
            }
        ),
        DELETE_BALANCER,
        INTERFACES.answers({"NetworkInterfaces": []}),
    ),
    Case(
        "the groups of a load balancer are its interfaces'",
        MANAGED,
        *PLACE,
        GUARD,
        balancer(SecurityGroups=["$guard"]),
        INTERFACES.answers({"NetworkInterfaces[].Groups[].GroupId": ["$guard", "$guard"]}),
        ec2.delete_security_group(GroupId="$guard").refused(
            "DependencyViolation", "resource $guard has a dependent object"
        ),
    ),
    Case(
        "an internet-facing load balancer has public addresses of AWS's own",
        MANAGED,
        *PLACE,
        *GATEWAY,
        balancer(Scheme="internet-facing", Subnets=["$a"]).answers(
            {"LoadBalancers[].AvailabilityZones[].LoadBalancerAddresses[]": []}
        ),
        INTERFACES.answers(
            {
                "NetworkInterfaces[].Association.IpOwnerId": ["amazon-elb"],
                "length(NetworkInterfaces[].Association.PublicIp)": 1,
                "NetworkInterfaces[].Association.AllocationId": [],
            }
        ),
        ec2.describe_addresses().answers({"Addresses": []}),
    ),
    Case(
        "an internet gateway can't be detached while a load balancer faces the internet",
        MANAGED,
        SLOW,
        *PLACE,
        *GATEWAY,
        balancer(Scheme="internet-facing", Subnets=["$a"]),
        DELETE_BALANCER,
        ec2.detach_internet_gateway(InternetGatewayId="$gateway", VpcId="$vpc").refused(
            "DependencyViolation",
            "Network $vpc has some mapped public address(es). Please unmap those public address(es) before detaching "
            "the gateway.",
        ),
        advance(60),
        ec2.detach_internet_gateway(InternetGatewayId="$gateway", VpcId="$vpc"),
    ),
    Case(
        "an elastic address of a load balancer",
        ADDRESS,
        *PLACE,
        *GATEWAY,
        EIP,
        FACING.answers(
            {
                "LoadBalancers[].AvailabilityZones[].LoadBalancerAddresses[].AllocationId": ["$eip"],
                "LoadBalancers[].AvailabilityZones[].LoadBalancerAddresses[].IpAddress": ["$public"],
            }
        ),
        elbv2.describe_load_balancers(Names=["shop"]).answers(
            {
                "LoadBalancers[].AvailabilityZones[].LoadBalancerAddresses[]": [
                    {"AllocationId": "$eip", "IpAddress": "$public"}
                ]
            }
        ),
        INTERFACES.keep(eni="NetworkInterfaces[0].NetworkInterfaceId").answers(
            {"NetworkInterfaces[].Association.AllocationId": ["$eip"]}
        ),
        ec2.describe_addresses(AllocationIds=["$eip"])
        .keep(association="Addresses[0].AssociationId")
        .answers({"Addresses[].NetworkInterfaceId": ["$eni"]}),
    ),
    Case(
        "an elastic address of a load balancer that is in use",
        f"{API}/API_CreateLoadBalancer.html",
        *PLACE,
        *GATEWAY,
        EIP,
        FACING,
        FACING.answers({"LoadBalancers[].LoadBalancerArn": ["$balancer"]}),
        balancer("two", Scheme="internet-facing", SubnetMappings=[{"SubnetId": "$a", "AllocationId": "$eip"}]).refused(
            *BUSY
        ),
        balancer(
            "three",
            Scheme="internet-facing",
            SubnetMappings=[
                {"SubnetId": "$a", "AllocationId": "$eip"},
                {"SubnetId": "$b", "AllocationId": "$eip"},
            ],
        ).refused(*BUSY),
        ec2.release_address(AllocationId="$eip").refused("InvalidIPAddress.InUse", "Address $public is in use."),
    ),
    Case(
        "an elastic address is free some time after its load balancer",
        MANAGED,
        SLOW,
        *PLACE,
        *GATEWAY,
        EIP,
        FACING,
        DELETE_BALANCER,
        ec2.release_address(AllocationId="$eip").refused("InvalidIPAddress.InUse", "Address $public is in use."),
        advance(60),
        ec2.describe_addresses(AllocationIds=["$eip"]).answers({"Addresses[].AssociationId": []}),
        ec2.release_address(AllocationId="$eip"),
    ),
    Case(
        "a load balancer's elastic address can't be taken from it",
        MANAGED,
        *PLACE,
        *GATEWAY,
        EIP,
        FACING,
        ec2.describe_addresses(AllocationIds=["$eip"]).keep(association="Addresses[0].AssociationId"),
        ec2.disassociate_address(AssociationId="$association").refused(
            "AuthFailure", "You do not have permission to access the specified resource."
        ),
    ),
    Case(
        "elastic addresses that aren't there",
        f"{API}/API_CreateLoadBalancer.html",
        *PLACE,
        *GATEWAY,
        balancer(
            Scheme="internet-facing",
            SubnetMappings=[
                {"SubnetId": "$a", "AllocationId": "eipalloc-0000000000000000a"},
                {"SubnetId": "$b", "AllocationId": "eipalloc-0000000000000000b"},
            ],
        ).refused(
            "AllocationIdNotFound",
            "The allocation IDs 'eipalloc-0000000000000000a', 'eipalloc-0000000000000000b' do not exist",
        ),
    ),
    Case(
        "an elastic address of an internal load balancer",
        MAPPING,
        *PLACE,
        EIP,
        balancer(SubnetMappings=[{"SubnetId": "$a", "AllocationId": "$eip"}]).refused(
            "InvalidConfigurationRequest", "Elastic IP addresses cannot be specified for internal load balancers"
        ),
    ),
    Case(
        "an elastic address of an application load balancer",
        MAPPING,
        *PLACE,
        *GATEWAY,
        EIP,
        balancer(
            Type="application",
            Scheme="internet-facing",
            SubnetMappings=[{"SubnetId": "$a", "AllocationId": "$eip"}, {"SubnetId": "$b"}],
        ).refused(
            "InvalidConfigurationRequest",
            "Elastic IP addresses cannot be specified for load balancers with type 'application'",
        ),
    ),
    Case(
        "a private address that is asked for",
        ADDRESS,
        *PLACE,
        fixed("10.0.1.50").answers(
            {"LoadBalancers[].AvailabilityZones[].LoadBalancerAddresses[]": [{"PrivateIPv4Address": "10.0.1.50"}]}
        ),
        INTERFACES.answers({"NetworkInterfaces[].PrivateIpAddress": ["10.0.1.50"]}),
    ),
    Case(
        "a private address outside its subnet",
        MAPPING,
        *PLACE,
        fixed("10.0.2.50").refused(
            "InvalidConfigurationRequest", "The private IPv4 address '10.0.2.50' is not valid for subnet '$a'"
        ),
        fixed("10.0.1.3").refused(
            "InvalidConfigurationRequest", "The private IPv4 address '10.0.1.3' is not valid for subnet '$a'"
        ),
    ),
    Case(
        "a private address that something has",
        MAPPING,
        *PLACE,
        ec2.create_network_interface(SubnetId="$a", PrivateIpAddress="10.0.1.50"),
        fixed("10.0.1.50").refused("ResourceInUse", "The private IPv4 address '10.0.1.50' is not available for use"),
        fixed("10.0.1.51"),
    ),
    Case(
        "a private address of an internet-facing load balancer",
        MAPPING,
        *PLACE,
        *GATEWAY,
        balancer(
            Scheme="internet-facing", SubnetMappings=[{"SubnetId": "$a", "PrivateIPv4Address": "10.0.1.50"}]
        ).refused(
            "InvalidConfigurationRequest",
            "Private IPv4 addresses cannot be specified for internet-facing load balancers",
        ),
    ),
    Case(
        "a subnet can't be deleted before its load balancer's interface has gone",
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html",
        SLOW,
        *PLACE,
        BALANCER,
        DELETE_A.refused(*SUBNET_BUSY),
        DELETE_BALANCER,
        DELETE_A.refused(*SUBNET_BUSY),
        advance(59),
        DELETE_A.refused(*SUBNET_BUSY),
        advance(1),
        DELETE_A,
    ),
    Case(
        "a group can't be deleted before its load balancer's interfaces have gone",
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html",
        SLOW,
        *PLACE,
        GUARD,
        balancer(SecurityGroups=["$guard"]),
        DELETE_BALANCER,
        ec2.delete_security_group(GroupId="$guard").refused(
            "DependencyViolation", "resource $guard has a dependent object"
        ),
        advance(60),
        ec2.delete_security_group(GroupId="$guard"),
    ),
    Case(
        "a load balancer's interface is nobody's to detach, change or delete",
        MANAGED,
        *PLACE,
        BALANCER,
        INTERFACES.keep(
            eni="NetworkInterfaces[0].NetworkInterfaceId", attachment="NetworkInterfaces[0].Attachment.AttachmentId"
        ),
        ec2.detach_network_interface(AttachmentId="$attachment").refused(
            "OperationNotPermitted", "You are not allowed to manage 'ela-attach' attachments."
        ),
        ec2.modify_network_interface_attribute(NetworkInterfaceId="$eni", SourceDestCheck={"Value": True}).refused(
            "AuthFailure", "You do not have permission to access the specified resource."
        ),
    ),
    Case(
        "a load balancer's interface can't be deleted",
        EC2_ERRORS,
        *PLACE,
        BALANCER,
        INTERFACES.keep(eni="NetworkInterfaces[0].NetworkInterfaceId"),
        ec2.delete_network_interface(NetworkInterfaceId="$eni").refused(
            "InvalidParameterValue", "Network interface '$eni' is currently in use."
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_interfaces_of_load_balancers_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
