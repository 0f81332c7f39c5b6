"""The controllers that make load balancers of Services: what they write on them, and when they delete them.

AWS Load Balancer Controller: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/.
It deletes what it made when a Service that bears its finalizer wants no load balancer any more; without the finalizer
it does nothing (controllers/service/service_controller.go, `cleanupLoadBalancerResources`).

cloud-provider-aws, formerly in the tree of Kubernetes: https://cloud-provider-aws.sigs.k8s.io/service_controller/.
Its controller asks for the load balancer of any Service whose type changes, finalizer or not, and deletes what is
there (k8s.io/cloud-provider, controllers/service/controller.go, `syncLoadBalancerIfNeeded`); but of a Service whose
annotation says that its load balancer is external, AWS's provider answers that there is none (pkg/providers/v1/aws.go,
`GetLoadBalancer`, `isLBExternal`). So that annotation is written in the same patch.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kubewire.adoption.found import FoundBalancer, tags_of
from kubewire.errors import InvalidInputError

CONTROLLERS_CLUSTER, CONTROLLERS_STACK = "elbv2.k8s.aws/cluster", "service.k8s.aws/stack"
CONTROLLERS_RESOURCE, OWN_GROUP = "service.k8s.aws/resource", "ManagedLBSecurityGroup"
PROVIDERS_CLUSTER, PROVIDERS_SERVICE = "kubernetes.io/cluster/", "kubernetes.io/service-name"
FINALIZERS = ("service.k8s.aws/resources", "service.kubernetes.io/load-balancer-cleanup")
BINDING_FINALIZER = "elbv2.k8s.aws/resources"
EXTERNAL = {"service.beta.kubernetes.io/aws-load-balancer-type": "external"}
RULES_OF_PROVIDER = "kubernetes.io/rule/nlb/"
"""How cloud-provider-aws begins the descriptions of rules that it puts on the nodes' groups; the load balancer's name
ends them."""


class Maker(StrEnum):
    """Who made a load balancer."""

    CONTROLLER = "the AWS Load Balancer Controller"
    PROVIDER = "cloud-provider-aws"


def maker_of(balancer: FoundBalancer, label: str) -> Maker:
    """Tell which controller made the load balancer of a Service.

    Args:
        balancer: what the Service's status names.
        label: the Service, `namespace/name`.

    Raises:
        InvalidInputError: it isn't a network load balancer, or bears no tags by which a controller made it for that
            Service.
    """
    kind = balancer.row["Type"]
    if kind != "network":
        detail = "kubewire makes network load balancers alone. Leave this one to its controller."
        raise InvalidInputError(f"{balancer.name} is of type {kind}", detail=detail, path=label)
    if CONTROLLERS_CLUSTER in balancer.tags and balancer.tags.get(CONTROLLERS_STACK) == label:
        return Maker.CONTROLLER
    if balancer.tags.get(PROVIDERS_SERVICE) == label and any(
        key.startswith(PROVIDERS_CLUSTER) for key in balancer.tags
    ):
        return Maker.PROVIDER
    told = [key for key in (CONTROLLERS_STACK, PROVIDERS_SERVICE) if key in balancer.tags]
    whose = f"It bears {', '.join(f'{key}={balancer.tags[key]}' for key in told)}. " if told else ""
    detail = (
        f"{whose}The AWS Load Balancer Controller would have written {CONTROLLERS_CLUSTER} and "
        f"{CONTROLLERS_STACK}={label} on it, cloud-provider-aws {PROVIDERS_CLUSTER}<name> and "
        f"{PROVIDERS_SERVICE}={label}. What others made, `pulumi import` takes."
    )
    raise InvalidInputError(f"no controller made {balancer.name} for it", detail=detail, path=label)


def is_own_group(group: Mapping[str, object], label: str) -> bool:
    """Whether a security group was made for the load balancer of one Service alone: others use no part of it."""
    tags = tags_of(group)
    return tags.get(CONTROLLERS_STACK) == label and tags.get(CONTROLLERS_RESOURCE) == OWN_GROUP
