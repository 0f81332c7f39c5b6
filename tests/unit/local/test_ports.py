from __future__ import annotations

import socket
from pathlib import Path

import pytest

from kubewire.local.ports import choose_ports, free_ports


def test_no_two_parts_share_a_port() -> None:
    assert len(set(free_ports().model_dump().values())) == 5


def test_the_ports_of_the_last_cloud_are_taken_again(tmp_path: Path) -> None:
    ports = free_ports()
    (tmp_path / "ports.json").write_text(ports.model_dump_json(), encoding="utf-8")
    assert choose_ports(tmp_path / "ports.json") == ports


def test_not_if_somebody_listens_on_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        ports = free_ports().model_copy(update={"kubernetes": taken})
        (tmp_path / "ports.json").write_text(ports.model_dump_json(), encoding="utf-8")
        assert taken not in choose_ports(tmp_path / "ports.json").model_dump().values()


@pytest.mark.parametrize("content", ["", "{}", '{"aws": "x"}'])
def test_a_file_that_says_nothing_is_no_obstacle(tmp_path: Path, content: str) -> None:
    (tmp_path / "ports.json").write_text(content, encoding="utf-8")
    assert len(set(choose_ports(tmp_path / "ports.json").model_dump().values())) == 5
