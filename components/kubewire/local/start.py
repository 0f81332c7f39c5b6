"""How a cloud comes to run: what it takes is made, then its parts are started, afresh or where they left off."""

from __future__ import annotations

import importlib
import importlib.util
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tenacity import Retrying, retry_if_exception, stop_after_attempt

from kubewire.local.aws.launch import launch as aws
from kubewire.local.build import built
from kubewire.local.engine import choose_engine
from kubewire.local.environment import Endpoints, exports, without_clouds
from kubewire.local.home import Home, write_private
from kubewire.local.kubernetes import Cluster
from kubewire.local.parts import Launch
from kubewire.local.ports import choose_ports
from kubewire.local.progress import Progress
from kubewire.local.record import CloudRecord, ClusterSettings, Part
from kubewire.local.supervisor import PartFailedError, Supervisor
from kubewire.local.tool import KUBERNETES

_ATTEMPTS: Final = 3
_PLUGIN: Final = "kubewire.local.kubernetes_plugin"


def start(home: Home, former: CloudRecord | None, settings: ClusterSettings | None, progress: Progress) -> CloudRecord:
    """Start a cloud, or the parts of it that have died.

    Args:
        home: its directory, prepared and locked.
        former: what was recorded of it.
        settings: what its cluster is to have; None takes what there is, or the defaults.
        progress: where it is shown.

    Raises:
        EnvironmentNotReadyError: a part can't be made or started; what was started here is stopped.
    """
    engine = choose_engine(progress)
    program = built(KUBERNETES, progress) / KUBERNETES.programs[0].binary
    if former is not None and any(former.alive(part) for part in Part):
        former.require(settings)
        return _run(home, _resumed(former), program, progress)
    programs = tuple(dict.fromkeys((engine.directory, engine.language_host)))
    # Between the choice of a port and its use somebody else may take it.
    for attempt in Retrying(stop=stop_after_attempt(_ATTEMPTS), retry=retry_if_exception(_port_taken), reraise=True):
        with attempt:
            return _run_fresh(home, programs, settings or ClusterSettings(), program, progress)
    raise AssertionError("the last attempt returns or raises")


def _run_fresh(
    home: Home, programs: tuple[Path, ...], settings: ClusterSettings, program: Path, progress: Progress
) -> CloudRecord:
    """Run a cloud that remembers nothing of a former one."""
    home.forget_cloud()
    home.prepare()
    for log in home.logs.iterdir():
        log.unlink()
    ports = choose_ports(home.ports)
    write_private(home.ports, ports.model_dump_json().encode())
    record = CloudRecord(instance=_new_instance(), programs=programs, settings=settings, ports=ports)
    Cluster(home, record, program).issue_credentials()
    try:
        return _run(home, record, program, progress)
    except BaseException:
        home.forget_cloud()
        raise


def _run(home: Home, record: CloudRecord, program: Path, progress: Progress) -> CloudRecord:
    supervisor = Supervisor(home, record)
    with progress.step("Starting the embedded cloud") as step:
        _install_kubernetes_plugin(home, record)
        supervisor.start(_launches(home, record, program), step)
    return supervisor.record


def _launches(home: Home, record: CloudRecord, program: Path) -> Iterator[Launch]:
    yield aws(record)
    yield from Cluster(home, record, program).launches()


def _resumed(former: CloudRecord) -> CloudRecord:
    """The same cloud, of which a part has died. Only moto's memory dies with it; etcd's is on disk."""
    return former if former.alive(Part.AWS) else former.model_copy(update={"instance": _new_instance()})


def _new_instance() -> str:
    return secrets.token_hex(8)


def _port_taken(error: BaseException) -> bool:
    return isinstance(error, PartFailedError) and error.port_taken


def _install_kubernetes_plugin(home: Home, record: CloudRecord) -> None:
    """Let the engine find a pulumi-kubernetes plugin in this home: the official one, or its stand-in."""
    if importlib.util.find_spec(_PLUGIN) is not None:
        base = without_clouds(os.environ)
        endpoints = Endpoints(home=home, aws=record.aws_endpoint, programs=record.programs)
        importlib.import_module(_PLUGIN).install(home.root, exports(endpoints, base).applied_to(base))
