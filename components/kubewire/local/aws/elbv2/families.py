"""Address families: what a dual-stack load balancer can't have, and what only it can."""

from __future__ import annotations

from collections.abc import Iterable

from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup

from kubewire.local.aws.call import Call
from kubewire.local.aws.elbv2.arns import find_balancer, find_group
from kubewire.local.aws.elbv2.protocols import DATAGRAMS
from kubewire.local.aws.elbv2.usage import groups_in
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import before


@before("elbv2", "CreateLoadBalancer", "SetSubnets")
def ipv6_addresses_need_dual_stack(call: Call) -> None:
    """Refuse IPv6 addresses of a load balancer that has none. The words are ours.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html (IPv6Address)
    """
    kind = call.parameters.get("IpAddressType", "ipv4")
    if call.operation == "SetSubnets":
        kind = call.parameters.get("IpAddressType") or _balancer(call).ip_address_type
    if kind == "ipv4" and any("IPv6Address" in one for one in call.parameters.get("SubnetMappings", ())):
        message = "IPv6 addresses cannot be specified for load balancers with the 'ipv4' IP address type"
        raise Refusal("InvalidConfigurationRequest", message)


@before("elbv2", "SetIpAddressType", "SetSubnets")
def listeners_go_with_the_family(call: Call) -> None:
    """Refuse dual stack with listeners of UDP, and IPv4 alone with target groups of IPv6. The words are ours.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-ip-address-type.html
    """
    kind = call.parameters.get("IpAddressType")
    balancer = _balancer(call)
    if kind is None or kind == balancer.ip_address_type or balancer.type != "network":
        return
    groups = [one for one in call.elbv2.target_groups.values() if balancer.arn in one.load_balancer_arns]
    must_be_of_the_family(kind, groups)
    for listener in balancer.listeners.values():
        must_carry_the_family(kind, str(listener.protocol))


@before("elbv2", "CreateListener", "ModifyListener")
def targets_go_with_the_family(call: Call) -> None:
    """Refuse listeners of UDP on dual stack, and target groups of IPv6 behind IPv4 alone.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
    """
    arn = call.parameters.get("LoadBalancerArn")
    if arn is None:
        arn = call.parameters["ListenerArn"].replace(":listener/", ":loadbalancer/").rpartition("/")[0]
    balancer = find_balancer(call, arn)
    if balancer.type != "network":
        return
    if "Protocol" in call.parameters:
        must_carry_the_family(balancer.ip_address_type, call.parameters["Protocol"])
    actions = call.parameters.get("DefaultActions", ())
    must_be_of_the_family(balancer.ip_address_type, (find_group(call, one) for one in groups_in(actions)))


def must_carry_the_family(kind: str, protocol: str) -> None:
    """Make sure that a listener goes with a load balancer's address type.

    AWS takes listeners of UDP on dual stack with `EnablePrefixForIpv6SourceNat` and target groups of IPv6 alone;
    nothing here turns that on. The words are ours.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html

    Raises:
        Refusal: it doesn't.
    """
    if kind != "ipv4" and protocol in DATAGRAMS:
        message = (
            f"{protocol} listeners are not supported for load balancers with the '{kind}' IP address type "
            "unless prefix for IPv6 source NAT is enabled"
        )
        raise Refusal("InvalidConfigurationRequest", message)


def must_be_of_the_family(kind: str, groups: Iterable[FakeTargetGroup]) -> None:
    """Make sure that target groups go with a load balancer's address type.

    The words are AWS's: https://github.com/zalando-incubator/kube-ingress-aws-controller/pull/752

    Raises:
        Refusal: they don't.
    """
    if kind == "ipv4" and any(group.ip_address_type == "ipv6" for group in groups):
        message = "You cannot associate an IPv6 target group with a load balancer that has an 'ipv4' IP address type"
        raise Refusal("InvalidConfigurationRequest", message)


def _balancer(call: Call) -> FakeLoadBalancer:
    return find_balancer(call, call.parameters["LoadBalancerArn"])
