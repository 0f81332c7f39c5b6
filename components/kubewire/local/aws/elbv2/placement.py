"""Changing where a load balancer is, and by what kinds of addresses it is reached."""

from __future__ import annotations

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.elbv2.addresses import must_be_free
from kubewire.local.aws.elbv2.arns import find_balancer
from kubewire.local.aws.elbv2.described import zones
from kubewire.local.aws.elbv2.interfaces import attach, nodes_of, release, speak
from kubewire.local.aws.elbv2.subnets import must_have_ipv6, must_have_space, placed
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers, before


@before("elbv2", "SetSubnets")
def same_vpc(call: Call) -> None:
    """Refuse subnets of another VPC than the load balancer's.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/availability-zones.html
    """
    balancer = find_balancer(call, call.parameters["LoadBalancerArn"])
    if any(subnet.vpc_id != balancer.vpc_id for subnet in placed(call)):
        raise Refusal("InvalidConfigurationRequest", f"All subnets must belong to the same VPC: '{balancer.vpc_id}'")


@before("elbv2", "SetSubnets")
def zone_has_its_subnet(call: Call) -> None:
    """Refuse another subnet in a zone that the load balancer is in: AWS wants the zone removed first, then added.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/availability-zones.html
    """
    balancer = find_balancer(call, call.parameters["LoadBalancerArn"])
    if balancer.type != "network":
        return
    present = {subnet.availability_zone: subnet.id for subnet in balancer.subnets}
    for subnet in placed(call):
        zone = subnet.availability_zone
        if present.get(zone, subnet.id) != subnet.id:
            raise Refusal(
                "InvalidConfigurationRequest",
                "You cannot specify an additional subnet from an Availability Zone that is already associated with "
                f"the load balancer. The Availability Zone '{zone}' corresponding to the new subnet '{subnet.id}' is "
                "already associated with the load balancer.",
            )


@before("elbv2", "SetSubnets", "SetIpAddressType")
def dual_stack_needs_ipv6(call: Call) -> None:
    """Refuse dual stack in subnets without IPv6.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-ip-address-type.html
    """
    balancer = find_balancer(call, call.parameters["LoadBalancerArn"])
    if call.parameters.get("IpAddressType", balancer.ip_address_type) != "ipv4":
        must_have_ipv6(placed(call) or balancer.subnets)


@answers("elbv2", "SetSubnets")
def set_subnets(call: Call, _proceed: Proceed) -> Answer:
    """Enter zones and leave others.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html
    """
    balancer = find_balancer(call, call.parameters["LoadBalancerArn"])
    wanted, present = placed(call), {subnet.id for subnet in balancer.subnets}
    entered = [subnet for subnet in wanted if subnet.id not in present]
    mappings = {one["SubnetId"]: one for one in call.parameters.get("SubnetMappings", ())}
    must_have_space(call, entered)
    must_be_free(call, (mappings[subnet.id] for subnet in entered if subnet.id in mappings))
    balancer.ip_address_type = call.parameters.get("IpAddressType", balancer.ip_address_type)
    if balancer.type != "gateway":
        ids = {subnet.id for subnet in wanted}
        release(call, [one for one in nodes_of(call, balancer.arn) if one.subnet_id not in ids])
        for node in nodes_of(call, balancer.arn):
            speak(call, node, balancer.ip_address_type)
        for subnet in entered:
            attach(call, balancer, subnet, mappings.get(subnet.id, {}))
    balancer.subnets = wanted
    prefix = {"EnablePrefixForIpv6SourceNat": "off"} if balancer.type == "network" else {}
    return {"AvailabilityZones": zones(call, balancer), "IpAddressType": balancer.ip_address_type, **prefix}


@answers("elbv2", "SetIpAddressType")
def set_ip_address_type(call: Call, proceed: Proceed) -> Answer:
    """Give the interfaces IPv6 addresses, or take them away.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetIpAddressType.html
    """
    answer = proceed(call)
    for node in nodes_of(call, call.parameters["LoadBalancerArn"]):
        speak(call, node, call.parameters["IpAddressType"])
    return answer
