"""One embedded cloud for all end-to-end tests, in a home of its own; a project of its own for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import lightkube
import pytest

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws
from tests.e2e.projects import Project, Projects, environment_file


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud.up(tmp_path_factory.mktemp("cloud") / "home") as cloud:
        yield cloud


@pytest.fixture(scope="session")
def account(cloud: Cloud) -> Iterator[Account]:
    with ExitStack() as stack:
        yield Account(cloud.environment(), stack)


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    """The region of the dev environment; modules with a project of their own have their own `aws`."""
    return account.of("eu-west-1")


@pytest.fixture(scope="session")
def kubernetes(cloud: Cloud) -> Iterator[lightkube.Client]:
    with lightkube.Client(lightkube.KubeConfig.from_file(cloud.kubeconfig).get()) as client:
        yield client


@pytest.fixture(scope="session")
def projects(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Projects:
    return Projects(cloud, tmp_path_factory)


@pytest.fixture(scope="session")
def dev(projects: Projects) -> Project:
    """The dev environment as it is in the checkout, deployed. Tests look at it and leave it as it is."""
    made = projects.make("cluster", environment_file("dev")["config"])
    made.up().ok()
    return made
