"""Services as a Python module: typed, complete, and laid out as `ruff format` would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

from kubewire.manifests.printing.layout import Expression, Group, lines, quoted
from kubewire.manifests.printing.terse import plain, said
from kubewire.model import Model
from kubewire.network.sources import ANYWHERE
from kubewire.services.common import NO_SELECTOR
from kubewire.services.families import AUTO, HEADLESS
from kubewire.services.together import ServiceDescription

CONSTANTS = {ANYWHERE: "ANYWHERE", NO_SELECTOR: "NO_SELECTOR", AUTO: "AUTO", HEADLESS: "HEADLESS"}
"""Values that have a name of their own in `kubewire`."""
DOCSTRING = '"""The Services of a cluster, as `kubewire import-services` found them."""'
DECLARE = '''
def declare(network: ClusterNetwork) -> None:
    """Declare them, taken over as they are: nothing in the cluster changes."""
    declare_services(SERVICES, network, adopt=True)
'''
OTHERS = """
# Their load balancers are other controllers'. To move one: `kubewire adopt` imports it,
# or delete it in the cluster, and put it up there, without `adopt`.
"""


def module(services: Sequence[ServiceDescription], others: Sequence[ServiceDescription] = ()) -> str:
    """Write a module that declares Services which are in a cluster.

    Args:
        services: those that are taken over.
        others: those that can't be: another controller's load balancers. They are written, and not declared.
    """
    used: set[str] = {"ClusterNetwork", "ServiceDescription", "declare_services"}
    tuples = [*_assigned("SERVICES", services, used)]
    if others:
        tuples += [*OTHERS.splitlines(), *_assigned("SERVED_BY_OTHERS", others, used)]
    return "\n".join([DOCSTRING, "", *_imports(used), "", *tuples, "", DECLARE])


def assigned(name: str, service: ServiceDescription) -> str:
    """Write a statement that gives one Service a name, with the imports that it needs.

    Args:
        name: the name.
        service: what it is given to.
    """
    used: set[str] = set()
    statement = [*lines(written(service, used), f"{name} = ")]
    return "\n".join([*_imports(used), "", *statement, ""])


def _imports(used: set[str]) -> list[str]:
    return ["from kubewire import (", *(f"    {name}," for name in sorted(used, key=_import_order)), ")"]


def _import_order(name: Any) -> tuple[int, str]:
    """Sort as isort does: constants, classes, functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def _assigned(name: str, services: Sequence[ServiceDescription], used: set[str]) -> Iterator[str]:
    items = tuple(("", written(service, used)) for service in services)
    # An item a line, whatever fits: one more is then a line more.
    head = f"{name}: tuple[ServiceDescription, ...] = ("
    if not items:
        yield f"{head})"
        return
    yield head
    for _, item in items:
        yield from lines(item, "    ", ",")
    yield ")"


def written(value: Any, used: set[str]) -> Expression:
    """Write a value as a program would.

    Args:
        value: of a description.
        used: the names of `kubewire` that it needs; they are added.
    """
    match value:
        case Enum() if value in CONSTANTS:
            used.add(CONSTANTS[value])
            return CONSTANTS[value]
        case Enum():
            used.add(type(value).__name__)
            return f"{type(value).__name__}.{value.name}"
        case Model():
            used.add(type(value).__name__)
            fields = tuple((f"{name}=", written(plain(name, inside), used)) for name, _, inside in said(value))
            return Group(f"{type(value).__name__}(", fields, ")")
        case Mapping():
            items = tuple((f"{quoted(str(key))}: ", written(inside, used)) for key, inside in value.items())
            return Group("{", items, "}")
        case tuple() | list():
            return Group("(", tuple(("", written(item, used)) for item in value), ")", lone_comma=True)
        case str() | IPv4Address() | IPv6Address() | IPv4Network() | IPv6Network():
            return quoted(str(value))
        case _:
            return repr(value)
