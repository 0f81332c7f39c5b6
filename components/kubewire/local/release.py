"""The engine's official release, for machines that reach where it lies."""

from __future__ import annotations

import hashlib
import platform
import sys
import tarfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kubewire.local.progress import Progress, Step

_HOST = "https://github.com/pulumi/pulumi/releases/download"
_PROBE_SECONDS = 3.0
_READ_SECONDS = 30.0
_CHUNK = 1 << 20
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


class ReleaseUnavailableError(Exception):
    """The release can't be had; the engine is built instead. Never reaches the user as an error."""


@dataclass(frozen=True)
class Release:
    """One release of the engine.

    Attributes:
        version: without a `v`.
        host: where releases lie.
    """

    version: str
    host: str = _HOST

    @property
    def archive(self) -> str:
        """The name of this platform's archive."""
        machine = _MACHINES.get(platform.machine().lower(), platform.machine())
        return f"pulumi-v{self.version}-{sys.platform}-{machine}.tar.gz"

    def download(self, directory: Path, progress: Progress) -> None:
        """Put the release's programs into a directory.

        Raises:
            ReleaseUnavailableError: the host does not answer within seconds, or what it gives is not the release.
        """
        checksums = self._within_seconds(lambda: self._get(f"pulumi-{self.version}-checksums.txt"))
        sums = {words[1]: words[0] for line in checksums.splitlines() if len(words := line.split()) > 1}
        expected = sums.get(self.archive)
        if expected is None:
            raise ReleaseUnavailableError(f"there is no {self.archive}")
        with progress.step(f"Downloading Pulumi {self.version}") as step:
            archive = directory / self.archive
            if self._fetch(archive, step) != expected:
                raise ReleaseUnavailableError(f"{self.archive} is not what its checksum says")
            self._unpack(archive, directory)
            archive.unlink()

    def _within_seconds(self, ask: Callable[[], str]) -> str:
        """Ask, but don't wait long.

        In a thread, because no timeout of a client bounds the look-up of a name, which may take minutes.
        """
        answers: list[str | ReleaseUnavailableError] = []

        def run() -> None:
            try:
                answers.append(ask())
            except ReleaseUnavailableError as error:
                answers.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(_PROBE_SECONDS)
        answer = answers[0] if answers else ReleaseUnavailableError(f"no answer within {_PROBE_SECONDS:.0f} s")
        if isinstance(answer, ReleaseUnavailableError):
            raise answer
        return answer

    def _get(self, name: str) -> str:
        import httpx2  # noqa: PLC0415 - needed only where something is downloaded

        try:
            response = httpx2.get(f"{self._base}/{name}", follow_redirects=True, timeout=_PROBE_SECONDS)
            return response.raise_for_status().text
        except httpx2.HTTPError as error:
            raise ReleaseUnavailableError(str(error)) from error

    def _fetch(self, archive: Path, step: Step) -> str:
        import httpx2  # noqa: PLC0415 - as above

        digest = hashlib.sha256()
        address = f"{self._base}/{archive.name}"
        try:
            with (
                httpx2.stream("GET", address, follow_redirects=True, timeout=_READ_SECONDS) as response,
                archive.open("wb") as file,
            ):
                total = int(response.raise_for_status().headers.get("content-length", 0))
                for chunk in response.iter_bytes(_CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
                    step.says(f"{file.tell() >> 20} of {total >> 20} MB")
        except (httpx2.HTTPError, OSError) as error:
            raise ReleaseUnavailableError(str(error)) from error
        return digest.hexdigest()

    def _unpack(self, archive: Path, directory: Path) -> None:
        try:
            with tarfile.open(archive) as tar:
                for member in tar.getmembers():
                    # Everything lies in one folder `pulumi`, which is not wanted.
                    member.name = Path(member.name).name
                    if member.isfile():
                        tar.extract(member, directory, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise ReleaseUnavailableError(str(error)) from error

    @property
    def _base(self) -> str:
        return f"{self.host}/v{self.version}"
