from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Step, advance, config, ec2
from tests.integration.local.aws.network import (
    API,
    ERRORS,
    IMAGE,
    INSTANCE,
    INTERFACE,
    LAUNCH,
    OTHER_VPC,
    SMALL_SUBNET,
    SUBNET,
    TERMINATE,
    VPC,
)

STATES = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html"
NOT_THERE = "i-0123456789abcdef0"
DESCRIBE = ec2.describe_instances(InstanceIds=["$instance"])
GIVEN = [{"DeviceIndex": 0, "NetworkInterfaceId": "$eni"}]
WITH_INTERFACE = ec2.run_instances(**LAUNCH, NetworkInterfaces=GIVEN).keep(instance="Instances[0].InstanceId")
START = ec2.start_instances(InstanceIds=["$instance"])
STOP = ec2.stop_instances(InstanceIds=["$instance"])


def state(name: str) -> Step:
    return DESCRIBE.answers({"Reservations[].Instances[].State.Name": [name]})


CASES = [
    Case(
        "an instance is pending, then running",
        STATES,
        VPC,
        SUBNET,
        INSTANCE.answers({"Instances[0].State.Name": "pending", "Instances[0].PrivateIpAddress": "10.0.1.4"}),
        state("running"),
    ),
    Case(
        "an instance takes its time",
        STATES,
        VPC,
        SUBNET,
        config(durations={"instance.running": 20, "instance.stopped": 30, "instance.terminated": 40}),
        INSTANCE,
        advance(19),
        state("pending"),
        advance(1),
        state("running"),
        STOP.answers({"StoppingInstances[0].CurrentState.Name": "stopping"}),
        state("stopping"),
        START.refused(
            "IncorrectInstanceState", "The instance '$instance' is not in a state from which it can be started."
        ),
        advance(30),
        state("stopped"),
        START.answers({"StartingInstances[0].CurrentState.Name": "pending"}),
        advance(20),
        state("running"),
        TERMINATE.answers(
            {
                "TerminatingInstances[0].CurrentState.Name": "shutting-down",
                "TerminatingInstances[0].PreviousState.Name": "running",
            }
        ),
        state("shutting-down"),
        advance(40),
        state("terminated"),
        advance(3600),
        DESCRIBE.refused("InvalidInstanceID.NotFound", "The instance ID '$instance' does not exist"),
    ),
    Case(
        "starting an instance that was terminated",
        f"{API}/API_StartInstances.html",
        VPC,
        SUBNET,
        INSTANCE,
        TERMINATE,
        START.refused(
            "IncorrectInstanceState", "The instance '$instance' is not in a state from which it can be started."
        ),
        STOP.refused(
            "IncorrectInstanceState", "This instance '$instance' is not in a state from which it can be stopped."
        ),
    ),
    Case(
        "terminating an instance twice",
        f"{API}/API_TerminateInstances.html",
        VPC,
        SUBNET,
        INSTANCE,
        TERMINATE,
        TERMINATE.answers(
            {
                "TerminatingInstances[0].CurrentState.Name": "terminated",
                "TerminatingInstances[0].PreviousState.Name": "terminated",
            }
        ),
    ),
    Case(
        "all instances are terminated, or none",
        f"{API}/API_TerminateInstances.html",
        VPC,
        SUBNET,
        INSTANCE,
        ec2.terminate_instances(InstanceIds=["$instance", NOT_THERE]).refused(
            "InvalidInstanceID.NotFound", f"The instance ID '{NOT_THERE}' does not exist"
        ),
        state("running"),
    ),
    Case(
        "an instance that may not be terminated",
        f"{API}/API_TerminateInstances.html",
        VPC,
        SUBNET,
        INSTANCE,
        ec2.modify_instance_attribute(InstanceId="$instance", DisableApiTermination={"Value": True}),
        TERMINATE.refused(
            "OperationNotPermitted",
            "The instance '$instance' may not be terminated. "
            "Modify its 'disableApiTermination' instance attribute and try again.",
        ),
        ec2.modify_instance_attribute(InstanceId="$instance", DisableApiTermination={"Value": False}),
        TERMINATE,
    ),
    Case(
        "several instances that aren't there",
        ERRORS,
        ec2.describe_instances(InstanceIds=[NOT_THERE, "i-0123456789abcdef1"]).refused(
            "InvalidInstanceID.NotFound", f"The instance IDs '{NOT_THERE}, i-0123456789abcdef1' do not exist"
        ),
    ),
    Case(
        "what is no instance's id",
        ERRORS,
        ec2.describe_instances(InstanceIds=["web"]).refused(
            "InvalidInstanceID.Malformed", 'Invalid id: "web" (expecting "i-...")'
        ),
    ),
    Case(
        "an instance launched twice with a token",
        f"{API}/API_RunInstances.html",
        VPC,
        SUBNET,
        ec2.run_instances(**LAUNCH, SubnetId="$subnet", ClientToken="one").keep(instance="Instances[0].InstanceId"),
        ec2.run_instances(**LAUNCH, SubnetId="$subnet", ClientToken="one").answers(
            {"Instances[0].InstanceId": "$instance", "Instances[0].ClientToken": "one"}
        ),
        ec2.describe_instances().answers({"Reservations[].Instances[].InstanceId": ["$instance"]}),
    ),
    Case(
        "an image that isn't there",
        f"{API}/API_RunInstances.html",
        VPC,
        SUBNET,
        ec2.run_instances(**{**LAUNCH, "ImageId": "ami-0123456789abcdef0"}, SubnetId="$subnet").refused(
            "InvalidAMIID.NotFound", "The image id '[ami-0123456789abcdef0]' does not exist"
        ),
    ),
    Case(
        "what is no image's id",
        ERRORS,
        ec2.run_instances(**{**LAUNCH, "ImageId": "ubuntu"}).refused(
            "InvalidAMIID.Malformed", 'Invalid id: "ubuntu" (expecting "ami-...")'
        ),
    ),
    Case(
        "no image",
        f"{API}/API_RunInstances.html",
        ec2.run_instances(MinCount=1, MaxCount=1).refused(
            "MissingParameter", "The request must contain the parameter ImageId"
        ),
    ),
    Case(
        "an instance type that AWS hasn't",
        f"{API}/API_RunInstances.html",
        ec2.run_instances(**{**LAUNCH, "InstanceType": "t3.bogus"}).refused(
            "InvalidParameterValue", "Invalid value 't3.bogus' for InstanceType."
        ),
    ),
    Case(
        "a key pair that isn't there",
        f"{API}/API_RunInstances.html",
        ec2.run_instances(**LAUNCH, KeyName="mine").refused(
            "InvalidKeyPair.NotFound", "The key pair 'mine' does not exist"
        ),
    ),
    Case(
        "as many instances as are wanted at most",
        f"{API}/API_RunInstances.html",
        VPC,
        SUBNET,
        ec2.run_instances(**{**LAUNCH, "MaxCount": 3}, SubnetId="$subnet").answers(
            {
                "Instances[].AmiLaunchIndex": [0, 1, 2],
                "Instances[].PrivateIpAddress": ["10.0.1.4", "10.0.1.5", "10.0.1.6"],
            }
        ),
        ec2.describe_instances().answers({"length(Reservations)": 1, "length(Reservations[0].Instances)": 3}),
    ),
    Case(
        "more at least than at most",
        f"{API}/API_RunInstances.html",
        ec2.run_instances(ImageId=IMAGE, MinCount=2, MaxCount=1).refused(
            "InvalidParameterValue",
            "Value (2) for parameter minCount is invalid. minCount must be less than or equal to maxCount.",
        ),
    ),
    Case(
        "more instances than a subnet has addresses",
        f"{API}/API_RunInstances.html",
        VPC,
        SMALL_SUBNET,
        ec2.run_instances(**{**LAUNCH, "MaxCount": 12}, SubnetId="$subnet").refused(
            "InsufficientFreeAddressesInSubnet",
            "There are not enough free addresses in subnet '$subnet' to satisfy the requested number of instances.",
        ),
        ec2.describe_network_interfaces().answers({"NetworkInterfaces": []}),
    ),
    Case(
        "an instance with an address that is taken",
        f"{API}/API_RunInstances.html",
        VPC,
        SUBNET,
        INTERFACE,
        ec2.run_instances(**LAUNCH, SubnetId="$subnet", PrivateIpAddress="10.0.1.4").refused(
            "InvalidIPAddress.InUse", "Address 10.0.1.4 is in use."
        ),
    ),
    Case(
        "an instance with a group of another VPC",
        f"{API}/API_RunInstances.html",
        VPC,
        SUBNET,
        OTHER_VPC,
        ec2.create_security_group(GroupName="web", Description="web", VpcId="$other").keep(group="GroupId"),
        ec2.run_instances(**LAUNCH, SubnetId="$subnet", SecurityGroupIds=["$group"]).refused(
            "InvalidParameter", "Security group $group and subnet $subnet belong to different networks."
        ),
    ),
    Case(
        "an instance in a subnet that isn't there",
        ERRORS,
        ec2.run_instances(**LAUNCH, SubnetId="subnet-0123456789abcdef0").refused(
            "InvalidSubnetID.NotFound", "The subnet ID 'subnet-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "a subnet beside listed interfaces",
        f"{API}/API_RunInstances.html",
        VPC,
        SUBNET,
        INTERFACE,
        ec2.run_instances(**LAUNCH, SubnetId="$subnet", NetworkInterfaces=GIVEN).refused(
            "InvalidParameterCombination",
            "Network interfaces and an instance-level subnet ID may not be specified on the same request",
        ),
    ),
    Case(
        "an instance is where its interface is, and has its groups",
        f"{API}/API_RunInstances.html",
        VPC,
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24", AvailabilityZone="eu-west-1b").keep(
            subnet="Subnet.SubnetId"
        ),
        ec2.create_security_group(GroupName="web", Description="web", VpcId="$vpc").keep(group="GroupId"),
        ec2.create_network_interface(SubnetId="$subnet", Groups=["$group"]).keep(
            eni="NetworkInterface.NetworkInterfaceId"
        ),
        ec2.modify_network_interface_attribute(NetworkInterfaceId="$eni", SourceDestCheck={"Value": False}),
        WITH_INTERFACE.answers(
            {
                "Instances[0].Placement.AvailabilityZone": "eu-west-1b",
                "Instances[0].SourceDestCheck": False,
                "Instances[0].SecurityGroups[].GroupId": ["$group"],
                "Instances[0].NetworkInterfaces[0].SourceDestCheck": False,
                "Instances[0].NetworkInterfaces[0].Attachment.DeleteOnTermination": False,
            }
        ),
    ),
    Case(
        "an instance with an interface that is in use",
        ERRORS,
        VPC,
        SUBNET,
        INTERFACE,
        WITH_INTERFACE,
        WITH_INTERFACE.refused("InvalidNetworkInterface.InUse", "Interface: [$eni] in use."),
    ),
    Case(
        "the interface that an instance was given stays when it ends",
        f"{API}/API_TerminateInstances.html",
        VPC,
        SUBNET,
        INTERFACE,
        WITH_INTERFACE,
        TERMINATE,
        ec2.describe_network_interfaces(NetworkInterfaceIds=["$eni"]).answers(
            {"NetworkInterfaces[0].Status": "available", "NetworkInterfaces[0].Attachment": None}
        ),
        WITH_INTERFACE,
    ),
    Case(
        "the interface that an instance was made with goes with it",
        f"{API}/API_TerminateInstances.html",
        VPC,
        SUBNET,
        INSTANCE.answers({"Instances[0].NetworkInterfaces[0].Attachment.DeleteOnTermination": True}),
        TERMINATE,
        ec2.describe_network_interfaces(NetworkInterfaceIds=["$eni"]).refused(
            "InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '$eni' does not exist"
        ),
        DESCRIBE.answers(
            {
                "Reservations[0].Instances[0].NetworkInterfaces": [],
                "Reservations[0].Instances[0].PrivateIpAddress": None,
                "Reservations[0].Instances[0].VpcId": None,
            }
        ),
        ec2.delete_subnet(SubnetId="$subnet"),
        ec2.delete_vpc(VpcId="$vpc"),
    ),
    Case(
        "another type for an instance that runs",
        f"{API}/API_ModifyInstanceAttribute.html",
        VPC,
        SUBNET,
        INSTANCE,
        ec2.modify_instance_attribute(InstanceId="$instance", InstanceType={"Value": "t3.large"}).refused(
            "IncorrectInstanceState", "The instance '$instance' is not in the 'stopped' state."
        ),
        STOP,
        ec2.modify_instance_attribute(InstanceId="$instance", InstanceType={"Value": "t3.large"}),
        DESCRIBE.answers({"Reservations[0].Instances[0].InstanceType": "t3.large"}),
    ),
    Case(
        "a version of a launch template builds on another",
        f"{API}/API_CreateLaunchTemplateVersion.html",
        ec2.create_launch_template(
            LaunchTemplateName="node", LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.medium"}
        ).keep(template="LaunchTemplate.LaunchTemplateId"),
        ec2.create_launch_template_version(
            LaunchTemplateId="$template", SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.large"}
        ).answers(
            {
                "LaunchTemplateVersion.LaunchTemplateData.ImageId": IMAGE,
                "LaunchTemplateVersion.LaunchTemplateData.InstanceType": "t3.large",
            }
        ),
    ),
    Case(
        "an instance is what its launch template says",
        f"{API}/API_RunInstances.html",
        VPC,
        SUBNET,
        ec2.create_security_group(GroupName="web", Description="web", VpcId="$vpc").keep(group="GroupId"),
        ec2.create_launch_template(
            LaunchTemplateName="node",
            LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.large", "SecurityGroupIds": ["$group"]},
        ).keep(template="LaunchTemplate.LaunchTemplateId"),
        ec2.run_instances(
            LaunchTemplate={"LaunchTemplateId": "$template"}, SubnetId="$subnet", MinCount=1, MaxCount=1
        ).answers(
            {
                "Instances[0].ImageId": IMAGE,
                "Instances[0].InstanceType": "t3.large",
                "Instances[0].SecurityGroups[].GroupId": ["$group"],
            }
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_instances_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
