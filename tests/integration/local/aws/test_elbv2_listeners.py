from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.local.aws.case import Case, Service, Step, config, ec2, elbv2
from tests.integration.local.aws.elbv2_steps import (
    API,
    BALANCER,
    DELETE_BALANCER,
    GROUP,
    LISTENER,
    NLB,
    NO_BALANCER,
    NO_GROUP,
    NO_LISTENER,
    PLACE,
    balancer,
    group,
    listener,
)

CREATE = f"{API}/API_CreateListener.html"
MODIFY = f"{API}/API_ModifyListener.html"
DESCRIBE = f"{API}/API_DescribeListeners.html"
LISTENERS = f"{NLB}/load-balancer-listeners.html"
TLS_LISTENERS = f"{NLB}/create-tls-listener.html"
PROTOCOLS = f"{NLB}/load-balancer-target-groups.html"

FRONT = (*PLACE, BALANCER)
TAKEN = ("DuplicateListener", "A listener already exists on this port for this load balancer '$balancer'")
SAME = {"Listeners[].ListenerArn": ["$listener"]}
OTHER = group("two", keep="two")
POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


UPLOADED = (
    Service("iam")
    .upload_server_certificate(ServerCertificateName="shop", CertificateBody="public", PrivateKey="private")
    .keep(certificate="ServerCertificateMetadata.Arn")
)
SECURED: dict[str, Any] = {"protocol": "TLS", "Certificates": [{"CertificateArn": "$certificate"}]}


def modify(**changes: Any) -> Step:
    return elbv2.modify_listener(ListenerArn="$listener", **changes)


def forward(target: str) -> dict[str, Any]:
    return {"DefaultActions": [{"Type": "forward", "TargetGroupArn": target}]}


def incompatible(arn: str = "$group") -> tuple[str, str]:
    return "IncompatibleProtocols", f"The listener and the following target groups have incompatible protocols: {arn}"


def together(sends: str, takes: str) -> Case:
    title = f"a listener of {sends} that sends to a group of {takes}"
    return Case(title, PROTOCOLS, *FRONT, group(Protocol=takes), listener(protocol=sends))


def apart(sends: str, takes: str) -> Case:
    title = f"a listener of {sends} that can't send to a group of {takes}"
    return Case(title, PROTOCOLS, *FRONT, group(Protocol=takes), listener(protocol=sends).refused(*incompatible()))


CASES = [
    Case(
        "a listener of TCP",
        CREATE,
        *FRONT,
        GROUP,
        LISTENER.answers(
            {
                "Listeners[0].[Port, Protocol, LoadBalancerArn]": [80, "TCP", "$balancer"],
                "Listeners[0].[SslPolicy, Certificates]": [None, None],
                "Listeners[0].DefaultActions[].Type": ["forward"],
                "Listeners[0].DefaultActions[].TargetGroupArn": ["$group"],
                "Listeners[0].DefaultActions[].ForwardConfig.TargetGroups[].TargetGroupArn": ["$group"],
                "contains(Listeners[0].ListenerArn, ':listener/net/shop/')": True,
            }
        ),
        elbv2.describe_listeners(ListenerArns=["$listener"]).answers(
            {
                "Listeners[0].[Port, Protocol, SslPolicy]": [80, "TCP", None],
                "Listeners[0].DefaultActions[].ForwardConfig.TargetGroups[].TargetGroupArn": ["$group"],
            }
        ),
    ),
    Case(
        "a listener of the same port and settings is the same",
        CREATE,
        *FRONT,
        GROUP,
        LISTENER,
        LISTENER.answers(SAME),
        elbv2.describe_listeners(LoadBalancerArn="$balancer").answers({"length(Listeners)": 1}),
    ),
    Case(
        "a listener of the same port to another group",
        CREATE,
        *FRONT,
        GROUP,
        OTHER,
        LISTENER,
        listener(target="$two").refused(*TAKEN),
    ),
    Case(
        "a listener of UDP on the port of one of TCP",
        CREATE,
        *FRONT,
        group(Protocol="TCP_UDP"),
        LISTENER,
        listener(protocol="UDP").refused(*TAKEN),
        listener(81, "UDP"),
    ),
    Case(
        "the same port of two load balancers",
        LISTENERS,
        *FRONT,
        GROUP,
        LISTENER,
        balancer("other"),
        OTHER,
        listener(target="$two"),
    ),
    Case(
        "as many listeners as the quota says",
        f"{NLB}/load-balancer-limits.html",
        config(quotas={"listeners-per-network-load-balancer": 1}),
        *FRONT,
        GROUP,
        LISTENER,
        LISTENER,
        listener(81).refused(
            "TooManyListeners", "The maximum number of listeners has been reached on load balancer '$balancer'"
        ),
    ),
    *[together(*pair) for pair in (("TCP", "TCP_UDP"), ("UDP", "UDP"), ("UDP", "TCP_UDP"), ("TCP_UDP", "TCP_UDP"))],
    *[apart(*pair) for pair in (("TCP", "UDP"), ("TCP", "TLS"), ("UDP", "TCP"), ("TCP_UDP", "TCP"), ("TCP", "HTTP"))],
    Case(
        "a listener of HTTP",
        LISTENERS,
        *FRONT,
        GROUP,
        listener(protocol="HTTP").refused(
            "ValidationError", "Listener protocol 'HTTP' must be one of 'TCP, TLS, UDP, TCP_UDP'"
        ),
    ),
    Case(
        "a listener without a port or a protocol",
        CREATE,
        *FRONT,
        GROUP,
        elbv2.create_listener(LoadBalancerArn="$balancer", Protocol="TCP", **forward("$group")).refused(
            "ValidationError", "A listener port must be specified"
        ),
        elbv2.create_listener(LoadBalancerArn="$balancer", Port=80, **forward("$group")).refused(
            "ValidationError", "A listener protocol must be specified"
        ),
    ),
    Case(
        "a listener that doesn't forward",
        LISTENERS,
        *FRONT,
        listener(DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]).refused(
            "InvalidLoadBalancerAction",
            "Action type 'fixed-response' is not supported for load balancers with type 'network'",
        ),
    ),
    Case(
        "a listener with two actions, or to nowhere",
        LISTENERS,
        *FRONT,
        GROUP,
        listener(DefaultActions=[*forward("$group")["DefaultActions"]] * 2).refused(
            "ValidationError", "You must specify exactly one default action for the listener"
        ),
        listener(DefaultActions=[{"Type": "forward"}]).refused(
            "ValidationError", "A target group ARN must be specified for forward actions"
        ),
    ),
    Case(
        "a listener of a load balancer that isn't there, or to a group that isn't",
        CREATE,
        *FRONT,
        GROUP,
        listener(LoadBalancerArn=NO_BALANCER).refused(
            "LoadBalancerNotFound", f"Load balancer '{NO_BALANCER}' not found"
        ),
        listener(target=NO_GROUP).refused("TargetGroupNotFound", f"Target group '{NO_GROUP}' not found"),
        listener(target="$balancer").refused("ValidationError", "'$balancer' is not a valid target group ARN"),
    ),
    Case(
        "a group of another VPC",
        CREATE,
        *FRONT,
        ec2.create_vpc(CidrBlock="10.1.0.0/16").keep(other="Vpc.VpcId"),
        group(VpcId="$other"),
        LISTENER.refused(
            "InvalidConfigurationRequest",
            "The following target groups are not in the same VPC as the load balancer: $group",
        ),
    ),
    Case(
        "a group of another load balancer",
        f"{API}/API_TargetGroup.html",
        *FRONT,
        GROUP,
        LISTENER,
        listener(81),
        balancer("other"),
        listener(82).refused(
            "TargetGroupAssociationLimit",
            "The following target groups cannot be associated with more than one load balancer: $group",
        ),
    ),
    Case(
        "a group is free for another load balancer once its own is deleted",
        f"{API}/API_TargetGroup.html",
        *FRONT,
        GROUP,
        LISTENER,
        DELETE_BALANCER,
        balancer("other"),
        LISTENER,
    ),
    Case(
        "a listener that isn't there",
        MODIFY,
        elbv2.modify_listener(ListenerArn=NO_LISTENER, Port=80).refused(
            "ListenerNotFound", f"Listener '{NO_LISTENER}' not found"
        ),
        elbv2.delete_listener(ListenerArn=NO_LISTENER).refused(
            "ListenerNotFound", f"Listener '{NO_LISTENER}' not found"
        ),
        elbv2.describe_listeners(ListenerArns=[NO_LISTENER]).refused(
            "ListenerNotFound", "One or more listeners not found"
        ),
    ),
    Case(
        "listeners of nothing, or of two things at once",
        DESCRIBE,
        *FRONT,
        GROUP,
        LISTENER,
        elbv2.describe_listeners().refused(
            "ValidationError", "You must specify either listener ARNs or a load balancer ARN"
        ),
        elbv2.describe_listeners(LoadBalancerArn="$balancer", ListenerArns=["$listener"]).refused(
            "ValidationError", "Listener ARNs and a load balancer ARN cannot be specified at the same time"
        ),
    ),
    Case(
        "pages of listeners",
        DESCRIBE,
        *FRONT,
        GROUP,
        *[listener(port) for port in (80, 81, 82)],
        elbv2.describe_listeners(LoadBalancerArn="$balancer", PageSize=2)
        .keep(marker="NextMarker")
        .answers({"Listeners[].Port": [80, 81]}),
        elbv2.describe_listeners(LoadBalancerArn="$balancer", PageSize=2, Marker="$marker").answers(
            {"Listeners[].Port": [82], "NextMarker": None}
        ),
    ),
    Case(
        "a deleted listener's port is free",
        f"{API}/API_DeleteListener.html",
        *FRONT,
        GROUP,
        OTHER,
        LISTENER,
        elbv2.delete_listener(ListenerArn="$listener"),
        listener(target="$two"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_listeners_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
