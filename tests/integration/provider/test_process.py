"""The plugin as a process: what it says, when it ends, what it loads."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import pytest

from kubewire.resources.catalogue import RESOURCES
from tests.integration.provider.conftest import SECRETS, Start
from tests.integration.provider.engine import PLUGIN, Engine, RequestError, messages, started, urn_of

END_SECONDS = 2.0
WANTED = {"name": "shop", "cidr": "10.0.0.0/16", "tags": {}, "dnsHostnames": True, "dnsSupport": True}

ENGINE = """
import subprocess, sys, time
out = open(sys.argv[2], "w+") if sys.argv[2] else subprocess.PIPE
plugin = subprocess.Popen([sys.argv[1], "127.0.0.1:1"], stdout=out)
while not (plugin.stdout.readline() if plugin.stdout else open(sys.argv[2]).read()):
    time.sleep(0.05)
print(plugin.pid, flush=True)
time.sleep(600)
"""
"""An engine that starts a plugin and waits to be killed."""

UNUSED_UNTIL_CALLED = ("boto3", "botocore", "s3transfer", "lightkube", "moto", "cryptography", "rich", "typer")
PREVIEW = f"""
import sys
from kubewire.provider.launcher import serve
from kubewire.provider.kubewire import KubewireProvider
from kubewire.provider.protocol import Subject
provider = KubewireProvider()
provider.schema()
provider.configure(provider.check_config({{}}, {{"region": "eu-west-1"}})[0])
subject = Subject("urn:pulumi:dev::shop::kubewire:index:Vpc::main")
inputs, failures = provider.check(subject, {{}}, {{"name": "shop", "cidr": "10.0.0.0/16"}})
assert not failures
provider.create(subject, inputs, preview=True)
provider.diff(Subject(subject.urn, "vpc-1"), inputs, inputs)
print([name for name in {UNUSED_UNTIL_CALLED} if name in sys.modules])
"""


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_says_who_it_is(start: Start) -> None:
    with start() as engine:
        engine.ask("Handshake", messages.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
        from_info = engine.ask("GetPluginInfo", messages.google_dot_protobuf_dot_empty__pb2.Empty()).version
        schema = json.loads(engine.ask("GetSchema", messages.GetSchemaRequest()).schema)
    assert from_info == schema["version"] == version("kubewire")
    assert schema["resources"].keys() == {resource.token() for resource in RESOURCES}


def test_says_nothing_but_its_port(run: Callable[..., Engine]) -> None:
    engine = run()
    object_id, state = engine.create(urn_of("main"), WANTED)
    engine.read(urn_of("main"), object_id, state, WANTED)
    with pytest.raises(RequestError):
        engine.check(urn_of("main", "Moon"), {})
    engine.process.send_signal(signal.SIGINT)
    assert engine.process.communicate(timeout=30) == (b"", b"")


def test_ends_at_the_engine_s_interrupt(start: Start) -> None:
    with start() as engine:
        engine.process.send_signal(signal.SIGINT)
        assert engine.process.wait(END_SECONDS) == 0


@pytest.mark.parametrize("pipe", [True, False])
def test_ends_when_its_engine_is_killed(tmp_path: Path, environment: dict[str, str], pipe: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    file = "" if pipe else str(tmp_path / "out")
    command = [sys.executable, "-c", ENGINE, str(PLUGIN), file]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as engine:  # noqa: S603 - our own
        assert engine.stdout is not None
        plugin = int(engine.stdout.readline())
        assert is_running(plugin)
        engine.kill()
        deadline = time.monotonic() + END_SECONDS
        while is_running(plugin) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not is_running(plugin)


def test_never_tells_credentials(run: Callable[..., Engine]) -> None:
    engine = run()
    heard: list[Any] = [engine.ask("CheckConfig", messages.CheckRequest())]
    object_id, state = engine.create(urn_of("main"), WANTED)
    heard += [state, engine.read(urn_of("main"), object_id, state, WANTED)]
    heard.append(engine.diff(urn_of("main"), object_id, state, {**WANTED, "name": "x"}))
    with pytest.raises(RequestError) as caught:
        engine.check(urn_of("x", "Moon"), {})
    heard += [str(caught.value), caught.value.metadata]
    nowhere = run(endpoint="http://127.0.0.1:1")
    with pytest.raises(RequestError) as caught:
        nowhere.create(urn_of("main"), WANTED)
    heard.append(str(caught.value))
    for process in (engine.process, nowhere.process):
        process.send_signal(signal.SIGINT)
        heard += process.communicate(timeout=30)
    everything = repr(heard)
    assert "shop" in everything
    assert not [secret for secret in SECRETS if secret in everything]


def test_a_preview_without_calls_loads_no_clients(environment: dict[str, str]) -> None:
    command = [sys.executable, "-W", "error", "-c", PREVIEW]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


def test_start_up_is_measured(environment: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    before = time.monotonic()
    with started(environment) as engine:
        seconds = time.monotonic() - before
        megabytes = psutil.Process(engine.process.pid).memory_info().rss / 1e6
    with capfd.disabled():
        sys.stdout.write(f"\nplugin started in {seconds:.2f} s, with {megabytes:.0f} MB\n")
    assert engine.port
