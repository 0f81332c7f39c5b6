from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import NotFoundError, RefusedError
from kubewire.faults import faults
from kubewire.provider.diff import compare
from kubewire.resources.base import Owner
from kubewire.resources.network_load_balancer import (
    NetworkLoadBalancer,
    NetworkLoadBalancerArgs,
    NetworkLoadBalancerState,
)

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/shop/50dc6c49"


@pytest.fixture
def args() -> NetworkLoadBalancerArgs:
    return NetworkLoadBalancerArgs(name="shop", subnets={"a": "subnet-a"}, security_groups={"x": "sg-x"})


@pytest.fixture
def state(args: NetworkLoadBalancerArgs) -> NetworkLoadBalancerState:
    return NetworkLoadBalancerState(**dict(args), dns_name="d", canonical_hosted_zone_id="Z", active=True)


def tagged(tags: dict[str, str]) -> dict[str, Any]:
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    return {"TagDescriptions": [{"ResourceArn": ARN, "Tags": pairs}]}


def described(code: str, reason: str = "") -> dict[str, Any]:
    return {"LoadBalancers": [{"LoadBalancerArn": ARN, "Type": "network", "State": {"Code": code, "Reason": reason}}]}


@pytest.mark.parametrize("name", ["", "-shop", "shop-", "shop_1", "a" * 33, "internal-shop"])
def test_names_are_checked_before_aws_does(name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        NetworkLoadBalancerArgs(name=name, subnets={"a": "subnet-a"})
    assert [fault.path for fault in faults(caught.value)] == ["name"]


def test_it_needs_a_subnet_and_says_so_once() -> None:
    with pytest.raises(ValidationError) as caught:
        NetworkLoadBalancerArgs(name="shop", subnets={})
    assert [fault.path for fault in faults(caught.value)] == ["subnets"]


def test_the_first_group_replaces_it_and_further_ones_do_not() -> None:
    bare = NetworkLoadBalancerArgs(name="shop", subnets={"a": "subnet-a"}).to_wire()
    one = NetworkLoadBalancerArgs(name="shop", subnets={"a": "subnet-a"}, security_groups={"x": UNKNOWN}).to_wire()
    two = NetworkLoadBalancerArgs(name="shop", subnets={"a": "subnet-a"}, security_groups={"x": "1", "y": "2"})
    assert compare(NetworkLoadBalancerArgs, bare, one).replaces == {"guarded"}
    assert compare(NetworkLoadBalancerArgs, bare, one).delete_before_replace
    assert not compare(NetworkLoadBalancerArgs, one, two.to_wire()).replaces


def test_guarded_cannot_contradict_the_groups() -> None:
    with pytest.raises(ValidationError, match="contradicts"):
        NetworkLoadBalancerArgs(name="shop", subnets={"a": "subnet-a"}, guarded=True)


def test_nothing_is_asked_when_nothing_changed(
    cloud: Any, owner: Owner, args: NetworkLoadBalancerArgs, state: NetworkLoadBalancerState
) -> None:
    assert NetworkLoadBalancer(cloud, owner).converge(ARN, state, args) == state
    assert cloud.elbv2.asked == []


def test_a_subnet_that_is_only_renamed_is_no_change_to_aws(
    cloud: Any, owner: Owner, args: NetworkLoadBalancerArgs, state: NetworkLoadBalancerState
) -> None:
    NetworkLoadBalancer(cloud, owner).converge(ARN, state, args.model_copy(update={"subnets": {"b": "subnet-a"}}))
    assert cloud.elbv2.asked == []


def test_each_change_is_one_call(
    cloud: Any, owner: Owner, args: NetworkLoadBalancerArgs, state: NetworkLoadBalancerState
) -> None:
    changed = {"subnets": {"a": "subnet-a", "b": "subnet-b"}, "security_groups": {"y": "sg-y"}, "cross_zone": False}
    NetworkLoadBalancer(cloud, owner).converge(ARN, state, args.model_copy(update=changed))
    off = [{"Key": "load_balancing.cross_zone.enabled", "Value": "false"}]
    assert cloud.elbv2.asked == [
        ("set_subnets", {"LoadBalancerArn": ARN, "Subnets": ["subnet-a", "subnet-b"]}),
        ("set_security_groups", {"LoadBalancerArn": ARN, "SecurityGroups": ["sg-y"]}),
        ("modify_load_balancer_attributes", {"LoadBalancerArn": ARN, "Attributes": off}),
    ]


def test_a_zone_whose_subnet_is_exchanged_is_left_first(
    cloud: Any, owner: Owner, args: NetworkLoadBalancerArgs, state: NetworkLoadBalancerState
) -> None:
    old = state.model_copy(update={"subnets": {"a": "subnet-a", "b": "subnet-b1"}})
    new = args.model_copy(update={"subnets": {"a": "subnet-a", "b": "subnet-b2"}})
    NetworkLoadBalancer(cloud, owner).converge(ARN, old, new)
    assert cloud.elbv2.asked == [
        ("set_subnets", {"LoadBalancerArn": ARN, "Subnets": ["subnet-a"]}),
        ("set_subnets", {"LoadBalancerArn": ARN, "Subnets": ["subnet-a", "subnet-b2"]}),
    ]


def test_a_new_one_is_waited_for(
    cloud: Any, owner: Owner, args: NetworkLoadBalancerArgs, state: NetworkLoadBalancerState
) -> None:
    answers = iter([described("provisioning"), described("provisioning"), described("active")])
    cloud.elbv2.answers["describe_load_balancers"] = lambda **_: next(answers)
    new = NetworkLoadBalancer(cloud, owner).converge(ARN, state.model_copy(update={"active": False}), args)
    assert new.active
    assert cloud.clock.now > 0


def test_one_that_fails_says_why(
    cloud: Any, owner: Owner, args: NetworkLoadBalancerArgs, state: NetworkLoadBalancerState
) -> None:
    cloud.elbv2.answers["describe_load_balancers"] = described("failed", "no free address in subnet-a")
    with pytest.raises(RefusedError, match="no free address"):
        NetworkLoadBalancer(cloud, owner).converge(ARN, state.model_copy(update={"active": False}), args)


def test_one_that_never_becomes_active_is_given_up(
    cloud: Any, owner: Owner, args: NetworkLoadBalancerArgs, state: NetworkLoadBalancerState
) -> None:
    cloud.elbv2.answers["describe_load_balancers"] = described("provisioning")
    with pytest.raises(RefusedError, match="waited 15 minutes"):
        NetworkLoadBalancer(cloud, owner).converge(ARN, state.model_copy(update={"active": False}), args)


def test_finding_takes_its_own_alone(cloud: Any, owner: Owner, args: NetworkLoadBalancerArgs) -> None:
    cloud.elbv2.answers = {"describe_load_balancers": described("active"), "describe_tags": tagged(owner.tags())}
    assert NetworkLoadBalancer(cloud, owner).find(args) == [ARN]
    cloud.elbv2.answers["describe_tags"] = tagged({**owner.tags(), "kubewire:stack": "shop/prod"})
    assert NetworkLoadBalancer(cloud, owner).find(args) == []
    absent = NotFoundError("none", code="LoadBalancerNotFound", operation="elbv2:DescribeLoadBalancers")
    cloud.elbv2.answers["describe_load_balancers"] = absent
    assert NetworkLoadBalancer(cloud, owner).find(args) == []


def test_a_strangers_with_the_same_settings_is_not_taken_for_the_new_one(
    cloud: Any, owner: Owner, args: NetworkLoadBalancerArgs
) -> None:
    # AWS answers such a call with the stranger's load balancer.
    cloud.elbv2.answers = {"create_load_balancer": described("active"), "describe_tags": tagged({"Name": "shop"})}
    with pytest.raises(RefusedError, match="another owner") as caught:
        NetworkLoadBalancer(cloud, owner).create(args)
    assert caught.value.code == "AlreadyExists"
    assert cloud.elbv2.operations == ["create_load_balancer", "describe_tags"]


def test_it_is_made_tagged_and_closed(cloud: Any, owner: Owner, args: NetworkLoadBalancerArgs) -> None:
    cloud.elbv2.answers = {"create_load_balancer": described("provisioning"), "describe_tags": tagged(owner.tags())}
    assert NetworkLoadBalancer(cloud, owner).create(args) == ARN
    _, asked = cloud.elbv2.asked[0]
    assert (asked["Scheme"], asked["Type"], asked["SecurityGroups"]) == ("internal", "network", ["sg-x"])
    assert {tag["Key"]: tag["Value"] for tag in asked["Tags"]} == {"Name": "shop", **owner.tags()}
