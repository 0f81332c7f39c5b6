from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from ipaddress import IPv4Network
from pathlib import Path

import boto3
import httpx2
import lightkube
import psutil
import pytest
from lightkube.core.exceptions import ApiError
from lightkube.models.core_v1 import ServicePort, ServiceSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Namespace, Service

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.cloud import Cloud
from kubewire.local.record import ClusterSettings, Part


@pytest.fixture
def kubernetes(cloud: Cloud) -> Iterator[lightkube.Client]:
    with lightkube.Client(lightkube.KubeConfig.from_file(cloud.kubeconfig).get()) as client:
        yield client


def _number_of_vpcs(cloud: Cloud) -> int:
    environment = cloud.environment()
    ec2 = boto3.client(
        "ec2",
        region_name="eu-central-1",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    ec2.create_vpc(CidrBlock="10.0.0.0/16")
    vpcs = ec2.describe_vpcs()["Vpcs"]
    ec2.close()
    return len(vpcs)


def _eventually(true: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_the_api_server_is_the_version_that_is_pinned(cloud: Cloud) -> None:
    context = ssl.create_default_context(cafile=cloud.home.runtime / "certificates" / "authority.crt")
    token = (cloud.home.runtime / "tokens.csv").read_text(encoding="utf-8").split(",")[0]
    url = f"{cloud.kubernetes_endpoint}/version"
    answer = httpx2.get(url, headers={"Authorization": f"Bearer {token}"}, verify=context, trust_env=False)
    assert answer.json()["gitVersion"] == "v1.36.3"
    assert httpx2.get(url, verify=context, trust_env=False).status_code == 401, "nobody is let in without a token"


def test_a_deleted_namespace_ends_with_what_is_in_it(kubernetes: lightkube.Client) -> None:
    kubernetes.create(Namespace(metadata=ObjectMeta(name="shop")))
    spec = ServiceSpec(ports=[ServicePort(port=80)], selector={"app": "shop"})
    kubernetes.create(Service(metadata=ObjectMeta(name="front", namespace="shop"), spec=spec))
    kubernetes.delete(Namespace, "shop")

    def gone() -> bool:
        return "shop" not in {space.metadata.name for space in kubernetes.list(Namespace) if space.metadata}

    assert _eventually(gone, seconds=60)


def test_the_cluster_has_the_ranges_that_it_was_given(kubernetes: lightkube.Client) -> None:
    def service(name: str, node_port: int) -> Service:
        spec = ServiceSpec(type="NodePort", ports=[ServicePort(port=80, nodePort=node_port)])
        return kubernetes.create(Service(metadata=ObjectMeta(name=name, namespace="default"), spec=spec))

    made = service("highest", 32767)
    assert made.spec is not None
    assert made.spec.clusterIP is not None
    assert made.spec.clusterIP.startswith("10.96.")
    with pytest.raises(ApiError, match="32768"):
        service("too-high", 32768)


def test_the_aws_emulator_answers(cloud: Cloud) -> None:
    assert _number_of_vpcs(cloud) > 1


def test_the_engine_of_its_environment_uses_its_backend(cloud: Cloud) -> None:
    said = subprocess.run(
        ["pulumi", "whoami", "--verbose"],  # noqa: S607 - found by the environment's PATH, which is what is tested
        env=cloud.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert cloud.home.state.as_uri() in said.stdout


def test_up_again_changes_nothing_and_is_fast(cloud: Cloud) -> None:
    began = time.monotonic()
    again = Cloud.up(cloud.home)
    assert time.monotonic() - began < 1
    assert again.was_running
    assert again.record == cloud.record


def test_other_settings_are_refused_while_it_runs(cloud: Cloud) -> None:
    with pytest.raises(EnvironmentNotReadyError, match="other settings"):
        Cloud.up(cloud.home, settings=ClusterSettings(service_range=IPv4Network("10.97.0.0/16")))


def test_secrets_are_for_their_owner_alone(cloud: Cloud) -> None:
    assert cloud.home.root.stat().st_mode & 0o777 == 0o700
    assert cloud.kubeconfig.stat().st_mode & 0o777 == 0o600


def test_up_starts_what_died_and_down_ends_all(tmp_path: Path) -> None:
    first = Cloud.up(tmp_path / "home")
    os.kill(first.record.parts[Part.AWS].pid, signal.SIGKILL)
    assert _eventually(lambda: not first.record.alive(Part.AWS), seconds=5)
    assert Cloud.running(first.home) is None

    second = Cloud.up(first.home)
    assert second.aws_endpoint == first.aws_endpoint
    assert second.instance != first.instance, "what moto knew is lost"
    assert second.record.parts[Part.ETCD] == first.record.parts[Part.ETCD]
    assert _number_of_vpcs(second) == 2, "the default one and ours"

    (second.home.state / "stack").touch()
    second.down()
    assert not [part for part in Part if second.record.alive(part)]
    homes = [process.info["cwd"] for process in psutil.process_iter(["cwd"])]
    assert str(second.home.runtime) not in homes
    assert sorted(path.name for path in second.home.root.iterdir()) == [
        "lock",
        "logs",
        "ports.json",
        "pulumi-home",
        "state",
    ]
    assert (second.home.state / "stack").exists()
    second.down()

    third = Cloud.up(first.home)
    try:
        assert third.record.ports == first.record.ports, "shells of yesterday reach it"
        assert third.instance not in {first.instance, second.instance}
    finally:
        third.down()


def test_an_interrupted_up_leaves_nothing(tmp_path: Path) -> None:
    environment = os.environ | {"KUBEWIRE_HOME": str(tmp_path / "home")}
    command = subprocess.Popen(  # noqa: S603 - as a user runs it
        [Path(sys.executable).parent / "kubewire", "local", "up"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    record = tmp_path / "home" / "cloud.json"
    assert _eventually(lambda: record.exists() and b"kube-apiserver" in record.read_bytes(), seconds=60)
    command.send_signal(signal.SIGINT)
    command.communicate(timeout=60)
    assert command.returncode != 0
    assert not record.exists()
    assert str(tmp_path / "home" / "runtime") not in [process.info["cwd"] for process in psutil.process_iter(["cwd"])]
