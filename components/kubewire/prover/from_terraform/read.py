"""Start here: the facts of a plan or a state of Terraform's."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from kubewire.errors import InvalidInputError
from kubewire.prover.declared.found import Found
from kubewire.prover.facts.facts import Facts
from kubewire.prover.from_terraform.acls import acls
from kubewire.prover.from_terraform.balancers import load_balancers, strangers, target_groups
from kubewire.prover.from_terraform.document import Document, read_document
from kubewire.prover.from_terraform.groups import groups
from kubewire.prover.from_terraform.index import Index
from kubewire.prover.from_terraform.kinds import BESIDE, PARTS, SORTS, changes_networks
from kubewire.prover.from_terraform.lists import prefix_lists
from kubewire.prover.from_terraform.machines import Machines
from kubewire.prover.from_terraform.names import zones
from kubewire.prover.from_terraform.network import gateway_tables, subnets, vpcs
from kubewire.prover.from_terraform.routes import tables

ASKED_ALONE = "aws_autoscaling_attachment"


def from_terraform(text: str) -> Found:
    """Read what `terraform show -json` printed.

    Raises:
        InvalidInputError: it is no whole plan or state, or has a value that it can't have.
    """
    try:
        document = read_document(text)
        return _read(document)
    except InvalidInputError:
        raise
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # What Python says of it repeats the value, which may be a secret.
        fields = error.errors()[0]["loc"] if isinstance(error, ValidationError) else ()
        where = f": {'.'.join(map(str, fields))}" if fields else ""
        detail = (
            "It is of a version of Terraform or its AWS provider that kubewire doesn't know, or was changed by hand."
        )
        raise InvalidInputError(f"there is a value that can't be{where}", detail=detail) from None


def _read(document: Document) -> Found:
    index = Index(document)
    machines = Machines(index)
    networks = {one.name: one for one in vpcs(index)}
    balancers = tuple(load_balancers(index))
    facts = Facts(
        vpcs=networks,
        subnets={one.name: one for one in subnets(index, {name: one.main_table for name, one in networks.items()})},
        tables={one.name: one for one in tables(index, {name: one.ranges for name, one in networks.items()})},
        interfaces={one.name: one for one in machines.interfaces()},
        groups={one.name: one for one in groups(index)},
        acls={one.name: one for one in acls(index)},
        prefix_lists=prefix_lists(index),
        load_balancers=balancers,
        target_groups={one.name: one for one in target_groups(index)},
        zones=tuple(zones(index, balancers)),
        unseen_services=("the Services of the cluster, which Terraform doesn't know",),
        strangers=tuple(
            dict.fromkeys([*document.strangers, *gateway_tables(index), *strangers(index), *_unread(document)])
        ),
    )
    return Found(facts=facts, ids=index.ids, tags=machines.tags(), beside=tuple(_beside(document)))


def _unread(document: Document) -> Iterator[str]:
    """Give what may change a network in ways that nobody here can read. What is only looked up changes nothing."""
    for resource in document.resources:
        known = resource.is_data or resource.kind in SORTS or resource.kind in PARTS or resource.kind in BESIDE
        if not known and changes_networks(resource.kind):
            yield resource.address


def _beside(document: Document) -> Iterator[str]:
    for resource in document.resources:
        if resource.kind in (*BESIDE, ASKED_ALONE) and not resource.is_data:
            yield f"the machines of {resource.address}"
