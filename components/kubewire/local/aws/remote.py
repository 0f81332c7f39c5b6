"""Asking a running embedded AWS for something: `POST /kubewire-api/…`, from outside its process."""

from __future__ import annotations

from typing import Any

from kubewire.errors import EnvironmentNotReadyError

_PATIENCE = 10.0


def configure(endpoint: str, **settings: Any) -> None:
    """Change settings of the AWS that answers there; see Settings for which there are.

    Raises:
        EnvironmentNotReadyError: it doesn't take them, or nothing answers.
    """
    import httpx2  # noqa: PLC0415 - `--help` needs none of it

    try:
        # Never through a proxy of the user's: it can't reach this machine's loopback.
        answer = httpx2.post(f"{endpoint}/kubewire-api/config", json=settings, timeout=_PATIENCE, trust_env=False)
    except httpx2.TransportError as error:
        raise EnvironmentNotReadyError("the embedded AWS does not answer", detail=str(error)) from error
    if not answer.is_success:
        raise EnvironmentNotReadyError("the embedded AWS refuses these settings", detail=answer.text)
