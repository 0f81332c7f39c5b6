"""A proxy in front of AWS that loses an answer, or refuses a call, as a test tells it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlparse


class Middleman:
    """What becomes of the calls that go through it."""

    def __init__(self, upstream: str) -> None:
        self.upstream = urlparse(upstream).netloc
        self.url = ""
        self.seen: list[str] = []
        self.held_back = threading.Event()
        """Set when an answer is held back: the call was carried out, and nobody hears of it."""
        self.holding: str | None = None
        """The action whose answers are held back."""
        self.refusing: str | None = None
        """The action that is refused without being carried out."""
        self.closing = threading.Event()


def _handler(middleman: Middleman) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            action = body.decode().partition("Action=")[2].partition("&")[0]
            middleman.seen.append(action)
            if action == middleman.refusing:
                error = "<Error><Code>UnauthorizedOperation</Code><Message>not yours</Message></Error>"
                self._answer(403, f"<Response><Errors>{error}</Errors></Response>".encode())
                return
            connection = HTTPConnection(middleman.upstream, timeout=60)
            connection.request("POST", self.path, body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            if action == middleman.holding:
                middleman.held_back.set()
                middleman.closing.wait(120)
                return
            self._answer(answer.status, content)

        def _answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
            """Say nothing."""

    return Handler


@contextmanager
def between(upstream: str) -> Iterator[Middleman]:
    """Put a proxy in front of an endpoint."""
    middleman = Middleman(upstream)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(middleman)) as server:
        server.daemon_threads = True
        middleman.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield middleman
        finally:
            middleman.closing.set()
            server.shutdown()
            thread.join()
