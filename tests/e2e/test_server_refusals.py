"""What kubewire's types let pass and the real API server refuses: the preview says so already."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.projects import Project, Projects


@pytest.fixture(scope="module")
def project(projects: Projects) -> Project:
    return projects.small("refused")


def refused(project: Project, name: str, **values: Any) -> str:
    """Preview with a changed Service; give the error that names it."""
    former = project.config
    config = project.config
    next(item for item in config["cluster:services"] if item["name"] == name).update(values)
    project.configure(config)
    run = project.preview()
    project.configure(former)
    assert run.code > 0
    assert "Traceback" not in run.said
    (error,) = [error for error in run.errors if f"refused/{name}" in error]
    return error


def test_label_that_is_none(project: Project) -> None:
    error = refused(project, "front", labels={"team": "front end"})
    assert "metadata.labels" in error
    assert "front end" in error


def test_selector_that_selects_nothing(project: Project) -> None:
    error = refused(project, "admin", selector={"app": "front end"})
    assert "spec.selector" in error


@pytest.mark.usefixtures("dev")
def test_node_port_that_another_stack_has(project: Project) -> None:
    error = refused(project, "admin", ports=[{"port": 80, "nodePort": 30080}])
    assert "30080" in error
    assert "already allocated" in error
