"""Our verdict on each Service of the table, and the API server's."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kubewire import InvalidInputError, ServiceDescription, check_together
from kubewire.faults import faults
from kubewire.services.written import spec_of
from tests.integration.services.rows import SELECTOR, Row, Wire
from tests.integration.services.server import Server
from tests.integration.services.specs import ROWS, ROWS_WITH_BOTH_FAMILIES
from tests.unit.program import network_args

adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
OURS = {
    "clusterIPs": "clusterIP",
    "LoadBalancerSourceRanges": "sources",
    "loadBalancerSourceRanges": "sources",
    "sessionAffinityConfig": "sessionAffinity",
    "ipFamilyPolicy": "ipFamilies",
}
"""Fields that are one here and two there: what is at fault is said of either."""


SINGLE: Wire = {"service_cidr": "10.96.0.0/16"}
DUAL: Wire = {
    **SINGLE,
    "service_cidr6": "fd00:96::/112",
    "vpc": {"kind": "new", "cidr": "10.0.0.0/16", "ipv6": True},
    "pods": {"kind": "routed", "cidr": "100.64.0.0/16"},
}
"""Networks of clusters with one family of Service addresses, and with both."""


def described(*descriptions: Wire, network: Wire = SINGLE) -> tuple[list[Any], list[InvalidInputError]]:
    """Read descriptions as a program's settings are read: the Services, or what is wrong with them."""
    try:
        services = [adapter.validate_python(item) for item in descriptions]
        check_together(services, network_args(**network))
    except ValidationError as error:
        return [], faults(error, descriptions[-1])
    except InvalidInputError as error:
        return [], list(error.parts) or [error]
    return services, []


def field(path: str) -> str:
    """The field of a Service that a path leads to, by our name for it."""
    parts = re.sub(r"^services\[\d+\]\.", "", path).removeprefix("spec.").removeprefix("metadata.")
    name = re.split(r"[.\[]", parts)[0]
    return OURS.get(name, name)


def compared(kept: Wire, given: Wire) -> Wire:
    """What the server keeps of a spec, without what it chose itself, and what only we write."""
    chosen = {"clusterIP", "clusterIPs", "healthCheckNodePort", "loadBalancerClass", "loadBalancerSourceRanges"}
    left = {key: value for key, value in kept.items() if key in given or key not in chosen}
    # An address may be written at more length.
    if left.get("clusterIP", "None") != "None":
        left["clusterIP"] = ip_address(left["clusterIP"])
    ports = [
        {key: value for key, value in port.items() if key != "nodePort" or "nodePort" in declared}
        for port, declared in zip(kept.get("ports", []), given.get("ports") or [], strict=True)
    ]
    return {**left, "ports": ports}


@pytest.mark.parametrize("name", ROWS)
def test_both_judge_alike(name: str, server: Server) -> None:
    check(ROWS[name], SINGLE, server)


@pytest.mark.parametrize("name", ROWS_WITH_BOTH_FAMILIES)
def test_both_judge_alike_with_both_families(name: str, dual_stack: Server) -> None:
    check(ROWS_WITH_BOTH_FAMILIES[name], DUAL, dual_stack)


def check(row: Row, network: Wire, server: Server) -> None:
    services, wrong = described(row.ours, network=network)
    verdict = server.judge(row.metadata, row.spec)
    if row.stricter:
        assert verdict.kept is not None, f"no stricter than the server: {verdict.message}"
        assert wrong, "taken, against what the row says"
        return
    assert (verdict.kept is None) == bool(wrong), f"server: {verdict.message or 'taken'}; here: {wrong or 'taken'}"
    if verdict.kept is None:
        check_blame(verdict.fields, wrong)
    else:
        check_written(row, spec_of(services[0]), verdict.kept, server)


def check_blame(fields: frozenset[str], wrong: list[InvalidInputError]) -> None:
    """Both must find the same fields at fault. The server names them where it checks, not where it fails."""
    ours = {field(fault.path) for fault in wrong}
    theirs = {field(path) for path in fields}
    assert not theirs or ours & theirs, f"server: {sorted(fields)}; here: {[fault.path for fault in wrong]}"


def check_written(row: Row, spec: Wire, kept: Wire, server: Server) -> None:
    """What we write of a description must be the same Service to the server as the row's own spec."""
    written = server.judge({"name": "written"}, spec)
    assert written.kept is not None, written.message
    assert compared(written.kept, row.spec) == compared(kept, row.spec)


def web(kind: str, name: str, number: int, **more: Any) -> Wire:
    own: Wire = {"NodePort": {"sources": ["10.8.0.0/16"]}}.get(kind, {})
    return {"type": kind, "name": name, "selector": SELECTOR, "ports": [{"port": number, **more}], **own}


TOGETHER: dict[str, tuple[Wire, Wire]] = {
    "node ports of their own": (web("NodePort", "a", 80, nodePort=30080), web("NodePort", "b", 80, nodePort=30081)),
    "one node port": (web("NodePort", "a", 80, nodePort=30080), web("NodePort", "b", 81, nodePort=30080)),
    "one node port for two protocols": (
        web("NodePort", "a", 80, nodePort=30080),
        web("NodePort", "b", 80, nodePort=30080, protocol="UDP"),
    ),
    "one health check port and node port": (
        {
            **web("LoadBalancer", "a", 80),
            "externalTrafficPolicy": "Local",
            "healthCheckNodePort": 30090,
            "scheme": "internal",
            "sources": ["10.8.0.0/16"],
        },
        web("NodePort", "b", 80, nodePort=30090),
    ),
    "addresses of their own": (
        {**web("ClusterIP", "a", 80), "clusterIP": "10.96.200.1"},
        {**web("ClusterIP", "b", 80), "clusterIP": "10.96.200.2"},
    ),
    "one address": (
        {**web("ClusterIP", "a", 80), "clusterIP": "10.96.200.1"},
        {**web("ClusterIP", "b", 80), "clusterIP": "10.96.200.1"},
    ),
    "two headless": (
        {**web("ClusterIP", "a", 80), "clusterIP": "None"},
        {**web("ClusterIP", "b", 80), "clusterIP": "None"},
    ),
}


@pytest.mark.parametrize("name", TOGETHER)
def test_both_judge_two_services_alike(name: str, server: Server) -> None:
    _, wrong = described(*TOGETHER[name])
    first, second = (spec_of(adapter.validate_python(item)) for item in TOGETHER[name])
    verdict = server.judge({"name": "second"}, second, first)
    assert (verdict.kept is None) == bool(wrong), f"server: {verdict.message or 'taken'}; here: {wrong or 'taken'}"
    check_blame(verdict.fields, wrong)
