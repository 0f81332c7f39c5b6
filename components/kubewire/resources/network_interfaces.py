"""The network interfaces of all nodes, as one set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from ipaddress import IPv4Address
from typing import Any

from kubewire.errors import InUseError, InvalidInputError
from kubewire.resources.abreast import abreast
from kubewire.resources.base import Resource
from kubewire.resources.calls import Calls
from kubewire.resources.interface_calls import changed_interfaces
from kubewire.resources.interface_changes import InterfaceChanges
from kubewire.resources.interface_rows import InterfaceRow, interface_rows
from kubewire.resources.interface_sets import ROWS, Interface, NetworkInterfacesArgs, NetworkInterfacesState
from kubewire.resources.member_rows import by_member, differing, foreseen, odd_one, own_tags, shown_tags
from kubewire.resources.members import MOST_TAGS, set_id
from kubewire.resources.references import named, named_set
from kubewire.resources.waiting import wait_for

Sorted = tuple[dict[str, InterfaceRow], list[InterfaceRow]]
"""Those that are the set's, by their names; and what else bears its id."""


class NetworkInterfaces(Resource[NetworkInterfacesArgs, NetworkInterfacesState]):
    """What machines have in their subnets. They outlive the machines, and with them the routes that lead to them.

    An interface that is given up while an instance has it is set to go with that instance: AWS can't take the first
    interface off an instance, and the instance is ended by its own resource, later.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
    """

    Args, State = NetworkInterfacesArgs, NetworkInterfacesState
    most_tags = MOST_TAGS

    def find(self, args: NetworkInterfacesArgs) -> list[str]:
        object_id = self._id()
        return [object_id] if interface_rows(self.cloud, object_id) else []

    def create(self, args: NetworkInterfacesArgs) -> str:
        # The interfaces are made by `converge`, which looks first for those of a run that was cut off.
        return self._id()

    def read(self, object_id: str, known: NetworkInterfacesArgs | None) -> NetworkInterfacesState | None:
        rows = interface_rows(self.cloud, object_id)
        if known is None:
            if not rows:
                return None
            known = _like(object_id, rows[0])
        members, others = by_member(rows, partial(_as_shown, known))
        listed = {**members, **{row.id: row for row in others}}
        groups = frozenset(known.security_groups.values())
        declared = (known.tags, groups, known.source_dest_check)
        return NetworkInterfacesState(
            name=known.name,
            tags=shown_tags(members.values(), known.tags),
            differing=differing(members, _common, declared),
            interfaces={name: _interface(row, known.interfaces.get(name)) for name, row in listed.items()},
            security_groups=named_set(
                sorted(odd_one((row.groups for row in members.values()), groups)), known.security_groups
            ),
            source_dest_check=odd_one((row.source_dest_check for row in members.values()), known.source_dest_check),
            **_facts(listed),
        )

    @classmethod
    def calls(cls, old: NetworkInterfacesState | None, new: NetworkInterfacesArgs) -> Calls:
        return changed_interfaces(old, new)

    @classmethod
    def foresee(cls, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> dict[str, Any]:
        before = old or {}
        rows, was = new[ROWS], before.get(ROWS, {})
        addresses = before.get("addresses", {})
        kept = {
            name
            for name, row in rows.items()
            if name in was
            and was[name]["subnet"]["id"] == row["subnet"]["id"]
            and row.get("address") in (None, addresses.get(name))
        }
        given = {name: row["address"] for name, row in rows.items() if "address" in row}
        with_ipv6 = [name for name, row in rows.items() if row.get("ipv6")]
        return {
            "ids": foreseen(rows, kept, before.get("ids")),
            "addresses": foreseen(rows, kept, addresses) | given,
            "ipv6Addresses": foreseen(with_ipv6, kept, before.get("ipv6Addresses")),
        }

    def converge(
        self, object_id: str, old: NetworkInterfacesState, new: NetworkInterfacesArgs
    ) -> NetworkInterfacesState:
        changes = self._changes(object_id)
        members, stale = self._settled(object_id, new)
        missing = {name: row for name, row in new.interfaces.items() if name not in members}
        free, held = _by_use(stale)
        _refuse_held_addresses(missing, held)
        # What is free goes first: its address may be one that a new interface is to have.
        abreast(self.cloud.clock, ROWS, {row.id: partial(changes.delete, row.id) for row in free})
        members = changes.adjust({**members, **changes.make(missing, new)}, old, new)
        # What is held goes last: until there is another, nothing is to happen to it.
        staying = [row for row in held if not row.is_leaving]
        abreast(self.cloud.clock, ROWS, {row.id: partial(changes.goes_too, row, value=True) for row in staying})
        return NetworkInterfacesState(**dict(new), **_facts({name: members[name] for name in new.interfaces}))

    def delete(self, object_id: str, state: NetworkInterfacesState) -> None:
        changes = self._changes(object_id)
        free, held = _by_use(interface_rows(self.cloud, object_id))
        abreast(self.cloud.clock, ROWS, {row.id: partial(changes.delete, row.id) for row in free})
        if held:
            message = f"{len(held)} interfaces of {state.name} are in use, {held[0].id} for one"
            detail = "Each goes once the instance that has it has ended."
            raise InUseError(message, code="InUse", operation="ec2:DeleteNetworkInterface", detail=detail)

    def _id(self) -> str:
        return set_id("network-interfaces", self.owner)

    def _changes(self, object_id: str) -> InterfaceChanges:
        return InterfaceChanges(self.cloud, self.owner, object_id, self.client_token)

    def _settled(self, object_id: str, args: NetworkInterfacesArgs) -> Sorted:
        """Tell interfaces to keep from those to give up, once no instance is just letting go of one of these."""

        def settled() -> Sorted | None:
            members, others = by_member(interface_rows(self.cloud, object_id), partial(_as_declared, args))
            return None if any(row.attachment and row.attachment.is_ending for row in others) else (members, others)

        return wait_for(self.cloud.clock, f"interfaces of {args.name} to come free", settled)


def _as_shown(known: NetworkInterfacesArgs, name: str, row: InterfaceRow) -> tuple[bool, bool] | None:
    """Rank an interface as what a read gives under a name: one that leaves is none of the set's any more."""
    return None if row.is_leaving else (not _fits(row, known.interfaces.get(name)), row.attachment is None)


def _as_declared(args: NetworkInterfacesArgs, name: str, row: InterfaceRow) -> tuple[bool, bool] | None:
    """Rank an interface as the one that is declared under a name: it must be where it is declared to be."""
    return (row.is_leaving, row.attachment is None) if _fits(row, args.interfaces.get(name)) else None


def _fits(row: InterfaceRow, declared: Interface | None) -> bool:
    """Whether an interface can become what is declared."""
    if declared is None or row.subnet != declared.subnet.id:
        return False
    return declared.address is None or str(declared.address) == row.address


def _by_use(rows: Iterable[InterfaceRow]) -> tuple[list[InterfaceRow], list[InterfaceRow]]:
    """Tell interfaces that are free from those that an instance has."""
    found = list(rows)
    return [row for row in found if not row.attachment], [row for row in found if row.attachment]


def _refuse_held_addresses(missing: Mapping[str, Interface], held: Iterable[InterfaceRow]) -> None:
    holders = {(row.subnet, row.address): row for row in held}
    for name, wanted in missing.items():
        holder = holders.get((wanted.subnet.id, str(wanted.address)))
        if holder:
            message = f"{wanted.address} is still the address of {holder.tags.get('Name', holder.id)}"
            detail = "It comes free when that one's instance has ended: give it up in one run, and take it in the next."
            raise InvalidInputError(message, detail=detail, path=f'{ROWS}["{name}"].address')


def _like(object_id: str, row: InterfaceRow) -> NetworkInterfacesArgs:
    """Describe a set that nobody has declared yet by one of its interfaces."""
    return NetworkInterfacesArgs(
        name=object_id,
        tags=shown_tags([row], {}),
        security_groups=named_set(sorted(row.groups), None),
        source_dest_check=row.source_dest_check,
    )


def _common(row: InterfaceRow) -> tuple[dict[str, str], frozenset[str], bool]:
    """Give what all interfaces of a set have in common."""
    return own_tags(row.tags), row.groups, row.source_dest_check


def _interface(row: InterfaceRow, declared: Interface | None) -> Interface:
    # An address that AWS chose isn't declared, so it is no difference.
    address = IPv4Address(row.address) if declared and declared.address else None
    return Interface(
        subnet=named(row.subnet, declared.subnet if declared else None), address=address, ipv6=bool(row.ipv6)
    )


def _facts(rows: Mapping[str, InterfaceRow]) -> dict[str, dict[str, str]]:
    """Give what AWS adds to the inputs."""
    return {
        "ids": {name: row.id for name, row in rows.items()},
        "addresses": {name: row.address for name, row in rows.items()},
        "ipv6_addresses": {name: row.ipv6[0] for name, row in rows.items() if row.ipv6},
    }
