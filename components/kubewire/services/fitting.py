"""A network fitted to its Services: what it must have from the start for what comes after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubewire.errors import InvalidInputError
from kubewire.model import Ref
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.budget import RuleBudget, Rules
from kubewire.network.endpoints import GatewayEndpoints
from kubewire.network.firewall import node_rules as own_rules
from kubewire.network.firewall import ways_to_endpoints
from kubewire.network.quotas import MOST_GROUPS, MOST_RULES_PER_INTERFACE, Limits
from kubewire.network.sources import all_peers
from kubewire.services.common import NodePortedArgs, ServiceArgs
from kubewire.services.load_balancer import rules as load_balancer_rules
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.node_access import port_rules
from kubewire.services.node_port import NodePortServiceArgs

SOME_GROUP = Ref(name="some group", id="sg-00000000")
"""A group in the place of those that aren't there yet: rules are only counted."""
SOME_PORT = 1


def fitted(network: ClusterNetworkArgs, services: Sequence[ServiceArgs], path: str = "services") -> ClusterNetworkArgs:
    """Give the network as many security groups for nodes as the rules of its Services need, and their clients' MTUs.

    Args:
        network: the network as it is described.
        services: the Services in the order in which they will be declared.
        path: where the Services stand.

    Raises:
        InvalidInputError: not even five groups hold their rules.
    """
    clients = [source for item in services if isinstance(item, NodePortServiceArgs) for source in item.sources]
    network = network.model_copy(update={"path_mtu": tuple(dict.fromkeys((*network.path_mtu, *clients)))})
    limits = Limits.of(network.quotas)
    most = max(network.node_groups, min(MOST_GROUPS, MOST_RULES_PER_INTERFACE // limits.rules_per_group.value))
    for groups in range(network.node_groups, most):
        try:
            _place(RuleBudget(limits, groups), network, services, path)
        except InvalidInputError:
            continue
        return network.model_copy(update={"node_groups": groups})
    _place(RuleBudget(limits, most), network, services, path)
    return network.model_copy(update={"node_groups": most})


def _place(budget: RuleBudget, network: ClusterNetworkArgs, services: Sequence[ServiceArgs], path: str) -> None:
    budget.place(_own_rules(network), "network.egress")
    for index, rules in _rules(network, services):
        budget.place(rules, f"{path}[{index}]")


def _own_rules(network: ClusterNetworkArgs) -> Rules:
    services = [item.service for item in network.endpoints if isinstance(item, GatewayEndpoints)]
    by_interface = len(services) < len(network.endpoints)
    ways = ways_to_endpoints(SOME_GROUP if by_interface else None, dict.fromkeys(services, SOME_GROUP))
    return {**own_rules(network, SOME_GROUP), **ways}


def _rules(network: ClusterNetworkArgs, services: Sequence[ServiceArgs]) -> Iterator[tuple[int, Rules]]:
    yield from _shared_rules(services)
    for index, service in enumerate(services):
        if not isinstance(service, NodePortedArgs):
            continue
        # A port that the API server will choose stands alone, wherever it is.
        on_nodes = {port.key: port.node_port or port.port for port in service.ports}
        if isinstance(service, LoadBalancerServiceArgs):
            health = load_balancer_rules.health_port(service, SOME_PORT)
            rules = load_balancer_rules.node_rules(service, on_nodes, SOME_GROUP, health)
            alone = [service] if service.shared is None else []
            yield index, rules | load_balancer_rules.way_rules(alone, service.label, SOME_GROUP)
        elif isinstance(service, NodePortServiceArgs):
            yield index, port_rules(service, on_nodes, all_peers(service.sources, ipv6=network.ipv6))


def _shared_rules(services: Sequence[ServiceArgs]) -> Iterator[tuple[int, Rules]]:
    """Give what shared load balancers ask of nodes for all of their Services, by the first Service of each."""
    behind: dict[str, dict[int, LoadBalancerServiceArgs]] = {}
    for index, service in enumerate(services):
        if isinstance(service, LoadBalancerServiceArgs) and service.shared is not None:
            behind.setdefault(service.shared, {})[index] = service
    for name, sharing in behind.items():
        yield min(sharing), load_balancer_rules.way_rules(sharing.values(), name, SOME_GROUP)
