"""What a forge's API must offer, and the one caller of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from kubewire.errors import InvalidInputError, RefusedError

if TYPE_CHECKING:
    from httpx2 import Response

SECONDS = 30.0
PAGE = 100
MOST_PAGES = 100
"""Of comments: more than anybody reads."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Comment:
    """A comment that is there.

    Attributes:
        id: its number.
        author: who wrote it.
        text: what it says.
    """

    id: int
    author: str
    text: str


class Forge(Protocol):
    """Where a pull request is."""

    longest: int
    """The most characters that a comment may have."""
    run: str
    """The address of the job that runs; empty if unknown."""

    def own_name(self) -> str:
        """Give the name that comments of ours bear."""

    def comments(self) -> Iterator[Comment]:
        """Give the comments of the pull request, in order."""

    def create(self, text: str) -> None:
        """Write a new one."""

    def change(self, comment: Comment, text: str) -> None:
        """Write one anew."""


class Api:
    """Calls an API. The token goes into a header, and nowhere else.

    Args:
        address: of the API, `https://api.github.com`.
        headers: of every call.

    Raises:
        InvalidInputError: others could read the token on its way there.
    """

    def __init__(self, address: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise InvalidInputError(f"{address} is not HTTPS", detail="The token would travel in the open.")
        self._address = address.rstrip("/")
        self._headers = dict(headers)

    def pages(self, path: str) -> Iterator[Any]:
        """Give the items of a list, page by page."""
        for page in range(1, MOST_PAGES + 1):
            answer = self._call("GET", f"{path}?per_page={PAGE}&page={page}")
            yield from answer.json()
            if not re.search(r'rel="?next', answer.headers.get("link", "")):
                return

    def get(self, path: str) -> Any:
        """Read something."""
        return self._call("GET", path).json()

    def send(self, method: str, path: str, text: str) -> None:
        """Write a comment's text."""
        self._call(method, path, {"body": text})

    def _call(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Response:
        from httpx2 import HTTPError, request  # noqa: PLC0415 - `--help` needs none of it

        what = f"{method} {path.partition('?')[0]}"
        try:
            answer = request(method, f"{self._address}{path}", headers=self._headers, json=body, timeout=SECONDS)
        except HTTPError as error:
            # What the client says of it may hold the request.
            summary = f"{urlsplit(self._address).hostname} did not answer: {type(error).__name__}"
            raise RefusedError(summary, code="Unreachable", operation=what) from None
        if not answer.is_success:
            detail = "Has the token the right to write comments there?" if answer.status_code in (401, 403, 404) else ""
            summary = f"{what} was answered with {answer.status_code}"
            raise RefusedError(summary, code=str(answer.status_code), operation=what, detail=detail)
        return answer
