"""YAML, read as the API server's tools read it, with the line of every value.

They convert it to JSON (https://pkg.go.dev/sigs.k8s.io/yaml): `on` and `yes` are true, as in YAML 1.1, and a time is
text. PyYAML alone would make a date of that, a number of `1:30`, and stop at a plain `=`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from kubewire.errors import InvalidInputError

Path = tuple[str | int, ...]
_TEXT = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
_MERGE = "tag:yaml.org,2002:merge"
_MOST_VALUES = 1_000_000
"""In one document, aliases written out: a few short lines of them can stand for more than a machine holds."""
_TEMPLATE = re.compile(r"\{\{-?\s*[\w.$(\"/*]")

# The C parser, where PyYAML has it: rendered charts are long.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """One document of a file, or one object of a list in it.

    Attributes:
        file: whose it is, as errors name it.
        number: which document of the file, from 1.
        value: what it says, in JSON's kinds.
        lines: where each value stands, by its path from the document's top.
        top: the path of this object in its document; not empty in a list.
    """

    file: str
    number: int
    value: Any
    lines: Mapping[Path, int] = field(default_factory=dict)
    top: Path = ()

    def item(self, *path: str | int) -> Document:
        """Give an object that is part of it."""
        value = self.value
        for part in path:
            value = value[part]
        return Document(self.file, self.number, value, self.lines, (*self.top, *path))

    def place(self, path: Path = ()) -> str:
        """Name the line of a value, or of the nearest one around it: `shop.yaml:12`."""
        whole = (*self.top, *path)
        for length in range(len(whole), -1, -1):
            if line := self.lines.get(whole[:length]):
                return f"{self.file}:{line}"
        return self.file


def documents(text: str, file: str) -> Iterator[Document]:
    """Read the documents of a file; those that say nothing are left out.

    Raises:
        InvalidInputError: it is no YAML, has a key twice, or a value that JSON doesn't know.
    """
    try:
        nodes = list(yaml.compose_all(text, Loader=_Loader))
        yield from _read(nodes, text, file)
    except yaml.YAMLError as error:
        raise _no_yaml(error, text, file) from error
    except RecursionError as error:
        raise InvalidInputError("values in values without end", detail="Write them flatter.", path=file) from error


def _read(nodes: Iterable[yaml.Node | None], text: str, file: str) -> Iterator[Document]:
    for number, node in enumerate(nodes, 1):
        if node is None:
            continue
        reader = _Reader(file, text)
        value = reader.read(node, ())
        if value is not None:
            yield Document(file, number, value, reader.lines)


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._loader: Any = _Loader("")
        self._around: set[int] = set()
        self._left = _MOST_VALUES
        self.lines: dict[Path, int] = {}

    def read(self, node: yaml.Node, path: Path) -> Any:
        """Give a node's value, and note where it and all that is in it stands."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        self._left -= 1
        if id(node) in self._around or self._left < 0:
            raise self._refused(node, "an alias that grows without end", "Write the value out.")
        self._around.add(id(node))
        try:
            match node:
                case yaml.MappingNode():
                    return self._mapping(node, path)
                case yaml.SequenceNode():
                    return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
                case _:
                    return self._scalar(node)
        finally:
            self._around.discard(id(node))

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                merged = {**self._merged(value_node, path), **merged}
                continue
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                # To YAML, `name: {{ .Values.name }}` is a mapping whose key is a mapping.
                detail = _advice(self._text, "JSON, and so Kubernetes, has none.")
                raise self._refused(key_node, "a key that is no text", detail)
            if key in own:
                raise self._refused(key_node, f"the key {key} is there twice", "Remove one.")
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            own[key] = self.read(value_node, (*path, key))
        return {**merged, **own}

    def _merged(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found: dict[str, Any] = {}
        for item in items:
            if not isinstance(item, yaml.MappingNode):
                raise self._refused(item, "only mappings can be merged", "Write `<<: *name` of a mapping.")
            # Of several, the first one's values hold.
            found = {**self.read(item, path), **found}
        return found

    def _scalar(self, node: yaml.Node) -> Any:
        if node.tag in _TEXT or (_SEXAGESIMAL.fullmatch(node.value) and not node.tag.endswith(":str")):
            return node.value
        try:
            value = self._loader.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            raise self._refused(node, f"{node.value!r} can't be read", "JSON, and so Kubernetes, has none.") from error
        if isinstance(value, bytes | set | frozenset):
            raise self._refused(node, f"a value of {node.tag}", "JSON, and so Kubernetes, has none.")
        return value

    def _refused(self, node: yaml.Node, summary: str, detail: str) -> InvalidInputError:
        return InvalidInputError(summary, detail=detail, path=f"{self._file}:{node.start_mark.line + 1}")


def _no_yaml(error: yaml.YAMLError, text: str, file: str) -> InvalidInputError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    detail = _advice(text, "Give YAML or JSON as `kubectl apply -f` takes it.")
    path = f"{file}:{mark.line + 1}" if mark else file
    return InvalidInputError(f"this is no YAML: {problem}", detail=detail, path=path)


def _advice(text: str, otherwise: str) -> str:
    if _TEMPLATE.search(text):
        return "This looks like a chart's template. Render it first: `helm template NAME CHART > shop.yaml`."
    return otherwise
