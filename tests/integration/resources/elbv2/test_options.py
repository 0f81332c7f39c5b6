"""The options of load balancers, target groups and listeners, on an AWS that refuses what AWS refuses."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address
from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.errors import RefusedError
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.balancer_addresses import IpAddressType, SubnetAddress
from kubewire.resources.base import Owner
from kubewire.resources.elb import TransportProtocol
from kubewire.resources.health_check import HealthCheck, HealthProtocol
from kubewire.resources.healthy_targets import HealthyTargets, HealthyTargetsArgs
from kubewire.resources.listener import Listener, ListenerArgs
from kubewire.resources.network_load_balancer import (
    NetworkLoadBalancer,
    NetworkLoadBalancerArgs,
    NetworkLoadBalancerState,
    Scheme,
)
from kubewire.resources.target_group import Target, TargetGroup, TargetGroupArgs, TargetType
from kubewire.resources.tls import AlpnPolicy

NOBODY: frozenset[str] = frozenset()
Balancers = Lifecycle[NetworkLoadBalancerArgs, NetworkLoadBalancerState]


@pytest.fixture
def ec2(boto: Callable[[str], Any]) -> Any:
    return boto("ec2")


@pytest.fixture
def certificate(boto: Callable[[str], Any]) -> str:
    made = boto("iam").upload_server_certificate(
        ServerCertificateName="shop", CertificateBody="public", PrivateKey="private"
    )
    return str(made["ServerCertificateMetadata"]["Arn"])


@pytest.fixture
def subnets(ec2: Any, vpc: str) -> dict[str, str]:
    made = {}
    for index, zone in enumerate("ab"):
        placed = {"CidrBlock": f"10.0.{index}.0/24", "AvailabilityZone": f"eu-west-1{zone}"}
        made[f"nodes-{zone}"] = ec2.create_subnet(VpcId=vpc, **placed)["Subnet"]["SubnetId"]
    return made


@pytest.fixture
def public(ec2: Any, vpc: str, subnets: dict[str, str]) -> dict[str, str]:
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return subnets


@pytest.fixture
def balancers(cloud: AwsCloud, owner: Owner) -> Balancers:
    return Lifecycle(NetworkLoadBalancer(cloud, owner))


def internal(subnets: dict[str, str], **more: Any) -> NetworkLoadBalancerArgs:
    return NetworkLoadBalancerArgs(**{"name": "shop", "subnets": subnets, **more})


def unchanged(args: NetworkLoadBalancerArgs, found: NetworkLoadBalancerState | None) -> bool:
    assert found
    return not compare(NetworkLoadBalancerArgs, found.to_wire(), args.to_wire()).changes


class TestAddresses:
    """Addresses that are chosen."""

    def test_private_ones_are_kept_and_read(self, balancers: Balancers, subnets: dict[str, str]) -> None:
        own = {name: SubnetAddress(private_ipv4=f"10.0.{at}.20") for at, name in enumerate(subnets)}
        args = internal(subnets, addresses=own)
        arn, state = balancers.create(args, NOBODY)
        assert state.addresses == own
        assert unchanged(args, balancers.read(arn, args))

    def test_elastic_ones_are_kept_and_free_for_a_replacement(
        self, balancers: Balancers, public: dict[str, str], ec2: Any
    ) -> None:
        ids = {name: ec2.allocate_address(Domain="vpc")["AllocationId"] for name in public}
        own = {name: SubnetAddress(allocation_id=one) for name, one in ids.items()}
        args = internal(public, addresses=own, scheme=Scheme.INTERNET_FACING)
        arn, state = balancers.create(args, NOBODY)
        assert unchanged(args, balancers.read(arn, args))
        balancers.delete(arn, state)
        again, _ = balancers.create(args, NOBODY)
        assert again != arn

    def test_a_stranger_that_has_one_is_not_waited_for(
        self, balancers: Balancers, subnets: dict[str, str], ec2: Any
    ) -> None:
        first = subnets["nodes-a"]
        ec2.create_network_interface(SubnetId=first, PrivateIpAddress="10.0.0.20")
        own = {"nodes-a": SubnetAddress(private_ipv4=IPv4Address("10.0.0.20"))}
        with pytest.raises(RefusedError, match="not available"):
            balancers.create(internal({"nodes-a": first}, addresses=own), NOBODY)

    def test_a_zone_more_is_entered_in_place_with_its_address(
        self, balancers: Balancers, subnets: dict[str, str]
    ) -> None:
        own = {name: SubnetAddress(private_ipv4=f"10.0.{at}.20") for at, name in enumerate(subnets)}
        one = internal({"nodes-a": subnets["nodes-a"]}, addresses={"nodes-a": own["nodes-a"]})
        both = internal(subnets, addresses=own)
        assert not compare(NetworkLoadBalancerArgs, one.to_wire(), both.to_wire()).replaces
        arn, state = balancers.create(one, NOBODY)
        balancers.update(arn, state, both)
        assert unchanged(both, balancers.read(arn, both))


class TestFamilies:
    """Dual stack, in place."""

    def test_it_comes_and_goes_with_its_subnets(self, balancers: Balancers, ec2: Any) -> None:
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
        (found,) = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
        six = found["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
        placed = {"CidrBlock": "10.0.0.0/24", "AvailabilityZone": "eu-west-1a", "Ipv6CidrBlock": six}
        with_six = {"a": ec2.create_subnet(VpcId=vpc, **placed)["Subnet"]["SubnetId"]}
        placed = {"CidrBlock": "10.0.1.0/24", "AvailabilityZone": "eu-west-1b"}
        without = {"b": ec2.create_subnet(VpcId=vpc, **placed)["Subnet"]["SubnetId"]}
        old, new = internal(with_six), internal(with_six, ip_address_type=IpAddressType.DUALSTACK)
        arn, state = balancers.create(old, NOBODY)
        state = balancers.update(arn, state, new)
        assert unchanged(new, balancers.read(arn, new))
        # Back, and into a subnet that has no IPv6: in this order alone AWS takes it.
        both = internal({**with_six, **without})
        balancers.update(arn, state, both)
        assert unchanged(both, balancers.read(arn, both))


def test_a_protected_one_is_not_deleted_until_that_is_off(
    balancers: Balancers, subnets: dict[str, str], elbv2: Any
) -> None:
    args = internal(subnets, deletion_protection=True)
    arn, state = balancers.create(args, NOBODY)
    assert state.deletion_protection
    with pytest.raises(RefusedError, match="protected") as caught:
        balancers.delete(arn, state)
    assert "Set `deletionProtection` to false" in caught.value.detail
    state = balancers.update(arn, state, internal(subnets))
    balancers.delete(arn, state)
    assert elbv2.describe_load_balancers()["LoadBalancers"] == []


def test_a_group_of_routed_pods_is_made_changed_and_read(cloud: AwsCloud, owner: Owner, vpc: str) -> None:
    groups = Lifecycle(TargetGroup(cloud, owner))
    checked = HealthCheck(protocol=HealthProtocol.HTTP, path="/ready", matcher="200,204")
    args = TargetGroupArgs(
        name="pods",
        vpc=Ref(name="main", id=vpc),
        protocol=TransportProtocol.TCP,
        port=8080,
        target_type=TargetType.IP,
        targets={"pod-a": Target(id="100.64.0.9", port=8080, availability_zone="all")},
        preserve_client_ip=False,
        proxy_protocol=True,
        health_check=checked,
    )
    arn, state = groups.create(args, NOBODY)
    assert groups.read(arn, args) == state
    changed = args.model_copy(
        update={
            "targets": {"pod-b": Target(id="100.64.0.10", port=9090, availability_zone="all")},
            "proxy_protocol": False,
            "health_check": checked.model_copy(update={"matcher": None}),
        }
    )
    after = groups.update(arn, state, changed)
    assert groups.read(arn, changed) == after


def test_a_tls_listener_is_made_changed_and_read(
    cloud: AwsCloud, owner: Owner, balancers: Balancers, subnets: dict[str, str], vpc: str, certificate: str
) -> None:
    balancer, _ = balancers.create(internal(subnets), NOBODY)
    described = TargetGroupArgs(name="web", vpc=Ref(name="main", id=vpc), protocol=TransportProtocol.TCP, port=8080)
    group, _ = Lifecycle(TargetGroup(cloud, owner)).create(described, NOBODY)
    listeners = Lifecycle(Listener(cloud, owner))
    args = ListenerArgs(
        name="web",
        load_balancer=Ref(name="shop", id=balancer),
        port=443,
        protocol=TransportProtocol.TLS,
        target_group=Ref(name="web", id=group),
        certificate=certificate,
        alpn=AlpnPolicy.HTTP2_PREFERRED,
    )
    arn, state = listeners.create(args, NOBODY)
    assert listeners.read(arn, args) == state
    plain = args.model_copy(update={"alpn": None, "tls_policy": "ELBSecurityPolicy-TLS13-1-3-2021-06"})
    after = listeners.update(arn, state, plain)
    assert listeners.read(arn, plain) == after
    healthy = Lifecycle(HealthyTargets(cloud, owner))
    healthy.create(HealthyTargetsArgs(target_group=Ref(name="web", id=group)), NOBODY)
