from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import lightkube
import pytest
from lightkube.models.core_v1 import NodeAddress, NodeCondition, NodeSpec, NodeStatus
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Node

from kubewire.cloud import kubernetes_nodes
from kubewire.cloud.aws import AwsCloud
from kubewire.functions.get_auto_scaling_group import GetAutoScalingGroup, GetAutoScalingGroupArgs
from kubewire.functions.get_cluster_nodes import GetClusterNodes, GetClusterNodesArgs, NoMachine
from tests.integration.functions.conftest import IMAGE

Register = Callable[..., None]


@pytest.fixture
def register(api: lightkube.Client) -> Iterator[Register]:
    """Makes Node objects as kubelets do, and removes them after the test."""
    made = []

    def node(name: str, provider_id: str | None = None, pods: str | None = None, **labels: str) -> None:
        status = NodeStatus(
            addresses=[NodeAddress(type="InternalIP", address="10.9.0.200")],
            conditions=[NodeCondition(type="Ready", status="True")],
        )
        spec = NodeSpec(providerID=provider_id, podCIDR=pods, podCIDRs=[pods] if pods else None)
        api.create(Node(metadata=ObjectMeta(name=name, labels=labels), spec=spec, status=status))
        made.append(name)

    yield node
    for name in made:
        api.delete(Node, name)


def launch(ec2: Any, subnet: str) -> dict[str, Any]:
    kind = {"ImageId": IMAGE, "InstanceType": "t3.medium", "MinCount": 1, "MaxCount": 1}
    launched: dict[str, Any] = ec2.run_instances(**kind, SubnetId=subnet)["Instances"][0]
    return launched


def test_nodes_are_joined_with_their_machines(looking: AwsCloud, register: Register, ec2: Any, subnet: str) -> None:
    machine, gone = launch(ec2, subnet), launch(ec2, subnet)
    ec2.terminate_instances(InstanceIds=[gone["InstanceId"]])
    ec2.describe_instances(InstanceIds=[gone["InstanceId"]])
    interface = machine["NetworkInterfaces"][0]["NetworkInterfaceId"]
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, SourceDestCheck={"Value": False})
    zone = {kubernetes_nodes.ZONE_LABEL: "eu-west-1b"}
    register("joined", f"aws:///eu-west-1b/{machine['InstanceId']}", "100.64.9.0/24", **zone)
    register("gone", f"aws:///eu-west-1b/{gone['InstanceId']}")
    register("never", "aws:///eu-west-1b/i-0123456789abcdef0")
    register("kind", "kind://docker/kind/worker")
    register("bare")
    found = GetClusterNodes(looking).run(GetClusterNodesArgs())
    (joined,) = found.nodes
    assert joined.to_wire() == {
        "name": "joined",
        "instance": machine["InstanceId"],
        "zone": "eu-west-1b",
        "zoneLabel": "eu-west-1b",
        "networkInterface": interface,
        "subnet": subnet,
        "privateAddress": machine["PrivateIpAddress"],
        "sourceDestCheck": False,
        "securityGroups": [machine["SecurityGroups"][0]["GroupId"]],
        "furtherInterfaces": [],
        "podCidrs": ["100.64.9.0/24"],
        "internalIp": "10.9.0.200",
        "ready": True,
    }
    assert {row.name: row.reason for row in found.others} == {
        "bare": NoMachine.NO_PROVIDER_ID,
        "kind": NoMachine.NOT_EC2,
        "gone": NoMachine.INSTANCE_GONE,
        "never": NoMachine.INSTANCE_GONE,
    }


def test_nodes_come_in_pages_and_by_labels(
    looking: AwsCloud, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kubernetes_nodes, "PAGE", 2)
    for number in range(5):
        register(f"node-{number}", pool="web" if number % 2 else "", **{"example.com/odd": str(number % 2)})

    def names(**labels: str) -> list[str]:
        found = GetClusterNodes(looking).run(GetClusterNodesArgs(labels=labels))
        return [row.name for row in found.others]

    assert names() == [f"node-{number}" for number in range(5)]
    assert names(pool="web") == names(**{"example.com/odd": "1"}) == ["node-1", "node-3"]
    assert names(pool="") == ["node-0", "node-2", "node-4"]
    assert names(pool="db") == []


def test_a_group_s_machines_are_found_by_its_tag(looking: AwsCloud, autoscaling: Any, ec2: Any, subnet: str) -> None:
    autoscaling.create_launch_configuration(LaunchConfigurationName="web", ImageId=IMAGE, InstanceType="t3.medium")
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="web",
        LaunchConfigurationName="web",
        MinSize=0,
        MaxSize=3,
        DesiredCapacity=3,
        VPCZoneIdentifier=subnet,
    )
    (group,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=["web"])["AutoScalingGroups"]
    members = sorted(item["InstanceId"] for item in group["Instances"])
    ec2.stop_instances(InstanceIds=[members[0]])

    def machines(name: str) -> list[str]:
        found = GetAutoScalingGroup(looking).run(GetAutoScalingGroupArgs(name=name)).machines
        assert {(row.subnet, row.zone, row.source_dest_check) for row in found} <= {(subnet, "eu-west-1b", True)}
        return [row.instance for row in found]

    assert machines("web") == members[1:]
    assert machines("we?") == machines("nobody") == []
