from __future__ import annotations

from pathlib import Path

import pytest

from kubewire import InvalidInputError, Overrides, read_manifests
from tests.unit.manifests.reading import FIXTURES, mistakes, read, service


def test_what_is_no_service_is_passed_over_and_counted() -> None:
    found = read(
        {"apiVersion": "apps/v1", "kind": "Deployment"},
        service(),
        {"apiVersion": "apps/v1", "kind": "Deployment"},
        {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "web"}},
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
    )
    assert found.others == {"Deployment": 2, "Service": 1}
    assert found.namespaces == ("shop",)
    assert found.said() == "1 Services; Namespaces: shop; passed over: Deployment 2, Service 1"


def test_lists_are_opened() -> None:
    other = service()
    other["metadata"]["name"] = "db"
    plain = {key: value for key, value in service().items() if key not in ("kind", "apiVersion")}
    listed = {"apiVersion": "v1", "kind": "List", "items": [other, {"apiVersion": "v1", "kind": "Secret"}]}
    typed = {"apiVersion": "v1", "kind": "ServiceList", "items": [plain]}
    found = read(listed, typed)
    assert [item.label for item in found.services] == ["shop/db", "shop/web"]
    assert found.others == {"Secret": 1}


def test_a_document_that_is_no_object_is_a_mistake() -> None:
    first, second = mistakes("a: 1\n---\n- 2\n")
    assert (first.path, second.path) == ("shop.yaml:1", "shop.yaml:3")
    assert "no object of Kubernetes'" in first.summary


def test_what_manifests_are_built_from_is_a_mistake() -> None:
    (fault,) = mistakes({"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"})
    assert "kustomize build" in fault.detail


def test_two_of_one_name_are_told_by_both_places() -> None:
    (fault,) = mistakes(service(), service())
    assert fault.path.startswith("shop.yaml:14: shop/web")
    assert "shop.yaml:2 too" in fault.detail


def test_a_folder_is_its_files(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.json", "notes.txt"):
        (tmp_path / name).write_text('{"kind": "Secret"}' if name != "notes.txt" else "{{")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "c.yaml").write_text("{{")
    assert read_manifests(tmp_path).others == {"Secret": 2}


def test_a_folder_without_manifests_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no manifest in this folder"):
        read_manifests(tmp_path)


def test_every_file_is_read_whatever_is_wrong_with_another(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\x00\x00\xff")
    with pytest.raises(InvalidInputError) as caught:
        read_manifests(tmp_path, tmp_path / "none.yaml")
    assert len(caught.value.parts) == 3
    assert "3 mistakes in the manifests" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "services", "types"),
    [
        ("online-boutique.yaml", 12, {"ClusterIP": 11, "LoadBalancer": 1}),
        ("sock-shop.yaml", 14, {"ClusterIP": 13, "NodePort": 1}),
        ("voting-app.yaml", 4, {"ClusterIP": 2, "NodePort": 2}),
        ("bookinfo-exported.yaml", 2, {"ClusterIP": 1, "NodePort": 1}),
    ],
)
def test_published_applications_are_read(name: str, services: int, types: dict[str, int]) -> None:
    said = Overrides(scheme="internal", sources=["10.8.0.0/16"], node_port_sources=["10.8.0.0/16"])
    found = read_manifests(FIXTURES / name, overrides=said)
    kinds = [item.type for item in found.services]
    assert len(kinds) == services
    assert {kind: kinds.count(kind) for kind in kinds} == types
    assert found.warnings == ()


def test_of_a_published_load_balancer_somebody_must_say_who_reaches_it() -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_manifests(FIXTURES / "online-boutique.yaml")
    scheme, sources = caught.value.parts
    assert "who reaches the load balancer" in scheme.summary
    assert 'overrides.services["default/frontend-external"]' in scheme.detail
    assert "who may connect" in sources.summary
