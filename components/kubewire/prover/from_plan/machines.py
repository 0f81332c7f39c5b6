"""Network interfaces and instances, which are declared in sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address

from kubewire.prover.facts.network import Interface
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.index import Entry, Index, Sort
from kubewire.prover.from_plan.values import Values, is_open

ROWS = {Sort.INTERFACE: "interfaces", Sort.MACHINE: "instances"}


def members(sort: Sort, listed: Listed) -> Iterator[Entry]:
    """Give the objects of a set; none where only the apply will know them."""
    parts = Values(str(listed), listed.inputs).parts(ROWS[sort])
    ids = listed.outputs.get("ids") or {}
    for name, part in [] if isinstance(parts, Unknown) else parts:
        object_id = ids.get(name)
        known = (
            Unknown(comes_from=f"the id of {sort} {name}")
            if object_id is None or is_open(object_id)
            else str(object_id)
        )
        yield Entry(sort, name, known, part, listed)


def is_readable(sort: Sort, listed: Listed) -> bool:
    """Whether it is known which members a set has."""
    return not isinstance(Values(str(listed), listed.inputs).parts(ROWS[sort]), Unknown)


def interfaces(index: Index, unchecked: Iterable[Listed]) -> dict[str, Interface]:
    """Give the interfaces, with the machines that have them."""
    holders = {
        interface: key
        for key, entry in index.of(Sort.MACHINE)
        if not isinstance(
            interface := index.key(Sort.INTERFACE, entry.values.pointer("interface"), entry.listed), Unknown
        )
    }
    off = {
        index.key(Sort.INTERFACE, pointer, listed)
        for listed in unchecked
        for pointer in Values(str(listed), listed.inputs).pointers("interfaces")
    }
    return {key: _interface(index, key, entry, holders.get(key), key in off) for key, entry in index.of(Sort.INTERFACE)}


def _interface(index: Index, key: str, entry: Entry, machine: str | None, off: bool) -> Interface:  # noqa: FBT001 - one caller
    listed, own = entry.listed, entry.values
    whole = Values(str(listed), listed.inputs)
    addresses, ipv6 = (Values(str(listed), listed.outputs).rows(field) for field in ("addresses", "ipv6Addresses"))
    seen = {} if isinstance(addresses, Unknown) else addresses
    seen6 = {} if isinstance(ipv6, Unknown) else ipv6
    address: Known[str] | None = own.optional_text("address") or seen.get(entry.name)
    return Interface(
        name=key,
        subnet=index.key(Sort.SUBNET, own.pointer("subnet"), listed),
        address=_known(address, f"the address of interface {key}", IPv4Address),
        ipv6=_known(seen6.get(entry.name), f"the IPv6 address of interface {key}", IPv6Address)
        if own.flag("ipv6")
        else None,
        public=own.optional_text("publicAddress"),
        groups=tuple(index.key(Sort.GROUP, pointer, listed) for pointer in whole.pointers("securityGroups")),
        checks=False if off else whole.flag("sourceDestCheck", default=True),
        machine=machine,
    )


def _known(value: object, unknown: str, kind: type[IPv4Address | IPv6Address]) -> IPv4Address | IPv6Address | Unknown:
    return kind(value) if isinstance(value, str) and not is_open(value) else Unknown(comes_from=unknown)
