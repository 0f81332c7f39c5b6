from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from kubewire import ClusterNetwork, InvalidInputError, Overrides, services_from_manifests
from tests.unit.manifests.reading import AWS, SAID, Wire, service
from tests.unit.program import Declarations, declare, network_args

SUBNETS = f"{AWS}aws-load-balancer-subnets"


def declared(folder: Path, *objects: Wire, **more: Any) -> Declarations:
    (folder / "shop.yaml").write_text(yaml.safe_dump_all(objects))

    def program() -> None:
        network = ClusterNetwork(network_args(domain="shop.internal"))
        services_from_manifests(folder, network=network, overrides=Overrides.model_validate(SAID), **more)

    return declare(program)


def test_services_are_declared_with_their_addresses_in_the_networks_zones(tmp_path: Path) -> None:
    addresses = {f"{AWS}aws-load-balancer-private-ipv4-addresses": "10.0.0.9, 10.0.32.9"}
    names = {"external-dns.kubernetes.io/hostname": "www.shop.internal"}
    found = declared(tmp_path, service("LoadBalancer", {**addresses, **names}))
    assert found.one("Service")["spec"]["type"] == "LoadBalancer"
    assert "www.shop.internal A" in str(found.of("Records"))


def test_what_is_warned_of_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_: said.append(text))
    monkeypatch.setattr(pulumi.log, "info", lambda text, *_: said.append(text))
    declared(tmp_path, service("LoadBalancer", {SUBNETS: "a,b"}), {"apiVersion": "v1", "kind": "Secret"})
    assert "1 Services; passed over: Secret 1" in said
    assert any(SUBNETS in text for text in said)


def test_what_two_services_cannot_share_is_told_by_the_line(tmp_path: Path) -> None:
    first = service("NodePort", ports=[{"port": 80, "nodePort": 30080}])
    second = {**first, "metadata": {"name": "two"}}
    with pytest.raises(InvalidInputError) as caught:
        declared(tmp_path, first, second)
    assert caught.value.path == f"{tmp_path / 'shop.yaml'}:20: default/two: spec.ports[0].nodePort"
    assert "30080 belongs to shop/web already" in caught.value.summary


def test_services_that_are_there_are_imported(tmp_path: Path) -> None:
    exported = service()
    exported["metadata"]["uid"] = "3f0d"
    exported["spec"]["clusterIP"] = "10.96.0.7"
    found = declared(tmp_path, exported, adopt=True)
    assert {item.resource_id for item in found.resources if item.resource_id} == {"shop/web"}
    assert found.one("Service")["spec"]["clusterIP"] == "10.96.0.7"
