"""The addresses that are asked for: elastic ones of internet-facing, private ones of internal load balancers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from moto.ec2.models.elastic_ip_addresses import ElasticAddress

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.addressing import requested
from kubewire.local.aws.elbv2.arns import find_balancer
from kubewire.local.aws.elbv2.interfaces import ipv6_of
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import before


@before("elbv2", "CreateLoadBalancer", "SetSubnets")
def addresses_fit_the_load_balancer(call: Call) -> None:
    """Refuse elastic addresses of internal load balancers and private ones of internet-facing ones.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html
    """
    kind, scheme = _kind_and_scheme(call)
    mappings = call.parameters.get("SubnetMappings", ())
    elastic = any("AllocationId" in one for one in mappings)
    private = any("PrivateIPv4Address" in one for one in mappings)
    if kind != "network" and (elastic or private):
        what = "Elastic IP" if elastic else "Private IPv4"
        raise Refusal(
            "InvalidConfigurationRequest",
            f"{what} addresses cannot be specified for load balancers with type '{kind}'",
        )
    if elastic and scheme == "internal":
        raise Refusal(
            "InvalidConfigurationRequest", "Elastic IP addresses cannot be specified for internal load balancers"
        )
    if private and scheme == "internet-facing":
        raise Refusal(
            "InvalidConfigurationRequest",
            "Private IPv4 addresses cannot be specified for internet-facing load balancers",
        )


@before("elbv2", "CreateLoadBalancer", "SetSubnets")
def elastic_addresses_exist(call: Call) -> None:
    """Refuse allocations that aren't there.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    (AllocationIdNotFound)
    """
    present = {address.allocation_id for address in call.ec2.addresses}
    missing = [f"'{one}'" for one in _allocations(call.parameters.get("SubnetMappings", ())) if one not in present]
    if missing:
        raise Refusal("AllocationIdNotFound", f"The allocation IDs {', '.join(missing)} do not exist")


def must_be_free(call: Call, mappings: Iterable[dict[str, str]]) -> None:
    """Make sure that nothing has the addresses that are asked for.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (ResourceInUse)

    Raises:
        Refusal: something has.
    """
    mappings = list(mappings)
    allocations = list(_allocations(mappings))
    busy = {address.allocation_id for address in call.ec2.addresses if _in_use(address)}
    if busy.intersection(allocations) or len(allocations) > len(set(allocations)):
        raise Refusal("ResourceInUse", "The allocation IDs are not available for use")
    for mapping in mappings:
        if "PrivateIPv4Address" in mapping:
            _must_be_available(call, mapping["SubnetId"], mapping["PrivateIPv4Address"])
        ipv6_of(call, call.ec2.get_subnet(mapping["SubnetId"]), mapping.get("IPv6Address"))


def _must_be_available(call: Call, subnet_id: str, address: str) -> None:
    """Make sure that a subnet can give an address away.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html (PrivateIPv4Address)
    """
    try:
        requested(call, call.ec2.get_subnet(subnet_id), address)
    except Refusal as refusal:
        if refusal.code == "InvalidIPAddress.InUse":
            message = f"The private IPv4 address '{address}' is not available for use"
            raise Refusal("ResourceInUse", message) from refusal
        message = f"The private IPv4 address '{address}' is not valid for subnet '{subnet_id}'"
        raise Refusal("InvalidConfigurationRequest", message) from refusal


def _in_use(address: ElasticAddress) -> bool:
    held: Any = address.association_id or address.eni or address.instance
    return bool(held)


def _allocations(mappings: Iterable[dict[str, str]]) -> Iterator[str]:
    return (one["AllocationId"] for one in mappings if "AllocationId" in one)


def _kind_and_scheme(call: Call) -> tuple[str, str]:
    if call.operation == "SetSubnets":
        balancer = find_balancer(call, call.parameters["LoadBalancerArn"])
        return balancer.type, balancer.scheme
    return call.parameters.get("Type", "application"), call.parameters.get("Scheme", "internet-facing")
