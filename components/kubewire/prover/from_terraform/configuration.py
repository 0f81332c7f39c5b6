"""What an expression of the configuration refers to: the resources that an unknown value may come from.

The configuration lists the references of an expression and not how they are put together, so what is given here is
all that a value may come from. Locals aren't in it at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kubewire.prover.from_terraform.document import Document, Resource, module_at
from kubewire.prover.from_terraform.values import Block

STEP: Final = re.compile(r"([^.\[]+)((?:\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\])?)(?:\.|$)")
KNOWN: Final = ("count", "path", "terraform")
"""Roots of references to what every plan knows."""
DEPTH: Final = 20
"""Modules in modules that are followed."""


@dataclass(frozen=True)
class Origin:
    """A resource, and the attribute of it that an expression names; empty where it names no single one."""

    resource: Resource
    attribute: str


class Configuration:
    """The references of a plan's configuration."""

    def __init__(self, document: Document) -> None:
        self._root = document.configuration
        self._instances: defaultdict[tuple[str, str], list[Resource]] = defaultdict(list)
        for resource in document.resources:
            block = f"{'data.' if resource.is_data else ''}{resource.kind}.{resource.name}"
            self._instances[resource.module, block].append(resource)

    def origins(self, block: Block, key: str) -> list[Origin] | None:
        """Give everything that a value may come from; None where that can't be told."""
        resource = block.resource
        if self._root is None or resource.expressions is None:
            return None
        expression = resource.expressions.get(block.path or key)
        found: list[Origin] = []
        for reference in _references(expression, key if block.path else None):
            one = self._trace(resource.module, reference, resource, DEPTH)
            if one is None:
                return None
            found += one
        return found

    def _trace(self, module: str, reference: str, asker: Resource | None, depth: int) -> list[Origin] | None:
        steps = STEP.findall(reference)
        if not steps or not depth:
            return None
        root = steps[0][0]
        if root in KNOWN or (root == "each" and len(steps) > 1 and steps[1][0] == "key"):
            return []
        if root == "each":
            return None if asker is None else self._all(module, asker.for_each, None, depth)
        if root == "var":
            return self._variable(module, steps[1][0], depth) if len(steps) > 1 else None
        if root == "module":
            return self._output(module, steps, depth)
        if root in ("local", "self"):
            return None
        return self._resources(module, steps)

    def _resources(self, module: str, steps: list[tuple[str, str]]) -> list[Origin] | None:
        is_data = steps[0][0] == "data"
        place = 2 if is_data else 1
        if len(steps) <= place:
            return None
        name, instance = steps[place]
        block = f"{'data.' if is_data else ''}{steps[place - 1][0]}.{name}"
        there = self._instances.get((module, block), [])
        if instance:
            there = [one for one in there if one.address.endswith(f"{name}{instance}")]
        attribute = steps[place + 1][0] if len(steps) > place + 1 else ""
        return [Origin(one, attribute) for one in there]

    def _variable(self, module: str, name: str, depth: int) -> list[Origin] | None:
        if not module:
            # Who runs Terraform gives it.
            return []
        parent, call = _parent(module)
        whole = module_at(self._root or {}, parent) or {}
        given = ((whole.get("module_calls") or {}).get(call) or {}).get("expressions") or {}
        return self._all(parent, given.get(name), None, depth)

    def _output(self, module: str, steps: list[tuple[str, str]], depth: int) -> list[Origin] | None:
        if len(steps) < 3:  # noqa: PLR2004 - module, its name, its output
            return None
        name, instance = steps[1]
        below = f"{module}.module.{name}" if module else f"module.{name}"
        child = module_at(self._root or {}, below)
        output = ((child or {}).get("outputs") or {}).get(steps[2][0])
        if not isinstance(output, Mapping):
            return None
        if instance:
            return self._all(f"{below}{instance}", output.get("expression"), None, depth)
        found: list[Origin] = []
        for one in {at for at, _ in self._instances if at == below or at.startswith(f"{below}[")} or {below}:
            part = self._all(one if _is_instance(one, below) else below, output.get("expression"), None, depth)
            if part is None:
                return None
            found += part
        return found

    def _all(self, module: str, expression: Any, asker: Resource | None, depth: int) -> list[Origin] | None:
        found: list[Origin] = []
        for reference in _references(expression, None):
            one = self._trace(module, reference, asker, depth - 1)
            if one is None:
                return None
            found += one
        return found


def _is_instance(module: str, below: str) -> bool:
    """Whether it is an instance of a module, and not of one in it."""
    return "." not in re.sub(r"\[[^\]]*\]", "", module.removeprefix(below))


def _parent(module: str) -> tuple[str, str]:
    """Split a module's address into that of the module that calls it, and the name of the call."""
    head, _, call = module.rpartition("module.")
    return head.removesuffix("."), call.partition("[")[0]


def _references(expression: Any, key: str | None) -> Iterator[str]:
    """Give the references of an expression, or of one attribute of the blocks that it writes out."""
    if isinstance(expression, list):
        for item in expression:
            for found in [item] if key is None else named_in(item, key):
                yield from _references(found, None)
    elif isinstance(expression, Mapping):
        listed = expression.get("references")
        if isinstance(listed, list):
            yield from _whole(str(item) for item in listed)
        else:
            for item in expression.values():
                yield from _references(item, None)


def named_in(block: Any, key: str) -> Iterator[Any]:
    """Give the expressions of an attribute in a block that is written out, and in blocks of that.

    Of a block that is an expression as a whole, that is what any of its attributes comes from.
    """
    if isinstance(block, list):
        for item in block:
            yield from named_in(item, key)
    elif isinstance(block, Mapping):
        if "references" in block:
            yield block
        elif key in block:
            yield block[key]
        else:
            for item in block.values():
                yield from named_in(item, key) if isinstance(item, list) else ()


def _whole(references: Iterable[str]) -> Iterator[str]:
    """Leave out what only repeats the beginning of the reference before: Terraform lists `a.b.id`, `a.b` for one.

    https://github.com/hashicorp/terraform/blob/main/internal/command/jsonconfig/expression.go
    """
    last = shown = ""
    for reference in references:
        if not (last.startswith(reference) and reference != last):
            shown = reference
            yield shown
        last = reference
