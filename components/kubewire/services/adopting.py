"""Services that are in the cluster already, taken over as they are: they are imported, and nothing of them changes.

An import wants a program that says all that the object has. What the API server filled in, and the program leaves to
it, is therefore passed over, as is the note by which kubewire's new Services aren't waited for.
https://www.pulumi.com/docs/iac/concepts/resources/options/import/
"""

from __future__ import annotations

import pulumi

from kubewire.services.common import SKIP_AWAIT, ServiceArgs
from kubewire.services.written import spec_of

FILLED_IN = (
    "allocateLoadBalancerNodePorts",
    "clusterIP",
    "clusterIPs",
    "externalTrafficPolicy",
    "healthCheckNodePort",
    "internalTrafficPolicy",
    "ipFamilies",
    "ipFamilyPolicy",
    "sessionAffinity",
    "sessionAffinityConfig",
)
"""Fields that the API server gives a value where a Service has none:
https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/"""
OF_A_NAME = ("ports", "selector")
"""Fields that an ExternalName Service may have, and that mean nothing."""
NODE_PORTED = ("NodePort", "LoadBalancer")
KUBERNETES_SERVICE = "kubernetes:core/v1:Service"


def adopting(args: ServiceArgs) -> pulumi.ResourceOptions:
    """Give the options of a component whose Service is in the cluster already."""
    own = pulumi.ResourceOptions(import_=label(args), ignore_changes=unsaid(args))

    def take_over(found: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if found.type_ != KUBERNETES_SERVICE:
            return None
        return pulumi.ResourceTransformationResult(found.props, pulumi.ResourceOptions.merge(found.opts, own))

    return pulumi.ResourceOptions(transformations=[take_over])


def label(args: ServiceArgs) -> str:
    """Give the id of a Service, as pulumi-kubernetes has it."""
    return f"{args.namespace}/{args.name}"


def unsaid(args: ServiceArgs) -> list[str]:
    """Give the paths of what is passed over."""
    spec = spec_of(args)
    fields = FILLED_IN + (OF_A_NAME if spec["type"] == "ExternalName" else ())
    ports = range(len(spec.get("ports", ()))) if spec["type"] in NODE_PORTED else ()
    return [
        *(f'metadata.annotations["{note}"]' for note in SKIP_AWAIT),
        *(f"spec.{field}" for field in fields if field not in spec),
        *(f"spec.ports[{index}].nodePort" for index in ports if "nodePort" not in spec["ports"][index]),
    ]
