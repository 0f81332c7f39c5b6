"""Whether the official plugin can be had: asked in seconds, and not again within a day where it can't."""

from __future__ import annotations

import platform
import sys
import threading
import time
from collections.abc import Mapping
from typing import Final

from kubewire.local.cache import cache_directory
from kubewire.local.kubernetes_plugin.release import PACKAGE, VERSION

_HOST: Final = f"https://github.com/pulumi/pulumi-{PACKAGE}/releases/download"
_PROBE_SECONDS: Final = 3.0
_REMEMBERED_SECONDS: Final = 24 * 3600
_MACHINES: Final = {"x86_64": "amd64", "aarch64": "arm64"}


def seems_available(environment: Mapping[str, str]) -> bool:
    """Whether it is worth trying to download it."""
    if _was_missing_lately() or environment.get("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION") == "true":
        return False
    answers: list[bool] = []
    # In a thread, because no timeout of a client bounds the look-up of a name.
    thread = threading.Thread(target=lambda: answers.append(_answers(_address())), daemon=True)
    thread.start()
    thread.join(_PROBE_SECONDS)
    return any(answers)


def remember_missing() -> None:
    """Note that it can't be had from here."""
    note = cache_directory() / _note()
    note.parent.mkdir(parents=True, exist_ok=True)
    note.touch()


def _was_missing_lately() -> bool:
    try:
        return time.time() - (cache_directory() / _note()).stat().st_mtime < _REMEMBERED_SECONDS
    except FileNotFoundError:
        return False


def _note() -> str:
    return f"no-pulumi-{PACKAGE}-{VERSION}"


def _address() -> str:
    machine = _MACHINES.get(platform.machine().lower(), platform.machine())
    return f"{_HOST}/v{VERSION}/pulumi-resource-{PACKAGE}-v{VERSION}-{sys.platform}-{machine}.tar.gz"


def _answers(address: str) -> bool:
    import httpx2  # noqa: PLC0415 - needed only where nothing is installed yet

    try:
        return httpx2.head(address, follow_redirects=True, timeout=_PROBE_SECONDS).is_success
    except httpx2.HTTPError:
        return False
