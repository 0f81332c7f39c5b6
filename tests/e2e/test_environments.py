"""Staging and production: previewed by the checkout's own files, with the user's own backend and passphrase."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubewire.local.cloud import Cloud
from kubewire.local.environment import without_clouds
from tests.e2e.aws import clients, inventory
from tests.e2e.projects import Project, environment_file, project

NODES = {"staging": 2, "prod": 6}
WAYS_OUT = {"staging": 1, "prod": 3}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud in which nothing of these environments' names was ever made."""
    with Cloud.up(tmp_path_factory.mktemp("empty") / "home") as cloud:
        yield cloud


@pytest.fixture(params=["staging", "prod"])
def theirs(request: pytest.FixtureRequest, empty: Cloud, tmp_path: Path) -> Project:
    backend = tmp_path / "backend"
    backend.mkdir()
    user = {
        **without_clouds(os.environ),
        "PULUMI_BACKEND_URL": backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "a secret of theirs",
    }
    return project(tmp_path / "project", "cluster", empty.environment(user), stack=request.param)


def test_preview_is_of_the_whole_environment(theirs: Project, empty: Cloud, tmp_path: Path) -> None:
    assert theirs.config == environment_file(theirs.name)["config"]
    run = theirs.preview().ok()
    assert {step.op for step in run.done} == {"create"}
    kinds = [step.kind for step in run.done]
    assert len(run.inputs("Instances", theirs.config["cluster:network"]["name"])["instances"]) == NODES[theirs.name]
    assert kinds.count("NatGateway") == WAYS_OUT[theirs.name]
    with clients(empty.environment(), theirs.region) as aws:
        assert not [thing for thing in inventory(aws) if thing.stack]
    assert (tmp_path / "backend" / ".pulumi" / "stacks" / "cluster" / f"{theirs.name}.json").is_file()
    assert not list(empty.home.state.glob(f"**/{theirs.name}.json"))


def test_secrets_are_the_user_s(theirs: Project) -> None:
    theirs.said("config", "set", "--secret", "kubernetes:token", "hush")
    assert "hush" not in theirs.file.read_text()
    assert theirs.asked("config", "get", "kubernetes:token").stdout.strip() == "hush"
    strangers = {**theirs.environment, "PULUMI_CONFIG_PASSPHRASE": "kubewire-dev"}
    stranger = Project(folder=theirs.folder, name=theirs.name, environment=strangers)
    refused = stranger.asked("config", "get", "kubernetes:token")
    assert refused.returncode != 0
    assert "incorrect passphrase" in refused.stdout + refused.stderr
