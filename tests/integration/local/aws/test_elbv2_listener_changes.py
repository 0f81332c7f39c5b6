from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.local.aws.case import Case, Service, Step, elbv2
from tests.integration.local.aws.elbv2_steps import (
    API,
    BALANCER,
    CERTIFICATE,
    GROUP,
    LISTENER,
    NLB,
    PLACE,
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
FIPS = "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04"


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
        "TLS without a certificate",
        TLS_LISTENERS,
        *FRONT,
        GROUP,
        listener(443, "TLS").refused("ValidationError", "A certificate must be specified for TLS listeners"),
    ),
    Case(
        "TLS with a certificate that isn't there",
        TLS_LISTENERS,
        *FRONT,
        GROUP,
        listener(443, "TLS", Certificates=[{"CertificateArn": CERTIFICATE}]).refused(
            "CertificateNotFound", f"Certificate '{CERTIFICATE}' not found"
        ),
    ),
    Case(
        "TLS with a certificate and the default policy",
        TLS_LISTENERS,
        *FRONT,
        GROUP,
        UPLOADED,
        listener(443, **SECURED).answers(
            {
                "Listeners[].Certificates[].CertificateArn": ["$certificate"],
                "Listeners[].SslPolicy": ["ELBSecurityPolicy-2016-08"],
            }
        ),
        listener(443, **SECURED).answers(SAME),
        listener(443, **SECURED, SslPolicy=POLICY).refused(*TAKEN),
    ),
    Case(
        "TLS with a policy of FIPS",
        TLS_LISTENERS,
        *FRONT,
        GROUP,
        UPLOADED,
        listener(443, **SECURED, SslPolicy=FIPS).answers({"Listeners[].SslPolicy": [FIPS]}),
    ),
    Case(
        "TLS with a policy that isn't there",
        TLS_LISTENERS,
        *FRONT,
        GROUP,
        UPLOADED,
        listener(443, **SECURED, SslPolicy="Strictest").refused(
            "SSLPolicyNotFound", "SSL policy 'Strictest' not found"
        ),
    ),
    Case(
        "TLS to groups of TLS, and not of UDP",
        PROTOCOLS,
        *FRONT,
        UPLOADED,
        group(Protocol="TLS"),
        listener(443, **SECURED),
        group("two", keep="two", Protocol="UDP"),
        listener(444, target="$two", **SECURED).refused(*incompatible("$two")),
    ),
    Case(
        "TLS with two certificates",
        CREATE,
        *FRONT,
        GROUP,
        UPLOADED,
        listener(443, "TLS", Certificates=[{"CertificateArn": "$certificate"}] * 2).refused(
            "ValidationError",
            "You must provide a list containing exactly one certificate if the listener protocol is TLS.",
        ),
    ),
    Case(
        "TCP with a certificate or a policy",
        CREATE,
        *FRONT,
        GROUP,
        listener(Certificates=[{"CertificateArn": CERTIFICATE}]).refused(
            "ValidationError", "A certificate cannot be specified for TCP listeners"
        ),
        listener(SslPolicy=POLICY).refused("ValidationError", "An SSL policy cannot be specified for TCP listeners"),
    ),
    Case(
        "a listener's port, protocol and group are changed",
        MODIFY,
        *FRONT,
        GROUP,
        LISTENER,
        group("two", keep="two", Protocol="TCP_UDP"),
        modify(Port=53, Protocol="UDP", **forward("$two")).answers(
            {
                "Listeners[0].[ListenerArn, Port, Protocol]": ["$listener", 53, "UDP"],
                "Listeners[0].DefaultActions[].TargetGroupArn": ["$two"],
            }
        ),
        modify(Protocol="TCP_UDP"),
        elbv2.describe_listeners(ListenerArns=["$listener"]).answers(
            {"Listeners[0].[Port, Protocol]": [53, "TCP_UDP"]}
        ),
        elbv2.delete_target_group(TargetGroupArn="$group"),
        elbv2.delete_target_group(TargetGroupArn="$two").refused(
            "ResourceInUse", "Target group '$two' is currently in use by a listener or a rule"
        ),
    ),
    Case(
        "a listener becomes one of TLS, and one of TCP again",
        MODIFY,
        *FRONT,
        GROUP,
        LISTENER,
        UPLOADED,
        modify(Protocol="TLS").refused("ValidationError", "A certificate must be specified for TLS listeners"),
        modify(Protocol="TLS", Certificates=[{"CertificateArn": "$certificate"}], SslPolicy=POLICY).answers(
            {"Listeners[0].[Protocol, SslPolicy]": ["TLS", POLICY]}
        ),
        modify(Port=443).answers(
            {
                "Listeners[0].[Port, SslPolicy]": [443, POLICY],
                "Listeners[0].Certificates[].CertificateArn": ["$certificate"],
            }
        ),
        modify(Protocol="TCP").answers({"Listeners[0].[Protocol, SslPolicy, Certificates]": ["TCP", None, None]}),
    ),
    Case(
        "a listener can't take another one's port",
        MODIFY,
        *FRONT,
        GROUP,
        LISTENER,
        listener(81),
        modify(Port=80).refused(*TAKEN),
        modify(Port=81),
    ),
    Case(
        "a listener can't be changed to a protocol that its group doesn't take",
        MODIFY,
        *FRONT,
        GROUP,
        LISTENER,
        modify(Protocol="UDP").refused(*incompatible()),
        group("two", keep="two", Protocol="UDP"),
        modify(**forward("$two")).refused(*incompatible("$two")),
    ),
    Case(
        "two groups with weights",
        f"{API}/API_ForwardActionConfig.html",
        *FRONT,
        GROUP,
        OTHER,
        listener(
            DefaultActions=[
                {
                    "Type": "forward",
                    "ForwardConfig": {
                        "TargetGroups": [
                            {"TargetGroupArn": "$group", "Weight": 9},
                            {"TargetGroupArn": "$two", "Weight": 1},
                        ]
                    },
                }
            ]
        ).answers(
            {
                "Listeners[].DefaultActions[].TargetGroupArn": [],
                "Listeners[].DefaultActions[].ForwardConfig.TargetGroups[].Weight": [9, 1],
            }
        ),
        elbv2.delete_target_group(TargetGroupArn="$two").refused(
            "ResourceInUse", "Target group '$two' is currently in use by a listener or a rule"
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_tls_and_changes_of_listeners_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
