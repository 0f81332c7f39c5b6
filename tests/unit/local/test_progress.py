from __future__ import annotations

import io

import pytest

from kubewire.local import progress as module
from kubewire.local.progress import Progress
from kubewire.local.showing import show_progress


def test_a_pipe_reads_a_beginning_and_an_end(progress: Progress, said: io.StringIO) -> None:
    with progress.step("Building") as step:
        step.says("at once: nothing worth a line")
    beginning, end = said.getvalue().splitlines()
    assert beginning == "Building ..."
    assert end.startswith("Building: done (0.")


def test_a_long_step_gives_signs_of_life(
    progress: Progress, said: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUIET_SECONDS", 0.0)
    with progress.step("Building") as step:
        step.says("compiling net/http")
    assert "Building: still compiling net/http (0." in said.getvalue()


def test_a_failure_is_no_end(progress: Progress, said: io.StringIO) -> None:
    with pytest.raises(KeyboardInterrupt), progress.step("Building"):
        raise KeyboardInterrupt
    assert "Building: failed" in said.getvalue()


def test_standard_output_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    progress = show_progress()
    progress.note("a note")
    with progress.step("a step"):
        pass
    captured = capsys.readouterr()
    assert not captured.out
    assert "a note" in captured.err
