"""Start here: the facts of a plan, or of a state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from pydantic import ValidationError

from kubewire.errors import InvalidInputError
from kubewire.prover.declared.routed import machines_of, routed_ranges
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Interface
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.from_plan import (
    balancers,
    declaration,
    firewall,
    machines,
    names,
    network,
    pod_places,
    services,
)
from kubewire.prover.from_plan.attachments import attached
from kubewire.prover.from_plan.decisive import undecided
from kubewire.prover.from_plan.document import Listed, read_before, read_plan, read_state
from kubewire.prover.from_plan.existing import with_existing
from kubewire.prover.from_plan.index import Entry, Index, Sort
from kubewire.prover.from_plan.pod_places import with_machines
from kubewire.prover.from_plan.values import Values

OURS = "kubewire:index:"
SORTS = {
    "Vpc": (Sort.VPC, "name"),
    "Subnet": (Sort.SUBNET, "name"),
    "RouteTable": (Sort.TABLE, "name"),
    "SecurityGroup": (Sort.GROUP, "name"),
    "NetworkAcl": (Sort.ACL, "name"),
    "NetworkLoadBalancer": (Sort.BALANCER, "name"),
    "TargetGroup": (Sort.TARGET_GROUP, "name"),
    "HostedZone": (Sort.ZONE, "domain"),
}
"""Kinds of ours that others refer to, and the field with the name that they use."""
SETS = {"NetworkInterfaces": Sort.INTERFACE, "Instances": Sort.MACHINE}
PARTS = {
    "VpcCidrBlocks": (Sort.VPC, "vpc"),
    "Routes": (Sort.TABLE, "table"),
    "SecurityGroupRules": (Sort.GROUP, "group"),
    "Listener": (Sort.BALANCER, "loadBalancer"),
    "AutoScalingAttachment": (Sort.TARGET_GROUP, "targetGroup"),
    "Records": (Sort.ZONE, "zone"),
}
"""Kinds that say more of another object, and the field that says of which."""
HOLDERS = {
    "RouteTable": (Sort.SUBNET, "subnets"),
    "NetworkAcl": (Sort.SUBNET, "subnets"),
    "SourceDestChecks": (Sort.INTERFACE, "interfaces"),
}
"""Kinds that say something of several others, and the field that names those."""
CLUSTER = "kubewire:network:ClusterNetwork"

HARMLESS = {
    # Gateways act by the routes to them; a gateway endpoint's routes are to Amazon's public addresses alone, and an
    # interface endpoint is an address of a subnet like any other.
    *(f"{OURS}{kind}" for kind in ("InternetGateway", "EgressOnlyInternetGateway", "NatGateway", "GatewayEndpoint")),
    *(f"{OURS}{kind}" for kind in ("InterfaceEndpoint", "FlowLog")),
    *(f"{OURS}{kind}" for kind in ("LoadBalancerStatus", "HealthyTargets")),
}
HARMLESS_PACKAGES = ("pulumi:", "random:", "tls:", "time:", "kubernetes:core/", "kubernetes:apps/", "kubernetes:batch/")
"""Packages whose objects change no network below the pods."""
CHANGING = {f"kubernetes:core/v1:Service{kind}" for kind in ("Patch", "List", "ListPatch")}
"""Kinds of theirs that make Services, or change them, beside those that are read."""


def from_plan(text: str) -> Facts:
    """Read what `pulumi preview --json --show-sames --show-reads` says there will be.

    Raises:
        InvalidInputError: it is no whole plan.
    """
    return _guarded(lambda: read_plan(text))


def before_plan(text: str) -> Facts:
    """Read what the same output says there is before it is applied.

    Raises:
        InvalidInputError: it is no whole plan.
    """
    return _guarded(lambda: read_before(text))


def from_state(text: str) -> Facts:
    """Read what `pulumi stack export` says there is.

    Raises:
        InvalidInputError: it is no whole state.
    """
    return _guarded(lambda: read_state(text))


def from_resources(resources: Sequence[Listed]) -> Facts:
    """Read what is known of resources while the engine works on them.

    Raises:
        InvalidInputError: one has a value that it can't have.
    """
    return _guarded(lambda: resources)


def _guarded(reader: Callable[[], Sequence[Listed]]) -> Facts:
    try:
        # The engine works on many at once, in another order each time: what is said must not depend on it.
        found = sorted(reader(), key=lambda listed: listed.urn)
        resources = with_machines(with_existing(listed for listed in found if not listed.doubt))
        doubted = [f"{listed}, {listed.doubt}" for listed in found if listed.doubt and not _is_harmless(listed)]
        return _read(Index(_entries(resources)), resources, doubted)
    except InvalidInputError:
        raise
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # What Python says of it repeats the value, which may be a secret.
        fields = error.errors()[0]["loc"] if isinstance(error, ValidationError) else ()
        where = f": {'.'.join(map(str, fields))}" if fields else ""
        detail = "It is of another version of kubewire or Pulumi, or was changed by hand."
        raise InvalidInputError(f"there is a value that can't be{where}", detail=detail) from None


def _read(index: Index, resources: Sequence[Listed], doubted: Sequence[str]) -> Facts:
    subnets = network.subnets(index)
    vpcs = network.vpcs(index, _of(resources, "VpcCidrBlocks"))
    tables = network.tables(index, _of(resources, "Routes"), vpcs)
    interfaces = machines.interfaces(index, _of(resources, "SourceDestChecks"))
    routed = routed_ranges(tables.values())
    places = [listed for listed in resources if listed.kind == pod_places.KIND]
    clusters, beside = [], dict[str, Interface]()
    for listed in resources:
        if listed.kind != CLUSTER:
            continue
        of_it = next((one for one in places if one.parent == listed.urn), None)
        if of_it is not None:
            told = pod_places.Places(index, of_it, interfaces, subnets, several=len(places) > 1)
            clusters.append(declaration.cluster(index, listed, routed, (), told))
            beside |= told.beside()
            continue
        made = declaration.cluster(index, listed, routed, ())
        own = machines_of(made.vpc, interfaces, subnets)
        clusters.append(made if made.nodes else declaration.cluster(index, listed, routed, own))
    return Facts(
        vpcs=vpcs,
        subnets=subnets,
        tables=tables,
        interfaces={**interfaces, **beside},
        groups=firewall.groups(index, _of(resources, "SecurityGroupRules")),
        acls=firewall.acls(index),
        clusters=tuple(clusters),
        services=services.services(index, resources),
        load_balancers=balancers.load_balancers(index, _of(resources, "Listener"), resources),
        target_groups=attached(
            index, balancers.target_groups(index, interfaces), _of(resources, "AutoScalingAttachment"), clusters
        ),
        zones=names.zones(index, _of(resources, "Records"), resources),
        strangers=(*_strangers(resources), *doubted, *_lost(index, resources)),
    )


def _entries(resources: Iterable[Listed]) -> Iterator[Entry]:
    for listed in resources:
        kind = listed.kind.removeprefix(OURS)
        if kind in SETS:
            yield from machines.members(SETS[kind], listed)
        elif kind in SORTS:
            sort, field = SORTS[kind]
            values = Values(str(listed), listed.inputs)
            name = values.text(field)
            yield Entry(sort, listed.name if isinstance(name, Unknown) else name, listed.id, values, listed)
        if kind == "Vpc":
            yield firewall.default_group(listed)


def _of(resources: Iterable[Listed], kind: str) -> list[Listed]:
    return [listed for listed in resources if listed.kind == f"{OURS}{kind}"]


def _lost(index: Index, resources: Iterable[Listed]) -> Iterator[str]:
    """Give what says more of an object, and nobody can tell of which."""
    for listed in resources:
        values = Values(str(listed), listed.inputs)
        kind = listed.kind.removeprefix(OURS)
        if kind in PARTS and index.is_lost(PARTS[kind][0], values.pointer(PARTS[kind][1]), listed):
            yield f"what {listed} is about"
        if kind in HOLDERS:
            sort, field = HOLDERS[kind]
            if any(index.is_lost(sort, pointer, listed) for pointer in values.pointers(field)):
                yield values.says(field)


def _strangers(resources: Iterable[Listed]) -> Iterator[str]:
    """Give what may change a network in ways that nobody here can read."""
    ours = {f"{OURS}{kind}" for kind in (*SORTS, *SETS, *PARTS, *HOLDERS)}
    for listed in resources:
        yield from undecided(listed)
        kind = listed.kind.removeprefix(OURS)
        if kind in SETS and not machines.is_readable(SETS[kind], listed):
            yield f"the members of {listed}"
        elif listed.kind not in ours and not _is_harmless(listed):
            yield f"{listed.kind} {listed.name}"


def _is_harmless(listed: Listed) -> bool:
    """Whether something changes no network, whatever its inputs are."""
    if not listed.is_object:
        return True
    return listed.kind in HARMLESS or (listed.kind.startswith(HARMLESS_PACKAGES) and listed.kind not in CHANGING)
