"""The embedded cloud, strict AWS and a real API server, as functions of the provider see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import lightkube
import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.cloud.config import CloudConfig
from kubewire.local.cloud import Cloud

REGION = "eu-west-1"
KEYS = {"aws_access_key_id": "kubewire-local", "aws_secret_access_key": "kubewire-local"}
IMAGE = "ami-0d71ea30463e0ff8d"


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud.up(tmp_path_factory.mktemp("cloud") / "home") as cloud:
        yield cloud


@pytest.fixture
def looking(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsCloud]:
    """What functions call."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS["aws_access_key_id"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEYS["aws_secret_access_key"])
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    made = AwsCloud(CloudConfig(region=REGION, endpoint=cloud.aws_endpoint, kubeconfig=str(cloud.kubeconfig)))
    yield made
    # A provider's process ends with its connections open; a test's would be told of them.
    if "_client" in vars(made.nodes):
        made.nodes._client.close()  # noqa: SLF001 - nobody else closes it


def client(cloud: Cloud, service: str) -> Any:
    """A plain client of the cloud's AWS."""
    make: Any = boto3.client
    return make(service, region_name=REGION, endpoint_url=cloud.aws_endpoint, **KEYS)


@pytest.fixture(scope="session")
def ec2(cloud: Cloud) -> Any:
    return client(cloud, "ec2")


@pytest.fixture(scope="session")
def autoscaling(cloud: Cloud) -> Any:
    """Auto Scaling, which is moto's own behind the strict services: it launches into the same EC2."""
    return client(cloud, "autoscaling")


@pytest.fixture
def api(cloud: Cloud) -> Iterator[lightkube.Client]:
    """The administrator of the cluster."""
    with lightkube.Client(lightkube.KubeConfig.from_file(cloud.kubeconfig).get()) as client:
        yield client


@pytest.fixture(scope="session")
def subnet(ec2: Any) -> str:
    """A subnet for machines."""
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/20", AvailabilityZone="eu-west-1b")
    subnet_id: str = made["Subnet"]["SubnetId"]
    return subnet_id
