"""Where the stand-in goes, and when the official plugin is tried."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.kubernetes_plugin import Installed, install, official
from kubewire.local.kubernetes_plugin.packing import pack


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(official, "_answers", lambda _: False)
    return tmp_path / "home"


def environment(home: Path, engine: str) -> dict[str, str]:
    """Give an environment whose engine is a script; it notes its arguments."""
    programs = home / "bin"
    programs.mkdir(parents=True, exist_ok=True)
    script = programs / "pulumi"
    script.write_text(f'#!/bin/sh\necho "$@" >> "{home}/calls"\n{engine}\n', encoding="utf-8")
    script.chmod(0o755)
    return {"PATH": f"{programs}:/usr/bin:/bin", "PULUMI_HOME": str(home / "pulumi-home")}


INSTALLS = (
    'folder="$PULUMI_HOME/plugins/resource-kubernetes-v4.34.2"; mkdir -p "$folder"; '
    'shift 5; if [ "$1" = --file ]; then tar -xzf "$2" -C "$folder"; else '
    'head -c 9999 /dev/zero > "$folder/pulumi-resource-kubernetes"; fi'
)


def calls(home: Path) -> list[str]:
    return (home / "calls").read_text(encoding="utf-8").splitlines()


def test_the_stand_in_is_installed_once(home: Path) -> None:
    surroundings = environment(home, INSTALLS)

    assert install(home, surroundings) is Installed.STAND_IN
    assert install(home, surroundings) is Installed.STAND_IN
    (call,) = calls(home)
    assert call.startswith("plugin install resource kubernetes 4.34.2 --file ")


def test_a_stand_in_of_another_python_is_replaced(home: Path) -> None:
    surroundings = environment(home, INSTALLS)
    install(home, surroundings)
    launcher = home / "pulumi-home/plugins/resource-kubernetes-v4.34.2/pulumi-resource-kubernetes"
    launcher.write_text("#!/bin/sh\n", encoding="utf-8")

    install(home, surroundings)

    assert "kubewire.local.kubernetes_plugin" in launcher.read_text(encoding="utf-8")


def test_the_official_plugin_is_preferred_and_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(official, "_answers", lambda _: True)
    surroundings = environment(home, INSTALLS)

    assert install(home, surroundings) is Installed.OFFICIAL
    assert install(home, surroundings) is Installed.OFFICIAL
    assert calls(home) == ["plugin install resource kubernetes 4.34.2"]


def test_where_the_official_plugin_cant_be_had_it_is_not_asked_for_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answers(address: str) -> bool:
        asked.append(address)
        return False

    monkeypatch.setattr(official, "_answers", answers)

    install(home, environment(home, INSTALLS))
    other = home.with_name("other")
    install(other, environment(other, INSTALLS))

    assert len(asked) == 1


def test_it_goes_into_no_other_home(home: Path) -> None:
    for elsewhere in ({}, {"PULUMI_HOME": str(home.parent / ".pulumi")}):
        with pytest.raises(EnvironmentNotReadyError, match="embedded environment only"):
            install(home, {**environment(home, INSTALLS), "PULUMI_HOME": "", **elsewhere})


def test_a_failing_engine_says_why(home: Path) -> None:
    with pytest.raises(EnvironmentNotReadyError) as error:
        install(home, environment(home, "echo no space left >&2; exit 1"))

    assert error.value.detail == "no space left"


def test_the_archive_has_one_executable(tmp_path: Path) -> None:
    pack(tmp_path / "plugin.tar.gz")

    with tarfile.open(tmp_path / "plugin.tar.gz") as archive:
        (member,) = archive.getmembers()
    assert (member.name, member.mode) == ("pulumi-resource-kubernetes", 0o755)
