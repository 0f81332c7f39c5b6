"""Credentials of another account than the stack's make no call but the one that tells."""

from __future__ import annotations

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.cloud.config import CloudConfig
from kubewire.errors import InvalidInputError

OURS = "123456789012"
"""The account that moto's credentials are of."""


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")


def cloud(endpoint: str, *allowed: str) -> AwsCloud:
    return AwsCloud(CloudConfig(region="eu-west-1", endpoint=endpoint, allowed_account_ids=allowed))


def test_an_allowed_account_is_used(aws: str) -> None:
    assert cloud(aws, "000000000001", OURS).ec2.describe_vpcs()["Vpcs"]


def test_another_account_is_refused_before_any_call(aws: str) -> None:
    with pytest.raises(InvalidInputError, match=f"allowedAccountIds: these credentials are of {OURS}") as caught:
        _ = cloud(aws, "000000000001").ec2
    assert "000000000001" in caught.value.detail
