"""What `docs/networks.md` says is so: a section for each file, files that are well formed, links that lead somewhere.

Its commands, and every file, are run by tests/e2e/test_example_networks.py.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "networks.md").read_text()
FILES = sorted((DOCS / "networks").glob("Pulumi.*.yaml"))


def test_every_network_has_a_section_and_every_section_a_network() -> None:
    titles = re.findall(r"^## \[([a-z-]+)\]\(networks/Pulumi\.([a-z-]+)\.yaml\)", PAGE, re.MULTILINE)
    assert all(title == file for title, file in titles)
    assert sorted(title for title, _ in titles) == [path.name.split(".")[1] for path in FILES]
    assert len(FILES) == 5


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)]+)\)", PAGE)
    assert links
    assert [link for link in links if not (DOCS / link).exists()] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_network_is_well_formed_and_has_services_of_several_types(path: Path) -> None:
    config: dict[str, Any] = yaml.safe_load(path.read_text())["config"]
    own = {key.removeprefix("cluster:"): value for key, value in config.items() if key.startswith("cluster:")}
    own["network"]["region"] = config["kubewire:region"]
    settings = Settings.model_validate(own)
    assert len({service.type for service in settings.services}) >= 2
    assert not settings.embedded, "it is for real AWS, too"
