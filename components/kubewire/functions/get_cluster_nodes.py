"""The nodes that a cluster has, each with its EC2 instance."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from kubewire.functions.base import Function
from kubewire.functions.kubernetes_nodes import KubernetesNode
from kubewire.functions.machines import ExistingMachine, machine_fields, with_ids
from kubewire.model import AnyCidr, Model

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import InstanceTypeDef

PROVIDER_ID = re.compile(r"^aws:///(?:[^/]*/)?(?P<instance>i-[0-9a-f]{8,17})$")
"""How a node of EC2 names its instance:
https://github.com/kubernetes/cloud-provider-aws/blob/master/pkg/providers/v1/instances.go. Fargate's nodes are
`aws:///zone/number/fargate-…`: machines of AWS that no account can see."""

# https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
LABEL_KEY = r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$"
LABEL_VALUE = r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$"
Labels = dict[Annotated[str, Field(pattern=LABEL_KEY)], Annotated[str, Field(pattern=LABEL_VALUE)]]


class GetClusterNodesArgs(Model):
    """Which nodes."""

    labels: Labels = {}
    """Labels that they bear, key to value; all nodes without any."""


class ClusterNode(ExistingMachine):
    """A node, its instance, and the instance's primary interface."""

    name: str
    """The node's name."""
    zone_label: str | None = None
    """Its label `topology.kubernetes.io/zone`, by which pods are spread; the same as the zone, as a rule."""
    pod_cidrs: tuple[AnyCidr, ...] = ()
    """The ranges of its pods, where the cluster hands them out."""
    internal_ip: str | None = None
    """Its address in the cluster."""
    ready: bool
    """Whether it says that it's ready."""


class NoMachine(StrEnum):
    """Why a node has no instance."""

    NO_PROVIDER_ID = "no-provider-id"
    NOT_EC2 = "not-an-ec2-instance"
    INSTANCE_GONE = "instance-gone"


class NodeWithoutMachine(Model):
    """A node that no instance of this account and region can be found for."""

    name: str
    """The node's name."""
    reason: NoMachine
    """Why: its spec names no machine, one that is no EC2 instance, or an instance that isn't there (any more)."""
    provider_id: str | None = None
    """What its spec names, `aws:///eu-west-1a/i-0123456789abcdef0`."""


class GetClusterNodesResult(Model):
    """The cluster's nodes as they are."""

    nodes: tuple[ClusterNode, ...]
    """Those whose instance was found, by name."""
    others: tuple[NodeWithoutMachine, ...]
    """All others, by name."""


class GetClusterNodes(Function[GetClusterNodesArgs, GetClusterNodesResult]):
    """Looks up the nodes of the cluster, and the EC2 instances that they run on."""

    Args, Result = GetClusterNodesArgs, GetClusterNodesResult

    def run(self, args: GetClusterNodesArgs) -> GetClusterNodesResult:
        nodes = sorted(self.cloud.nodes.list_nodes(args.labels), key=lambda node: node.name)
        wanted = {node.name: instance for node in nodes if (instance := _instance_of(node))}
        instances = {item["InstanceId"]: item for item in with_ids(self.cloud, wanted.values())}
        joined = [_joined(node, instances.get(wanted.get(node.name, ""))) for node in nodes]
        return GetClusterNodesResult(
            nodes=tuple(row for row in joined if isinstance(row, ClusterNode)),
            others=tuple(row for row in joined if isinstance(row, NodeWithoutMachine)),
        )


def _instance_of(node: KubernetesNode) -> str | None:
    named = PROVIDER_ID.match(node.provider_id or "")
    return named["instance"] if named else None


def _joined(node: KubernetesNode, instance: InstanceTypeDef | None) -> ClusterNode | NodeWithoutMachine:
    fields = machine_fields(instance) if instance else None
    if fields is None:
        return NodeWithoutMachine(name=node.name, reason=_reason(node), provider_id=node.provider_id)
    return ClusterNode.model_validate(
        {
            **fields,
            "name": node.name,
            "zone_label": node.zone,
            "pod_cidrs": node.pod_cidrs,
            "internal_ip": node.internal_ip,
            "ready": node.ready,
        }
    )


def _reason(node: KubernetesNode) -> NoMachine:
    if not node.provider_id:
        return NoMachine.NO_PROVIDER_ID
    return NoMachine.INSTANCE_GONE if _instance_of(node) else NoMachine.NOT_EC2
