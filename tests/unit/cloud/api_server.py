"""An API server of a cluster that answers as a test says, and the way to it."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"
Answer = tuple[int, dict[str, Any] | str]


class PatientClock:
    """Time that passes when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sleeps = 0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.sleeps += 1

    def time(self) -> float:
        return self.now


class ApiServer(ThreadingHTTPServer):
    """Answers as a test says, the last answer again and again, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), Handler)
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, str, dict[str, Any] | None]] = []


class Handler(BaseHTTPRequestHandler):
    """One request to the API server."""

    server: ApiServer

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        self.server.asked.append((self.command, self.path, body))
        status, answer = self.server.answers[min(len(self.server.asked), len(self.server.answers)) - 1]
        kind = "text/html" if isinstance(answer, str) else "application/json"
        data = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PATCH = do_DELETE = _answer  # noqa: N815 - named by http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
        """Say nothing."""


def kubeconfig(folder: Path, port: int) -> str:
    """Write the way to a server into a folder; give the file's path."""
    written = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": f"http://{LOOPBACK}:{port}"}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }
    path = folder / "kubeconfig"
    path.write_text(json.dumps(written))
    return str(path)


def refusal(code: int, reason: str, message: str = "because") -> Answer:
    """Write a refusal as the server does."""
    return code, {"kind": "Status", "apiVersion": "v1", "reason": reason, "message": message, "code": code}
