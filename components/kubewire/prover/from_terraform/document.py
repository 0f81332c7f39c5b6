"""A plan or a state as `terraform show -json` writes it, as a list of resources.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kubewire.errors import InvalidInputError

MAJOR: Final = "1"
"""Of the format: "for minor versions, we will only add": https://developer.hashicorp.com/terraform/internals/json-format."""
AGAIN: Final = (
    "Run `terraform show -json FILE` to its end on a saved plan, or without FILE on the state, and give all of it."
)
KEY: Final = re.compile(r"\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\]")
"""Of an instance, in an address."""

Configured = Mapping[tuple[tuple[str, ...], bool, str, str], Mapping[str, Any]]


@dataclass(frozen=True)
class Resource:
    """An instance of a resource, or of a data source.

    Attributes:
        address: what Terraform calls it, `module.vpc.aws_subnet.private[0]`.
        kind: its type, `aws_subnet`.
        name: its name in the module, `private`.
        module: the address of its module; empty for the root.
        is_data: whether it is a data source.
        values: its attributes, without those that are unknown.
        unknown: the same shape, with true in the place of what is unknown; true for all of it.
        sensitive: the same, of what must not be shown.
        before: its attributes as they were; empty without any.
        is_new: whether the apply will make it.
        expressions: what its attributes are set to, in the configuration; None where there is no configuration.
        for_each: what its instances are made for.
    """

    address: str
    kind: str
    name: str
    module: str = ""
    is_data: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    unknown: Any = False
    sensitive: Any = False
    before: Mapping[str, Any] = field(default_factory=dict)
    is_new: bool = False
    expressions: Mapping[str, Any] | None = None
    for_each: Any = None

    @property
    def is_found(self) -> bool:
        """Whether it was there before, with rules and routes that nobody lists: it is looked up, or AWS's default VPC.

        https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_vpc
        """
        return self.is_data or self.kind == "aws_default_vpc"

    @property
    def block(self) -> str:
        """Give the address of what it is an instance of, in its module."""
        return f"{self.module}.{'data.' if self.is_data else ''}{self.kind}.{self.name}"


@dataclass(frozen=True)
class Document:
    """What Terraform printed.

    Attributes:
        resources: all that will be there, or is.
        gone: those that the plan deletes, as they were.
        configuration: that of the root module; None in a state.
        strangers: what may be there, and isn't listed.
    """

    resources: tuple[Resource, ...]
    gone: tuple[Resource, ...] = ()
    configuration: Mapping[str, Any] | None = None
    strangers: tuple[str, ...] = ()


def read_document(text: str) -> Document:
    """Read the output of `terraform show -json`.

    Raises:
        InvalidInputError: it is cut off, of another version, of a plan that failed, or something else.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidInputError(f"this is no JSON{where}", detail=f"It may be cut off. {AGAIN}") from None
    if not isinstance(document, Mapping):
        raise InvalidInputError("this is no JSON object", detail=AGAIN)
    _refuse_others(document)
    version = document["format_version"]
    if not isinstance(version, str) or version.partition(".")[0] != MAJOR:
        shown = version if isinstance(version, str) and re.fullmatch(r"[\d.]{1,12}", version) else "of another kind"
        detail = f"kubewire reads format {MAJOR}.x, which Terraform prints since 1.0."
        raise InvalidInputError(f"its format_version is {shown}", detail=detail, path="format_version")
    return _plan(document) if "resource_changes" in document or "planned_values" in document else _state(document)


def _refuse_others(document: Mapping[str, Any]) -> None:
    """Say whose file it is, where it isn't what it should be."""
    if "steps" in document and "changeSummary" in document:
        raise InvalidInputError("this is a plan of Pulumi's", detail="Give it with --plan.")
    if "deployment" in document:
        raise InvalidInputError("this is a state of Pulumi's", detail="Give it with --state.")
    if "lineage" in document or ("terraform_version" in document and isinstance(document.get("version"), int)):
        detail = "Run `terraform show -json` where it is used, and give what that prints."
        raise InvalidInputError("this is Terraform's own state file, whose format is nobody else's", detail=detail)
    if "format_version" not in document:
        raise InvalidInputError("this is neither a plan nor a state of Terraform's", detail=AGAIN)


def _state(document: Mapping[str, Any]) -> Document:
    values = document.get("values")
    rows = list(_rows(_mapping(values, "values").get("root_module"))) if values is not None else []
    found = [_of_row(row, module) for module, row in rows if "deposed_key" not in row]
    deposed = [f"{row.get('address')}, whose former object is to be deleted" for _, row in rows if "deposed_key" in row]
    return Document(resources=tuple(found), strangers=tuple(deposed))


def _plan(document: Mapping[str, Any]) -> Document:
    if document.get("errored"):
        raise InvalidInputError("the plan failed, so it is incomplete", detail=AGAIN, path="errored")
    configuration = _mapping(document.get("configuration") or {}, "configuration").get("root_module") or {}
    changes = document.get("resource_changes") or []
    if not isinstance(changes, list) or "planned_values" not in document:
        raise InvalidInputError("the plan doesn't say what it leads to", detail=AGAIN, path="resource_changes")
    configured = dict(_configured(configuration))
    found: dict[str, Resource] = {}
    gone: list[Resource] = []
    strangers: list[str] = []
    for change in changes:
        resource, actions = _of_change(_mapping(change, "resource_changes"), configured)
        if "forget" in actions:
            strangers.append(f"{resource.address}, which Terraform forgets and leaves there")
        elif actions == ["delete"]:
            gone.append(resource)
        else:
            found[resource.address] = resource
    planned = _mapping(document["planned_values"], "planned_values").get("root_module")
    prior = _mapping(_mapping(document.get("prior_state") or {}, "prior_state").get("values") or {}, "values")
    # What was read already is in the prior state alone; beside it is what will be changed or deleted.
    read = ((module, row) for module, row in _rows(prior.get("root_module")) if row.get("mode") == "data")
    for module, row in (*_rows(planned), *read):
        if row.get("address") not in found:
            resource = _of_row(row, module, configured)
            found[resource.address] = resource
    deferred = document.get("deferred_changes") or []
    strangers += [f"{_deferred(item)}, which Terraform defers" for item in deferred if isinstance(item, Mapping)]
    return Document(tuple(found.values()), tuple(gone), configuration, tuple(strangers))


def _deferred(item: Mapping[str, Any]) -> str:
    change = item.get("resource_change")
    return str(change.get("address")) if isinstance(change, Mapping) else "a change"


def _rows(module: Any, address: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the resources of a module and of those in it, each with its module's address."""
    if module is None:
        return
    for row in _list(_mapping(module, "a module"), "resources"):
        yield address, _mapping(row, "a resource")
    for child in _list(module, "child_modules"):
        yield from _rows(child, str(_mapping(child, "a module").get("address") or ""))


def _of_row(row: Mapping[str, Any], module: str, configured: Configured | None = None) -> Resource:
    values = row.get("values")
    return Resource(
        **_names(row, module, configured),
        values=values if isinstance(values, Mapping) else {},
        sensitive=row.get("sensitive_values") or False,
    )


def _of_change(row: Mapping[str, Any], configured: Configured) -> tuple[Resource, list[str]]:
    change = _mapping(row.get("change"), "change")
    actions = [str(action) for action in _list(change, "actions")]
    after, before = change.get("after"), change.get("before")
    read = Resource(
        **_names(row, str(row.get("module_address") or ""), configured),
        values=after if isinstance(after, Mapping) else {},
        unknown=change.get("after_unknown") or False,
        sensitive=change.get("after_sensitive") or False,
        before=before if isinstance(before, Mapping) else {},
        is_new="create" in actions,
    )
    return read, actions


def _names(row: Mapping[str, Any], module: str, configured: Configured | None) -> dict[str, Any]:
    """Read what a row is about, with what its configuration sets."""
    address, kind, name = row.get("address"), row.get("type"), row.get("name")
    if not isinstance(address, str) or not isinstance(kind, str) or not isinstance(name, str):
        raise InvalidInputError("a resource without its address, type and name", detail=AGAIN)
    is_data = row.get("mode") == "data"
    named = {"address": address, "kind": kind, "name": name, "module": module, "is_data": is_data}
    item = (configured or {}).get((tuple(module_names(module)), is_data, kind, name))
    if item is None:
        return named
    return {**named, "expressions": item.get("expressions") or {}, "for_each": item.get("for_each_expression")}


def _configured(
    module: Any, names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[tuple[str, ...], bool, str, str], Mapping[str, Any]]]:
    """Give the configuration of every resource, by its module, mode, type and name."""
    for item in _list(_mapping(module, "a module"), "resources"):
        if isinstance(item, Mapping):
            yield (names, item.get("mode") == "data", str(item.get("type")), str(item.get("name"))), item
    for name, call in _mapping(module.get("module_calls") or {}, "module_calls").items():
        if isinstance(call, Mapping) and call.get("module"):
            yield from _configured(call["module"], (*names, str(name)))


def module_at(configuration: Mapping[str, Any], address: str) -> Mapping[str, Any] | None:
    """Give a module's configuration, None without one.

    Args:
        configuration: that of the root module.
        address: the module's, of any instance.
    """
    found: Any = configuration
    for name in module_names(address):
        call = (found.get("module_calls") or {}).get(name) if isinstance(found, Mapping) else None
        found = call.get("module") if isinstance(call, Mapping) else None
    return found if isinstance(found, Mapping) else None


def module_names(address: str) -> list[str]:
    """Give the names of the calls that lead to a module: `vpc`, `inner` for `module.vpc[0].module.inner`."""
    plain = KEY.sub("", address)
    return plain.removeprefix("module.").split(".module.") if plain else []


def _list(row: Mapping[str, Any], key: str) -> Iterable[Any]:
    found = row.get(key) or []
    if not isinstance(found, list):
        raise InvalidInputError(f"{key} is no list", detail=AGAIN)
    return found


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidInputError(f"{what} is no JSON object", detail=AGAIN)
    return value
