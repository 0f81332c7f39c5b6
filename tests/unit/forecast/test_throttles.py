from __future__ import annotations

import pytest

from kubewire.forecast.throttles import EC2_NAMED, Bucket, bucket_of
from kubewire.local.aws.layers import throttling


@pytest.mark.parametrize(("calls", "seconds"), [(0, 0), (50, 0), (51, 0.2), (3500, 690)])
def test_the_burst_is_free_and_the_rest_waits_for_tokens(calls: int, seconds: float) -> None:
    assert Bucket(50, 5).least_seconds(calls) == pytest.approx(seconds)


def test_each_of_ec2s_actions_has_a_bucket_of_its_own() -> None:
    assert bucket_of("ec2:CreateRoute") == ("ec2:CreateRoute", Bucket(50, 5))
    assert bucket_of("ec2:CreateNatGateway") == ("ec2:CreateNatGateway", Bucket(10, 1))


def test_route53s_share_one_but_for_new_zones() -> None:
    shared = {bucket_of(f"route53:{action}") for action in ("ChangeResourceRecordSets", "ChangeTagsForResource")}
    assert shared == {("route53", Bucket(50, 10))}
    assert bucket_of("route53:CreateHostedZone") == ("route53:CreateHostedZone", Bucket(40, 2))


def test_nothing_is_guessed_of_load_balancers() -> None:
    assert bucket_of("elbv2:CreateLoadBalancer") is None


def test_the_embedded_aws_throttles_by_the_same_figures() -> None:
    assert {name: (rate.burst, rate.refill) for name, rate in throttling.EC2_NAMED.items()} == {
        name: (bucket.burst, bucket.refill) for name, bucket in EC2_NAMED.items() if name in throttling.EC2_NAMED
    }
