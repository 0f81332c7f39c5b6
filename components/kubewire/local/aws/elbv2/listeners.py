"""Listeners of network load balancers: one a port, whatever the protocol; made once by port and settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from moto.elbv2.models import FakeListener, FakeLoadBalancer

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.elbv2.actions import kept, must_be_near, must_forward, must_go_together, normal
from kubewire.local.aws.elbv2.arns import find_balancer, find_listener
from kubewire.local.aws.elbv2.certificates import DEFAULT_POLICY, must_agree, must_be_secured
from kubewire.local.aws.elbv2.limits import LISTENERS
from kubewire.local.aws.elbv2.protocols import SENT_TO
from kubewire.local.aws.elbv2.usage import relink
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, after, answers

_SETTINGS: Final = ("Port", "Protocol", "Certificates", "SslPolicy", "AlpnPolicy", "DefaultActions")


@answers("elbv2", "CreateListener")
def created(call: Call, proceed: Proceed) -> Answer:
    """Make one, or answer with the one that is there already with the same port and settings.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
    """
    balancer = find_balancer(call, call.parameters["LoadBalancerArn"])
    if balancer.type != "network":
        answer = proceed(call)
        relink(call)
        return answer
    wanted = _wanted(call.parameters)
    _check(call, balancer, wanted)
    present = _on_port(balancer, wanted["Port"])
    if present is not None:
        if {name: described(present).get(name) for name in _SETTINGS} != wanted:
            what = f"A listener already exists on this port for this load balancer '{balancer.arn}'"
            raise Refusal("DuplicateListener", what)
        return {"Listeners": [described(present)]}
    if len(balancer.listeners) >= call.limit(LISTENERS):
        message = f"The maximum number of listeners has been reached on load balancer '{balancer.arn}'"
        raise Refusal("TooManyListeners", message)
    answer = proceed(call)
    listener = find_listener(call, answer["Listeners"][0]["ListenerArn"])
    _apply(listener, wanted)
    relink(call)
    return {"Listeners": [described(listener)]}


@answers("elbv2", "ModifyListener")
def modified(call: Call, proceed: Proceed) -> Answer:
    """Change what is given and leave the rest. What TLS alone has goes with it.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListener.html
    """
    listener = find_listener(call, call.parameters["ListenerArn"])
    balancer = find_balancer(call, listener.load_balancer_arn)
    if balancer.type != "network":
        answer = proceed(call)
        relink(call)
        return answer
    wanted = _wanted({**_without_tls(listener, call.parameters), **call.parameters})
    _check(call, balancer, wanted)
    if _on_port(balancer, wanted["Port"]) not in (None, listener):
        what = f"A listener already exists on this port for this load balancer '{balancer.arn}'"
        raise Refusal("DuplicateListener", what)
    _apply(listener, wanted)
    relink(call)
    return {"Listeners": [described(listener)]}


@answers("elbv2", "DescribeListeners")
def listed(call: Call, proceed: Proceed) -> Answer:
    """Those of a load balancer, or certain ones.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListeners.html
    """
    arn, arns = call.parameters.get("LoadBalancerArn"), call.parameters.get("ListenerArns")
    if arn and arns:
        raise Refusal("ValidationError", "Listener ARNs and a load balancer ARN cannot be specified at the same time")
    found: list[dict[str, Any]] = proceed(call)["Listeners"]
    return {"Listeners": [_as_of_its_kind(call, one) for one in found]}


@after("elbv2", "DeleteListener")
def tags_go_with_the_listener(call: Call, _answer: Answer) -> None:
    """A deleted listener has no tags, which moto keeps."""
    call.elbv2.tagging_service.delete_all_tags_for_resource(call.parameters["ListenerArn"])


def described(listener: FakeListener) -> dict[str, Any]:
    """A network load balancer's listener as AWS describes it: only one of TLS has certificates and a policy.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html
    """
    secured = listener.protocol == "TLS"
    tls = {
        "Certificates": [{"CertificateArn": listener.certificate}],
        "SslPolicy": listener.ssl_policy,
        **({"AlpnPolicy": listener.alpn_policy} if listener.alpn_policy else {}),
    }
    return {
        "ListenerArn": listener.arn,
        "LoadBalancerArn": listener.load_balancer_arn,
        "Port": int(listener.port),
        "Protocol": listener.protocol,
        "DefaultActions": normal([action.data for action in listener.default_actions]),
        **(tls if secured else {}),
    }


def _as_of_its_kind(call: Call, answered: dict[str, Any]) -> dict[str, Any]:
    listener = find_listener(call, answered["ListenerArn"])
    network = find_balancer(call, listener.load_balancer_arn).type == "network"
    return described(listener) if network else answered


def _wanted(given: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {name: given.get(name) for name in _SETTINGS}
    wanted["DefaultActions"] = given["DefaultActions"]
    if given.get("Protocol") == "TLS":
        wanted["SslPolicy"] = given.get("SslPolicy", DEFAULT_POLICY)
    return wanted


def _without_tls(listener: FakeListener, changes: Mapping[str, Any]) -> dict[str, Any]:
    present = described(listener)
    if changes.get("Protocol", "TLS") != "TLS":
        present = {name: present[name] for name in ("Port", "Protocol", "DefaultActions")}
    return present


def _on_port(balancer: FakeLoadBalancer, port: int) -> FakeListener | None:
    return next((one for one in balancer.listeners.values() if int(one.port) == port), None)


def _check(call: Call, balancer: FakeLoadBalancer, wanted: dict[str, Any]) -> None:
    """Refuse what no listener of a network load balancer could be, and bring its actions into AWS's form."""
    protocol = wanted["Protocol"]
    for name, words in (("Port", "port"), ("Protocol", "protocol")):
        if wanted[name] is None:
            raise Refusal("ValidationError", f"A listener {words} must be specified")
    if protocol not in SENT_TO:
        message = f"Listener protocol '{protocol}' must be one of '{', '.join(SENT_TO)}'"
        raise Refusal("ValidationError", message)
    must_be_secured(call, protocol, wanted["Certificates"] or [], wanted["SslPolicy"])
    must_agree(protocol, wanted["AlpnPolicy"] or [])
    must_forward(wanted["DefaultActions"])
    must_go_together(call, protocol, wanted["DefaultActions"])
    must_be_near(call, balancer, wanted["DefaultActions"])
    wanted["DefaultActions"] = normal(wanted["DefaultActions"])


def _apply(listener: FakeListener, wanted: dict[str, Any]) -> None:
    listener.port, listener.protocol = wanted["Port"], wanted["Protocol"]
    listener.ssl_policy = wanted["SslPolicy"] or ""
    listener.alpn_policy = wanted["AlpnPolicy"] or []
    certificates = [one["CertificateArn"] for one in wanted["Certificates"] or ()]
    if certificates != listener.certificates[:1]:
        listener.certificates = certificates
    listener.certificate = certificates[0] if certificates else None
    listener.default_actions = kept(wanted["DefaultActions"])
    listener._default_rule[0].actions = listener.default_actions  # noqa: SLF001 - moto keeps them twice
