from __future__ import annotations

from typing import Any

import pytest

from kubewire.deferred import UNKNOWN
from kubewire.errors import InvalidInputError, RefusedError
from kubewire.functions.base import Function
from kubewire.functions.catalogue import BY_TOKEN, FUNCTIONS
from kubewire.model import Mark, Model
from kubewire.provider.kubewire import KubewireProvider
from kubewire.provider.schema import package_schema
from tests.unit.provider.boxes import FakeClock

SCHEMA = package_schema("1.2.3")


class GetSumArgs(Model):
    """What to add."""

    first_number: int
    second_number: int = 1


class GetSumResult(Model):
    """What it came to."""

    sum_of_both: int
    remark: str | None = None


class GetSum(Function[GetSumArgs, GetSumResult]):
    """Adds."""

    Args, Result = GetSumArgs, GetSumResult

    def run(self, args: GetSumArgs) -> GetSumResult:
        if args.first_number == 13:
            raise InvalidInputError("an unlucky number", detail="Take another.", path="firstNumber")
        if args.first_number == 14:
            raise RefusedError("not today", code="Closed", operation="sum:Add")
        return GetSumResult(sum_of_both=args.first_number + args.second_number)


@pytest.fixture
def provider() -> KubewireProvider:
    return KubewireProvider({}, FakeClock(), {GetSum.token(): GetSum})


def failures(provider: KubewireProvider, args: dict[str, Any]) -> list[str]:
    result, found = provider.invoke("kubewire:index:getSum", args)
    assert result == {}
    return [str(failure) for failure in found]


def test_answers(provider: KubewireProvider) -> None:
    assert provider.invoke("kubewire:index:getSum", {"firstNumber": 2}) == ({"sumOfBoth": 3}, [])


def test_names_every_fault_of_the_arguments(provider: KubewireProvider) -> None:
    assert failures(provider, {"secondNumber": "two", "third": 3}) == [
        "firstNumber: required, but not given",
        "secondNumber: Input should be a valid integer, unable to parse string as an integer\n  Given: 'two'.",
        "third: unknown key\n  Remove it, or correct its spelling.",
    ]


def test_what_is_not_known_yet_is_refused(provider: KubewireProvider) -> None:
    assert failures(provider, {"firstNumber": UNKNOWN}) == [
        "firstNumber: must be known before the apply\n  Write the value itself here."
    ]


def test_what_is_found_wrong_is_a_failure_too(provider: KubewireProvider) -> None:
    assert failures(provider, {"firstNumber": 13}) == ["firstNumber: an unlucky number\n  Take another."]


def test_an_api_s_refusal_is_an_error(provider: KubewireProvider) -> None:
    with pytest.raises(RefusedError, match="not today"):
        provider.invoke("kubewire:index:getSum", {"firstNumber": 14})


def test_an_unknown_function_is_told_with_those_that_there_are(provider: KubewireProvider) -> None:
    with pytest.raises(InvalidInputError, match="no function kubewire:index:getMoon\n  It has kubewire:index:getSum"):
        provider.invoke("kubewire:index:getMoon", {})


def test_the_schema_knows_every_function() -> None:
    assert SCHEMA["functions"].keys() == BY_TOKEN.keys() == {function.token() for function in FUNCTIONS}
    assert "kubewire:index:getVpc" in BY_TOKEN


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_the_schema_says_what_goes_in_and_comes_out(function: Any) -> None:
    spec = SCHEMA["functions"][function.token()]
    for side, model in (("inputs", function.Args), ("outputs", function.Result)):
        aliases = {field.alias or name: field for name, field in model.model_fields.items()}
        assert spec[side]["properties"].keys() == aliases.keys()
        assert spec[side]["required"] == sorted(name for name, field in aliases.items() if field.is_required())
        assert all(part["description"] for part in spec[side]["properties"].values())
    assert spec["description"]


def objects(node: object) -> list[dict[str, Any]]:
    inner = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
    return [*([node] if isinstance(node, dict) else []), *(item for value in inner for item in objects(value))]


def test_every_reference_of_a_function_leads_somewhere() -> None:
    references = {node["$ref"] for node in objects(SCHEMA["functions"]) if "$ref" in node}
    assert references
    assert references <= {f"#/types/{name}" for name in SCHEMA["types"]}


def test_a_type_means_the_same_to_functions_and_resources() -> None:
    for function in FUNCTIONS:
        for model in (function.Args, function.Result):
            for name, definition in model.model_json_schema(by_alias=True).get("$defs", {}).items():
                written = SCHEMA["types"][f"kubewire:index:{name}"]
                assert written["description"] == definition.get("description", "")


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_a_question_replaces_nothing(function: Any) -> None:
    assert not [mark for model in (function.Args, function.Result) for mark in Mark if model.marked(mark)]
