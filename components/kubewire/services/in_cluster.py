"""What a Service's cluster must have for it: its ranges of Service addresses, and which families these are."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

from kubewire.errors import InvalidInputError
from kubewire.network.args import ClusterNetworkArgs
from kubewire.services.common import SelectingArgs, Selectorless
from kubewire.services.families import HEADLESS, Address, IPFamily, IPFamilyPolicy, VirtualIP


def fixed_addresses(args: SelectingArgs) -> tuple[Address, ...]:
    """Give the addresses that a Service is described with."""
    return () if isinstance(args.cluster_ip, VirtualIP) else args.cluster_ip


def check_addresses(args: SelectingArgs, network: ClusterNetworkArgs, path: str) -> None:
    """Refuse families that the cluster doesn't have, and addresses that aren't its own to give.

    Args:
        args: the Service.
        network: the network of its cluster.
        path: where the Service stands.

    Raises:
        InvalidInputError: the API server would refuse it in the apply.
    """
    if args.cluster_ip is HEADLESS and isinstance(args.selector, Selectorless):
        # Whoever writes its endpoints decides on their families; the API server asks for none.
        return
    ranges = [cidr for cidr in (network.service_cidr, network.service_cidr6) if cidr]
    present = {IPFamily(f"IPv{cidr.version}") for cidr in ranges}
    way_out = "Give the network a `serviceCidr6`, as the API server has one, or leave it out."
    for index, family in enumerate(args.ip_families):
        if family not in present:
            message = f"the cluster has no {family} addresses for Services"
            raise InvalidInputError(message, detail=way_out, path=f"{path}.ipFamilies[{index}]")
    if args.ip_family_policy is IPFamilyPolicy.REQUIRE_DUAL_STACK and present != set(IPFamily):
        message = "the cluster has Service addresses of one family"
        raise InvalidInputError(message, detail=way_out, path=f"{path}.ipFamilyPolicy")
    for address in fixed_addresses(args):
        _check(address, ranges, f"{path}.clusterIP")


def _check(address: Address, ranges: list[IPv4Network | IPv6Network], path: str) -> None:
    cidr = next((cidr for cidr in ranges if address in cidr), None)
    if cidr is None:
        detail = f"The API server gives out {', '.join(map(str, ranges))} (`serviceCidr`)."
        raise InvalidInputError(f"{address} is no address for a Service", detail=detail, path=path)
    last = [cidr.broadcast_address] if isinstance(cidr, IPv4Network) else []
    if address in (cidr.network_address, *last):
        detail = "The API server gives neither the first nor the last address of a range to anybody."
        raise InvalidInputError(f"{address} is the end of {cidr}", detail=detail, path=path)
    if address == cidr.network_address + 1 and cidr == ranges[0]:
        # https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/
        raise InvalidInputError(f"{address} is the API server's own", detail="Choose another one.", path=path)
