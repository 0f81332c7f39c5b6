"""What kubewire's types let pass and the real API server would refuse: the preview says so already.

It says nothing of a node port outside the API server's range: a dry run passes one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import lightkube
import pytest
from lightkube.models.core_v1 import ServicePort, ServiceSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Service

from tests.e2e.projects import Project, Projects


@pytest.fixture(scope="module")
def project(projects: Projects) -> Project:
    return projects.small("refused")


@pytest.fixture
def theirs(kubernetes: lightkube.Client) -> Iterator[None]:
    """A Service that somebody made with kubectl."""
    spec = ServiceSpec(ports=[ServicePort(port=80)], selector={"app": "theirs"})
    kubernetes.create(Service(metadata=ObjectMeta(name="admin", namespace="default"), spec=spec))
    yield
    kubernetes.delete(Service, "admin", namespace="default")


def refused(project: Project, **values: Any) -> str:
    """Preview with a changed Service; give the one error."""
    former = project.config
    config = project.config
    next(item for item in config["cluster:services"] if item["name"] == "admin").update(values)
    project.configure(config)
    run = project.preview()
    project.configure(former)
    assert run.code > 0
    assert "Traceback" not in run.said
    (error,) = run.errors
    return error


@pytest.mark.usefixtures("dev")
def test_node_port_that_another_stack_has(project: Project) -> None:
    error = refused(project, ports=[{"port": 80, "nodePort": 30080}])
    assert "services[1].ports[0].nodePort: 30080 belongs to shop/frontend in the cluster" in error


@pytest.mark.usefixtures("theirs")
def test_service_that_somebody_else_has(project: Project) -> None:
    error = refused(project, namespace="default")
    assert 'services "admin" already exists' in error
    assert "pulumi import" in error


def test_namespace_that_is_not_there(project: Project) -> None:
    error = refused(project, namespace="store")
    assert "namespace store isn't there" in error
    assert "Add it to `cluster:namespaces`" in error
