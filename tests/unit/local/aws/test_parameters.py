from __future__ import annotations

import re

import pytest
from moto.core.utils import get_service_model

from kubewire.local.aws.layers.parameters import compiled


def patterns(service: str) -> set[str]:
    model = get_service_model(service)
    shapes = (model.shape_for(name) for name in model.shape_names)
    return {shape.metadata["pattern"] for shape in shapes if "pattern" in shape.metadata}


@pytest.mark.parametrize("service", ["elbv2", "route53"])
def test_every_pattern_of_the_models_can_be_read(service: str) -> None:
    found = patterns(service)
    assert found
    assert all(isinstance(compiled(pattern), re.Pattern) for pattern in found)


@pytest.mark.parametrize(("value", "fits"), [("Größe 7:/=+-@", True), ("tab\there", True), ("semicolon;", False)])
def test_a_tag_may_have_letters_of_any_script(value: str, *, fits: bool) -> None:
    assert (compiled(r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$").fullmatch(value) is not None) == fits
