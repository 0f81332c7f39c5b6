"""What a LoadBalancer Service's load balancer sends to: nodes, or the pods themselves."""

from __future__ import annotations

from typing import Annotated, Literal

from kubewire.model import Described
from kubewire.unions import OneOf


class NodeTargets(Described):
    """Every node, at the Service's node ports: the node's proxy sends on to a pod, wherever that is."""

    kind: Literal["nodes"] = "nodes"


class PodTargets(Described):
    """The Service's pods, each by its own address and port: no node port, and no second hop.

    Which pods are ready is asked of the cluster whenever a plan is made (its EndpointSlices), for nothing of kubewire
    runs in the cluster. So the targets are as fresh as the last `pulumi up`; `pulumi preview` shows what has changed
    since. It suits pods that keep their addresses, or a pipeline that runs `pulumi up` after each rollout; otherwise
    choose nodes. Pods of an overlay have no address that a load balancer could reach.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html
    """

    kind: Literal["pods"] = "pods"


Targets = Annotated[NodeTargets | PodTargets, OneOf()]
"""What the load balancer sends to."""
