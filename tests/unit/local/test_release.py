from __future__ import annotations

import hashlib
import io
import socket
import tarfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kubewire.local.progress import Progress
from kubewire.local.release import Release, ReleaseUnavailableError

_VERSION = "3.259.0"


class _Host:
    """A download host on loopback: what it has by path."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        files = self.files

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = files.get(self.path)
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_arguments: object) -> None:
                """Keep the tests' output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.release = Release(_VERSION, host=f"http://127.0.0.1:{self.server.server_port}")

    def publish(self, archive: bytes, checksum: str | None = None) -> None:
        name = self.release.archive
        line = f"{checksum or hashlib.sha256(archive).hexdigest()}  {name}\n"
        self.files[f"/v{_VERSION}/{name}"] = archive
        self.files[f"/v{_VERSION}/pulumi-{_VERSION}-checksums.txt"] = f"00  other.tar.gz\n{line}".encode()


@pytest.fixture
def host() -> Iterator[_Host]:
    host = _Host()
    thread = threading.Thread(target=host.server.serve_forever, args=(0.02,))
    thread.start()
    yield host
    host.server.shutdown()
    host.server.server_close()
    thread.join()


def _archive(name: str = "pulumi/pulumi") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size, member.mode = 6, 0o755
        tar.addfile(member, io.BytesIO(b"engine"))
    return buffer.getvalue()


def test_a_release_that_is_what_its_checksum_says_is_unpacked(host: _Host, tmp_path: Path, progress: Progress) -> None:
    host.publish(_archive())
    host.release.download(tmp_path, progress)
    (program,) = tmp_path.iterdir()
    assert (program.name, program.read_bytes()) == ("pulumi", b"engine")
    assert program.stat().st_mode & 0o100


def test_an_archive_cannot_write_elsewhere(host: _Host, tmp_path: Path, progress: Progress) -> None:
    host.publish(_archive("../../outside"))
    (tmp_path / "a" / "b").mkdir(parents=True)
    host.release.download(tmp_path / "a" / "b", progress)
    assert [path.name for path in tmp_path.rglob("outside")] == ["outside"]
    assert (tmp_path / "a" / "b" / "outside").exists()


def test_a_tampered_archive_is_refused(host: _Host, tmp_path: Path, progress: Progress) -> None:
    host.publish(_archive(), checksum="0" * 64)
    with pytest.raises(ReleaseUnavailableError, match="checksum"):
        host.release.download(tmp_path, progress)


def test_what_is_no_archive_is_refused(host: _Host, tmp_path: Path, progress: Progress) -> None:
    host.publish(b"<html>sign in to the network</html>")
    with pytest.raises(ReleaseUnavailableError):
        host.release.download(tmp_path, progress)


def test_a_host_without_the_release_is_unavailable(host: _Host, tmp_path: Path, progress: Progress) -> None:
    with pytest.raises(ReleaseUnavailableError):
        host.release.download(tmp_path, progress)


def test_a_release_without_this_platform_is_unavailable(host: _Host, tmp_path: Path, progress: Progress) -> None:
    host.files[f"/v{_VERSION}/pulumi-{_VERSION}-checksums.txt"] = b"00  pulumi-v3.259.0-plan9-mips.tar.gz\n"
    with pytest.raises(ReleaseUnavailableError, match="there is no"):
        host.release.download(tmp_path, progress)


def test_a_silent_host_costs_three_seconds(tmp_path: Path, progress: Progress) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        release = Release(_VERSION, host=f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        with pytest.raises(ReleaseUnavailableError, match="no answer within 3 s"):
            release.download(tmp_path, progress)
    assert time.monotonic() - began < 5
