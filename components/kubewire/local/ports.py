"""Ports on loopback: free ones, and if possible the same ones as last time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

LOOPBACK = "127.0.0.1"


class Ports(BaseModel):
    """Where each part listens, always on loopback."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    aws: int
    etcd_clients: int
    etcd_peers: int
    kubernetes: int
    controllers: int


@contextmanager
def _held(port: int) -> Iterator[int]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        # As the servers themselves do: a port whose last connections are still closing is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        yield int(listener.getsockname()[1])


def free_ports() -> Ports:
    """Five ports that nobody listens on; all held until all are known, so that they differ."""
    with ExitStack() as stack:
        return Ports(**{name: stack.enter_context(_held(0)) for name in Ports.model_fields})


def choose_ports(remembered: Path) -> Ports:
    """The ports of the last cloud if all are free, else new ones.

    A shell that was given the endpoints of yesterday's cloud then also reaches today's.
    """
    try:
        ports = Ports.model_validate_json(remembered.read_bytes())
        with ExitStack() as stack:
            for name in Ports.model_fields:
                stack.enter_context(_held(getattr(ports, name)))
    except (OSError, OverflowError, ValidationError):
        return free_ports()
    return ports
