from __future__ import annotations

from collections import Counter

from kubewire.forecast.planned import Planned


def test_it_adds_up_what_is_asked_for() -> None:
    planned = Planned()
    planned.note("a", Counter({"ec2:CreateRoute": 3}))
    planned.note("b", Counter({"ec2:CreateRoute": 1, "ec2:CreateTags": 1}))
    planned.note("other", Counter({"ec2:CreateVpc": 1}))
    assert planned.of(["a", "b", "unchanged"]) == {"ec2:CreateRoute": 4, "ec2:CreateTags": 1}


def test_a_resource_that_is_previewed_again_counts_once() -> None:
    planned = Planned()
    planned.note("a", Counter({"ec2:CreateRoute": 3}))
    planned.note("a", Counter({"ec2:CreateRoute": 2}))
    assert planned.of(["a"]) == {"ec2:CreateRoute": 2}
