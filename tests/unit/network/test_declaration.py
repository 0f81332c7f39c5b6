"""What a network says of itself to whoever reads the plan."""

from __future__ import annotations

import pytest

from kubewire.network.declaration import declaration
from tests.unit.network.strategies import Wire
from tests.unit.program import network_args

ROUTED: Wire = {"kind": "routed", "cidr": "100.64.0.0/16"}
OVERLAY: Wire = {"kind": "overlay", "cidr": "100.64.0.0/16", "encapsulation": "vxlan"}
SLOTS: Wire = {"kind": "slots", "zones": {"eu-west-1a": 1}}


class TestHairpin:
    @pytest.mark.parametrize("pods", [ROUTED, OVERLAY], ids=["routed", "overlay"])
    @pytest.mark.parametrize("told", [True, False])
    def test_is_what_is_told(self, pods: Wire, told: bool) -> None:  # noqa: FBT001 - a case
        assert declaration(network_args(pods={**pods, "hairpin": told}, nodes=SLOTS))["hairpin"] is told

    @pytest.mark.parametrize("pods", [ROUTED, OVERLAY], ids=["routed", "overlay"])
    def test_is_left_out_where_nobody_tells_it(self, pods: Wire) -> None:
        assert "hairpin" not in declaration(network_args(pods=pods, nodes=SLOTS))

    def test_is_there_with_the_amazon_cni(self) -> None:
        assert declaration(network_args(pods={"kind": "vpc"}, nodes=SLOTS))["hairpin"] is True


class TestControlPlane:
    @pytest.mark.parametrize("nodes", [{"kind": "auto-scaling-group", "group": "workers"}, {"kind": "cluster"}])
    def test_of_nodes_that_others_make_it_is_not_known_to_be_on_them(self, nodes: Wire) -> None:
        assert "controlPlane" not in declaration(network_args(pods={"kind": "vpc"}, nodes=nodes))
        told: Wire = {"kind": "ranges", "cidrs": ["10.9.0.0/28"]}
        found = declaration(network_args(pods={"kind": "vpc"}, nodes=nodes, control_plane=told))["controlPlane"]
        assert found == {"kind": "ranges", "ranges": ["10.9.0.0/28"], "webhookPorts": [8443, 9443]}

    def test_of_its_own_it_is(self) -> None:
        assert declaration(network_args())["controlPlane"] == {"kind": "nodes"}
