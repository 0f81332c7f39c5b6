"""AWS's own numbers, for types that everybody knows.

Without prefixes: https://github.com/awslabs/amazon-eks-ami/blob/main/templates/shared/runtime/eni-max-pods.txt. With
prefixes, what AWS recommends: 110 to 30 vCPUs, else 250, if there are as many addresses.
https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html
"""

from __future__ import annotations

import pytest

from kubewire.functions.get_instance_types import InstanceLimits
from kubewire.network.capacity import capacity

# Interfaces, addresses of each, vCPUs: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html
TYPES = {
    "t3.nano": (2, 2, 2),
    "t3.small": (3, 4, 2),
    "t3.medium": (3, 6, 2),
    "m5.large": (3, 10, 2),
    "m5.xlarge": (4, 15, 4),
    "m5.4xlarge": (8, 30, 16),
    "c5.9xlarge": (8, 30, 36),
    "c5.24xlarge": (15, 50, 96),
}


def limits(name: str) -> InstanceLimits:
    interfaces, addresses, vcpus = TYPES[name]
    return InstanceLimits(
        interfaces=interfaces, ipv4_per_interface=addresses, ipv6_per_interface=addresses, nitro=True, vcpus=vcpus
    )


@pytest.mark.parametrize(
    ("name", "pods"),
    [
        ("t3.nano", 4),
        ("t3.small", 11),
        ("t3.medium", 17),
        ("m5.large", 29),
        ("m5.xlarge", 58),
        ("m5.4xlarge", 234),
        ("c5.9xlarge", 234),
        ("c5.24xlarge", 737),
    ],
)
def test_with_single_addresses_a_node_holds_what_aws_says(name: str, pods: int) -> None:
    assert capacity(limits(name), prefixes=False, own_subnets=False).pods == pods


@pytest.mark.parametrize(
    ("name", "pods"),
    [
        ("t3.nano", 34),
        ("t3.small", 110),
        ("t3.medium", 110),
        ("m5.large", 110),
        ("m5.4xlarge", 110),
        ("c5.9xlarge", 250),
        ("c5.24xlarge", 250),
    ],
)
def test_with_prefixes_a_node_holds_what_aws_recommends(name: str, pods: int) -> None:
    assert capacity(limits(name), prefixes=True, own_subnets=False).pods == pods


@pytest.mark.parametrize(("name", "pods"), [("t3.medium", 12), ("m5.large", 20), ("c5.24xlarge", 688)])
def test_with_subnets_of_their_own_the_first_interface_holds_no_pods(name: str, pods: int) -> None:
    """https://docs.aws.amazon.com/eks/latest/best-practices/custom-networking.html gives the formula."""
    assert capacity(limits(name), prefixes=False, own_subnets=True).pods == pods


def test_single_addresses_take_one_for_each_pod_and_each_interface() -> None:
    # Three interfaces of ten: nine for pods on each, and its own.
    assert capacity(limits("m5.large"), prefixes=False, own_subnets=False).addresses == 30


def test_prefixes_are_taken_whole() -> None:
    # 108 pods of seven prefixes; two more use the node's own address.
    assert capacity(limits("m5.large"), prefixes=True, own_subnets=False).addresses == 7 * 16 + 3
