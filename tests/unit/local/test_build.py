from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.build import built
from kubewire.local.progress import Progress
from kubewire.local.tool import ENGINE, KUBERNETES

Program = Callable[[Path, str], Path]

# A Go that "builds" what it is asked for, counts its builds, and has a module to copy from.
_GO = """
case "$1" in
version) echo go version go1.99.0 linux/amd64 ;;
build) echo built >> {folder}/builds
       for word in "$@"; do case "$word" in -o=*) echo "$*" > "${{word#-o=}}" ;; esac; done ;;
list) echo {folder}/module ;;
esac
"""


@pytest.fixture
def builds(path_folder: Path, program: Program, tmp_path: Path) -> Path:
    program(path_folder / "go", _GO.format(folder=tmp_path))
    script = tmp_path / "module" / "python" / "cmd" / "pulumi-language-python-exec"
    script.parent.mkdir(parents=True)
    script.write_text("script", encoding="utf-8")
    return tmp_path / "builds"


@pytest.mark.usefixtures("cache")
def test_a_tool_is_built_once_and_found_again(builds: Path, progress: Progress) -> None:
    directory = built(KUBERNETES, progress)
    assert built(KUBERNETES, progress) == directory
    assert builds.read_text(encoding="utf-8") == "built\n"


@pytest.mark.usefixtures("cache", "builds")
def test_builds_are_read_only_and_stamped(progress: Progress) -> None:
    said = (built(KUBERNETES, progress) / "kubelab").read_text(encoding="utf-8")
    assert "-mod=readonly" in said
    assert "-X k8s.io/component-base/version.gitVersion=v1.36.3" in said


@pytest.mark.usefixtures("cache", "builds")
def test_the_engine_has_its_language_host_and_script_beside_it(progress: Progress) -> None:
    directory = built(ENGINE, progress)
    assert sorted(path.name for path in directory.iterdir()) == [
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
    ]
    assert (directory / "pulumi-language-python-exec").stat().st_mode & 0o111


def test_a_failed_build_leaves_nothing_but_its_log(
    cache: Path, path_folder: Path, program: Program, progress: Progress
) -> None:
    failing = 'case "$1" in version) echo go version go1.99.0 linux/amd64 ;; *) echo no space left; exit 2 ;; esac'
    program(path_folder / "go", failing)
    with pytest.raises(EnvironmentNotReadyError) as failure:
        built(KUBERNETES, progress)
    log = cache / "logs" / "kubernetes.log"
    assert "no space left" in failure.value.detail
    assert str(log) in failure.value.detail
    assert "no space left" in log.read_text(encoding="utf-8")
    assert [path.name for path in cache.iterdir() if path.is_dir()] == ["logs"]
