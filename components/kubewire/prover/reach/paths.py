"""The way of a packet from one endpoint to another inside a VPC, and of its answer.

https://docs.aws.amazon.com/vpc/latest/userguide/infrastructure-security.html says what guards what: an interface's
groups and its source/destination check, the subnet's route table, and the ACLs of the two subnets where they differ.
"""

from __future__ import annotations

from functools import partial

from kubewire.net.kinds import Kinds
from kubewire.prover.facts.firewall import Direction
from kubewire.prover.facts.network import Interface, Subnet, Via
from kubewire.prover.facts.services import LoadBalancer
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.arrivals import Fate, fate, told
from kubewire.prover.reach.bounds import EVERYTHING, at_most
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.firewall import Answers, Groups, Peer
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.stages import Stage, Way, stop

REWRITING = (Via.NAT_GATEWAY, Via.INTERNET_GATEWAY)
"""What puts another address in place of a packet's source.
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html"""


class Paths:
    """The ways between the endpoints of a network."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._firewall = network.firewall

    def way(self, source: Endpoint, destination: Endpoint) -> Way:
        """Give the way of what one endpoint sends to another, on another node."""
        sees, seen = self._network.peer(destination), self._network.peer(source)
        stages = [
            self._check(source, "sends as"),
            self._groups(source.interface, Direction.EGRESS, sees),
            self._route(source, destination),
            *self._acls(source.interface, destination.interface, sees, seen),
            self._groups(destination.interface, Direction.INGRESS, seen),
            self._check(destination, "receives for"),
        ]
        return Way(source.label, destination.label, tuple(stages))

    def into(self, source: str, peer: Peer, destination: Endpoint, answers: Answers = Answers.EVERY) -> Way:
        """Give the last part of the way of what comes from outside the cluster, and of its answers."""
        subnet = self._network.subnet_of(destination.interface)
        stages = [
            self._acl(subnet, Direction.INGRESS, peer, answers=None),
            self._groups(destination.interface, Direction.INGRESS, peer),
            self._check(destination, "receives for"),
            self._acl(subnet, Direction.EGRESS, peer, answers=answers),
        ]
        return Way(source, destination.label, tuple(stages))

    def leaving(self, source: Endpoint, sees: Peer, *, crosses: bool = True) -> list[Stage]:
        """Give the first part of the way of what leaves for others than nodes and pods, before it is routed.

        Args:
            source: who sends.
            sees: to whom.
            crosses: whether it leaves the subnet, and so passes its ACL.
        """
        subnet = self._network.subnet_of(source.interface)
        there = [self._check(source, "sends as"), self._groups(source.interface, Direction.EGRESS, sees)]
        acls = [
            self._acl(subnet, Direction.EGRESS, sees, answers=None),
            self._acl(subnet, Direction.INGRESS, sees, answers=Answers.EVERY),
        ]
        return [*there, *(acls if crosses else ())]

    def into_balancer(
        self,
        balancer: LoadBalancer,
        subnet: Subnet | None,
        peer: Peer,
        answers: Answers = Answers.EVERY,
        *,
        crosses: bool = True,
    ) -> list[Stage]:
        """Give what is before a load balancer in one of its subnets; one without groups takes everything."""
        guard = f"load balancer {balancer.name}"
        open_to_all = Stage(guard, EVERYTHING, lambda _kind: "it has no security groups")
        by_groups = self._by_groups(guard, balancer.groups, Direction.INGRESS, peer) if balancer.groups else open_to_all
        if not crosses:
            return [by_groups]
        back = self._acl(subnet, Direction.EGRESS, peer, answers=answers)
        return [self._acl(subnet, Direction.INGRESS, peer, answers=None), by_groups, back]

    def out_of(self, balancer: LoadBalancer, destination: Endpoint, answers: Answers = Answers.EVERY) -> list[Stage]:
        """Give what a load balancer's groups and subnets say of what it sends; one without groups sends anything."""
        sees = self._network.peer(destination)
        subnets = [self._network.facts.subnets.get(name) for name in balancer.subnets if isinstance(name, str)]
        by_groups = [self._by_groups(balancer.name, balancer.groups, Direction.EGRESS, sees)] if balancer.groups else []
        there = [self._acl(subnet, Direction.EGRESS, sees, answers=None) for subnet in subnets]
        back = [self._acl(subnet, Direction.INGRESS, sees, answers=answers) for subnet in subnets]
        return [*by_groups, *there, *back]

    def refusal(self, source: Endpoint, sees: Peer) -> Stage:
        """Give what the subnet's ACL makes of what a node says to somebody outside of its own accord."""
        return self._acl(self._network.subnet_of(source.interface), Direction.EGRESS, sees, answers=None)

    def acls_back(self, source: Endpoint, destination: Endpoint) -> Way:
        """Give what ACLs do to the answers; groups remember connections and let theirs pass."""
        sees, seen = self._network.peer(destination), self._network.peer(source)
        stages = self._acls(destination.interface, source.interface, seen, sees, answers=Answers.EVERY)
        return Way(destination.label, source.label, tuple(stages))

    def _check(self, endpoint: Endpoint, verb: str) -> Stage:
        interface = endpoint.interface
        place = f"interface {interface.name}, {verb} {endpoint.role}"
        if endpoint.own:
            return Stage(place, EVERYTHING, lambda _kind: "the address is its own")
        match interface.checks:
            case Unknown(comes_from=unknown):
                return Stage(place, at_most(Kinds.everything(), unknown), lambda _kind: f"depends on {unknown}")
            case True:
                return stop(place, "source/destination check is on, and the address isn't its own")
            case _:
                return Stage(place, EVERYTHING, lambda _kind: "source/destination check is off")

    def _groups(self, interface: Interface, direction: Direction, peer: Peer) -> Stage:
        return self._by_groups(interface.name, interface.groups, direction, peer)

    def _by_groups(self, holder: str, groups: Groups, direction: Direction, peer: Peer) -> Stage:
        names = ", ".join("not known" if isinstance(group, Unknown) else group for group in groups)
        way = "out of" if direction is Direction.EGRESS else "into"
        place = f"security group{'s' if len(groups) > 1 else ''} {names}, {way} {holder}"
        passes = self._firewall.admitted(groups, direction, peer)
        return Stage(place, passes, partial(self._rule, groups, direction, peer, passes.unknowns))

    def _rule(self, groups: Groups, direction: Direction, peer: Peer, unknowns: frozenset[str], kind: int) -> str:
        rule = self._firewall.admitting(groups, direction, peer, kind)
        if rule:
            return f'rule "{rule.name}"'
        return f"depends on {', '.join(sorted(unknowns))}" if unknowns else f"no {direction} rule admits it"

    def _route(self, source: Endpoint, destination: Endpoint) -> Stage:
        name = self._network.table_of(source.interface)
        if name is None:
            unknown = _why_no_table(source.interface, self._network.subnet_of(source.interface))
            return Stage("route table", at_most(Kinds.everything(), unknown), lambda _kind: f"depends on {unknown}")
        ways = self._network.tables[name]
        outcome, detail = fate(ways, destination)
        place, row = f"route table {name}", told(ways, destination)
        match outcome:
            case Fate.ARRIVES:
                return Stage(place, EVERYTHING, lambda _kind: row)
            case Fate.UNKNOWN:
                return Stage(place, at_most(Kinds.everything(), detail), lambda _kind: f"depends on {detail}")
            case Fate.LEAVES:
                rewritten = ", with its source rewritten" if detail in REWRITING else ""
                return stop(place, f"{row}, so it leaves the VPC{rewritten}")
            case _:
                return stop(place, f"{row}, so it goes {outcome}")

    def _acls(
        self, source: Interface, destination: Interface, sees: Peer, seen: Peer, *, answers: Answers | None = None
    ) -> list[Stage]:
        """Give the ACLs between two subnets; inside one there is none."""
        start, end = self._network.subnet_of(source), self._network.subnet_of(destination)
        if start and end and start.name == end.name:
            return []
        # The sender's ACL sees the receiver's address, and the other way round.
        crossed = ((start, Direction.EGRESS, sees), (end, Direction.INGRESS, seen))
        return [self._acl(subnet, way, peer, answers=answers) for subnet, way, peer in crossed]

    def _acl(self, subnet: Subnet | None, direction: Direction, peer: Peer, *, answers: Answers | None) -> Stage:
        acl = subnet.acl if subnet else Unknown(comes_from="the subnet")
        where = f"{'out of' if direction is Direction.EGRESS else 'into'} {subnet.name if subnet else 'its subnet'}"
        match acl:
            case None:
                return Stage(f"default network ACL, {where}", EVERYTHING, lambda _kind: "passes everything")
            case Unknown(comes_from=unknown):
                passes = at_most(Kinds.everything(), unknown)
                return Stage(f"network ACL, {where}", passes, lambda _kind: f"depends on {unknown}")
        passes = self._firewall.passed(acl, direction, peer, answers=answers)
        return Stage(f"network ACL {acl}, {where}", passes, partial(self._row, acl, direction, peer, answers))

    def _row(self, acl: str, direction: Direction, peer: Peer, answers: Answers | None, kind: int) -> str:
        if answers:
            if kind in self._firewall.passed(acl, direction, peer, answers=answers).certain:
                return "passes the answer"
            if answers is Answers.SOME:
                return "doesn't pass the answer, whatever port it goes to"
            return "doesn't pass every answer: ports 1024 to 65535 of the same protocol, or the echo's reply"
        row = self._firewall.deciding(acl, direction, peer, kind)
        if row is None:
            return "no row matches, so it is denied"
        return f"row {row.number} {'allows' if row.allows else 'denies'} {row.range}"


def _why_no_table(interface: Interface, subnet: Subnet | None) -> str:
    if subnet is None:
        return interface.subnet.comes_from if isinstance(interface.subnet, Unknown) else f"subnet {interface.subnet}"
    return subnet.table.comes_from if isinstance(subnet.table, Unknown) else f"the routes of table {subnet.table}"
