"""A small network as Terraform's AWS provider describes it: two nodes with routed pods in two subnets."""

from __future__ import annotations

import json
from typing import Any

from kubewire.prover.declared.cluster_file import ClusterFile
from kubewire.prover.declared.clusters import with_clusters
from kubewire.prover.facts.facts import Facts
from kubewire.prover.from_terraform.read import from_terraform
from tests.unit.prover.terraform.writer import To, Writer

PODS = {"a": "100.64.0.0/24", "b": "100.64.1.0/24"}
ALL = {"protocol": "-1", "from_port": 0, "to_port": 0}
WORLD = ["0.0.0.0/0"]
CLUSTER = ClusterFile.model_validate(
    {
        "name": "shop",
        "podRanges": ["100.64.0.0/16"],
        "serviceRanges": ["10.96.0.0/16"],
        "nodePorts": {"first": 30000, "last": 32767},
        "unmasqueraded": ["10.0.0.0/16", "100.64.0.0/16"],
        "maxPods": 110,
        "controlPlane": {"kind": "nodes"},
        "nodes": {
            "kind": "listed",
            "machines": [
                {"name": f"node-{at}", "interface": f"aws_instance.{at}", "podRanges": [pods]}
                for at, pods in PODS.items()
            ],
        },
    }
)


def network() -> Writer:
    """Everything that the two nodes need to reach each other, and a way out."""
    tf = Writer()
    made = {"default_security_group_id": "sg-d", "default_network_acl_id": "acl-d", "default_route_table_id": "rtb-d"}
    tf.add("aws_vpc.main", cidr_block="10.0.0.0/16", computed={**made, "id": "vpc-1", "main_route_table_id": "rtb-d"})
    tf.add("aws_internet_gateway.way", vpc_id=To("aws_vpc.main"))
    tf.add("aws_route_table.nodes", vpc_id=To("aws_vpc.main"), computed={"route": []})
    tf.add(
        "aws_route.out",
        route_table_id=To("aws_route_table.nodes"),
        destination_cidr_block="0.0.0.0/0",
        gateway_id=To("aws_internet_gateway.way"),
        computed={"network_interface_id": "", "instance_id": "", "state": "active"},
    )
    tf.add(
        "aws_security_group.nodes",
        vpc_id=To("aws_vpc.main"),
        egress=[{**ALL, "cidr_blocks": WORLD, "description": "anywhere"}],
        ingress=[{**ALL, "self": True, "cidr_blocks": ["100.64.0.0/16"], "description": "nodes and pods"}],
    )
    for number, (name, pods) in enumerate(PODS.items()):
        zone = f"eu-west-1{name}"
        cidr = f"10.0.{number}.0/24"
        tf.add(f"aws_subnet.{name}", vpc_id=To("aws_vpc.main"), cidr_block=cidr, availability_zone=zone)
        tf.add(
            f"aws_route_table_association.{name}",
            subnet_id=To(f"aws_subnet.{name}"),
            route_table_id=To("aws_route_table.nodes"),
        )
        tf.add(
            f"aws_instance.{name}",
            subnet_id=To(f"aws_subnet.{name}"),
            vpc_security_group_ids=[To("aws_security_group.nodes")],
            source_dest_check=False,
            tags={"Name": name, "cluster": "shop"},
            computed={
                "primary_network_interface_id": f"eni-{name}",
                "private_ip": f"10.0.{number}.10",
                "public_ip": "",
            },
        )
        tf.add(
            f"aws_route.{name}",
            route_table_id=To("aws_route_table.nodes"),
            destination_cidr_block=pods,
            network_interface_id=To(f"aws_instance.{name}", "primary_network_interface_id"),
            computed={"instance_id": "", "state": "active"},
        )
    return tf


def read(text: str, cluster: ClusterFile | None = CLUSTER) -> Facts:
    """Give the facts, with the cluster."""
    return with_clusters(from_terraform(text), cluster)


def changed(text: str, address: str, **values: Any) -> str:
    """Give a state with other values of one resource."""
    document = json.loads(text)
    rows = document["values"]["root_module"]["resources"]
    (found,) = [row for row in rows if row["address"] == address]
    found["values"] |= values
    return json.dumps(document)
