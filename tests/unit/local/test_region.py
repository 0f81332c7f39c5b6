from __future__ import annotations

from pathlib import Path

import pytest

from kubewire.local.region import DEFAULT, region_of

FILE = "config:\n  kubewire:region: eu-south-1\n"


@pytest.mark.parametrize(
    ("settings", "folder"),
    [("name: cluster\n", "."), ("name: cluster\nstackConfigDir: environments\n", "environments")],
)
def test_it_is_the_dev_stacks(tmp_path: Path, settings: str, folder: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(settings)
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "Pulumi.dev.yaml").write_text(FILE)
    assert region_of(tmp_path) == "eu-south-1"


@pytest.mark.parametrize("written", [None, "", "config: []", "config:\n  kubewire:region: {secure: x}", "a: [", "\x00"])
def test_where_nothing_says_one_it_is_the_default(tmp_path: Path, written: str | None) -> None:
    if written is not None:
        (tmp_path / "Pulumi.dev.yaml").write_text(written)
    assert region_of(tmp_path) == DEFAULT
