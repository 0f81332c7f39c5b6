"""What AWS would refuse of a load balancer and the Services behind it, found before anything is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from ipaddress import IPv6Network

from kubewire.deferred import is_deferred
from kubewire.errors import InvalidInputError
from kubewire.model import Ref
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.budget import Rules, weights
from kubewire.network.layout import Role
from kubewire.network.nodes import DeclaredNodes, NodeSlots
from kubewire.network.quotas import Limits
from kubewire.resources.network_load_balancer import Scheme
from kubewire.resources.tls import region_of
from kubewire.services.load_balancer import rules
from kubewire.services.load_balancer.addresses import check_zones
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.load_balancer.behind import Behind
from kubewire.services.load_balancer.quotas import hold_listeners, hold_targets
from kubewire.services.ports import PortProtocol

SOMEBODY = Ref(name="nodes", id="sg-00000000")
"""A group in the place of those that aren't there yet: rules are only counted."""
SOME_PORT = 1


def check_behind(behind: Behind, network: ClusterNetworkArgs, limits: Limits) -> None:
    """Refuse what AWS would refuse in the apply. Raises InvalidInputError.

    Args:
        behind: the load balancer, and what is behind it.
        network: where it stands.
        limits: the quotas that hold.
    """
    if behind.scheme is Scheme.INTERNET_FACING and Role.PUBLIC not in network.roles:
        detail = "An internet-facing load balancer stands in public subnets. Add them, or make it `internal`."
        raise InvalidInputError("the network has no public subnets", detail=detail, path=behind.scheme_path)
    check_zones(behind.options.addresses, behind.scheme, network, f"{behind.path}.addresses")
    _check_families(behind, network)
    _check_ports(behind)
    _check_certificates(behind, network)
    hold_listeners(behind, limits)
    _hold_rules(behind, limits)
    hold_targets(behind, network.known_nodes, limits, _by_zone(network))


def _check_families(behind: Behind, network: ClusterNetworkArgs) -> None:
    if behind.has_ipv6 and not network.ipv6:
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-ip-address-type.html
        detail = "Its subnets have a range of IPv6 then. Give the VPC one, or leave this out."
        raise InvalidInputError("the network has no IPv6", detail=detail, path=f"{behind.path}.ipAddressType")
    for path, args in behind.services.items():
        for index, port in enumerate(args.ports):
            if behind.has_ipv6 and port.protocol is PortProtocol.UDP:
                # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetIpAddressType.html: UDP
                # wants a prefix of each subnet to send from, and targets with IPv6; nodes' instances have IPv4 here.
                detail = "AWS forwards UDP over IPv6 to IPv6 targets alone. Put it behind an `ipv4` load balancer."
                raise InvalidInputError("no UDP with dualstack", detail=detail, path=f"{path}.ports[{index}].protocol")
        for index, source in enumerate(args.sources):
            if isinstance(source, IPv6Network) and not behind.has_ipv6:
                detail = "It has IPv4 addresses alone. Write an IPv4 range, or `anywhere`, or make it `dualstack`."
                raise InvalidInputError(f"{source} can't reach it", detail=detail, path=f"{path}.sources[{index}]")


def _check_ports(behind: Behind) -> None:
    holders: dict[int, str] = {}
    for path, args in behind.services.items():
        for index, port in enumerate(args.ports):
            holder = holders.setdefault(port.port, args.label)
            if holder != args.label:
                detail = "A load balancer listens once on a port, for TCP and UDP together. Choose another one."
                message = f"{port.port} of {behind.label} belongs to {holder} already"
                raise InvalidInputError(message, detail=detail, path=f"{path}.ports[{index}].port")


def _check_certificates(behind: Behind, network: ClusterNetworkArgs) -> None:
    for path, args in behind.services.items():
        for index, port in enumerate(args.ports):
            region = region_of(port.tls.certificate) if port.tls and not is_deferred(port.tls.certificate) else None
            if region not in (None, network.region):
                # https://docs.aws.amazon.com/acm/latest/userguide/acm-regions.html
                detail = f"The load balancer takes certificates of {network.region}, and of IAM. Request one there."
                where = f"{path}.ports[{index}].tls.certificate"
                raise InvalidInputError(f"the certificate is in {region}", detail=detail, path=where)


def _hold_rules(behind: Behind, limits: Limits) -> None:
    so_far: list[LoadBalancerServiceArgs] = []
    counted: Counter[object] = Counter()
    for path, args in behind.services.items():
        so_far.append(args)
        counted.update(weights(_own_rules(args, behind)))
        common = rules.common_rules(so_far, SOMEBODY, ipv6=behind.has_ipv6)
        fullest = max((counted + Counter(weights(common))).values())
        limits.hold_rules(fullest, behind.label, f"{path}.sources")


def _own_rules(args: LoadBalancerServiceArgs, behind: Behind) -> Rules:
    on_nodes = {port.key: SOME_PORT for port in args.ports}
    health, shared = rules.health_port(args, SOME_PORT), behind.is_shared
    own = rules.target_rules(args, on_nodes, SOMEBODY, health, shared=shared)
    for admitted in rules.listener_rules(args, ipv6=behind.has_ipv6, shared=shared).values():
        own |= admitted
    return own


def _by_zone(network: ClusterNetworkArgs) -> Mapping[str, int]:
    match network.nodes:
        case DeclaredNodes(machines=machines):
            return Counter(machine.zone for machine in machines)
        case NodeSlots(zones=zones):
            return zones
        case _:
            return {}
