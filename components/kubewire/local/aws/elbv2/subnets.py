"""Where a load balancer is: its subnets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from moto.ec2.models.subnets import Subnet

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.addressing import available
from kubewire.local.aws.ec2.ranges import subnet_ipv6
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import before, exists

# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-network-load-balancer.html
LEAST_FREE: Final = 8


def placed(call: Call) -> list[Subnet]:
    """The subnets that a call names, directly or by mappings."""
    ids = call.parameters.get("Subnets") or [one["SubnetId"] for one in call.parameters.get("SubnetMappings", ())]
    return [call.ec2.get_subnet(one) for one in ids]


@exists("elbv2", "SubnetId", "Subnets")
def subnet_exists(call: Call, subnet_id: str) -> None:
    """Refuse a subnet that isn't there, or is another account's.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (SubnetNotFound)
    """
    if not any(subnet_id in zone for zone in call.ec2.subnets.values()):
        raise Refusal("SubnetNotFound", f"The subnet ID '{subnet_id}' does not exist")


@before("elbv2", "CreateLoadBalancer", "SetSubnets")
def subnets_or_mappings(call: Call) -> None:
    """Refuse both, and neither.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (Subnets)
    """
    directly, mapped = call.parameters.get("Subnets"), call.parameters.get("SubnetMappings")
    if directly and mapped:
        raise Refusal("ValidationError", "You must specify either subnets or subnet mappings, but not both")
    if not directly and not mapped:
        raise Refusal("ValidationError", "At least one subnet must be specified")
    if any("SubnetId" not in one for one in mapped or ()):
        raise Refusal("ValidationError", "A subnet ID must be specified for each subnet mapping")


@before("elbv2", "CreateLoadBalancer", "SetSubnets")
def one_vpc(call: Call) -> None:
    """Refuse subnets of several VPCs.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html (Availability Zones)
    """
    vpcs = {subnet.vpc_id for subnet in placed(call)}
    if len(vpcs) > 1:
        raise Refusal(
            "InvalidConfigurationRequest", f"All subnets must belong to the same VPC: '{', '.join(sorted(vpcs))}'"
        )


@before("elbv2", "CreateLoadBalancer", "SetSubnets")
def one_subnet_a_zone(call: Call) -> None:
    """Refuse two subnets in a zone, and the same subnet twice.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (Subnets)
    """
    zones = [subnet.availability_zone for subnet in placed(call)]
    if len(zones) > len(set(zones)):
        raise Refusal(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )


@before("elbv2", "CreateLoadBalancer")
def two_zones_of_an_application_balancer(call: Call) -> None:
    """Refuse an application load balancer in one zone; a network load balancer may be in one.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (Subnets)
    """
    if call.parameters.get("Type", "application") == "application" and len(placed(call)) == 1:
        raise Refusal("ValidationError", "At least two subnets in two different Availability Zones must be specified")


@before("elbv2", "CreateLoadBalancer")
def reachable_from_the_internet(call: Call) -> None:
    """Refuse an internet-facing load balancer in a VPC without an internet gateway.

    AWS looks for the gateway alone: that a subnet has no route to it is a warning of the console's.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html (Load balancer scheme)
    """
    if call.parameters.get("Scheme", "internet-facing") != "internet-facing":
        return
    if call.parameters.get("Type") == "gateway":
        return
    vpc_id = placed(call)[0].vpc_id
    gateways: Iterable[Any] = call.ec2.internet_gateways.values()
    if not any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in gateways):
        raise Refusal("InvalidSubnet", f"VPC {vpc_id} has no internet gateway")


@before("elbv2", "CreateLoadBalancer")
def dual_stack_needs_ipv6(call: Call) -> None:
    """Refuse a dual-stack load balancer in subnets without IPv6.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-ip-address-type.html
    """
    if call.parameters.get("IpAddressType", "ipv4") != "ipv4":
        must_have_ipv6(placed(call))


def must_have_ipv6(subnets: Iterable[Subnet]) -> None:
    """Make sure that each has a range.

    Raises:
        Refusal: one hasn't.
    """
    if not all(subnet_ipv6(subnet) for subnet in subnets):
        raise Refusal("ValidationError", "You must specify subnets with an associated IPv6 CIDR block.")


def must_have_space(call: Call, subnets: Iterable[Subnet]) -> None:
    """Make sure that there is room for a new load balancer.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (InvalidSubnet)

    Raises:
        Refusal: a subnet has too few addresses left.
    """
    for subnet in subnets:
        if available(call, subnet) < LEAST_FREE:
            raise Refusal(
                "InvalidSubnet",
                f"Not enough IP space available in {subnet.id}. "
                f"ELB requires at least {LEAST_FREE} free IP addresses in each subnet.",
            )
