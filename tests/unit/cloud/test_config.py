from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.cloud.aws import AwsCloud
from kubewire.cloud.config import CloudConfig, region_of_environment
from kubewire.errors import InvalidInputError, RefusedError
from kubewire.faults import faults

ROLE = "arn:aws:iam::123456789012:role/deployer"


@pytest.fixture(autouse=True)
def _no_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """An environment that says nothing of AWS."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"region": "eu-west-1"},
        {"region": "us-gov-east-1"},
        {"region": "ap-southeast-12"},
        {"endpoint": "http://127.0.0.1:5000"},
        {"assumeRole": {"roleArn": ROLE}},
        {"assumeRole": {"roleArn": "arn:aws-us-gov:iam::123456789012:role/path/deployer", "externalId": "x"}},
        {"defaultTags": {"team": "shop"}},
        {"allowedAccountIds": ["123456789012"]},
    ],
)
def test_what_is_right_is_taken(config: dict[str, Any]) -> None:
    taken = CloudConfig.model_validate(config)
    assert CloudConfig.model_validate(taken.to_wire()) == taken
    assert len(taken.model_fields_set) == len(config)


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({"region": "eu-west"}, "region"),
        ({"region": "eu-west-1a"}, "region"),
        ({"endpoint": "localhost:5000"}, "endpoint"),
        ({"endpoint": "http://"}, "endpoint"),
        ({"assumeRole": {"roleArn": "deployer"}}, "assumeRole.roleArn"),
        ({"assumeRole": {}}, "assumeRole.roleArn"),
        ({"assumeRole": {"roleArn": ROLE, "sessionName": "a b"}}, "assumeRole.sessionName"),
        ({"defaultTags": {"kubewire:stack": "x"}}, "defaultTags.kubewire:stack"),
        ({"allowedAccountIds": ["12345"]}, "allowedAccountIds[0]"),
        ({"accessKey": "AKIA"}, "accessKey"),
    ],
)
def test_what_is_wrong_is_named(config: dict[str, Any], path: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CloudConfig.model_validate(config)
    assert [fault.path for fault in faults(caught.value, config)] == [path]


class TestRegion:
    def test_is_the_configured_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        assert AwsCloud(CloudConfig(region="eu-west-1")).region() == "eu-west-1"

    @pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
    def test_or_the_environment_s(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        monkeypatch.setenv(name, "us-east-1")
        assert region_of_environment() == "us-east-1"
        assert AwsCloud(CloudConfig()).region() == "us-east-1"

    def test_or_the_profile_s(self, tmp_path: Any) -> None:
        (tmp_path / "config").write_text("[profile shop]\nregion = us-west-2\n")
        assert AwsCloud(CloudConfig(profile="shop")).region() == "us-west-2"

    def test_or_none(self) -> None:
        assert AwsCloud(CloudConfig()).region() is None


class TestMistakes:
    def test_no_region(self) -> None:
        with pytest.raises(InvalidInputError, match="region: no AWS region"):
            _ = AwsCloud(CloudConfig()).ec2

    def test_no_such_profile(self) -> None:
        with pytest.raises(InvalidInputError, match=r"profile: .*\(shop\) could not be found"):
            AwsCloud(CloudConfig(profile="shop")).region()

    def test_an_endpoint_that_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "localhost:5000")
        with pytest.raises(InvalidInputError, match="endpoint: Invalid endpoint: localhost:5000"):
            _ = AwsCloud(CloudConfig(region="eu-west-1")).ec2

    def test_no_credentials(self) -> None:
        with pytest.raises(RefusedError, match="no AWS credentials found\n  Set a profile"):
            AwsCloud(CloudConfig(region="eu-west-1")).ec2.describe_vpcs()

    def test_no_credentials_to_take_on_a_role_with(self) -> None:
        config = CloudConfig.model_validate({"region": "eu-west-1", "assumeRole": {"roleArn": ROLE}})
        with pytest.raises(RefusedError, match="no AWS credentials found"):
            _ = AwsCloud(config).ec2


def test_a_client_is_made_once() -> None:
    cloud = AwsCloud(CloudConfig(region="eu-west-1"))
    assert cloud.ec2 is cloud.ec2
