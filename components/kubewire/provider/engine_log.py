"""What the plugin tells the user beside its answers: by a call to the engine, which keeps stderr to itself."""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar
from functools import cached_property
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

SUBJECT: ContextVar[str] = ContextVar("SUBJECT", default="")
"""The URN of the resource that this thread's request is about; the engine shows a message under it."""
PATIENCE_SECONDS = 5.0
# Protocol messages have no stubs.
messages: Any = engine_pb2


class EngineLog(logging.Handler):
    """Shows log records to the user of an engine."""

    def __init__(self, address: str) -> None:
        super().__init__(logging.WARNING)
        self._address = address

    def emit(self, record: logging.LogRecord) -> None:
        """Send a record; where no engine listens, write it to stderr."""
        severity = messages.ERROR if record.levelno >= logging.ERROR else messages.WARNING
        request = messages.LogRequest(severity=severity, message=self.format(record), urn=SUBJECT.get())
        try:
            self._stub.Log(request, timeout=PATIENCE_SECONDS)
        except grpc.RpcError:
            sys.stderr.write(f"{self.format(record)}\n")

    @cached_property
    def _stub(self) -> Any:
        # Made when there's something to say: most runs have nothing.
        return engine_pb2_grpc.EngineStub(grpc.insecure_channel(self._address))
