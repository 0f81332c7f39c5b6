from __future__ import annotations

from kubewire.functions.get_namespaces import GetNamespaces, GetNamespacesArgs, PresentNamespace
from kubewire.functions.kubernetes_services import KubernetesNamespace
from tests.unit.functions.account import Account


def test_namespaces_are_listed_in_order(account: Account) -> None:
    account.cluster_services.namespaces = [
        KubernetesNamespace("shop", owner="web/dev/shop"),
        KubernetesNamespace("old", terminating=True),
    ]
    assert GetNamespaces(account).run(GetNamespacesArgs()).namespaces == (
        PresentNamespace(name="old", terminating=True),
        PresentNamespace(name="shop", owner="web/dev/shop"),
    )
