"""Which Services are behind which load balancer: one behind each of its own, several behind a shared one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kubewire.errors import InvalidInputError
from kubewire.network.args import ClusterNetworkArgs
from kubewire.resources.balancer_addresses import IpAddressType
from kubewire.resources.network_load_balancer import Scheme
from kubewire.services.common import ServiceArgs
from kubewire.services.load_balancer.addresses import ChosenAddresses, by_path
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.load_balancer.options import BalancerOptions, OwnLoadBalancer
from kubewire.services.load_balancer.shared_args import LoadBalancerArgs
from kubewire.services.naming import LONGEST_GROUP, aws_name

PUBLIC = "public"
"""What an internet-facing load balancer's name has that an internal one's has not."""


@dataclass(frozen=True)
class Behind:
    """A load balancer as it is described, and the Services behind it.

    Attributes:
        options: how it is.
        scheme: who reaches it.
        services: path to each of its Services, in the order in which they are declared.
        path: where it is described.
        scheme_path: where its scheme is.
        label: what to call it.
        name: its name on AWS.
        group_name: its security group's.
        is_shared: whether others may be behind it too.
    """

    options: BalancerOptions
    scheme: Scheme
    services: Mapping[str, LoadBalancerServiceArgs]
    path: str
    scheme_path: str
    label: str
    name: str
    group_name: str
    is_shared: bool

    @property
    def has_ipv6(self) -> bool:
        """Whether clients reach it by IPv6 too."""
        return self.options.ip_address_type is IpAddressType.DUALSTACK


def own(args: LoadBalancerServiceArgs, network: ClusterNetworkArgs, path: str) -> Behind:
    """Give the load balancer that is a Service's own.

    Args:
        args: the Service.
        network: the network of its cluster.
        path: where the Service is described.

    Raises:
        TypeError: it has none.
    """
    options = args.load_balancer
    if not isinstance(options, OwnLoadBalancer):
        msg = f"{args.label} has no load balancer of its own"
        raise TypeError(msg)
    parts = (network.name, args.namespace, args.name)
    return Behind(
        options=options,
        scheme=args.scheme,
        services={path: args},
        path=f"{path}.loadBalancer",
        scheme_path=f"{path}.scheme",
        label="the load balancer",
        name=options.name or aws_name(*parts, *_kind(options, args.scheme)),
        group_name=aws_name(*parts, longest=LONGEST_GROUP),
        is_shared=False,
    )


def shared(
    args: LoadBalancerArgs, network: ClusterNetworkArgs, path: str, services: Mapping[str, ServiceArgs]
) -> Behind:
    """Give a load balancer that Services share, with those that name it.

    Args:
        args: the load balancer.
        network: the network of its cluster.
        path: where it is described.
        services: path to each of the stack's Services.
    """
    return Behind(
        options=args,
        scheme=args.scheme,
        services={
            place: service
            for place, service in services.items()
            if isinstance(service, LoadBalancerServiceArgs) and service.shared == args.name
        },
        path=path,
        scheme_path=f"{path}.scheme",
        label=f"load balancer {args.name}",
        name=aws_name(network.name, args.name, *_kind(args, args.scheme)),
        # One word more than any Service's, and than the nodes' groups.
        group_name=aws_name(network.name, "load", "balancer", args.name, longest=LONGEST_GROUP),
        is_shared=True,
    )


def _kind(options: BalancerOptions, scheme: Scheme) -> Iterator[str]:
    """Say in the name what makes another load balancer: AWS has one of a name, and the old one must stay for a while.

    Written addresses that change keep the name. Both can't have the same ones, so the old one goes first.
    """
    if scheme is Scheme.INTERNET_FACING:
        yield PUBLIC
    if not isinstance(options.addresses, ChosenAddresses):
        yield options.addresses.kind


def all_behind(
    services: Sequence[ServiceArgs],
    load_balancers: Sequence[LoadBalancerArgs],
    network: ClusterNetworkArgs,
) -> list[Behind]:
    """Give every load balancer of a stack.

    Args:
        services: the stack's Services.
        load_balancers: those that Services share.
        network: the network of their cluster.

    Raises:
        InvalidInputError: a Service names one that isn't there, or one of another scheme; two are called alike, or
            have an address of each other's.
    """
    places = {f"services[{index}]": service for index, service in enumerate(services)}
    by_name: dict[str, LoadBalancerArgs] = {}
    found: list[Behind] = []
    for index, args in enumerate(load_balancers):
        path = f"loadBalancers[{index}]"
        if args.name in by_name:
            detail = "Services name a load balancer by it. Rename one."
            raise InvalidInputError(f"there are two load balancers {args.name}", detail=detail, path=f"{path}.name")
        by_name[args.name] = args
        found.append(shared(args, network, path, places))
    for path, service in places.items():
        if isinstance(service, LoadBalancerServiceArgs):
            if service.shared is None:
                found.append(own(service, network, path))
            else:
                check_choice(service, by_name.get(service.shared), sorted(by_name), path)
    detail = "AWS has one load balancer of a name. Choose another one."
    _check_apart(found, lambda one: {"name": one.name}, "{value} is what that of {holder} is called", detail)
    detail = "An address is one load balancer's. Choose another one, or let the Services share that one."
    _check_apart(found, lambda one: by_path(one.options.addresses), "that of {holder} has {value}", detail)
    return found


def check_choice(
    service: LoadBalancerServiceArgs, chosen: LoadBalancerArgs | None, present: Sequence[str], path: str
) -> None:
    """Refuse a shared load balancer that isn't there, or is another's kind. Raises InvalidInputError.

    Args:
        service: who chose it.
        chosen: the one of the name that the Service says, if there is one.
        present: which ones there are.
        path: where the Service is described.
    """
    if chosen is None:
        there = f"There is {', '.join(present)}." if present else "There is none."
        detail = f"{there} Describe it in `loadBalancers`, or leave it out: the Service gets its own."
        message = f"there is no load balancer {service.shared}"
        raise InvalidInputError(message, detail=detail, path=f"{path}.loadBalancer.name")
    if chosen.scheme is not service.scheme:
        detail = "Who can reach a Service is whoever can reach its load balancer. Make them the same."
        message = f"load balancer {chosen.name} is {chosen.scheme}"
        raise InvalidInputError(message, detail=detail, path=f"{path}.scheme")


def _check_apart(
    found: Sequence[Behind], held: Callable[[Behind], Mapping[str, str]], message: str, detail: str
) -> None:
    """Refuse a value that two hold; each holds them by path. The message has `{value}` and `{holder}`."""
    holders: dict[str, Behind] = {}
    for behind in found:
        for path, value in held(behind).items():
            holder = holders.setdefault(value, behind)
            if holder is not behind:
                said = message.format(value=value, holder=holder.path)
                raise InvalidInputError(said, detail=detail, path=f"{behind.path}.{path}")
