"""Namespaces that Services are in and that the program doesn't make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import TypeAdapter

from kubewire import ClusterNetwork, InvalidInputError, ServiceDescription, declare_services
from kubewire.functions.get_namespaces import GetNamespaces
from kubewire.functions.kubernetes_services import OWNER
from kubewire.invoked import UnansweredError
from kubewire.services import present
from tests.unit.program import Declarations, declare, network_args

Wire = dict[str, Any]
adapter: TypeAdapter[Any] = TypeAdapter(ServiceDescription)
OURS = "shop/test/shop"


def service(namespace: str, name: str = "web") -> Any:
    ports = [{"port": 80}]
    return adapter.validate_python(
        {"type": "ClusterIP", "name": name, "namespace": namespace, "selector": {"app": name}, "ports": ports}
    )


def deployed(*there: Wire, namespaces: Sequence[str] | None = ("own",)) -> Declarations:
    """Declare a Service in a namespace of the stack's own, in one that every cluster has, and in `store`."""

    def program() -> None:
        services = [service(name) for name in ("own", "default", "store")]
        declare_services(services, ClusterNetwork(network_args()), namespaces=namespaces)

    return declare(program, {GetNamespaces.token(): {"namespaces": list(there)}})


@pytest.mark.parametrize(
    ("there", "summary", "way_out"),
    [
        ([{"name": "shop"}], "namespace store isn't there", "or create it first."),
        ([{"name": "store", "terminating": True}], "namespace store is being deleted", "or create it first."),
        (
            [{"name": "store", "owner": OURS}],
            "namespace store is this stack's, and would be deleted with its Services",
            "`kubectl annotate namespace store kubewire.dev/owner-`, too.",
        ),
    ],
    ids=["absent", "on its way out", "dropped by the stack"],
)
def test_a_namespace_that_will_not_be_there_is_refused(there: list[Wire], summary: str, way_out: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        deployed(*there)
    assert (caught.value.path, caught.value.summary) == ("services[2].namespace", summary)
    assert "`cluster:namespaces`" in caught.value.detail
    assert caught.value.detail.endswith(way_out)


@pytest.mark.parametrize("owner", [{}, {"owner": "shop/production/shop"}, {"owner": "shop/test/other"}])
def test_a_namespace_of_others_is_taken(owner: Wire) -> None:
    made = deployed({"name": "store", **owner})
    assert len(made.of("Service")) == 3
    (own,) = made.of("Namespace").values()
    assert own["metadata"]["name"] == "own"
    assert own["metadata"]["annotations"] == {OWNER: OURS}


def test_a_program_that_names_none_may_make_its_own_and_is_warned(caplog: pytest.LogCaptureFixture) -> None:
    assert len(deployed({"name": "own"}, namespaces=None).of("Service")) == 3
    assert "namespace store isn't there. Unless this program makes it" in caplog.text
    assert "namespace own" not in caplog.text


def test_a_program_that_names_none_is_kept_from_deleting_its_own() -> None:
    with pytest.raises(InvalidInputError, match="namespace store is this stack's"):
        deployed({"name": "own"}, {"name": "store", "owner": OURS}, namespaces=None)


def test_the_namespaces_of_an_earlier_call_are_the_stacks_too() -> None:
    def program() -> None:
        network = ClusterNetwork(network_args())
        declare_services([service("store", "first")], network, namespaces=["store"])
        declare_services([service("store", "second")], network, namespaces=["store", "more"])

    made = declare(program, {GetNamespaces.token(): {"namespaces": [{"name": "store", "owner": OURS}]}})
    assert set(made.of("Namespace")) == {"shop.store", "shop.more"}
    assert len(made.of("Service")) == 2


def test_who_may_not_list_namespaces_is_warned(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def forbidden(*_asked: Any) -> Any:
        raise UnansweredError("kubernetes:ListNamespace was refused")

    monkeypatch.setattr(present, "invoke", forbidden)
    assert len(deployed().of("Service")) == 3
    assert "weren't compared with the cluster's: kubernetes:ListNamespace was refused" in caplog.text
