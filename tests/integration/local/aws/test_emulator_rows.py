"""Every difference between moto and AWS that was found at first is covered by a case, or is left for a reason."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.integration.local.aws.case import Case, ec2
from tests.integration.local.aws.emulator_rows import ROWS, Row

# How many the probe found, and how many cases the strict cloud was to have.
PROBED = 104
WANTED = 300

IN_VPC = [{"Name": "vpc-id", "Values": ["$vpc"]}]

# What no other table has.
CASES = [
    Case(
        "pages of interfaces",
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html",
        ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId"),
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.0.0/24").keep(subnet="Subnet.SubnetId"),
        *[ec2.create_network_interface(SubnetId="$subnet") for _ in range(7)],
        ec2.describe_network_interfaces(MaxResults=5, Filters=IN_VPC)
        .answers({"length(NetworkInterfaces)": 5})
        .keep(rest="NextToken"),
        ec2.describe_network_interfaces(MaxResults=5, NextToken="$rest", Filters=IN_VPC).answers(
            {"length(NetworkInterfaces)": 2, "NextToken": None}
        ),
    ),
]


@cache
def titles() -> frozenset[str]:
    """All cases of all modules, as "module/title"."""
    found = set()
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        module = importlib.import_module(f"{__package__ or 'tests.integration.local.aws'}.{path.stem}")
        for value in vars(module).values():
            several = value if isinstance(value, list | tuple) else [value]
            found |= {f"{path.stem.removeprefix('test_')}/{one.title}" for one in several if isinstance(one, Case)}
    return frozenset(found)


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_the_rest_is_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.area}: {row.was}")
def test_the_row_is_accounted_for(row: Row) -> None:
    assert bool(row.cases) != bool(row.why_not)
    assert titles() >= set(row.cases)


def test_no_row_is_forgotten_or_there_twice() -> None:
    assert len(ROWS) == PROBED
    twice = [was for was, count in Counter(row.was for row in ROWS).items() if count > 1]
    assert not twice


def test_there_are_as_many_cases_as_were_wanted() -> None:
    assert len(titles()) >= WANTED
