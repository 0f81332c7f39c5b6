"""The network of a cluster, as a Pulumi component."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.forecast.sentence import Usage
from kubewire.functions.get_quotas import GetQuotas, GetQuotasArgs
from kubewire.model import Ref
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.budget import Rules
from kubewire.network.declaration import declaration
from kubewire.network.description import Nat
from kubewire.network.firewall import node_rules, pod_ranges
from kubewire.network.layout import Role
from kubewire.network.network_model import kept_by
from kubewire.network.parts.declarer import Declarer
from kubewire.network.parts.existing import existing_network
from kubewire.network.parts.firewall import make_groups
from kubewire.network.parts.forecast import Forecast
from kubewire.network.parts.nodes import NodesPart, make_interfaces, make_machines
from kubewire.network.parts.pod_capacity import pod_capacity
from kubewire.network.parts.pod_places import pod_places
from kubewire.network.parts.proof import Proof
from kubewire.network.parts.registered import Registered
from kubewire.network.parts.subnets import make_subnets
from kubewire.network.parts.surroundings import make_acls, make_endpoints, make_flow_logs, make_zone
from kubewire.network.parts.tables import make_tables
from kubewire.network.parts.vpc import make_vpc
from kubewire.network.quotas import Limit, Limits, hold_attached

# Routes that lead nowhere near pods: the ways out of both families, and a gateway endpoint's.
WAYS_OUT = 1


class ClusterNetwork(pulumi.ComponentResource):
    """A VPC whose nodes and pods reach each other without NAT.

    Attributes:
        args: what it was described by.
        limits: the quotas that hold for it.
        vpc: the VPC.
        subnets: role, then key (a zone, with the index where it isn't the first), to the subnet.
        node_group: the security group that all nodes have, and that others name them by.
        nodes: the nodes, their interfaces and what load balancers send to.
        zone: the private DNS zone, if it has one.
        forecast: says in a preview what an apply will ask of AWS, for the network and whatever it's told to watch.
        proof: warns of what is broken, counting with whatever it or the forecast is told of.
        cidrs: the VPC's IPv4 ranges, as far as they are known when the plan is made.
        settled: the VPC's further ranges, which must be there before a security group is made.
        ways_out: what an internet-facing load balancer waits for: AWS refuses one in a VPC without an internet gateway.
        namespaces: those of the cluster that the program has declared with Services so far, by name.
        outputs: what the component shows.
    """

    def __init__(self, args: ClusterNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        _check_region(args, opts)
        registered = declaration(args)
        super().__init__("kubewire:network:ClusterNetwork", args.name, registered, opts)
        self.args = args
        self._claimed: dict[int, str] = {}
        self.namespaces: dict[str, pulumi.Resource] = {}
        # Nothing yet: a mistake ends the program before all is counted, and the forecast is still asked for.
        self._used: dict[str, int] = {}
        self._attached = 0
        everything = Registered()
        self.forecast = Forecast(self, self._usages, everything)
        self.proof = Proof(self, everything, wanted=args.prove)
        self.proof.begin(self, registered)
        declarer = Declarer(self, args, self.forecast)
        live = declarer.asked(GetQuotas, GetQuotasArgs(), "quotas") if args.quotas.live else None
        self.limits = Limits.of(args.quotas, live)
        vpc = make_vpc(declarer)
        subnets = make_subnets(declarer, vpc)
        self._firewall = make_groups(declarer, vpc, self.limits)
        self.node_group = self._firewall.groups[0]
        nodes = make_interfaces(declarer, subnets, self._firewall.groups)
        self._used = self._hold(nodes)
        tables = make_tables(declarer, vpc, subnets, nodes)
        ours = [*(more.cidr for more in args.vpc.secondary), *itertools.chain(*nodes.pods.values()), *self._linked()]
        if existing := existing_network(args.name, vpc, subnets, ours, self):
            self.proof.tell(existing, existing.inputs, self)
        reached = make_endpoints(declarer, vpc, subnets, tables, self.node_group)
        own = {**node_rules(args, self.node_group), **reached}
        rules = self._firewall.admit(own, f"{args.name}-nodes", f"{args.name}: egress", self)
        make_acls(declarer, vpc, subnets, self.limits)
        make_flow_logs(declarer, vpc)
        self.vpc, self.cidrs, self.settled = vpc.ref, vpc.cidrs, vpc.settled
        self.subnets, self.ways_out = dict(subnets.of), tables.all
        self.nodes = make_machines(declarer, nodes, [*tables.all, *rules])
        self.zone = make_zone(declarer, vpc)
        ranges: list[Later[str]] = [str(cidr) for cidr in (*vpc.cidrs, *pod_ranges(args), *self._linked())]
        self.non_masquerade = [*ranges, *([vpc.ipv6_cidr] if vpc.ipv6_cidr is not None else [])]
        held = pod_capacity(declarer)
        if placed := pod_places(args, subnets, self._firewall.groups, self.nodes, held, self):
            self.proof.tell(placed, placed.inputs, self)
        self.register_outputs(self._outputs({kind: one.pods for kind, one in held.items()}))
        self.proof.finish(self)

    def claim_node_port(self, port: int, service: str) -> None:
        """Take a node port for a Service. Raises InvalidInputError if it can't have it."""
        self.args.node_ports.claim(port, service, self._claimed, f"{service}: nodePort")

    def claim_attachment(self, service: str) -> None:
        """Count a target group of a Service's that is attached to the nodes' Auto Scaling group.

        Raises:
            InvalidInputError: it takes no more.
        """
        self._attached += 1
        hold_attached(self._attached, f"Auto Scaling group {self.nodes.registering}", f"{service}: ports")

    def admit(self, rules: Rules, name: str, service: str, parent: pulumi.Resource) -> list[pulumi.Resource]:
        """Put a Service's rules on the nodes' groups.

        Args:
            rules: what each is for, to the rule.
            name: what the stack calls them.
            service: whose they are.
            parent: its component.

        Raises:
            InvalidInputError: the groups can't hold them.
        """
        return self._firewall.admit(rules, name, f"{service}: sources", parent)

    def use(self, used: Mapping[str, int]) -> None:
        """Count what its Services use of the region's quotas, by the quota's name."""
        for name, number in used.items():
            self._used[name] = self._used.get(name, 0) + number

    def zone_subnets(self, role: Role) -> dict[str, Ref]:
        """Give the first subnet of a role in each zone, by the zone."""
        return {zone: self.subnets[role][zone] for zone in self.args.zones if zone in self.subnets.get(role, {})}

    def _hold(self, nodes: NodesPart) -> dict[str, int]:
        """Refuse what the account's quotas don't allow; give how much of each is used."""
        name = self.args.name
        routed = [cidr for ranges in nodes.pods.values() for cidr in ranges]
        linked = self._linked()
        versions = Counter(cidr.version for cidr in (*routed, *linked))
        routes = max(versions.values(), default=0) + WAYS_OUT
        self.limits.hold_routes(routes, f"{name}: nodes")
        gateways = {Nat.NONE: 0, Nat.SINGLE: 1, Nat.PER_ZONE: len(self.args.zones)}[self.args.nat]
        self.limits.hold_addresses(gateways, f"{name}: nat")
        subnets = len(self.args.carved)
        self.limits.hold_subnets(subnets, f"{name}: subnets")
        return {"routes_per_table": routes, "elastic_addresses": gateways, "subnets_per_vpc": subnets}

    def _usages(self) -> Iterator[Usage]:
        """Say how much of AWS's quotas is used; Services take rules as they are declared."""
        used = {**self._used, "rules_per_group": self._firewall.budget.fullest}
        for name, number in used.items():
            limit: Limit = getattr(self.limits, name)
            yield Usage(name.replace("_", " ").replace("vpc", "VPC"), number, limit.value, limit.origin.value)

    def _linked(self) -> list[Any]:
        return [cidr for link in self.args.links for cidr in link.cidrs]

    def _outputs(self, max_pods: Mapping[str, int]) -> dict[str, Any]:
        def ids(role: Role) -> dict[str, Any] | None:
            return {key: subnet.id for key, subnet in self.subnets.get(role, {}).items()} or None

        nodes = self.nodes
        outputs: dict[str, Any] = {
            "vpcId": self.vpc.id,
            **{f"{role}SubnetIds": ids(role) for role in (Role.PRIVATE, Role.PUBLIC, Role.ISOLATED)},
            "podSubnetIds": ids(Role.PODS),
            "nodeSecurityGroupId": self.node_group.id,
            "nodeSecurityGroupIds": [group.id for group in self._firewall.groups],
            "nodeInstanceIds": {name: node.id for name, node in nodes.machines.items()},
            "nodeInterfaceIds": {name: interface.id for name, interface in nodes.interfaces.items()},
            "podRanges": {name: [str(cidr) for cidr in ranges] for name, ranges in nodes.pods.items()},
            "networkModel": {promise.value: keeper.value for promise, keeper in kept_by(self.args.pods).items()},
            "nonMasqueradeCidrs": self.non_masquerade,
            "maxPods": dict(max_pods) or None,
            "zoneId": self.zone.id if self.zone else None,
        }
        self.outputs = {key: value for key, value in outputs.items() if value is not None}
        return self.outputs


def _check_region(args: ClusterNetworkArgs, opts: pulumi.ResourceOptions | None) -> None:
    """Refuse a network in another region than the one that its provider is configured for, as far as that is known."""
    region = pulumi.Config("kubewire").get("region")
    own_provider = opts is not None and (opts.provider is not None or opts.providers is not None)
    if region and region != args.region and not own_provider:
        detail = f"`kubewire:region` says {region}, and there the provider works. Make them the same."
        raise InvalidInputError(f"{args.region} is another region", detail=detail, path=f"{args.name}: region")
