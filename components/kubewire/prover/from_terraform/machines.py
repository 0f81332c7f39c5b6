"""Instances, and network interfaces: those that are resources, and those that instances are started with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any

from kubewire.errors import InvalidInputError
from kubewire.net.addresses import Range
from kubewire.prover.facts.network import Interface
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_terraform.index import Index, default_group
from kubewire.prover.from_terraform.kinds import Sort
from kubewire.prover.from_terraform.owners import owner
from kubewire.prover.from_terraform.values import Block, known_only


class Machines:
    """Which instance has which interface, and which addresses come from elsewhere.

    Attributes:
        holders: interfaces to the instances that have them.
        primary: instances to their first interfaces.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self.holders: dict[str, str] = {}
        self.primary: dict[str, str] = {}
        self._started: set[str] = set()
        self._unsure: list[str] = []
        for key, block in index.of(Sort.MACHINE):
            blocks = [block.blocks(name) for name in ("network_interface", "primary_network_interface")]
            held = [one for found in blocks if not isinstance(found, Unknown) for one in found]
            for one in held:
                interface = index.key(one, "network_interface_id", Sort.INTERFACE)
                self._hold(key, interface, one.number("device_index") or 0)
            if not held and not any(isinstance(found, Unknown) for found in blocks):
                self._started.add(key)
                self.holders[key] = self.primary[key] = key
        for key, block in index.of(Sort.INTERFACE):
            rows = block.blocks("attachment")
            for one in [] if isinstance(rows, Unknown) else rows:
                machine = index.key(one, "instance", Sort.MACHINE)
                if isinstance(machine, str):
                    self._hold(machine, key, one.number("device_index"))
        for one in index.parts("aws_network_interface_attachment"):
            machine = index.key(one, "instance_id", Sort.MACHINE)
            if isinstance(machine, str):
                self._hold(machine, index.key(one, "network_interface_id", Sort.INTERFACE), one.number("device_index"))
        self._public = _public(index)
        self._more = self._groups()

    def interfaces(self) -> Iterator[Interface]:
        """Give all of them."""
        for key, block in self._index.of(Sort.INTERFACE):
            yield self._declared(key, block)
        for key, block in self._index.of(Sort.MACHINE):
            if key in self._started:
                yield self._own(key, block)

    def tags(self) -> dict[str, dict[str, Known[str]]]:
        """Give the tags of first interfaces, with those of the instances that have them."""
        tagged = {key: _tags(block) for key, block in (*self._index.of(Sort.MACHINE), *self._index.of(Sort.INTERFACE))}
        return {
            interface: {**tagged.get(interface, {}), **tagged.get(machine, {})}
            for machine, interface in self.primary.items()
        }

    def _hold(self, machine: str, interface: Known[str] | None, place: Known[int] | None) -> None:
        if isinstance(interface, str):
            self.holders[interface] = machine
            if place == 0:
                self.primary[machine] = interface

    def _declared(self, key: str, block: Block) -> Interface:
        addresses = _addresses(block, "private_ip", "private_ips")
        ipv6 = [item for item in block.texts("ipv6_addresses") if isinstance(item, str)]
        prefixes = [*block.ranges("ipv4_prefixes"), *block.ranges("ipv6_prefixes")]
        return Interface(
            name=key,
            subnet=self._subnet(block),
            address=_address(addresses[:1], IPv4Address, f"the address of {key}"),
            ipv6=self._ipv6(block, ipv6, key),
            prefixes=(*known_only(prefixes), *_further(addresses, ipv6)),
            public=self._public.get(key),
            groups=self._groups_of(key, block, "security_groups"),
            checks=self._checks(block),
            machine=self.holders.get(key),
        )

    def _own(self, key: str, block: Block) -> Interface:
        """Give the interface that an instance is started with, which bears the instance's own address here."""
        addresses = [
            item for item in (block.chosen("private_ip"), *block.texts("secondary_private_ips")) if item is not None
        ]
        ipv6 = [item for item in block.texts("ipv6_addresses") if isinstance(item, str)]
        return Interface(
            name=key,
            subnet=self._subnet(block),
            address=_address(addresses[:1], IPv4Address, f"the address of {key}"),
            ipv6=self._ipv6(block, ipv6, key),
            prefixes=_further(addresses, ipv6),
            public=self._public.get(key) or self._given(key, block),
            groups=self._groups_of(key, block, "vpc_security_group_ids"),
            checks=block.flag("source_dest_check", default=True),
            machine=key,
        )

    @staticmethod
    def _checks(block: Block) -> Known[bool]:
        """Give whether it is checked, which looking an interface up doesn't tell."""
        if block.resource.is_data and block.fields.get("source_dest_check") is None:
            return Unknown(comes_from=block.says("source_dest_check"))
        return block.flag("source_dest_check", default=True)

    def _subnet(self, block: Block) -> Known[str]:
        return self._index.key(block, "subnet_id", Sort.SUBNET) or Unknown(comes_from=block.says("subnet_id"))

    def _groups_of(self, key: str, block: Block, attribute: str) -> tuple[Known[str], ...]:
        """Give an interface's groups: those listed, and those of attachments.

        Where nobody lists any, the provider shows those that AWS has, of attachments that go away, too.
        """
        listed = self._index.keys(block, attribute, Sort.GROUP)
        if block.resource.expressions is not None and not block.is_set(attribute):
            ids = (block.fields.get("id"), block.fields.get("primary_network_interface_id"))
            rows = self._index.gone("aws_network_interface_sg_attachment")
            went = {
                self._index.told(row, "security_group_id", Sort.GROUP, row.text("security_group_id"))
                for row in rows
                if row.fields.get("network_interface_id") in ids
            }
            listed = tuple(group for group in listed if group not in went)
        return tuple(dict.fromkeys((*(listed or self._default(block)), *self._more.get(key, ()))))

    def _default(self, block: Block) -> tuple[Known[str], ...]:
        """Give the group that AWS takes where none is named: the default one of the VPC."""
        of_template = block.resource.is_new and bool(block.fields.get("launch_template"))
        subnet = Unknown(comes_from="its launch template") if of_template else self._subnet(block)
        found = next((one for key, one in self._index.of(Sort.SUBNET) if key == subnet), None)
        vpc = self._index.key(found, "vpc_id", Sort.VPC) if found else None
        if isinstance(vpc, str):
            return (self._index.adopted(default_group(vpc)),)
        return (Unknown(comes_from=f"the security groups of {block}"),)

    def _given(self, key: str, block: Block) -> Known[str] | None:
        """Give the public address that AWS gives an instance as it starts: its own setting goes before its subnet's."""
        found = block.chosen("public_ip")
        if not isinstance(found, Unknown):
            return found
        asked: Known[bool] | None = block.flag("associate_public_ip_address", default=False)
        if not block.is_set("associate_public_ip_address"):
            subnet = self._subnet(block)
            whole = next((one for name, one in self._index.of(Sort.SUBNET) if name == subnet), None)
            asked = whole.flag("map_public_ip_on_launch", default=False) if whole else None
        return None if asked is False else Unknown(comes_from=f"the public address of {key}")

    def _gives(self, subnet: Known[str], setting: str) -> bool:
        """Whether a subnet may give something to what starts in it; one that isn't known may be any."""
        able = [one for name, one in self._index.of(Sort.SUBNET) if isinstance(subnet, Unknown) or name == subnet]
        return any(one.flag(setting, default=False) is not False for one in able)

    def _ipv6(self, block: Block, known: list[str], key: str) -> Known[IPv6Address] | None:
        """Give the first IPv6 address: one that is asked for, or that its subnet gives to all that start in it."""
        if known:
            found: IPv6Address = _parsed(known[0], IPv6Address, f"the IPv6 address of {key}")
            return found
        count = block.number("ipv6_address_count")
        asked = isinstance(count, Unknown) or bool(count)
        asked = asked or any(isinstance(item, Unknown) for item in block.texts("ipv6_addresses"))
        if not asked and block.is_open("ipv6_addresses"):
            asked = self._gives(self._subnet(block), "assign_ipv6_address_on_creation")
        return Unknown(comes_from=f"the IPv6 address of {key}") if asked else None

    def _groups(self) -> Mapping[str, list[Known[str]]]:
        """Give the groups that resources of their own put interfaces into."""
        found: defaultdict[str, list[Known[str]]] = defaultdict(list)
        for one in self._index.parts("aws_network_interface_sg_attachment"):
            whose = owner(self._index, one, "network_interface_id", Sort.INTERFACE)
            group = self._index.key(one, "security_group_id", Sort.GROUP) or Unknown(comes_from=str(one))
            keys = [key for sort in (Sort.INTERFACE, Sort.MACHINE) for key, _ in self._index.of(sort)]
            for key in keys:
                if whose.key == key:
                    found[key].append(group)
                elif whose.may_be(key) and whose.unknown is not None:
                    found[key].append(whose.unknown)
        return found


def _public(index: Index) -> dict[str, Known[str]]:
    """Give the elastic addresses, by the interfaces and instances that have them."""
    found: dict[str, Known[str]] = {}
    maybe: dict[str, Known[str]] = {}
    addresses = {one.fields.get("allocation_id") or one.fields.get("id"): one for one in index.parts("aws_eip")}
    for one in index.parts("aws_eip", "aws_eip_association"):
        address = one.chosen("public_ip")
        if address is None and (held := addresses.get(one.fields.get("allocation_id"))) is not None:
            address = held.chosen("public_ip")
        named = ("instance", "instance_id"), ("network_interface", "network_interface_id")
        for names, sort in zip(named, (Sort.MACHINE, Sort.INTERFACE), strict=True):
            for name in names:
                whose = owner(index, one, name, sort)
                if whose.key is not None:
                    found[whose.key] = address or Unknown(comes_from=f"the address of {one}")
                elif whose.unknown is not None:
                    maybe |= {key: whose.unknown for key, _ in index.of(sort) if whose.may_be(key)}
    return {**maybe, **found}


def _addresses(block: Block, first: str, every: str) -> list[Known[str]]:
    one = block.chosen(first)
    rest = [item for item in block.texts(every) if item != one]
    return [
        *([] if one is None else [one]),
        *(item for item in rest if not (isinstance(item, Unknown) and one is not None)),
    ]


def _address(values: list[Known[str]], kind: type[IPv4Address], unknown: str) -> Known[Any]:
    value = values[0] if values else None
    return _parsed(value, kind, unknown) if isinstance(value, str) else Unknown(comes_from=unknown)


def _further(addresses: list[Known[str]], ipv6: list[str]) -> tuple[Range, ...]:
    """Give the addresses beside the first, which AWS knows as the interface's own."""
    return tuple(ip_network(item) for item in (*addresses[1:], *ipv6[1:]) if isinstance(item, str))


def _parsed(value: str, kind: type[Any], what: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise InvalidInputError(f"{what} is no address") from None


def _tags(block: Block) -> dict[str, Known[str]]:
    rows = block.fields.get("tags_all") or block.fields.get("tags")
    if block.unknown is True or not isinstance(rows, Mapping):
        return {}
    inner = Block(
        block.resource, rows, (block.unknown or {}).get("tags") if isinstance(block.unknown, Mapping) else False
    )
    return {key: value for key in rows if (value := inner.text(key)) is not None}
