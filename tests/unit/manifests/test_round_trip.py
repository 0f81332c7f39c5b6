"""From arguments to an object of Kubernetes', and back; to Python and to YAML, and back."""

from __future__ import annotations

import enum
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kubewire
from kubewire.manifests.overrides import Overrides, ServiceOverride
from kubewire.manifests.printing.environment import environment
from kubewire.manifests.printing.layout import quoted
from kubewire.manifests.printing.python import CONSTANTS, module
from kubewire.model import Model
from kubewire.services.common import ServiceArgs
from kubewire.services.written import spec_of
from tests.unit.manifests.reading import Wire, read
from tests.unit.manifests.strategies import ADAPTER, KINDS, services

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]
CHECKOUT = Path(__file__).parents[3]
UNSAID = (
    "scheme",
    "sources",
    "load_balancer",
    "load_balancer_class",
    "targets",
    "preserve_client_ip",
    "proxy_protocol",
    "deregistration_delay_seconds",
    "health_check",
    "dns",
    "cname",
)
"""Fields that Kubernetes has no word for, or would take for another controller's."""


def manifest(args: ServiceArgs) -> Wire:
    """Write the object that the component applies."""
    metadata: Wire = {"name": args.name, "namespace": args.namespace}
    metadata |= {"labels": args.labels, "annotations": args.annotations}
    # The address of AUTO is the API server's to write.
    spec = {key: value for key, value in spec_of(args).items() if (key, value) != ("clusterIP", "Auto")}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def unsaid(args: Any) -> Overrides:
    """Say what the object doesn't."""
    fields = {name: getattr(args, name) for name in UNSAID if getattr(args, name, None) is not None}
    tls = {port.name: {"tls": port.tls} for port in getattr(args, "ports", ()) if getattr(port, "tls", None)}
    return Overrides(services={args.label: ServiceOverride(**fields, ports=tls)})


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(args=services())
def test_an_object_is_read_back_as_what_it_was_written_from(args: Any) -> None:
    found = read(manifest(args), overrides=unsaid(args))
    assert found.services == (args,)
    assert found.warnings == ()


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(listed=st.lists(services(), max_size=3), others=st.lists(services("LoadBalancer"), max_size=1))
def test_the_printed_program_says_the_same(listed: list[Any], others: list[Any]) -> None:
    names: dict[str, Any] = {}
    exec(compile(module(listed, others), "services.py", "exec"), names)  # noqa: S102 - what was printed
    assert names["SERVICES"] == tuple(listed)
    assert names.get("SERVED_BY_OTHERS", ()) == tuple(others)
    assert callable(names["declare"])


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(listed=st.lists(services(), max_size=3), others=st.lists(services("LoadBalancer"), max_size=1))
def test_the_printed_environment_says_the_same(listed: list[Any], others: list[Any]) -> None:
    text = environment(listed, others)
    config = yaml.safe_load(text)
    assert config["cluster:adopt"] == "true"
    assert [ADAPTER.validate_python(item) for item in config["cluster:services"]] == listed
    rest = yaml.safe_load("\n".join(line[4:] for line in text.splitlines() if line.startswith("#   "))) or []
    assert [ADAPTER.validate_python(item) for item in rest] == others


@settings(max_examples=4, deadline=None, suppress_health_check=SLOW)
@given(listed=st.lists(services(), min_size=4, max_size=12), others=st.lists(services("LoadBalancer"), max_size=2))
def test_the_printed_program_is_as_the_formatter_leaves_it(
    tmp_path_factory: pytest.TempPathFactory, listed: list[Any], others: list[Any]
) -> None:
    file = tmp_path_factory.mktemp("printed") / "services.py"
    file.write_text(module(listed, others))
    for verb in (
        ["format", "--check", "--diff"],
        ["check", "--select", "ANN,C4,D,E,F,I,N,Q,UP,W", "--ignore", "D203,D213,E501"],
    ):
        ran = ruff(*verb, file)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_printed_program_is_typed(tmp_path: Path) -> None:
    file = tmp_path / "services.py"
    drawn = [ADAPTER.validate_python({**item, "name": f"s{n}"}) for n, item in enumerate(PLAIN)]
    file.write_text(module(drawn))
    # In the checkout, whose own lint has looked at kubewire already: alone that takes a minute.
    ran = subprocess.run(  # noqa: S603 - the type checker
        [sys.executable, "-m", "mypy", str(file)], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout


PLAIN: list[Wire] = [
    {"type": "ClusterIP", "name": "a", "selector": "none", "clusterIP": "10.96.0.7", "ports": [{"port": 80}]},
    {"type": "NodePort", "name": "a", "selector": {"a": "b"}, "sources": ["10.0.0.0/8"], "ports": [{"port": 80}]},
    {
        "type": "LoadBalancer",
        "name": "a",
        "selector": {"a": "b"},
        "scheme": "internal",
        "sources": ["anywhere"],
        "ports": [{"port": 80}],
    },
    {"type": "ExternalName", "name": "a", "externalName": "pay.example.com", "cname": {"name": "bank"}},
]


def ruff(*arguments: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the formatter
        [sys.executable, "-m", "ruff", *map(str, arguments), "--isolated", "--no-cache"],
        capture_output=True,
        text=True,
        check=False,
    )


@given(text=st.text())
def test_a_string_is_itself_again(text: str) -> None:
    assert eval(quoted(text)) == text  # noqa: S307 - what was printed


def inside(kind: Any, seen: set[Any]) -> Iterator[type]:
    """Give every model and enum that a type can hold."""
    for part in typing.get_args(kind):
        yield from inside(part, seen)
    if not isinstance(kind, type) or kind in seen:
        return
    seen.add(kind)
    if issubclass(kind, Model):
        yield kind
        for field in kind.model_fields.values():
            yield from inside(field.annotation, seen)
    elif issubclass(kind, enum.Enum):
        yield kind


def test_everything_that_is_printed_can_be_imported_from_kubewire() -> None:
    held = list(inside(typing.get_args(kubewire.ServiceDescription)[0], set()))
    constants = {type(value) for value in CONSTANTS if len(type(value)) == 1 or type(value).__name__ == "VirtualIP"}
    named = [item for item in held if item not in constants]
    assert {item.__name__ for item in named} >= {"ClusterIPServiceArgs", "Tls", "Scheme", "DnsAlias"}
    assert [item.__name__ for item in named if getattr(kubewire, item.__name__, None) is not item] == []


def test_every_type_is_drawn() -> None:
    assert KINDS.keys() == {"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"}


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_a_line_break_of_yaml_alone_is_itself_again(sign: str) -> None:
    fields = {"type": "ExternalName", "name": "db", "externalName": "db.example.com"}
    described = ADAPTER.validate_python({**fields, "annotations": {"example.com/team": f"a{sign}b"}})
    (found,) = yaml.safe_load(environment([described]))["cluster:services"]
    assert ADAPTER.validate_python(found) == described
