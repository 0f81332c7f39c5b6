"""Machines and Node objects that others make: an autoscaler, a kubelet, somebody by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
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
    with autoscaling(environment, region) as client:
        client.create_launch_configuration(LaunchConfigurationName=group, ImageId=IMAGE, InstanceType="m5.large")
        client.create_auto_scaling_group(
            AutoScalingGroupName=group,
            LaunchConfigurationName=group,
            MinSize=2,
            MaxSize=2,
            VPCZoneIdentifier=",".join(subnets),
        )


@contextmanager
def autoscaling(environment: Mapping[str, str], region: str) -> Iterator[Any]:
    """A client for the Auto Scaling of the AWS that an environment names."""
    session: Any = boto3.Session(
        region_name=region,
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    with closing(session.client("autoscaling", endpoint_url=environment["AWS_ENDPOINT_URL"])) as client:
        yield client


@dataclass(frozen=True)
class Workers:
    """An Auto Scaling group of others.

    Attributes:
        client: of Auto Scaling.
        name: the group's.
    """

    client: Any
    name: str

    def make(self, aws: Aws, subnets: list[str], groups: list[str], most: int = 4) -> None:
        """Make it, with a launch template and two machines."""
        kind: Any = {"ImageId": IMAGE, "InstanceType": "m6i.large", "SecurityGroupIds": groups}
        aws.ec2.create_launch_template(LaunchTemplateName=self.name, LaunchTemplateData=kind)
        self.client.create_auto_scaling_group(
            AutoScalingGroupName=self.name,
            LaunchTemplate={"LaunchTemplateName": self.name},
            MinSize=0,
            MaxSize=most,
            DesiredCapacity=2,
            VPCZoneIdentifier=",".join(subnets),
        )

    def scale(self, number: int) -> None:
        """Have it so many machines."""
        self.client.set_desired_capacity(AutoScalingGroupName=self.name, DesiredCapacity=number)

    def attached(self) -> list[str]:
        """What is attached to it."""
        found = self.client.describe_load_balancer_target_groups(AutoScalingGroupName=self.name)
        rows = found["LoadBalancerTargetGroups"]
        return [row["LoadBalancerTargetGroupARN"] for row in rows if row["State"] not in ("Removing", "Removed")]

    def detach(self) -> None:
        """Detach everything, as somebody does by hand."""
        arns = self.attached()
        self.client.detach_load_balancer_target_groups(AutoScalingGroupName=self.name, TargetGroupARNs=arns)

    def seen(self) -> dict[str, Any]:
        """What AWS says of it, but for its machines."""
        (found,) = self.client.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])["AutoScalingGroups"]
        return {key: value for key, value in found.items() if key not in ("Instances", "DesiredCapacity")}
