from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from moto.core.model import StructureShape
from moto.core.utils import get_service_model

from kubewire.local import aws
from kubewire.local.aws import rules
from kubewire.local.aws.durations import DURATIONS
from kubewire.local.aws.quotas import QUOTAS

MOST_LINES = 400


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    rules.load()


@cache
def members(service: str) -> set[str]:
    """All names that a service's structures have: an id may stand anywhere in a call."""
    model = get_service_model(service)
    shapes = [model.shape_for(name) for name in model.shape_names]
    return {name for shape in shapes if isinstance(shape, StructureShape) for name in shape.members}


def test_every_rule_is_for_an_operation_that_aws_has() -> None:
    unknown = {
        (service, operation)
        for service, operation in rules.operations()
        if operation not in get_service_model(service).operation_names
    }
    assert ("ec2", "CreateSubnet") in rules.operations()
    assert not unknown


def test_every_id_that_is_looked_for_is_a_parameter_that_aws_has() -> None:
    assert ("ec2", "VpcId") in rules.parameters()
    assert not {(service, name) for service, name in rules.parameters() if name not in members(service)}


def test_every_number_names_its_page() -> None:
    pages = [quota.page for quota in QUOTAS.values()] + [duration.page for duration in DURATIONS.values()]
    assert len(pages) >= 4
    assert all(page.startswith("https://docs.aws.amazon.com/") for page in pages)


def test_no_two_rules_answer_one_operation() -> None:
    with pytest.raises(ValueError, match="two rules answer ListHostedZones"):
        rules.answers("route53", "ListHostedZones")(lambda call, proceed: proceed(call))


def test_files_stay_small() -> None:
    lengths = {
        file.name: len(file.read_text(encoding="utf-8").splitlines())
        for folder in aws.__path__
        for file in Path(folder).rglob("*.py")
    }
    assert sorted(lengths.values())[len(lengths) // 2] < 150
    assert {name for name, length in lengths.items() if length > MOST_LINES} == set()
