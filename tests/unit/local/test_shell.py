from __future__ import annotations

import shutil
import subprocess

import pytest

from kubewire.local.environment import Exports
from kubewire.local.shell import Shell, script

_NASTY = ["plain", "with space", "quo'te", 'dou"ble', "back\\slash", "$HOME `id` $(id) ;&|", "line\nbreak", ""]


def _evaluated(shell: Shell, commands: str, **environment: str) -> str:
    said = subprocess.run(  # noqa: S603 - a shell is what is tested
        [str(shutil.which(shell)), "-c", commands], capture_output=True, text=True, check=True, env=environment
    )
    return said.stdout


@pytest.mark.parametrize("value", _NASTY)
@pytest.mark.parametrize("shell", [shell for shell in Shell if shutil.which(shell)])
def test_a_value_arrives_as_it_was(shell: Shell, value: str) -> None:
    commands = script(Exports(assigned={"VALUE": value}, removed=()), shell)
    assert _evaluated(shell, f'{commands}\nprintf %s "$VALUE"') == value


def test_a_removed_variable_is_gone() -> None:
    commands = script(Exports(assigned={}, removed=("AWS_PROFILE",)), Shell.SH)
    assert _evaluated(Shell.SH, f'{commands}\nprintf %s "${{AWS_PROFILE-gone}}"', AWS_PROFILE="prod") == "gone"


def test_fish_is_told_in_its_own_words() -> None:
    changes = Exports(assigned={"PATH": "/a b:/c", "NAME": "it's \\"}, removed=("GONE",))
    assert script(changes, Shell.FISH).splitlines() == [
        "set -e GONE",
        "set -gx PATH (string split : '/a b:/c')",
        "set -gx NAME 'it\\'s \\\\'",
    ]
