from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, advance, config, ec2
from tests.integration.local.aws.network import API, ERRORS, INSTANCE, INTERFACE, LAUNCH, SECOND_INTERFACE, SUBNET, VPC

PER_TYPE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html"
ATTACH = ec2.attach_network_interface(NetworkInterfaceId="$second", InstanceId="$instance", DeviceIndex=1)

CASES = [
    Case(
        "an interface is attached and detached",
        f"{API}/API_DetachNetworkInterface.html",
        VPC,
        SUBNET,
        config(durations={"network-interface.detached": 10}),
        INSTANCE,
        SECOND_INTERFACE,
        ATTACH.keep(attachment="AttachmentId"),
        ec2.detach_network_interface(AttachmentId="$attachment"),
        ec2.describe_network_interfaces(NetworkInterfaceIds=["$second"]).answers(
            {"NetworkInterfaces[0].Status": "detaching", "NetworkInterfaces[0].Attachment.Status": "detaching"}
        ),
        ec2.delete_network_interface(NetworkInterfaceId="$second").refused(
            "InvalidParameterValue", "Network interface '$second' is currently in use."
        ),
        advance(10),
        ec2.delete_network_interface(NetworkInterfaceId="$second"),
    ),
    Case(
        "attaching an interface twice",
        f"{API}/API_AttachNetworkInterface.html",
        VPC,
        SUBNET,
        INSTANCE,
        SECOND_INTERFACE,
        ATTACH,
        ec2.attach_network_interface(NetworkInterfaceId="$second", InstanceId="$instance", DeviceIndex=2).refused(
            "InvalidNetworkInterface.InUse", "Interface: [$second] in use."
        ),
    ),
    Case(
        "attaching an interface where another is",
        f"{API}/API_AttachNetworkInterface.html",
        VPC,
        SUBNET,
        INSTANCE,
        SECOND_INTERFACE,
        ec2.attach_network_interface(NetworkInterfaceId="$second", InstanceId="$instance", DeviceIndex=0).refused(
            "InvalidParameterValue", "Instance '$instance' already has an interface attached at device index '0'."
        ),
    ),
    Case(
        "attaching an interface of another zone",
        f"{API}/API_AttachNetworkInterface.html",
        VPC,
        SUBNET,
        INSTANCE,
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.3.0/24", AvailabilityZone="eu-west-1c").keep(
            subnet="Subnet.SubnetId"
        ),
        SECOND_INTERFACE,
        ATTACH.refused(
            "InvalidParameterCombination",
            "You may not attach a network interface to an instance if they are not in the same availability zone",
        ),
    ),
    Case(
        "more interfaces than an instance's type takes",
        PER_TYPE,
        VPC,
        SUBNET,
        ec2.run_instances(**{**LAUNCH, "InstanceType": "t3.nano"}, SubnetId="$subnet").keep(
            instance="Instances[0].InstanceId"
        ),
        SECOND_INTERFACE,
        ATTACH,
        INTERFACE,
        ec2.attach_network_interface(NetworkInterfaceId="$eni", InstanceId="$instance", DeviceIndex=2).refused(
            "AttachmentLimitExceeded", "Interface count 3 exceeds the limit for t3.nano"
        ),
    ),
    Case(
        "detaching an instance's first interface",
        f"{API}/API_DetachNetworkInterface.html",
        VPC,
        SUBNET,
        INSTANCE.keep(attachment="Instances[0].NetworkInterfaces[0].Attachment.AttachmentId"),
        ec2.detach_network_interface(AttachmentId="$attachment").refused(
            "OperationNotPermitted",
            "The network interface at device index 0 and networkCard index 0 cannot be detached.",
        ),
    ),
    Case(
        "an attachment that isn't there",
        ERRORS,
        ec2.detach_network_interface(AttachmentId="eni-attach-0123456789abcdef0").refused(
            "InvalidAttachmentID.NotFound", "The attachment ID 'eni-attach-0123456789abcdef0' does not exist"
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_attachments_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
