"""Leave values of a cluster open, as a plan does: whatever is said then must be so of what they really are."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import PortSpan
from kubewire.prover.facts.unknown import Unknown
from tests.unit.prover.bruteforce.towns import replaced, with_rules
from tests.unit.prover.bruteforce.ways import balanced, of_cluster, of_interface, recorded, targeted

ANY_POD = {21, 25}
"""Without endpoints, these are about every pod that may be one, and not about those that there are."""


def left_open(what: str) -> Unknown:
    """Stand for a value that isn't known."""
    return Unknown(comes_from=f"a {what} that is left open")


def blurred(made: Facts, random: Random) -> tuple[Facts, bool]:
    """Leave some values open; say whether endpoints are among them."""
    hidden = random.sample(CHANGES, random.choice([1, 2, 3]))
    for change in hidden:
        made = change(made, random) or made
    return made, endpoints in hidden


def endpoints(made: Facts, random: Random) -> Facts | None:
    """Leave open who is behind a Service."""
    able = [one for one in made.services if isinstance(one.endpoints, tuple) and one.endpoints]
    return replaced(made, random.choice(able).name, endpoints=left_open("endpoints")) if able else None


def node_port(made: Facts, random: Random) -> Facts | None:
    """Leave open a Service's node ports."""
    able = [one for one in made.services if any(port.node_port for port in one.ports)]
    if not able:
        return None
    one = random.choice(able)
    return replaced(
        made, one.name, ports=tuple(port.model_copy(update={"node_port": left_open("node port")}) for port in one.ports)
    )


def sources(made: Facts, random: Random) -> Facts | None:
    """Leave open who may connect."""
    able = [one for one in made.services if one.sources is not None]
    return replaced(made, random.choice(able).name, sources=left_open("sources")) if able else None


def target_ports(made: Facts, _random: Random) -> Facts | None:
    """Leave open the ports of targets."""
    given = made.target_groups["web"].targets if "web" in made.target_groups else ()
    changes = {"port": left_open("target port")}
    return targeted(made, targets=tuple(one.model_copy(update=changes) for one in given))


def cross_zone(made: Facts, _random: Random) -> Facts | None:
    """Leave open whether the load balancer crosses zones."""
    return balanced(made, cross_zone=left_open("cross zone"))


def front_subnet(made: Facts, _random: Random) -> Facts | None:
    """Leave open one of its subnets."""
    others = made.load_balancers[0].subnets[1:] if made.load_balancers else ()
    return balanced(made, subnets=(left_open("subnet"), *others))


def of_the_cluster(made: Facts, random: Random) -> Facts:
    """Leave open what the cluster says of itself."""
    name = random.choice(["hairpin", "unmasqueraded", "service_ranges", "node_ports"])
    return of_cluster(made, **{name: left_open("range, or setting, of the cluster")})


def of_a_node(made: Facts, random: Random) -> Facts:
    """Leave open something of an interface."""
    return of_interface(made, random.choice("abc"), **{random.choice(["checks", "address"]): left_open("interface")})


def ports_of_a_rule(made: Facts, random: Random) -> Facts | None:
    """Leave open the ports that a rule is about."""
    name = random.choice(["nodes", "lb"])
    rules = list(made.groups[name].rules)
    able = [at for at, one in enumerate(rules) if isinstance(one.match, PortSpan)]
    if not able:
        return None
    at = random.choice(able)
    match = rules[at].match.model_copy(
        update={"first": left_open("ports of a rule"), "last": left_open("ports of a rule")}
    )
    rules[at] = rules[at].model_copy(update={"match": match})
    return with_rules(made, name, rules)


def target_of_a_route(made: Facts, random: Random) -> Facts:
    """Leave open where a route leads."""
    name = random.choice(["first", "second"])
    routes = list(made.tables[name].routes)
    at = random.randrange(len(routes))
    routes[at] = routes[at].model_copy(update={"target": left_open("target of a route")})
    table = made.tables[name].model_copy(update={"routes": tuple(routes)})
    return made.model_copy(update={"tables": {**made.tables, name: table}})


def value_of_a_record(made: Facts, random: Random) -> Facts | None:
    """Leave open what a record answers."""
    able = [one for one in made.zones[0].records if one.type == "CNAME"]
    if not able:
        return None
    one = random.choice(able)
    return recorded(made, one.model_copy(update={"values": (left_open("record"),)}), gone=one.name)


CHANGES: tuple[Callable[[Facts, Random], Facts | None], ...] = (
    endpoints,
    node_port,
    sources,
    target_ports,
    cross_zone,
    front_subnet,
    of_the_cluster,
    of_a_node,
    ports_of_a_rule,
    target_of_a_route,
    value_of_a_record,
)
