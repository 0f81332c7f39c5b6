"""What is written below fields."""

from __future__ import annotations

from kubewire.docstrings import field_docstrings
from kubewire.model import Model


class Outer(Model):
    """One."""

    plain: int
    told: int = 0
    """Its own."""

    class Inner(Model):
        """Within."""

        told: str
        """Another's.

        Two paragraphs.
        """


class Later(Outer):
    """One that inherits."""

    more: int = 0
    """The heir's."""


def test_fields_have_what_stands_below_them() -> None:
    """Not more, and none where nothing stands."""
    assert field_docstrings(Outer) == {"told": "Its own."}
    assert field_docstrings(Outer.Inner) == {"told": "Another's.\n\nTwo paragraphs."}


def test_heirs_have_those_of_their_bases_too() -> None:
    """As they have the fields."""
    assert field_docstrings(Later) == {"told": "Its own.", "more": "The heir's."}


def test_a_class_in_a_function_is_found() -> None:
    """By its qualified name."""

    class Local(Model):
        """There."""

        one: int = 0
        """Here."""

    assert field_docstrings(Local) == {"one": "Here."}


def test_a_class_without_a_source_has_none() -> None:
    """As of an interactive session."""
    assert field_docstrings(type("Made", (Model,), {"__module__": "nowhere"})) == {}


def test_a_json_schema_describes_fields_under_their_wire_names() -> None:
    """Those of a model, and those of one within."""

    class Holder(Model):
        """Has one."""

        inner_one: Outer.Inner
        """What it has."""

    schema = Holder.model_json_schema(by_alias=True)
    assert schema["properties"]["innerOne"]["description"] == "What it has."
    assert schema["$defs"]["Inner"]["properties"]["told"]["description"].startswith("Another's.")


def test_a_json_schema_may_have_the_names_of_python() -> None:
    """The same words under them."""

    class Plain(Model):
        """Has one."""

        some_one: int
        """A number."""

    assert Plain.model_json_schema(by_alias=False)["properties"]["some_one"]["description"] == "A number."
