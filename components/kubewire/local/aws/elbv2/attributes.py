"""Attributes of network load balancers, and of their listeners."""

from __future__ import annotations

from typing import Final

from moto.elbv2.models import FakeLoadBalancer

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.elbv2.arns import find_balancer, find_listener
from kubewire.local.aws.elbv2.attribute_values import BOOLEAN, Allowed, anything, between, listed, merged, one_of
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers, before

DELETION_PROTECTION: Final = "deletion_protection.enabled"
CROSS_ZONE: Final = "load_balancing.cross_zone.enabled"
_LOGS: Final = "access_logs.s3.enabled"
_BUCKET: Final = "access_logs.s3.bucket"
_SECONDARY: Final = "secondary_ips.auto_assigned.per_subnet"

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
_KNOWN: Final[dict[str, Allowed]] = {
    _LOGS: BOOLEAN,
    _BUCKET: anything,
    "access_logs.s3.prefix": anything,
    DELETION_PROTECTION: BOOLEAN,
    CROSS_ZONE: BOOLEAN,
    "dns_record.client_routing_policy": one_of(
        "any_availability_zone", "availability_zone_affinity", "partial_availability_zone_affinity"
    ),
    "ipv6.deny_all_igw_traffic": BOOLEAN,
    _SECONDARY: between(0, 7),
    "zonal_shift.config.enabled": BOOLEAN,
}

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ListenerAttribute.html
_OF_LISTENERS: Final[dict[str, Allowed]] = {"tcp.idle_timeout.seconds": between(60, 6000)}


def balancer_defaults(balancer: FakeLoadBalancer) -> dict[str, str]:
    """What a new network load balancer has.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#load-balancer-attributes
    """
    return {
        _LOGS: "false",
        _BUCKET: "",
        "access_logs.s3.prefix": "",
        DELETION_PROTECTION: "false",
        CROSS_ZONE: "false",
        "dns_record.client_routing_policy": "any_availability_zone",
        "ipv6.deny_all_igw_traffic": "true" if balancer.scheme == "internal" else "false",
        _SECONDARY: "0",
        "zonal_shift.config.enabled": "false",
    }


@before("elbv2", "ModifyLoadBalancerAttributes")
def attributes_of_its_kind(call: Call) -> None:
    """Refuse attributes that only other kinds of load balancers have.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
    """
    if find_balancer(call, call.parameters["LoadBalancerArn"]).type != "network":
        return
    for change in call.parameters["Attributes"]:
        key = change.get("Key")
        if key in FakeLoadBalancer.VALID_ATTRS and key not in _KNOWN:
            raise Refusal(
                "InvalidConfigurationRequest",
                f"Load balancer attribute key '{key}' is not supported on load balancers with type 'network'",
            )


@answers("elbv2", "ModifyLoadBalancerAttributes")
def changed(call: Call, proceed: Proceed) -> Answer:
    """Change all that are named, or none; answer with all that there are.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyLoadBalancerAttributes.html
    """
    balancer = find_balancer(call, call.parameters["LoadBalancerArn"])
    if balancer.type != "network":
        return proceed(call)
    attributes = merged("Load balancer", balancer.attrs, call.parameters["Attributes"], _KNOWN)
    if attributes[_LOGS] == "true" and not attributes[_BUCKET]:
        message = f"The value of '{_BUCKET}' cannot be empty when access logs are enabled"
        raise Refusal("InvalidConfigurationRequest", message)
    if int(attributes[_SECONDARY]) < int(balancer.attrs[_SECONDARY]):
        raise Refusal("InvalidConfigurationRequest", f"The value of '{_SECONDARY}' cannot be decreased")
    balancer.attrs = attributes
    return {"Attributes": listed(attributes)}


@answers("elbv2", "ModifyListenerAttributes")
def changed_of_listener(call: Call, _proceed: Proceed) -> Answer:
    """Change those of a listener.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListenerAttributes.html
    """
    listener = find_listener(call, call.parameters["ListenerArn"])
    listener.attributes = merged("Listener", listener.attributes, call.parameters["Attributes"], _OF_LISTENERS)
    return {"Attributes": listed(listener.attributes)}
