"""What Services' components register, which the proof compares with who gets in."""

from __future__ import annotations

from kubewire.network.cluster_network import ClusterNetwork
from kubewire.services.cluster_ip import ClusterIPService, ClusterIPServiceArgs
from kubewire.services.node_port import NodePortService, NodePortServiceArgs
from tests.unit.program import declare, network_args

SOURCES = ("10.8.0.0/16", {"group": "sg-0123456789abcdef0", "name": "bastion"})


def program() -> None:
    network = ClusterNetwork(network_args())
    NodePortService(
        NodePortServiceArgs(name="admin", selector={"app": "admin"}, ports=({"port": 80},), sources=SOURCES), network
    )
    ClusterIPService(ClusterIPServiceArgs(name="cart", selector={"app": "cart"}, ports=({"port": 80},)), network)


def test_a_component_tells_its_network_and_its_declared_sources() -> None:
    made = declare(program)
    (admin,) = made.of("NodePortService").values()
    assert admin["network"] == "shop"
    assert admin["sources"] == [
        {"kind": "cidr", "cidr": "10.8.0.0/16"},
        {"kind": "group", "name": "bastion", "id": "sg-0123456789abcdef0"},
    ]
    (cart,) = made.of("ClusterIPService").values()
    assert cart == {"network": "shop"}
