"""The engine's ear: takes what plugins want their user to know."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

messages: Any = engine_pb2
services: Any = engine_pb2_grpc


@dataclass
class Ear:
    """What was said: severity, URN, message."""

    address: str = ""
    heard: list[tuple[str, str, str]] = field(default_factory=list)

    def Log(self, request: Any, _context: grpc.ServicerContext) -> Empty:  # noqa: N802 - the protocol's name
        """Hear a message."""
        self.heard.append((messages.LogSeverity.Name(request.severity), request.urn, request.message))
        return Empty()


@contextmanager
def listening() -> Iterator[Ear]:
    """Listen for plugins."""
    ear = Ear()
    server = grpc.server(ThreadPoolExecutor(2))
    services.add_EngineServicer_to_server(_Servicer(ear), server)
    ear.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield ear
    finally:
        server.stop(None).wait()


class _Servicer(services.EngineServicer):  # type: ignore[misc]  # without stubs its base is Any
    def __init__(self, ear: Ear) -> None:
        self.Log = ear.Log
