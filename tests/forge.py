"""The comments of GitHub and GitLab on loopback: what their APIs do with the few calls that are made."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Wire = dict[str, Any]


@dataclass
class Comments:
    """The comments of one pull request.

    Attributes:
        header: the header that calls bear, and its value.
        address: where the API is.
        rows: the comments, as the API gives them.
        calls: what was asked, method and path.
    """

    header: tuple[str, str]
    address: str = ""
    rows: list[Wire] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def add(self, author: str, text: str, **more: Any) -> Wire:
        """Write a comment as somebody."""
        person = {"login": author, "username": author}
        row = {"id": 1000 + len(self.rows), "user": person, "author": person, "body": text, **more}
        self.rows.append(row)
        return row

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Wire) -> tuple[int, Any, str]:
        """Answer a call: a status, what it says, and where the next page is."""
        last = path.rpartition("/")[2]
        if path == "/user":
            return 200, {"username": "kubewire-bot"}, ""
        if method == "GET":
            size, page = int(query["per_page"][0]), int(query["page"][0])
            more = f'<{self.address}{path}?page={page + 1}>; rel="next"' if page * size < len(self.rows) else ""
            return 200, self.rows[(page - 1) * size : page * size], more
        if method == "POST":
            return 201, self.add("github-actions[bot]" if "/issues/" in path else "kubewire-bot", body["body"]), ""
        found = next((row for row in self.rows if str(row["id"]) == last), None)
        if found is None:
            return 404, {}, ""
        found["body"] = body["body"]
        return 200, found, ""


@contextmanager
def forge(header: tuple[str, str]) -> Iterator[Comments]:
    """Serve an API that answers calls with one token alone."""
    comments = Comments(header)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            parts = urlsplit(self.path)
            comments.calls.append(f"{self.command} {parts.path}")
            status: int = 401
            answer: Any = {}
            more = ""
            if self.headers.get(comments.header[0]) == comments.header[1]:
                status, answer, more = comments.answer(self.command, parts.path, parse_qs(parts.query), body)
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            if more:
                self.send_header("Link", more)
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815 - the base class's names

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        comments.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield comments
        server.shutdown()
