"""Machines and Node objects that others make: an autoscaler, a kubelet, somebody by hand."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

import boto3
import lightkube
from lightkube.models.core_v1 import NodeSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Node

from tests.e2e.aws import Aws
from tests.e2e.projects import IMAGE

KIND: Mapping[str, Any] = {"ImageId": IMAGE, "InstanceType": "t3.medium", "MinCount": 1, "MaxCount": 1}


def launched(aws: Aws, subnet: str, *groups: str) -> tuple[str, str]:
    """An instance in a subnet; its id, and that of its primary interface."""
    made: Any = aws.ec2.run_instances(**KIND, SubnetId=subnet, SecurityGroupIds=groups)["Instances"][0]
    return made["InstanceId"], made["NetworkInterfaces"][0]["NetworkInterfaceId"]


def launched_on(aws: Aws, interface: str) -> str:
    """An instance whose first interface is there already; its id."""
    first: Any = [{"DeviceIndex": 0, "NetworkInterfaceId": interface}]
    return aws.ec2.run_instances(**KIND, NetworkInterfaces=first)["Instances"][0]["InstanceId"]


def second_interface(aws: Aws, instance: str, subnet: str) -> str:
    """Another interface on an instance; its id."""
    made = aws.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    aws.ec2.attach_network_interface(NetworkInterfaceId=made, InstanceId=instance, DeviceIndex=1)
    return made


def registered(kubernetes: lightkube.Client, name: str, instance: str, zone: str, pods: str, **labels: str) -> None:
    """A Node object as a kubelet and the controller manager make it."""
    spec = NodeSpec(providerID=f"aws:///{zone}/{instance}", podCIDR=pods, podCIDRs=[pods])
    kubernetes.create(Node(metadata=ObjectMeta(name=name, labels=labels), spec=spec))


def checked(aws: Aws, interface: str) -> bool:
    """Whether AWS drops what an interface sends or gets under other addresses."""
    (found,) = aws.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"]
    return found["SourceDestCheck"]


def autoscaled(environment: Mapping[str, str], region: str, group: str, subnets: list[str]) -> None:
    """An autoscaling group of two."""
    session: Any = boto3.Session(
        region_name=region,
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    with closing(session.client("autoscaling", endpoint_url=environment["AWS_ENDPOINT_URL"])) as client:
        client.create_launch_configuration(LaunchConfigurationName=group, ImageId=IMAGE, InstanceType="m5.large")
        client.create_auto_scaling_group(
            AutoScalingGroupName=group,
            LaunchConfigurationName=group,
            MinSize=2,
            MaxSize=2,
            VPCZoneIdentifier=",".join(subnets),
        )
