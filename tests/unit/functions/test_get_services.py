from __future__ import annotations

from kubewire.functions.get_services import GetServices, GetServicesArgs, PresentService
from kubewire.functions.kubernetes_services import KubernetesService
from tests.unit.functions.account import Account


def test_services_with_something_to_share_are_listed_in_order(account: Account) -> None:
    account.cluster_services.services = [
        KubernetesService("shop", "web", (30080, 30443), ("10.96.0.9", "fd00::9")),
        KubernetesService("shop", "headless", (), ()),
        KubernetesService("admin", "db", (), ("10.96.0.8",)),
    ]
    found = GetServices(account).run(GetServicesArgs()).services
    assert found == (
        PresentService(namespace="admin", name="db", node_ports=(), addresses=("10.96.0.8",)),
        PresentService(namespace="shop", name="web", node_ports=(30080, 30443), addresses=("10.96.0.9", "fd00::9")),
    )
    assert [item.label for item in found] == ["admin/db", "shop/web"]
