from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kubewire.local.environment import Endpoints, exports, without_clouds
from kubewire.local.home import Home


@pytest.fixture
def endpoints(tmp_path: Path) -> Endpoints:
    return Endpoints(home=Home(tmp_path), aws="http://127.0.0.1:5000", programs=(tmp_path / "engine",))


def test_the_engine_is_first_on_path_and_nothing_is_there_twice(endpoints: Endpoints) -> None:
    once = exports(endpoints, {"PATH": "/usr/bin:/bin"}).applied_to({})
    twice = exports(endpoints, once).applied_to(once)
    assert once["PATH"].split(":")[0] == str(endpoints.programs[0])
    assert once["PATH"].endswith(":/usr/bin:/bin")
    assert twice["PATH"] == once["PATH"]


def test_state_goes_to_the_home(endpoints: Endpoints, tmp_path: Path) -> None:
    assigned = exports(endpoints, {}).assigned
    assert assigned["PULUMI_BACKEND_URL"] == f"file://{tmp_path}/state?metadata=skip"
    assert assigned["PULUMI_HOME"] == f"{tmp_path}/pulumi-home"
    assert assigned["PULUMI_CONFIG_PASSPHRASE"] == "kubewire-dev"  # noqa: S105 - no secret


def test_a_backend_and_a_passphrase_of_the_users_win(endpoints: Endpoints) -> None:
    base = {"PULUMI_BACKEND_URL": "s3://theirs", "PULUMI_CONFIG_PASSPHRASE": "theirs"}
    environment = exports(endpoints, base).applied_to(base)
    assert environment["PULUMI_BACKEND_URL"] == "s3://theirs"
    assert environment["PULUMI_CONFIG_PASSPHRASE"] == "theirs"  # noqa: S105 - no secret


@pytest.mark.parametrize("name", ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])
def test_a_passphrase_by_any_means_is_the_users(endpoints: Endpoints, name: str) -> None:
    # An empty passphrase is one, an empty name of a file is none.
    value = "" if name == "PULUMI_CONFIG_PASSPHRASE" else "/their/file"
    assert "PULUMI_CONFIG_PASSPHRASE" not in exports(endpoints, {name: value}).assigned


def test_what_another_checkout_exported_is_not_the_users(endpoints: Endpoints, tmp_path: Path) -> None:
    elsewhere = Endpoints(home=Home(tmp_path / "elsewhere"), aws=endpoints.aws, programs=())
    base = exports(elsewhere, {}).applied_to({})
    assert exports(endpoints, base).assigned["PULUMI_BACKEND_URL"] == f"file://{tmp_path}/state?metadata=skip"


def test_a_backend_chosen_after_ours_was_exported_wins(endpoints: Endpoints) -> None:
    base = exports(endpoints, {}).applied_to({}) | {"PULUMI_BACKEND_URL": "s3://theirs"}
    assert exports(endpoints, base).applied_to(base)["PULUMI_BACKEND_URL"] == "s3://theirs"


def test_the_users_own_credentials_never_reach_the_emulator(endpoints: Endpoints) -> None:
    base = {"AWS_PROFILE": "prod", "AWS_SESSION_TOKEN": "real", "AWS_ACCESS_KEY_ID": "real", "HOME": "/home"}
    environment = exports(endpoints, base).applied_to(base)
    assert "real" not in environment.values()
    assert "AWS_PROFILE" not in environment
    assert environment["HOME"] == "/home"


def test_only_what_is_set_is_removed(endpoints: Endpoints) -> None:
    assert exports(endpoints, {"AWS_PROFILE": "prod"}).removed == ("AWS_PROFILE",)


def test_a_proxy_is_passed_by(endpoints: Endpoints) -> None:
    assert "NO_PROXY" not in exports(endpoints, {}).assigned
    assigned = exports(endpoints, {"https_proxy": "http://proxy", "no_proxy": "internal"}).assigned
    assert assigned["NO_PROXY"] == assigned["no_proxy"] == "internal,127.0.0.1,localhost"


def test_a_hermetic_environment_knows_no_cloud() -> None:
    base = {"AWS_REGION": "a", "PULUMI_HOME": "b", "KUBECONFIG": "c", "KUBEWIRE_HOME": "d", "PATH": "e"}
    assert without_clouds(base) == {"PATH": "e"}


def test_a_shell_is_told_the_region_and_programs_are_not(endpoints: Endpoints) -> None:
    assert exports(replace(endpoints, region="eu-south-1"), {}).assigned["AWS_REGION"] == "eu-south-1"
    assert "AWS_REGION" not in exports(endpoints, {}).assigned


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_region_of_the_users_wins(endpoints: Endpoints, name: str) -> None:
    base = {name: "us-east-2"}
    assert "AWS_REGION" not in exports(replace(endpoints, region="eu-south-1"), base).assigned
