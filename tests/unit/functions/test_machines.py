from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.errors import InvalidInputError
from kubewire.functions.get_auto_scaling_group import GROUP_TAG, GetAutoScalingGroup, GetAutoScalingGroupArgs
from kubewire.functions.get_cluster_nodes import GetClusterNodes, GetClusterNodesArgs, GetClusterNodesResult
from kubewire.functions.kubernetes_nodes import KubernetesNode
from tests.unit.functions.account import Account, instance


def node(number: int, **changed: Any) -> KubernetesNode:
    described = {
        "name": f"node-{number:03}",
        "zone": "eu-west-1a",
        "provider_id": f"aws:///eu-west-1a/i-{number:08x}",
        "pod_cidrs": (f"100.64.{number % 250}.0/24", "2001:db8::/80"),
        "internal_ip": f"10.0.0.{number % 250}",
        "ready": True,
    }
    return KubernetesNode(**{**described, **changed})


def join(account: Account, *nodes: KubernetesNode, **labels: str) -> GetClusterNodesResult:
    account.nodes.nodes = [(one, {"number": one.name[-1]}) for one in nodes]
    return GetClusterNodes(account).run(GetClusterNodesArgs(labels=labels))


def test_a_node_is_joined_with_its_instance_and_primary_interface(account: Account) -> None:
    account.ec2.put("Instances", **instance(7))
    (found,) = join(account, node(7)).nodes
    assert found.to_wire() == {
        "name": "node-007",
        "instance": "i-00000007",
        "zone": "eu-west-1a",
        "zoneLabel": "eu-west-1a",
        "networkInterface": "eni-000000070",
        "subnet": "subnet-0000000a",
        "privateAddress": "10.0.0.7",
        "sourceDestCheck": False,
        "securityGroups": ["sg-00000000"],
        "furtherInterfaces": [{"subnet": "subnet-0000000a", "securityGroups": ["sg-00000001"]}],
        "podCidrs": ["100.64.7.0/24", "2001:db8::/80"],
        "internalIp": "10.0.0.7",
        "ready": True,
    }


@pytest.mark.parametrize(
    ("provider_id", "reason"),
    [
        (None, "no-provider-id"),
        ("", "no-provider-id"),
        ("gce://project/zone/name", "not-an-ec2-instance"),
        ("aws:///eu-west-1a/0123/fargate-ip-10-0-0-1.eu-west-1.compute.internal", "not-an-ec2-instance"),
        ("aws:///eu-west-1a/i-0000ffff", "instance-gone"),
        ("aws:///eu-west-1a/i-00000009", "instance-gone"),
    ],
)
def test_a_node_without_an_instance_is_told_apart(account: Account, provider_id: str | None, reason: str) -> None:
    account.ec2.put("Instances", **instance(1))
    account.ec2.put("Instances", **instance(9, "terminated"))
    found = join(account, node(2, provider_id=provider_id), node(1))
    assert [row.name for row in found.nodes] == ["node-001"]
    assert [(row.name, row.reason, row.provider_id) for row in found.others] == [("node-002", reason, provider_id)]


@pytest.mark.parametrize("state", ["pending", "stopping", "stopped"])
def test_an_instance_that_may_run_again_is_one(account: Account, state: str) -> None:
    account.ec2.put("Instances", **instance(1, state))
    assert [row.instance for row in join(account, node(1, provider_id="aws:///i-00000001")).nodes] == ["i-00000001"]


def test_what_a_cluster_does_not_say_is_left_open(account: Account) -> None:
    account.ec2.put("Instances", **instance(1))
    (found,) = join(account, node(1, zone=None, pod_cidrs=(), internal_ip=None, ready=False)).nodes
    assert (found.zone, found.zone_label, found.pod_cidrs, found.internal_ip) == ("eu-west-1a", None, (), None)
    assert not found.ready


def test_a_thousand_nodes_take_five_calls_and_are_sorted(account: Account) -> None:
    nodes = [node(number, name=f"node-{number:04}") for number in range(1, 1001)]
    for number in range(1, 1001):
        account.ec2.put("Instances", **instance(number))
    found = join(account, *reversed(nodes))
    assert [row.name for row in found.nodes] == [one.name for one in nodes]
    assert account.ec2.asked == ["describe_instances"] * 5


def test_labels_choose(account: Account) -> None:
    account.ec2.put("Instances", **instance(1))
    account.ec2.put("Instances", **instance(2))
    assert [row.name for row in join(account, node(1), node(2), number="2").nodes] == ["node-002"]


def test_no_nodes_ask_nothing_of_ec2(account: Account) -> None:
    assert join(account) == GetClusterNodesResult(nodes=(), others=())
    assert account.ec2.asked == []


@pytest.mark.parametrize("labels", [{"a": "b,c=d"}, {"a b": "c"}, {"": "x"}, {"UP.er/x": "y"}])
def test_a_label_is_no_selector(labels: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        GetClusterNodesArgs(labels=labels)


@pytest.mark.parametrize("labels", [{"a": ""}, {"node.kubernetes.io/instance-type": "m5.large"}, {"A_b": "C-d.e_f"}])
def test_a_label_is_what_kubernetes_takes(labels: dict[str, str]) -> None:
    assert GetClusterNodesArgs(labels=labels).labels == labels


def test_a_machine_shows_the_addresses_that_others_reach_it_by(account: Account) -> None:
    one = instance(1)
    (primary,) = (item for item in one["NetworkInterfaces"] if item["Attachment"]["DeviceIndex"] == 0)
    ipv6 = [{"Ipv6Address": "2001:db8::1"}, {"Ipv6Address": "2001:db8::2", "IsPrimaryIpv6": True}]
    primary |= {"Association": {"PublicIp": "192.0.2.1"}, "Ipv6Addresses": ipv6}
    account.ec2.put("Instances", **one)
    account.ec2.put("Instances", **instance(2))
    found, bare = join(account, node(1), node(2)).nodes
    assert (found.public_address, found.ipv6_address) == ("192.0.2.1", "2001:db8::2")
    assert (bare.public_address, bare.ipv6_address) == (None, None)


def test_a_group_is_its_running_instances(account: Account) -> None:
    for number, (group, state) in enumerate(
        [("web", "running"), ("web", "pending"), ("web", "stopped"), ("w*b", "running"), ("web", "terminated")]
    ):
        marks = [{"Key": GROUP_TAG, "Value": group}]
        account.ec2.put("Instances", **instance(9 - number, state, Tags=marks))
    account.ec2.put("Instances", **instance(20))

    def members(name: str) -> list[str]:
        found = GetAutoScalingGroup(account).run(GetAutoScalingGroupArgs(name=name))
        return [machine.instance for machine in found.machines]

    assert members("web") == ["i-00000008", "i-00000009"]
    assert members("w*b") == ["i-00000006"]
    assert members("nobody") == []


def test_a_group_must_be_there_where_target_groups_are_attached(account: Account) -> None:
    marks = [{"Key": GROUP_TAG, "Value": "web"}]
    account.ec2.put("Instances", **instance(1, "running", Tags=marks))
    wanted = GetAutoScalingGroupArgs(name="web", attaches=True)
    with pytest.raises(InvalidInputError, match="there is no Auto Scaling group web") as caught:
        GetAutoScalingGroup(account).run(wanted)
    assert (caught.value.path, "take `attach` away" in caught.value.detail) == ("name", True)
    account.autoscaling.groups.add("web")
    assert len(GetAutoScalingGroup(account).run(wanted).machines) == 1
    account.autoscaling.asked = 0
    GetAutoScalingGroup(account).run(GetAutoScalingGroupArgs(name="web"))
    assert account.autoscaling.asked == 0
