"""What is written below a field of a model, read when a schema is asked for.

pydantic's `use_attribute_docstrings` parses the source of each model when it is imported: a quarter of a second of each
run, for texts that only `pulumi package get-schema` shows.
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel


def field_docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Give the docstrings of a model's fields by name, inherited ones included; none of classes without a source."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        found.update(_by_class(base.__module__).get(base.__qualname__, {}))
    return {name: text for name, text in found.items() if name in model.model_fields}


@cache
def _by_class(module: str) -> dict[str, dict[str, str]]:
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (KeyError, OSError, TypeError):
        return {}
    return dict(_classes(tree.body, ""))


def _classes(body: list[ast.stmt], outer: str) -> list[tuple[str, dict[str, str]]]:
    found = []
    for statement in body:
        match statement:
            case ast.ClassDef(name=name, body=inner):
                found += [(f"{outer}{name}", _fields(inner)), *_classes(inner, f"{outer}{name}.")]
            case ast.FunctionDef(name=name, body=inner):
                found += _classes(inner, f"{outer}{name}.<locals>.")
    return found


def _fields(body: list[ast.stmt]) -> dict[str, str]:
    found = {}
    for statement, below in pairwise(body):
        match statement, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = inspect.cleandoc(text)
    return found
