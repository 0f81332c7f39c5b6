"""A picture of what a program's Service makes. Everything in it is read from what was declared."""

from __future__ import annotations

from collections.abc import Iterable

from tests.pictures.parts import Parts, Record, Rule
from tests.pictures.picture import Arrow, Barred, Box, Line, Owner, Picture, Row

OUTER, INNER = (Row.OUTER_WAY,), (Row.INNER_WAY,)
BEHIND = 3
"""The column of what answers in the end."""
ASKS = "asks"
WORLD = "0.0.0.0/0"


def picture(parts: Parts) -> Picture:
    """Draw up a Service."""
    boxes: dict[str, Box] = {}
    arrows: list[Arrow] = []
    barred: list[Barred] = []
    _behind(parts, boxes)
    _inside(parts, boxes, arrows)
    for number, record in enumerate(parts.records):
        _name(parts, record, f"record {number}", boxes, arrows)
    if parts.balancer:
        _balanced(parts, boxes, arrows)
    elif parts.rules:
        _on_nodes(parts, boxes, arrows)
    elif "externalName" not in parts.spec:
        boxes["clients"] = Box(Owner.OUTSIDE, "Clients", ("everybody else",), ("internet, VPC, others",), 0, OUTER)
        reason = "No node port, no load balancer, no firewall rule: nothing leads in from here."
        barred.append(Barred("clients", reason))
    kind = parts.spec["type"]
    title = f"{kind} Service {parts.label}"
    return Picture(title, _words(boxes, arrows, barred), boxes, tuple(arrows), tuple(barred), parts.made())


def _behind(parts: Parts, boxes: dict[str, Box]) -> None:
    """Add who answers: pods, or a name elsewhere."""
    rows = (*((Row.OUTER_WAY,) if parts.rules else ()), Row.INNER_WAY)
    if "externalName" in parts.spec:
        rows = (*((Row.OUTER_NAMES,) if parts.records else ()), Row.INNER_NAMES)
        name = _broken(parts.spec["externalName"])
        boxes["behind"] = Box(Owner.OUTSIDE, "Host elsewhere", name, ("on whatever port it has",), BEHIND, rows)
        return
    selector = tuple(f"{key}={value}" for key, value in sorted(parts.spec["selector"].items()))
    ports = tuple(f"listen on {_number(port['targetPort'])}" for port in parts.ports)
    boxes["behind"] = Box(Owner.KUBERNETES, "Pods", selector, ports, BEHIND, rows)


def _inside(parts: Parts, boxes: dict[str, Box], arrows: list[Arrow]) -> None:
    """Add the way from inside the cluster: by the cluster's DNS, to the Service, to what is behind."""
    name = (f"{parts.metadata['name']}.{parts.metadata['namespace']}", ".svc.cluster.local")
    boxes["cluster dns"] = Box(Owner.KUBERNETES, "Name in the cluster", name, (), 1, (Row.INNER_NAMES,))
    plain = "externalName" in parts.spec
    row = (Row.INNER_NAMES,) if plain else INNER
    boxes["inside"] = Box(Owner.KUBERNETES, "Clients", ("pods and nodes",), ("of the cluster",), 0, row)
    arrows.append(Arrow("inside", "cluster dns", Line.NAMES, ASKS))
    notes = tuple(f"{_number(port['port'])} → {_number(port['targetPort'])}" for port in parts.ports)
    held = ("no address, no port",) if plain else (f"cluster IP {parts.spec.get('clusterIP', 'chosen for it')}", *notes)
    boxes["service"] = Box(Owner.KUBERNETES, f"Service, {parts.spec['type']}", (parts.label,), held, 2, row)
    if plain:
        arrows.append(Arrow("cluster dns", "service", Line.NAMES))
        arrows.append(Arrow("service", "behind", Line.NAMES, "CNAME"))
        return
    arrows.append(Arrow("cluster dns", "service", Line.NAMES, "cluster IP"))
    ports = ", ".join(f"{port['protocol']} {_number(port['port'])}" for port in parts.ports)
    arrows.append(Arrow("inside", "service", Line.PACKETS, ports))
    arrows.append(Arrow("service", "behind", Line.PACKETS, _to_pods(parts)))


def _name(parts: Parts, record: Record, key: str, boxes: dict[str, Box], arrows: list[Arrow]) -> None:
    """Add a name in Route53, and what it leads to."""
    private = parts.is_private(record.zone)
    notes = (f"{'private ' if private else ''}zone {record.zone}",)
    boxes[key] = Box(Owner.AWS, f"Route53 {record.type}", _broken(record.name), notes, 1, (Row.OUTER_NAMES,))
    if "externalName" in parts.spec:
        arrows.append(Arrow(key, "behind", Line.NAMES, "CNAME"))
    else:
        target = "balancer" if parts.balancer else "nodes"
        label = "alias" if record.is_alias else "their addresses"
        arrows.append(Arrow(key, target, Line.NAMES, label))
    asking = "clients"
    if "externalName" in parts.spec or (private and any(rule.peer == WORLD for rule in parts.rules)):
        # Who asks for the name isn't who is let in: nobody is, or more than can ask.
        asking = "asking"
        who = "in the VPC" if private else "anywhere"
        boxes[asking] = Box(Owner.OUTSIDE, "Clients", (who,), ("beside the cluster",), 0, (Row.OUTER_NAMES,))
    arrows.append(Arrow(asking, key, Line.NAMES, ASKS))


def _balanced(parts: Parts, boxes: dict[str, Box], arrows: list[Arrow]) -> None:
    """Add the way from outside by the load balancer, and on to the nodes."""
    balancer = parts.balancer
    assert balancer is not None
    (own,) = balancer["securityGroups"]
    _clients(parts, own, boxes)
    listened = [f"{one['protocol']} {_number(one['port'])}" for one in parts.listeners]
    boxes["balancer"] = Box(
        Owner.AWS,
        "Network load balancer",
        (balancer["scheme"],),
        tuple(f"listens on {one}" for one in listened),
        1,
        OUTER,
    )
    groups = [parts.target_group(one) for one in parts.listeners]
    sent = {(group["protocol"], _number(to["port"])) for group in groups for to in group["targets"].values()}
    _nodes(parts, sorted({port for _, port in sent}), boxes, arrows)
    incoming = [rule for rule in parts.rules if rule.group == own and rule.ingress]
    onward = [rule for rule in parts.rules if rule not in incoming]
    arrows.append(Arrow("clients", "balancer", Line.PACKETS, ", ".join(listened), _pills(incoming)))
    label = ", ".join(f"{target} {port}" for target, port in sorted(sent))
    arrows.append(Arrow("balancer", "nodes", Line.PACKETS, label, _pills(onward)))


def _on_nodes(parts: Parts, boxes: dict[str, Box], arrows: list[Arrow]) -> None:
    """Add the way from outside to node ports."""
    _clients(parts, parts.node_group, boxes)
    ports = [_number(port["nodePort"]) for port in parts.ports]
    _nodes(parts, ports, boxes, arrows)
    label = ", ".join(f"{port['protocol']} {_number(port['nodePort'])}" for port in parts.ports)
    arrows.append(Arrow("clients", "nodes", Line.PACKETS, label, _pills(parts.rules)))


def _clients(parts: Parts, group: str, boxes: dict[str, Box]) -> None:
    ranges = dict.fromkeys(rule.peer for rule in parts.rules if rule.group == group and rule.ingress)
    names = tuple("anywhere" if one == WORLD else one for one in ranges)
    notes = (f"{WORLD}, as declared",) if WORLD in ranges else ("declared sources",)
    boxes["clients"] = Box(Owner.OUTSIDE, "Clients", names, notes, 0, OUTER)


def _nodes(parts: Parts, ports: Iterable[str], boxes: dict[str, Box], arrows: list[Arrow]) -> None:
    notes = tuple(f"node port {port} on each" for port in ports)
    boxes["nodes"] = Box(Owner.AWS, "Nodes", (", ".join(parts.nodes),), notes, 2, OUTER)
    arrows.append(Arrow("nodes", "behind", Line.PACKETS, _to_pods(parts)))


def _to_pods(parts: Parts) -> str:
    return ", ".join(f"{port['protocol']} {_number(port['targetPort'])}" for port in parts.ports)


def _pills(rules: Iterable[Rule]) -> tuple[str, ...]:
    return tuple(str(rule) for rule in rules)


def _number(port: float | str) -> str:
    return port if isinstance(port, str) else str(int(port))


WIDEST = 22
"""Letters of a name that fit into a line."""


def _broken(name: str) -> tuple[str, ...]:
    """Break a long name after one of its dots."""
    if len(name) <= WIDEST:
        return (name,)
    place = name.rindex(".", 0, WIDEST)
    return (name[:place], *_broken(name[place:]))


def _words(boxes: dict[str, Box], arrows: Iterable[Arrow], barred: Iterable[Barred]) -> str:
    """Say in words what the picture shows."""
    return " ".join([*(_said(boxes, arrow) for arrow in arrows), *(one.reason for one in barred)])


def _said(boxes: dict[str, Box], arrow: Arrow) -> str:
    source, target = (f"{boxes[key].kind} {''.join(boxes[key].name)}" for key in (arrow.source, arrow.target))
    by = f", by the firewall rules {', '.join(arrow.rules)}" if arrow.rules else ""
    return f"{source} → {target}{': ' if arrow.label else ''}{arrow.label}{by}."
