from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import InUseError, NotFoundError, RefusedError
from kubewire.faults import faults
from kubewire.provider.diff import compare
from kubewire.resources.balancer_addresses import IpAddressType
from kubewire.resources.base import Owner
from kubewire.resources.network_load_balancer import (
    NetworkLoadBalancer,
    NetworkLoadBalancerArgs,
    NetworkLoadBalancerState,
    Scheme,
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


def test_another_scheme_under_the_name_that_is_in_use_is_refused(args: NetworkLoadBalancerArgs) -> None:
    """Else the old one would go first, and every name that leads to it would lead nowhere for minutes."""
    facing = args.model_copy(update={"scheme": Scheme.INTERNET_FACING})
    (refused,) = NetworkLoadBalancer.refuse_change(args.to_wire(), facing)
    assert refused.path == "name"
    assert "shop is there, internal" in refused.summary
    renamed = facing.model_copy(update={"name": "shop-public"})
    assert NetworkLoadBalancer.refuse_change(args.to_wire(), renamed) == []
    assert compare(NetworkLoadBalancerArgs, args.to_wire(), renamed.to_wire()).replaces == {"name", "scheme"}
    assert not compare(NetworkLoadBalancerArgs, args.to_wire(), renamed.to_wire()).delete_before_replace
    assert NetworkLoadBalancer.refuse_change(args.to_wire(), args) == []
    # A scheme that isn't known yet is no other one.
    assert NetworkLoadBalancer.refuse_change({"name": "shop"}, facing) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "shop-public", "scheme": "internet-facing", "addressing": "chosen", "addresses": {}},
        {"addresses": {"a": {"privateIpv4": "10.0.0.21"}}},
    ],
)
def test_a_protected_one_is_unprotected_before_another_takes_its_place(changed: dict[str, Any]) -> None:
    given = {"name": "shop", "subnets": {"a": "subnet-a"}, "addresses": PRIVATE, "deletionProtection": True}
    old = NetworkLoadBalancerArgs.model_validate(given).to_wire()
    unprotected = {**old, "deletionProtection": False}
    new = NetworkLoadBalancerArgs.model_validate({**unprotected, **changed})
    (refused,) = NetworkLoadBalancer.refuse_change(old, new)
    assert refused.path == "deletionProtection"
    assert NetworkLoadBalancer.refuse_change(unprotected, new) == []
    assert NetworkLoadBalancer.refuse_change(old, NetworkLoadBalancerArgs.model_validate(unprotected)) == []


def test_addresses_pass_to_no_load_balancer_of_another_name() -> None:
    given = {"name": "shop", "subnets": {"a": "subnet-a"}, "addresses": PRIVATE}
    old = NetworkLoadBalancerArgs.model_validate(given)
    (refused,) = NetworkLoadBalancer.refuse_change(old.to_wire(), old.model_copy(update={"name": "front"}))
    assert (refused.path, "shop has these addresses" in refused.summary) == ("addresses", True)
    others = {**given, "name": "front", "addresses": {"a": {"privateIpv4": "10.0.0.21"}}}
    assert NetworkLoadBalancer.refuse_change(old.to_wire(), NetworkLoadBalancerArgs.model_validate(others)) == []


ELASTIC = {"a": {"allocationId": "eipalloc-0123456789abcdef0"}}
PRIVATE = {"a": {"privateIpv4": "10.0.0.20"}}


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"addresses": {"b": {"privateIpv4": "10.0.0.20"}}}, "addresses"),
        ({"addresses": {"a": {}}}, "addresses.a"),
        ({"addresses": {"a": {**ELASTIC["a"], **PRIVATE["a"]}}}, "addresses.a.privateIpv4"),
        ({"addresses": ELASTIC}, 'addresses["a"]'),
        ({"addresses": PRIVATE, "scheme": "internet-facing"}, 'addresses["a"]'),
        ({"addresses": {"a": {"ipv6": "2001:db8::5"}}}, 'addresses["a"].ipv6'),
        (
            {"subnets": {"a": "subnet-a", "b": "subnet-b"}, "addresses": {**PRIVATE, "b": {"ipv6": "2001:db8::5"}}},
            'addresses["b"]',
        ),
        ({"addressing": "elastic"}, "addressing"),
        ({"ipAddressType": "ipv6"}, "ipAddressType"),
    ],
)
def test_addresses_that_cannot_be_are_told_by_their_path(changed: dict[str, Any], path: str) -> None:
    given = {"name": "shop", "subnets": {"a": "subnet-a"}, **changed}
    with pytest.raises(ValidationError) as caught:
        NetworkLoadBalancerArgs.model_validate(given)
    assert [fault.path for fault in faults(caught.value, given)] == [path]


def addressed(addresses: dict[str, Any], *subnets: str, **more: Any) -> dict[str, Any]:
    placed = {name: f"subnet-{name}" for name in subnets or ("a",)}
    return NetworkLoadBalancerArgs.model_validate(
        {"name": "shop", "subnets": placed, "addresses": addresses, **more}
    ).to_wire()


def test_an_address_that_stays_keeps_the_load_balancer_and_another_one_replaces_it() -> None:
    two = addressed({**PRIVATE, "b": {"privateIpv4": "10.0.1.20"}}, "a", "b")
    one = addressed(PRIVATE)
    assert not compare(NetworkLoadBalancerArgs, one, two).replaces
    assert not compare(NetworkLoadBalancerArgs, two, one).replaces
    other = addressed({"a": {"privateIpv4": "10.0.0.21"}})
    difference = compare(NetworkLoadBalancerArgs, one, other)
    assert difference.replaces == {"addresses"}
    assert difference.delete_before_replace
    assert compare(NetworkLoadBalancerArgs, addressed({}), one).replaces == {"addressing"}


def test_what_an_older_kubewire_made_is_no_other_than_it_was(state: NetworkLoadBalancerState) -> None:
    new = {"ipAddressType", "addresses", "addressing", "deletionProtection"}
    old = {key: value for key, value in state.to_wire().items() if key not in new}
    now = NetworkLoadBalancerArgs.model_validate(
        {key: value for key, value in old.items() if key not in ("dnsName", "canonicalHostedZoneId", "active")}
    )
    assert not compare(NetworkLoadBalancerArgs, old, now.to_wire()).changes


def test_families_protection_and_zones_are_changed_in_an_order_that_aws_takes(
    cloud: Any, owner: Owner, args: NetworkLoadBalancerArgs, state: NetworkLoadBalancerState
) -> None:
    more = {"subnets": {"a": "subnet-a", "b": "subnet-b"}, "deletion_protection": True}
    new = args.model_copy(update={**more, "ip_address_type": IpAddressType.DUALSTACK})
    after = NetworkLoadBalancer(cloud, owner).converge(ARN, state, new)
    assert cloud.elbv2.operations == ["set_subnets", "set_ip_address_type", "modify_load_balancer_attributes"]
    cloud.elbv2.asked.clear()
    NetworkLoadBalancer(cloud, owner).converge(ARN, after, args)
    assert cloud.elbv2.operations == ["set_ip_address_type", "set_subnets", "modify_load_balancer_attributes"]
    _, asked = cloud.elbv2.asked[2]
    assert asked["Attributes"] == [{"Key": "deletion_protection.enabled", "Value": "false"}]


def test_calls_are_foreseen(args: NetworkLoadBalancerArgs, state: NetworkLoadBalancerState) -> None:
    made = NetworkLoadBalancer.calls(None, args)
    assert made == {"elbv2:CreateLoadBalancer": 1, "elbv2:ModifyLoadBalancerAttributes": 1}
    new = args.model_copy(update={"ip_address_type": IpAddressType.DUALSTACK, "deletion_protection": True})
    assert NetworkLoadBalancer.calls(state, new) == {
        "elbv2:SetIpAddressType": 1,
        "elbv2:ModifyLoadBalancerAttributes": 1,
    }


def test_addresses_are_asked_for_by_subnet(cloud: Any, owner: Owner) -> None:
    cloud.elbv2.answers = {"create_load_balancer": described("active"), "describe_tags": tagged(owner.tags())}
    args = NetworkLoadBalancerArgs.model_validate(addressed(ELASTIC, scheme="internet-facing"))
    NetworkLoadBalancer(cloud, owner).create(args)
    _, asked = cloud.elbv2.asked[0]
    assert asked["SubnetMappings"] == [{"SubnetId": "subnet-a", "AllocationId": "eipalloc-0123456789abcdef0"}]
    assert "Subnets" not in asked


def test_addresses_that_a_predecessor_still_holds_are_waited_for(cloud: Any, owner: Owner) -> None:
    busy = InUseError("not available", code="ResourceInUse", operation="elbv2:CreateLoadBalancer")
    answers: Any = iter([busy, busy, described("active")])

    def create(**_: Any) -> Any:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    cloud.elbv2.answers = {"create_load_balancer": create, "describe_tags": tagged(owner.tags())}
    cloud.ec2.answers["describe_network_interfaces"] = {"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1"}]}
    args = NetworkLoadBalancerArgs.model_validate(addressed(PRIVATE))
    assert NetworkLoadBalancer(cloud, owner).create(args) == ARN
    assert cloud.clock.now > 0


def test_a_protected_one_is_refused_before_aws_is_asked(
    cloud: Any, owner: Owner, state: NetworkLoadBalancerState
) -> None:
    protected = state.model_copy(update={"deletion_protection": True})
    with pytest.raises(RefusedError, match="shop is protected"):
        NetworkLoadBalancer(cloud, owner).delete(ARN, protected)
    assert cloud.elbv2.asked == []
