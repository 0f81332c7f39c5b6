from __future__ import annotations

import pytest

from kubewire import Encapsulation, OverlayPods, RoutedPods, VpcPods
from kubewire.network.network_model import Keeper, Promise, kept_by


@pytest.mark.parametrize("pods", [RoutedPods(cidr="100.64.0.0/16"), VpcPods()])
def test_the_vpc_keeps_every_promise_where_it_routes_pods(pods: RoutedPods | VpcPods) -> None:
    assert set(kept_by(pods).values()) == {Keeper.VPC}
    assert kept_by(pods).keys() == set(Promise)


def test_an_overlay_keeps_those_about_pods_and_hides_them_from_the_vpc() -> None:
    kept = kept_by(OverlayPods(cidr="10.244.0.0/16", encapsulation=Encapsulation.VXLAN))
    assert kept[Promise.NODES_REACH_NODES] is Keeper.VPC
    assert kept[Promise.VPC_REACHES_PODS] is Keeper.NOBODY
    assert {kept[promise] for promise in Promise if "pod" in promise.value} >= {Keeper.OVERLAY}
    assert kept.keys() == set(Promise)
