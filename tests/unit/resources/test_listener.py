from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import RefusedError
from kubewire.faults import faults
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.resources.base import Owner
from kubewire.resources.elb import TransportProtocol
from kubewire.resources.listener import Listener, ListenerArgs, ListenerState
from kubewire.resources.tls import TLS_POLICY

BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/shop/50dc6c49"
ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/net/shop/50dc6c49/f2f7dc8e"
GROUP = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop-1a2b3c4d/73e2d6bc"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678"


@pytest.fixture
def args() -> ListenerArgs:
    return ListenerArgs(
        name="shop-http",
        load_balancer=Ref(name="shop", id=BALANCER),
        port=80,
        protocol=TransportProtocol.TCP,
        target_group=Ref(name="shop-http", id=GROUP),
    )


@pytest.fixture
def state(args: ListenerArgs) -> ListenerState:
    return ListenerState(**dict(args))


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"port": 65536}, "port"),
        ({"protocol": "HTTP"}, "protocol"),
        ({"protocol": "TLS"}, "certificate"),
        ({"certificate": UNKNOWN}, "certificate"),
        ({"tlsPolicy": TLS_POLICY}, "tlsPolicy"),
        ({"protocol": "TLS", "certificate": CERTIFICATE, "tlsPolicy": "modern"}, "tlsPolicy"),
        ({"alpn": "HTTP2Only"}, "alpn"),
        ({"protocol": "TLS", "certificate": CERTIFICATE, "alpn": "h2"}, "alpn"),
    ],
)
def test_bad_input_is_told_by_its_path(args: ListenerArgs, changed: dict[str, Any], path: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ListenerArgs.model_validate({**args.to_wire(), **changed})
    assert [fault.path for fault in faults(caught.value)] == [path]


def test_tls_is_modern_unless_said_otherwise(args: ListenerArgs) -> None:
    tls = ListenerArgs.model_validate({**args.to_wire(), "protocol": "TLS", "certificate": CERTIFICATE})
    assert tls.tls_policy == TLS_POLICY
    assert tls.server() == {"Certificates": [{"CertificateArn": CERTIFICATE}], "SslPolicy": TLS_POLICY}


@pytest.mark.parametrize(
    "policy", ["TLS13-1-2-FIPS-2023-04", "TLS13-1-2-Res-FIPS-PQ-2025-09", "FS-1-2-Res-2019-08", "2016-08"]
)
def test_every_policy_of_aws_is_taken(args: ListenerArgs, policy: str) -> None:
    given = {"protocol": "TLS", "certificate": CERTIFICATE, "tlsPolicy": f"ELBSecurityPolicy-{policy}"}
    assert ListenerArgs.model_validate({**args.to_wire(), **given}).tls_policy == given["tlsPolicy"]


def test_another_load_balancer_gets_it_after_the_first_has_let_go(args: ListenerArgs) -> None:
    # AWS: one load balancer at a time uses a target group.
    other = {**args.to_wire(), "loadBalancer": {"name": "new", "id": UNKNOWN}}
    difference = compare(ListenerArgs, args.to_wire(), other)
    assert difference.replaces == {"loadBalancer"}
    assert difference.delete_before_replace
    both = {**other, "targetGroup": {"name": "new", "id": UNKNOWN}}
    assert not compare(ListenerArgs, args.to_wire(), both).delete_before_replace


def test_nothing_is_asked_when_nothing_changed(
    cloud: Any, owner: Owner, args: ListenerArgs, state: ListenerState
) -> None:
    Listener(cloud, owner).converge(ARN, state, args)
    assert cloud.elbv2.asked == []


def test_all_changes_are_one_call(cloud: Any, owner: Owner, args: ListenerArgs, state: ListenerState) -> None:
    tls = {"port": 443, "protocol": "TLS", "certificate": CERTIFICATE, "targetGroup": {"name": "new", "id": "arn:new"}}
    Listener(cloud, owner).converge(ARN, state, ListenerArgs.model_validate({**args.to_wire(), **tls}))
    assert cloud.elbv2.asked == [
        (
            "modify_listener",
            {
                "ListenerArn": ARN,
                "Port": 443,
                "Protocol": "TLS",
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:new"}],
                "Certificates": [{"CertificateArn": CERTIFICATE}],
                "SslPolicy": TLS_POLICY,
            },
        )
    ]


def test_tags_are_brought_along(cloud: Any, owner: Owner, args: ListenerArgs, state: ListenerState) -> None:
    old = state.model_copy(update={"tags": {"team": "shop", "tier": "web"}})
    Listener(cloud, owner).converge(ARN, old, args.model_copy(update={"tags": {"team": "cart"}}))
    assert cloud.elbv2.asked[0] == ("remove_tags", {"ResourceArns": [ARN], "TagKeys": ["tier"]})
    assert {"Key": "team", "Value": "cart"} in cloud.elbv2.asked[1][1]["Tags"]


def test_finding_looks_at_tags_in_batches(cloud: Any, owner: Owner, args: ListenerArgs) -> None:
    listeners = [f"{BALANCER}/{index}" for index in range(45)]
    cloud.elbv2.answers = {
        "describe_listeners": {"Listeners": [{"ListenerArn": arn} for arn in listeners]},
        "describe_tags": lambda ResourceArns: {  # noqa: N803 - as AWS names it
            "TagDescriptions": [
                {"ResourceArn": arn, "Tags": [{"Key": key, "Value": value} for key, value in owner.tags().items()]}
                for arn in ResourceArns
                if arn.endswith("/44")
            ]
        },
    }
    assert Listener(cloud, owner).find(args) == [listeners[44]]
    assert cloud.elbv2.operations == ["describe_listeners", *["describe_tags"] * 3]


def test_a_strangers_on_the_same_port_is_left_alone(cloud: Any, owner: Owner, args: ListenerArgs) -> None:
    cloud.elbv2.answers = {
        "create_listener": {"Listeners": [{"ListenerArn": ARN}]},
        "describe_tags": {"TagDescriptions": [{"ResourceArn": ARN, "Tags": []}]},
    }
    with pytest.raises(RefusedError, match="port 80 of load balancer shop"):
        Listener(cloud, owner).create(args)


def test_weighted_groups_set_by_others_are_read(cloud: Any, owner: Owner, args: ListenerArgs) -> None:
    weighted = {"TargetGroups": [{"TargetGroupArn": f"{GROUP}0", "Weight": 1}]}
    listener = {
        "LoadBalancerArn": BALANCER,
        "Port": 80,
        "Protocol": "TCP",
        "DefaultActions": [{"Type": "forward", "ForwardConfig": weighted}],
    }
    cloud.elbv2.answers = {"describe_listeners": {"Listeners": [listener]}, "describe_tags": {"TagDescriptions": []}}
    read = Listener(cloud, owner).read(ARN, args)
    assert read
    assert read.target_group == Ref(name="shop-1a2b3c4d", id=f"{GROUP}0")
    assert read.load_balancer == args.load_balancer


def test_a_part_of_the_traffic_that_others_lead_elsewhere_shows_and_is_led_back(
    cloud: Any, owner: Owner, args: ListenerArgs
) -> None:
    weighted = {"TargetGroups": [{"TargetGroupArn": arn, "Weight": 1} for arn in (args.target_group.id, f"{GROUP}0")]}
    listener = {
        "LoadBalancerArn": BALANCER,
        "Port": 80,
        "Protocol": "TCP",
        "DefaultActions": [{"Type": "forward", "ForwardConfig": weighted}],
    }
    cloud.elbv2.answers = {"describe_listeners": {"Listeners": [listener]}, "describe_tags": {"TagDescriptions": []}}
    found = Listener(cloud, owner).read(ARN, args)
    assert found
    assert found.target_group.id == f"{GROUP}0"
    Listener(cloud, owner).converge(ARN, found, args)
    asked = dict(cloud.elbv2.asked)["modify_listener"]
    assert asked["DefaultActions"] == [{"Type": "forward", "TargetGroupArn": args.target_group.id}]


def test_alpn_is_taken_away_in_aws_own_words(cloud: Any, owner: Owner, args: ListenerArgs) -> None:
    secured = {**args.to_wire(), "protocol": "TLS", "certificate": CERTIFICATE}
    old = ListenerState.model_validate({**secured, "alpn": "HTTP2Only"})
    Listener(cloud, owner).converge(ARN, old, ListenerArgs.model_validate(secured))
    _, asked = cloud.elbv2.asked[0]
    assert asked["AlpnPolicy"] == ["None"]


def test_a_policy_that_aws_makes_later_is_found_as_it_is(cloud: Any, owner: Owner, args: ListenerArgs) -> None:
    listener = {
        "ListenerArn": ARN,
        "LoadBalancerArn": BALANCER,
        "Port": 443,
        "Protocol": "TLS",
        "SslPolicy": "ELBSecurityPolicy-2030-01",
        "Certificates": [{"CertificateArn": CERTIFICATE}],
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": GROUP}],
    }
    cloud.elbv2.answers = {"describe_listeners": {"Listeners": [listener]}, "describe_tags": {"TagDescriptions": []}}
    found = Listener(cloud, owner).read(ARN, args)
    assert found
    assert (found.tls_policy, found.alpn) == ("ELBSecurityPolicy-2030-01", None)
