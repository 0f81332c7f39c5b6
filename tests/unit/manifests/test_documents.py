from __future__ import annotations

import time
from typing import Any

import pytest

from kubewire import InvalidInputError
from kubewire.manifests.documents import documents

FILE = "shop.yaml"


def values(text: str) -> list[Any]:
    return [document.value for document in documents(text, FILE)]


def refusal(text: str) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as caught:
        values(text)
    return caught.value


def test_documents_that_say_nothing_are_left_out() -> None:
    found = list(documents("# Source: a.yaml\n---\n---\n# nothing\n---\na: 1\n---\nnull\n--- {b: 2}\n...\n", FILE))
    assert [(document.number, document.value) for document in found] == [(3, {"a": 1}), (5, {"b": 2})]


def test_json_is_yaml() -> None:
    assert values('{"kind": "List", "items": [{"a": true}]}') == [{"kind": "List", "items": [{"a": True}]}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", True),
        ("no", False),
        ('"on"', "on"),
        ("8080", 8080),
        ('"8080"', "8080"),
        ("0x1f90", 8080),
        ("1:30", "1:30"),
        ("2026-03-02", "2026-03-02"),
        ("2026-03-02T09:14:07Z", "2026-03-02T09:14:07Z"),
        ("=", "="),
        ("~", None),
        ("1.5", 1.5),
    ],
)
def test_plain_values_are_what_kubernetes_takes_them_for(text: str, value: Any) -> None:
    (found,) = values(f"a: {text}")
    assert found == {"a": value}
    assert type(found["a"]) is type(value)


def test_merged_keys_are_there_and_own_ones_go_before_them() -> None:
    text = "a: &x {b: 1, c: 2}\nd: &y {c: 3, e: 4}\nf: {<<: [*x, *y], b: 0}\ng: {b: 5, <<: *x}"
    assert values(text)[0]["f"] == {"b": 0, "c": 2, "e": 4}
    assert values(text)[0]["g"] == {"b": 5, "c": 2}


def test_places_are_lines() -> None:
    (found,) = documents("---\n---\nkind: List\nitems:\n- a:\n    b: [1,\n       2]\n", FILE)
    assert found.place() == "shop.yaml:3"
    assert found.place(("items", 0, "a", "b", 1)) == "shop.yaml:7"
    item = found.item("items", 0)
    assert item.value == {"a": {"b": [1, 2]}}
    assert item.place(("a", "b")) == "shop.yaml:6"
    assert item.place(("a", "no", "such")) == "shop.yaml:5"


@pytest.mark.parametrize(
    ("text", "path", "summary"),
    [
        ("a: 1\nb: 2\na: 3", "shop.yaml:3", "the key a is there twice"),
        ("a: [", "shop.yaml:2", "this is no YAML"),
        ("a: b: c", "shop.yaml:1", "this is no YAML"),
        ("? [1]\n: 2", "shop.yaml:1", "a key that is no text"),
        ("a: !!binary aGk=", "shop.yaml:1", "a value of tag"),
        ("a: !own 1", "shop.yaml:1", "'1' can't be read"),
        ("a: \x07", "shop.yaml", "this is no YAML"),
        ("a: &x [*x]", "shop.yaml:1", "an alias that grows without end"),
        ("a: &x\n  <<: *x\n  b: 1", "shop.yaml:1", "an alias that grows without end"),
        (f"a: {'[' * 3000}{']' * 3000}", "shop.yaml", "values in values without end"),
        ("a: {<<: 1}", "shop.yaml:1", "only mappings can be merged"),
        ("a: *nobody", "shop.yaml:1", "this is no YAML"),
    ],
)
def test_what_is_no_yaml_is_told_by_its_line(text: str, path: str, summary: str) -> None:
    error = refusal(text)
    assert error.path == path
    assert summary in error.summary


def test_a_template_is_told_from_what_it_renders_to() -> None:
    assert "helm template" in refusal("kind: Service\nmetadata:\n  {{- include `x` . }}\n name: x").detail
    assert "helm template" not in refusal("a: [").detail


def test_a_few_lines_of_aliases_fill_no_memory() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    began = time.monotonic()
    assert "grows without end" in refusal(bomb).summary
    assert time.monotonic() - began < 60


def test_a_template_that_is_yaml_by_chance_is_said_to_be_one() -> None:
    found = refusal("metadata:\n  name: {{ .Release.Name }}\n")
    assert (found.path, found.summary) == ("shop.yaml:2", "a key that is no text")
    assert "helm template" in found.detail
