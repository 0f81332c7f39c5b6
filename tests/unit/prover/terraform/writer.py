"""Writes what `terraform show -json` prints, of resources as a test describes them.

The form is that of Terraform 1.11: tests/fixtures/terraform/references.*.json are its own.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ADDRESS = re.compile(
    r"^(?P<module>(?:module\.\w+(?:\[[^\]]+\])?\.)*)"
    r"(?P<data>data\.)?(?P<kind>\w+)\.(?P<name>\w+)(?P<key>\[[^\]]+\])?$"
)
PREFIXES = {
    "aws_vpc": "vpc",
    "aws_subnet": "subnet",
    "aws_route_table": "rtb",
    "aws_default_route_table": "rtb",
    "aws_security_group": "sg",
    "aws_default_security_group": "sg",
    "aws_network_acl": "acl",
    "aws_network_interface": "eni",
    "aws_instance": "i",
    "aws_internet_gateway": "igw",
    "aws_nat_gateway": "nat",
    "aws_ec2_managed_prefix_list": "pl",
}


@dataclass(frozen=True)
class To:
    """An attribute of another resource that only the apply makes known.

    Attributes:
        address: of the other.
        attribute: which one.
        written: the references that the configuration lists for it; by default the other itself.
    """

    address: str
    attribute: str = "id"
    written: tuple[str, ...] = ()

    @property
    def references(self) -> list[str]:
        """As Terraform lists them: the whole, then what it begins with."""
        if self.written:
            return list(self.written)
        plain = ADDRESS.match(self.address)
        assert plain is not None
        own = self.address.removeprefix(plain["module"])
        whole = [f"{own}.{self.attribute}", own]
        return [*whole, *([own.removesuffix(plain["key"])] if plain["key"] else [])]


@dataclass
class Described:
    """A resource.

    Attributes:
        address: of its instance.
        values: its attributes, references among them.
        computed: what AWS chooses.
        sensitive: names of attributes that must not be shown.
    """

    address: str
    values: dict[str, Any]
    computed: dict[str, Any] = field(default_factory=dict)
    sensitive: tuple[str, ...] = ()

    @property
    def parts(self) -> re.Match[str]:
        found = ADDRESS.match(self.address)
        assert found is not None, self.address
        return found

    @property
    def module(self) -> str:
        return self.parts["module"].removesuffix(".")


class Writer:
    """Some resources."""

    def __init__(self) -> None:
        self.resources: dict[str, Described] = {}

    def add(self, address: str, /, **values: Any) -> str:
        """Describe a resource; give its address.

        Args:
            address: of its instance.
            **values: its attributes; `computed` are those that only the apply makes known, and `sensitive` the names
                of those that must not be shown.
        """
        computed = dict(values.pop("computed", {}))
        made = Described(address, values, computed, tuple(values.pop("sensitive", ())))
        computed.setdefault("id", f"{PREFIXES.get(made.parts['kind'], 'x')}-{len(self.resources) + 1:017x}")
        self.resources[address] = made
        return address

    def id(self, address: str) -> str:
        """Give what AWS calls a resource."""
        return str(self.resources[address].computed["id"])

    def known(self, value: Any) -> Any:
        """Give a value as it is after the apply."""
        match value:
            case To(address=address, attribute=attribute):
                other = self.resources[address]
                return {**other.values, **other.computed}[attribute]
            case Mapping():
                return {key: self.known(item) for key, item in value.items()}
            case list():
                return [self.known(item) for item in value]
            case _:
                return value

    def state(self) -> str:
        """Write it as a state."""
        return json.dumps({"format_version": "1.0", "terraform_version": "1.11.4", "values": self._values()})

    def plan(self, before: Writer | None = None, given: Mapping[str, Any] | None = None) -> str:
        """Write it as a plan.

        Args:
            before: what is there. What it has and this hasn't is deleted.
            given: what the configuration sets, by address, where that isn't what the resource is described by.
        """
        was = before.resources if before else {}
        changes = [self._change(one, before if address in was else None) for address, one in self.resources.items()]
        changes += [
            {**_names(one), "change": {"actions": ["delete"], "before": _all(before, one), "after": None}}
            for address, one in was.items()
            if before is not None and address not in self.resources
        ]
        modules: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for one in self.resources.values():
            parts = one.parts
            row = {"mode": "data" if parts["data"] else "managed", "type": parts["kind"], "name": parts["name"]}
            set_to = {**one.values, **((given or {}).get(one.address) or {})}
            expressions = {key: expression(value) for key, value in set_to.items() if value is not ...}
            plain = re.sub(r"\[[^\]]*\]", "", one.module)
            modules[plain].setdefault(f"{parts['kind']}.{parts['name']}", {**row, "expressions": expressions})
        root: dict[str, Any] = {"resources": list(modules.pop("", {}).values()), "module_calls": {}}
        for name, rows in modules.items():
            root["module_calls"][name.removeprefix("module.")] = {"module": {"resources": list(rows.values())}}
        document = {
            "format_version": "1.2",
            "terraform_version": "1.11.4",
            "planned_values": {"root_module": {}},
            "resource_changes": changes,
            "configuration": {"root_module": root},
            "errored": False,
            "complete": True,
        }
        return json.dumps(document)

    def _change(self, one: Described, before: Writer | None) -> dict[str, Any]:
        sensitive = dict.fromkeys(one.sensitive, True)
        if before is not None:
            old = _all(before, before.resources[one.address])
            after = {**self.known(one.values), **before.resources[one.address].computed}
            return {
                **_names(one),
                "change": {
                    "actions": ["no-op"] if old == after else ["update"],
                    "before": old,
                    "after": after,
                    "after_unknown": {},
                    "after_sensitive": sensitive,
                },
            }
        values = {key: value for key, value in one.values.items() if value is not ...}
        after = {key: planned(value) for key, value in values.items() if not isinstance(value, To)}
        unknown = {key: shape for key, value in values.items() if (shape := _unknown(value))}
        unknown |= dict.fromkeys(one.computed, True)
        change = {"actions": ["create"], "before": None, "after": after, "after_unknown": unknown}
        return {**_names(one), "change": {**change, "after_sensitive": sensitive}}

    def _values(self) -> dict[str, Any]:
        root: dict[str, Any] = {"resources": [], "child_modules": []}
        modules = {"": root}
        for one in self.resources.values():
            if one.module not in modules:
                modules[one.module] = {"address": one.module, "resources": []}
                root["child_modules"].append(modules[one.module])
            row = {**_names(one), "values": _all(self, one), "sensitive_values": dict.fromkeys(one.sensitive, True)}
            modules[one.module]["resources"].append(row)
        return {"root_module": root}


def _all(writer: Writer, one: Described) -> dict[str, Any]:
    values = {key: value for key, value in one.values.items() if value is not ...}
    return {**writer.known(values), **one.computed}


def _names(one: Described) -> dict[str, Any]:
    parts = one.parts
    named: dict[str, Any] = {
        "address": one.address,
        "mode": "data" if parts["data"] else "managed",
        "type": parts["kind"],
        "name": parts["name"],
        "provider_name": "registry.terraform.io/hashicorp/aws",
    }
    if parts["key"]:
        named["index"] = json.loads(parts["key"][1:-1])
    return {**named, "module_address": one.module} if one.module else named


def expression(value: Any) -> Any:
    """Write a value as the configuration has it."""
    match value:
        case To():
            return {"references": value.references}
        case list() if value and all(isinstance(item, Mapping) for item in value):
            return [{key: expression(part) for key, part in item.items()} for item in value]
        case list() if any(isinstance(item, To) for item in value):
            found = [reference for item in value if isinstance(item, To) for reference in item.references]
            return {"references": found}
        case _:
            return {"constant_value": value}


def planned(value: Any) -> Any:
    """Write a value as the plan has it: nothing in the place of what isn't known."""
    match value:
        case list():
            return [planned(item) for item in value]
        case Mapping():
            return {key: planned(item) for key, item in value.items() if not isinstance(item, To)}
        case To():
            return None
        case _:
            return value


def _unknown(value: Any) -> Any:
    match value:
        case To():
            return True
        case list():
            shape = [_unknown(item) for item in value]
            return shape if any(shape) else False
        case Mapping():
            return {key: part for key, item in value.items() if (part := _unknown(item))}
        case _:
            return False
