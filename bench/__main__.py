"""`make bench`: how long the main job takes, a network of 500 nodes, and the proof. Prints tables.

Everything happens in a home of its own; the user's embedded cloud isn't touched.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import tempfile
from pathlib import Path
from urllib.request import Request, urlopen

from bench.large_network import NODES, ZONES, large_network, machines, slots
from bench.main_job import REPEATS, cold_set_up, main_job
from bench.proof import show_proofs
from bench.report import Row, show, show_machine
from kubewire.local.cloud import Cloud

OTHERS = ("PULUMI_BACKEND_URL", "KUBEWIRE_BACKEND_URL", "PULUMI_HOME")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cold", action="store_true", help="build engine and Kubernetes anew, too")
    arguments.add_argument("--only", choices=("main", "large", "proof"), help="one of the three")
    arguments.add_argument("--nodes", type=int, default=NODES, help="of the large network")
    chosen = arguments.parse_args()
    # Started in the background, the shell has us ignore SIGINT, and the engine's plugins would not end by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    show_machine()
    if chosen.only in (None, "proof"):
        show_proofs()
    if chosen.only == "proof":
        return
    with tempfile.TemporaryDirectory(prefix="kubewire-bench-") as scratch:
        home = Path(scratch) / "home"
        environment = {name: value for name, value in os.environ.items() if name not in OTHERS}
        environment |= {"KUBEWIRE_HOME": str(home)}
        try:
            if chosen.only != "large":
                show(
                    f"The main job, best of {REPEATS} where nothing changes",
                    _main_job(environment, home, scratch, cold=chosen.cold),
                )
            if chosen.only != "main":
                title = f"{chosen.nodes} nodes in {len(ZONES)} zones, best of {REPEATS} where nothing changes"
                show(title, _large(home, Path(scratch), chosen.nodes))
        finally:
            Cloud.stop(home)
            shutil.rmtree(home, ignore_errors=True)


def _main_job(environment: dict[str, str], home: Path, scratch: str, *, cold: bool) -> list[Row]:
    if not cold:
        return main_job(environment, home)
    environment |= {"XDG_CACHE_HOME": f"{scratch}/cache", "GOCACHE": f"{scratch}/go", "GOFLAGS": "-modcacherw"}
    environment |= {"GOMODCACHE": f"{scratch}/modules"}
    return [cold_set_up(environment), *main_job(environment, home)]


def _large(home: Path, scratch: Path, nodes: int) -> list[Row]:
    with Cloud.up(home) as cloud:
        # As an account would be that such a network is meant for.
        quotas = {"routes-per-route-table": 1000, "elastic-ips-per-region": len(ZONES)}
        request = Request(f"{cloud.aws_endpoint}/kubewire-api/config", json.dumps({"quotas": quotas}).encode())  # noqa: S310 - the embedded cloud
        urlopen(request, timeout=30).close()  # noqa: S310 - as above
        rows = large_network(cloud, scratch, "slots", slots(nodes))
        return rows + large_network(cloud, scratch, "machines", machines(nodes))


if __name__ == "__main__":
    main()
