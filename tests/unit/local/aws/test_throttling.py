from __future__ import annotations

import pytest

from kubewire.local.aws.layers.throttling import EC2_CHANGES, Buckets


@pytest.mark.parametrize("running_for", [0.0, 0.1, 12.345678, 1e6 / 3])
def test_a_bucket_gives_back_what_it_says_however_long_the_clock_has_run(running_for: float) -> None:
    buckets = Buckets()
    assert all(buckets.take("CreateVpc", EC2_CHANGES, running_for) for _ in range(50))
    assert not buckets.take("CreateVpc", EC2_CHANGES, running_for)
    assert buckets.take("CreateVpc", EC2_CHANGES, running_for + 0.2)
    assert not buckets.take("CreateVpc", EC2_CHANGES, running_for + 0.2)
    assert buckets.take("CreateSubnet", EC2_CHANGES, running_for + 0.2)


def test_a_bucket_never_holds_more_than_its_size() -> None:
    buckets = Buckets()
    assert buckets.take("CreateVpc", EC2_CHANGES, 0)
    assert sum(buckets.take("CreateVpc", EC2_CHANGES, 1000) for _ in range(60)) == 50
