"""Mistakes in pods and nodes."""

from __future__ import annotations

import pytest

from tests.unit.infra.mistakes import Mistake, both, check, inside, network, node, without

NODES = ("cluster:network", "nodes", "machines")

MISTAKES: dict[str, Mistake] = {
    "pods of no kind": (
        without("cluster:network", "pods", "kind"),
        "network.pods.kind",
        "Write routed, vpc or overlay",
    ),
    "unknown kind of pods": (inside("pods", kind="calico"), "network.pods.kind", "Write routed, vpc or overlay"),
    "no pods": (without("cluster:network", "pods"), "network.pods", "required"),
    "routed pods without a range": (without("cluster:network", "pods", "cidr"), "network.pods.cidr", "required"),
    "pods of all nodes less than one's": (
        inside("pods", cidr="100.64.0.0/25"),
        "network.pods.nodePrefix",
        "no part of size /24",
    ),
    "a node's pods smaller than any": (
        inside("pods", nodePrefix=29),
        "network.pods.nodePrefix",
        "less than or equal to 28",
    ),
    "IPv6 pods of a node more than all": (
        inside("pods", cidr6="fd00::/96"),
        "network.pods.nodePrefix6",
        "no parts of size /80",
    ),
    "IPv6 parts that Kubernetes doesn't give out": (
        inside("pods", cidr6="fd00::/56"),
        "network.pods.nodePrefix6",
        "Kubernetes takes /56 to /72",
    ),
    "an overlay without an encapsulation": (
        network(pods={"kind": "overlay", "cidr": "100.64.0.0/16"}),
        "network.pods.encapsulation",
        "required",
    ),
    "unknown encapsulation": (
        network(pods={"kind": "overlay", "cidr": "100.64.0.0/16", "encapsulation": "gre"}),
        "network.pods.encapsulation",
        "'vxlan'",
    ),
    "an overlay's range over the VPC": (
        both(
            network(pods={"kind": "overlay", "cidr": "10.0.0.0/16", "encapsulation": "vxlan"}),
            network(nodes={"kind": "declared"}),
        ),
        "network.pods.cidr",
        "overlaps vpc.cidr",
    ),
    "a key of routed pods with an overlay": (
        both(
            network(nodes={"kind": "declared"}),
            network(pods={"kind": "overlay", "cidr": "100.64.0.0/16", "encapsulation": "vxlan", "nodePrefix": 24}),
        ),
        "network.pods.nodePrefix",
        "unknown key",
    ),
    "a type of VPC pods' nodes that is none": (
        both(network(nodes={"kind": "declared"}), network(pods={"kind": "vpc", "instanceTypes": ["large"]})),
        "network.pods.instanceTypes[0]",
        "pattern",
    ),
    "nodes of no kind": (
        network(nodes={"machines": []}),
        "network.nodes.kind",
        "Write declared, slots, cluster or auto-scaling-group",
    ),
    "unknown kind of nodes": (network(nodes={"kind": "asg"}), "network.nodes.kind", "auto-scaling-group"),
    "nodes are a list": (network(nodes=[]), "network.nodes", "dictionary"),
    "node in a zone apart": (node(0, zone="eu-west-1d"), "network.nodes.machines[0].zone", "no zone eu-west-1d"),
    "two nodes of one name": (node(1, name="node-a"), "network.nodes.machines[1].name", "two nodes node-a"),
    "name of a node that is none": (node(1, name="Node"), "network.nodes.machines[1].name", "pattern"),
    "two nodes, one pod range": (
        node(1, podCidr="100.64.0.0/24"),
        "network.nodes.machines[1].podCidr",
        "belongs to node-a",
    ),
    "no pod range": (
        without(*NODES, 1, "podCidr"),
        "network.nodes.machines[1].podCidr",
        "Choose a /24 of 100.64.0.0/16",
    ),
    "no IPv6 pod range": (
        both(inside("vpc", ipv6=True), inside("pods", cidr6="fd00::/72")),
        "network.nodes.machines[0].podCidr6",
        "Choose a /80 of fd00::/72",
    ),
    "pod range outside": (node(0, podCidr="100.70.0.0/24"), "network.nodes.machines[0].podCidr", "Choose a /24"),
    "pod range of another size": (
        node(0, podCidr="100.64.0.0/23"),
        "network.nodes.machines[0].podCidr",
        "Choose a /24",
    ),
    "IPv6 pod range without IPv6 pods": (
        node(0, podCidr6="fd00::/80"),
        "network.nodes.machines[0].podCidr6",
        "Remove it",
    ),
    "pod range with an overlay": (
        network(pods={"kind": "overlay", "cidr": "100.64.0.0/16", "encapsulation": "vxlan"}),
        "network.nodes.machines[0].podCidr",
        "Only routed pods",
    ),
    "image is no AMI": (node(0, image="ubuntu"), "network.nodes.machines[0].image", "pattern"),
    "no image": (without(*NODES, 0, "image"), "network.nodes.machines[0].image", "required"),
    "size that is none": (node(0, instanceType="large"), "network.nodes.machines[0].instanceType", "pattern"),
    "unknown key of a node": (node(0, zones="x"), "network.nodes.machines[0].zones", "unknown key"),
    "more nodes than addresses": (
        both(
            inside("vpc", cidr="10.0.0.0/22"),
            network(
                nodes={
                    "kind": "declared",
                    "machines": [
                        {"name": f"n{n}", "zone": "eu-west-1b", "podCidr": f"100.64.{n}.0/24", "image": "ami-01234567"}
                        for n in range(60)
                    ],
                }
            ),
        ),
        "network.nodes",
        "60 nodes are too many for eu-west-1b",
    ),
    "slots nowhere": (network(nodes={"kind": "slots"}), "network.nodes.zones", "required"),
    "slots in a zone apart": (
        network(nodes={"kind": "slots", "zones": {"eu-west-1d": 1}}),
        "network.nodes.zones.eu-west-1d",
        "no zone eu-west-1d",
    ),
    "slots in what is no zone": (
        network(nodes={"kind": "slots", "zones": {"Ireland": 1}}),
        "network.nodes.zones.Ireland",
        "pattern",
    ),
    "fewer slots than none": (
        network(nodes={"kind": "slots", "zones": {"eu-west-1a": -1}}),
        "network.nodes.zones.eu-west-1a",
        "greater than or equal to 0",
    ),
    "more slots than a table has routes": (
        network(nodes={"kind": "slots", "zones": {"eu-west-1a": 1001}}),
        "network.nodes.zones.eu-west-1a",
        "less than or equal to 1000",
    ),
    "more slots than pod ranges": (
        network(nodes={"kind": "slots", "zones": {"eu-west-1a": 33}}),
        "network.nodes.zones.eu-west-1a",
        "room for 32 nodes with a /24",
    ),
    "more slots than addresses": (
        both(
            inside("vpc", cidr="10.0.0.0/22"),
            network(nodes={"kind": "slots", "zones": {"eu-west-1a": 54}}),
            inside("pods", cidr="100.64.0.0/14"),
        ),
        "network.nodes",
        "54 nodes are too many for eu-west-1a",
    ),
    "slots in existing subnets": (
        network(
            vpc={"kind": "id", "id": "vpc-01234567"},
            nat="none",
            subnets={"kind": "existing", "private": {"kind": "tags", "tags": {"tier": "private"}}},
            nodes={"kind": "slots", "zones": {"eu-west-1a": 1}},
        ),
        "network.nodes.kind",
        "Carve subnets",
    ),
    "an autoscaling group's routed pods": (
        network(nodes={"kind": "auto-scaling-group", "group": "workers"}),
        "network.nodes.kind",
        "`kind: cluster`",
    ),
    "an autoscaling group without a name": (
        network(nodes={"kind": "auto-scaling-group", "group": ""}),
        "network.nodes.group",
        "at least 1 character",
    ),
    "a label of nodes that is none": (
        network(nodes={"kind": "cluster", "selector": {"-role": "worker"}}),
        "network.nodes.selector.-role",
        "pattern",
    ),
    "a label's value that is none": (
        network(nodes={"kind": "cluster", "selector": {"role": "two words"}}),
        "network.nodes.selector.role",
        "pattern",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_is_named_with_its_path(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(MISTAKES[mistake], monkeypatch)
