"""Which addresses an interface is to have: those that are asked for, and free ones.

moto makes addresses up without looking whether they are free, so it is told all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.addressing import chosen, chosen_ipv6, chosen_prefixes, requested, requested_ipv6, taken
from kubewire.local.aws.ec2.ranges import subnet_ipv6
from kubewire.local.aws.refusal import Refusal, invalid_parameter


@dataclass(frozen=True)
class Addresses:
    """What one interface gets.

    Attributes:
        private: the primary one first.
        prefixes: ranges of sixteen.
        ipv6: its IPv6 addresses.
    """

    private: list[str]
    prefixes: list[IPv4Network]
    ipv6: list[str]

    def parameters(self) -> dict[str, Any]:
        """The same as moto takes it."""
        rows = [{"Primary": not number, "PrivateIpAddress": one} for number, one in enumerate(self.private)]
        ipv6 = [{"Ipv6Address": one} for one in self.ipv6]
        return {"PrivateIpAddress": self.private[0], "PrivateIpAddresses": rows, "Ipv6Addresses": ipv6}


ADDRESS_PARAMETERS = (
    "PrivateIpAddress",
    "PrivateIpAddresses",
    "SecondaryPrivateIpAddressCount",
    "Ipv4Prefixes",
    "Ipv4PrefixCount",
    "Ipv6Addresses",
    "Ipv6AddressCount",
)
"""How a call says which addresses a new interface is to have."""


def addresses_for(
    call: Call, subnet: Any, given: Mapping[str, Any], *, in_use: str = "The specified address is already in use."
) -> Addresses:
    """Choose the addresses of a new interface.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html

    Args:
        call: whose subnet it is.
        subnet: where it will be.
        given: the parameters of CreateNetworkInterface, or of an interface in RunInstances.
        in_use: what to say of an address that is taken.

    Raises:
        Refusal: what is asked for can't be had.
    """
    listed: list[Mapping[str, Any]] = given.get("PrivateIpAddresses", [])
    primaries = [one["PrivateIpAddress"] for one in listed if one.get("Primary")]
    if "PrivateIpAddress" in given:
        primaries.append(given["PrivateIpAddress"])
    secondary = [one["PrivateIpAddress"] for one in listed if not one.get("Primary")]
    if len(set(primaries)) > 1:
        message = "Only one primary private IP address can be specified."
        raise Refusal("InvalidParameterCombination", message)
    count = given.get("SecondaryPrivateIpAddressCount", 0)
    if count and secondary:
        message = "The parameter secondaryPrivateIpAddressCount cannot be used with the parameter privateIpAddresses"
        raise Refusal("InvalidParameterCombination", message)
    named = [requested(call, subnet, text, message=in_use) for text in [*dict.fromkeys(primaries), *secondary]]
    if len(set(named)) < len(named):
        raise invalid_parameter("Duplicate addresses specified")
    missing = count + (0 if primaries else 1)
    free = chosen(call, subnet, missing, [IPv4Address(one) for one in named])
    private = [*named, *free] if primaries else [free[0], *named, *free[1:]]
    return Addresses(private, _prefixes(call, subnet, given, private), _ipv6(call, subnet, given))


def _prefixes(call: Call, subnet: Any, given: Mapping[str, Any], beside: list[str]) -> list[IPv4Network]:
    if "Ipv4Prefixes" in given:
        return [prefix(call, subnet, one["Ipv4Prefix"]) for one in given["Ipv4Prefixes"]]
    return chosen_prefixes(call, subnet, given.get("Ipv4PrefixCount", 0), [IPv4Address(one) for one in beside])


def prefix(call: Call, subnet: Any, text: str) -> IPv4Network:
    """A range that is asked for.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html

    Raises:
        Refusal: it isn't a /28 in the subnet, or something is in it.
    """
    try:
        network = IPv4Network(text)
    except ValueError as error:
        raise invalid_parameter(f"invalid value for parameter prefix: {text}") from error
    if network.prefixlen != 28 or not network.subnet_of(subnet.cidr):  # noqa: PLR2004 - AWS has no other size
        raise invalid_parameter(f"The prefix {text} does not fall within the subnet's address range")
    if not taken(call, subnet).isdisjoint(network):
        raise Refusal("InvalidIPAddress.InUse", "The specified address is already in use.")
    return network


def _ipv6(call: Call, subnet: Any, given: Mapping[str, Any]) -> list[str]:
    named = [one["Ipv6Address"] for one in given.get("Ipv6Addresses", [])]
    count = given.get("Ipv6AddressCount")
    if named and count:
        message = "IPv6 addresses and IPv6 address count may not be specified on the same request"
        raise Refusal("InvalidParameterCombination", message)
    if named:
        return [requested_ipv6(call, subnet, text) for text in named]
    if count is None and subnet.assign_ipv6_address_on_creation and subnet_ipv6(subnet):
        count = 1
    return chosen_ipv6(call, subnet, count) if count else []
