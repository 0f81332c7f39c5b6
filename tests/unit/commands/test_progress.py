"""A sign that something goes on: where somebody looks, once it takes a while."""

from __future__ import annotations

import sys
import time

import pytest

from kubewire.commands.progress import after_a_while


class Terminal:
    """A stderr that somebody looks at."""

    def __init__(self, *, looked_at: bool) -> None:
        self.written: list[str] = []
        self._looked_at = looked_at
        self.encoding = "utf-8"

    def isatty(self) -> bool:
        return self._looked_at

    def write(self, text: str) -> int:
        self.written.append(text)
        return len(text)

    def flush(self) -> None:
        """Nothing is kept back."""


@pytest.mark.parametrize(
    ("looked_at", "seconds", "shown"), [(True, 0.0, True), (True, 60.0, False), (False, 0.0, False)]
)
def test_it_is_shown_in_a_terminal_and_after_a_while(
    monkeypatch: pytest.MonkeyPatch, *, looked_at: bool, seconds: float, shown: bool
) -> None:
    terminal = Terminal(looked_at=looked_at)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with after_a_while("reading shop", seconds):
        time.sleep(0.3 if shown else 0)
    assert ("reading shop" in "".join(terminal.written)) is shown


def test_what_fails_inside_fails_outside() -> None:
    with pytest.raises(ValueError, match="no"), after_a_while("reading shop", 0):
        raise ValueError("no")
