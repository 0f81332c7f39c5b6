from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kubewire.local.tool import ENGINE, KUBERNETES, KUBERNETES_VERSION, PULUMI_VERSION, tools_directory


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    return Path(shutil.copytree(tools_directory(), tmp_path / "tools"))


@pytest.mark.parametrize("changed", ["engine/go.sum", "language-python/go.mod"])
def test_any_input_of_any_module_changes_the_key(tools: Path, changed: str) -> None:
    before = ENGINE.key(tools)
    with (tools / changed).open("a", encoding="utf-8") as file:
        file.write("\n// changed\n")
    assert ENGINE.key(tools) != before


def test_a_new_source_file_changes_the_key_and_a_readme_does_not(tools: Path) -> None:
    before = KUBERNETES.key(tools)
    (tools / "kubelab" / "README.md").write_text("words", encoding="utf-8")
    assert KUBERNETES.key(tools) == before
    (tools / "kubelab" / "more.go").write_text("package main", encoding="utf-8")
    assert KUBERNETES.key(tools) != before


def test_the_module_of_one_tool_does_not_concern_another(tools: Path) -> None:
    before = ENGINE.key(tools)
    (tools / "kubelab" / "go.sum").write_text("", encoding="utf-8")
    assert ENGINE.key(tools) == before


def test_another_stamp_is_another_build(tools: Path) -> None:
    (program,) = KUBERNETES.programs
    other = replace(KUBERNETES, programs=(replace(program, stamps=()),))
    assert other.key(tools) != KUBERNETES.key(tools)


def test_the_same_inputs_elsewhere_have_the_same_key(tools: Path) -> None:
    assert ENGINE.key(tools) == ENGINE.key(tools_directory())


def test_the_versions_stamped_are_the_versions_pinned() -> None:
    tools = tools_directory()
    engine = (tools / "engine" / "go.mod").read_text(encoding="utf-8")
    assert f"github.com/pulumi/pulumi/pkg/v3 v{PULUMI_VERSION} " in engine
    assert f"github.com/pulumi/pulumi/sdk/v3 v{PULUMI_VERSION} " in engine
    assert f"k8s.io/kubernetes v{KUBERNETES_VERSION}\n" in (tools / "kubelab" / "go.mod").read_text(encoding="utf-8")
