"""Asking a server on loopback whether it serves."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

_PATIENCE = 2.0


def answers(url: str, *, authority: Path | None = None, token: str | None = None) -> Callable[[], bool]:
    """A question to a server: does a GET of `url` succeed?

    Args:
        url: what to ask.
        authority: the certificate to trust, for https.
        token: a bearer token to show.
    """

    def ask() -> bool:
        import httpx2  # noqa: PLC0415 - needed only while something starts

        context = ssl.create_default_context(cafile=authority) if authority else False
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            # Never through a proxy of the user's: it can't reach this machine's loopback.
            response = httpx2.get(url, headers=headers, verify=context, timeout=_PATIENCE, trust_env=False)
        except httpx2.TransportError:
            return False
        return response.is_success

    return ask
