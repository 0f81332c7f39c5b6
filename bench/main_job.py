"""How long the main job takes: `make bench`. Prints a table, and the date and size of the machine it stands for.

Everything happens in a home of its own; the user's embedded cloud isn't touched.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from kubewire.local.cloud import Cloud

CHECKOUT = Path(__file__).parents[1]
KUBEWIRE = Path(sys.executable).parent / "kubewire"
REPEATS = 3


def timed(command: Sequence[str | Path], environment: Mapping[str, str]) -> float:
    """Run a command and give its seconds; one that fails ends the benchmark with what it printed."""
    words = [str(part) for part in command]
    start = time.monotonic()
    done = subprocess.run(words, cwd=CHECKOUT, env=dict(environment), check=False, capture_output=True, text=True)  # noqa: S603 - our own commands
    if done.returncode:
        sys.exit(f"{' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")
    return time.monotonic() - start


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cold", action="store_true", help="build engine and Kubernetes anew, too")
    cold = arguments.parse_args().cold
    # Started in the background, the shell has us ignore SIGINT, and the engine's plugins would not end by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    rows: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="kubewire-bench-") as scratch:
        environment = {**os.environ, "KUBEWIRE_HOME": f"{scratch}/home"}
        for name in ("PULUMI_BACKEND_URL", "KUBEWIRE_BACKEND_URL", "PULUMI_HOME"):
            environment.pop(name, None)
        if cold:
            environment |= {"XDG_CACHE_HOME": f"{scratch}/cache", "GOCACHE": f"{scratch}/go", "GOFLAGS": "-modcacherw"}
            environment |= {"GOMODCACHE": f"{scratch}/modules"}
            rows.append(
                ("cold set-up: engine, Kubernetes, cloud started", timed([KUBEWIRE, "local", "up"], environment))
            )
            timed([KUBEWIRE, "local", "down"], environment)
        try:
            rows.extend(_main_job(environment, Path(scratch) / "home"))
        finally:
            Cloud.stop(Path(scratch) / "home")
            shutil.rmtree(f"{scratch}/home", ignore_errors=True)
    _show(rows)


def _main_job(environment: dict[str, str], home: Path) -> list[tuple[str, float]]:
    # Warm: the engine's plugins are in place, nothing runs, nothing is deployed.
    timed([KUBEWIRE, "local", "up"], environment)
    timed([KUBEWIRE, "local", "down"], environment)
    rows = [("make up, warm, from nothing to deployed", timed([KUBEWIRE, "local", "deploy"], environment))]
    cloud = Cloud.running(home)
    if cloud is None:
        sys.exit("the cloud has died")
    shell = cloud.environment()
    pulumi = shutil.which("pulumi", path=shell["PATH"]) or "pulumi"
    preview = [pulumi, "preview", "--stack", "dev", "--non-interactive", "--expect-no-changes"]
    rows.append(("pulumi preview without changes", min(timed(preview, shell) for _ in range(REPEATS))))
    up = [pulumi, "up", "--yes", "--stack", "dev", "--non-interactive", "--expect-no-changes"]
    rows.append(("pulumi up without changes", min(timed(up, shell) for _ in range(REPEATS))))
    rows.append(("pulumi refresh", timed([pulumi, "refresh", "--yes", "--stack", "dev", "--non-interactive"], shell)))
    rows.append(("make down", timed([KUBEWIRE, "local", "destroy"], environment)))
    return rows


def _show(rows: list[tuple[str, float]]) -> None:
    memory = psutil.virtual_memory().total / 2**30
    today = dt.datetime.now(tz=dt.UTC).date()
    table = Table(
        title=f"{today}, {os.cpu_count()} cores, {memory:.0f} GiB, best of {REPEATS} where it changes nothing"
    )
    table.add_column("what")
    table.add_column("seconds", justify="right")
    for what, seconds in rows:
        table.add_row(what, f"{seconds:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
