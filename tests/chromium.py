"""A Chromium for the tests: the machine's own, or else Debian's, unpacked into a cache and installed nowhere."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE = "chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""It is asked for nothing but files of the tests' own, and asks nobody for anything."""


def chromium() -> Path:
    """Give a browser's program; without one on PATH it takes a minute, once."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return Path(found)
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kubewire-tests" / PACKAGE
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        # Several test runs may want it at once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _unpacked(home)


def _unpacked(home: Path) -> Path:
    program = home / "chromium.sh"
    if program.exists():
        return program
    root, debs = home / "root", home / "debs"
    for folder in (root, debs, home / "lists" / "partial", home / "archives" / "partial"):
        folder.mkdir(parents=True, exist_ok=True)
    # Lists and locks of its own: that needs no rights, and leaves the machine as it is.
    own = [
        f"-oDir::State::lists={home / 'lists'}",
        f"-oDir::Cache={home}",
        "-oDebug::NoLocking=1",
        "-oAPT::Sandbox::User=",
    ]
    _run(["apt-get", *own, "update", "-qq"], home)
    wanted = ["install", "--yes", "--no-install-recommends", "--print-uris", "-qq", PACKAGE]
    said = _run(["apt-get", *own, *wanted], home)
    names = [line.split()[1].partition("_")[0] for line in said.splitlines() if line.startswith("'")]
    _run(["apt-get", *own, "download", "-qq", *names], debs)
    for deb in sorted(debs.glob("*.deb")):
        _run(["dpkg-deb", "--extract", str(deb), str(root)], home)
    libraries = sorted({str(path.parent) for path in root.rglob("*.so*")})
    script = program.with_suffix(".new")
    script.write_text(
        f"#!/bin/sh\nexport LD_LIBRARY_PATH={':'.join(libraries)}\nexport FONTCONFIG_PATH={root}/etc/fonts\n"
        f'exec {root}/usr/lib/chromium/chromium "$@"\n'
    )
    script.chmod(0o755)
    shutil.rmtree(debs)
    script.rename(program)
    return program


def _run(command: list[str], folder: Path) -> str:
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603 - apt's own
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
