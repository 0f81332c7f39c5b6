"""Which controller a LoadBalancer Service is meant for: their defaults differ.

https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/#legacy-cloud-provider
"""

from __future__ import annotations

from enum import Enum

from kubewire.manifests.annotations.values import Annotated
from kubewire.resources.network_load_balancer import Scheme
from kubewire.services.load_balancer.args import LOAD_BALANCER_CLASS

TYPE = "aws-load-balancer-type"
TARGETS = "aws-load-balancer-nlb-target-type"
SCHEME = "aws-load-balancer-scheme"
INTERNAL = "aws-load-balancer-internal"
CONTROLLER_CLASSES = ("service.k8s.aws/nlb", "eks.amazonaws.com/nlb")
"""Of the AWS Load Balancer Controller, and of EKS's own:
https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-nlb.html"""
CLASS = ("spec", "loadBalancerClass")


class Controller(Enum):
    """Who would make its load balancer."""

    AWS_CONTROLLER = "the AWS Load Balancer Controller"
    CLOUD_PROVIDER = "cloud-provider-aws"
    KUBEWIRE = "kubewire"
    UNKNOWN = "nobody in particular"


def controller_of(annotated: Annotated) -> Controller:
    """Tell whom it is meant for; a class that none of them serves is a mistake."""
    name = annotated.found.wire.get("loadBalancerClass")
    if name == LOAD_BALANCER_CLASS:
        return Controller.KUBEWIRE
    kind = annotated.choice(TYPE, "external", "nlb-ip", "nlb")
    if name in CONTROLLER_CLASSES:
        # The Service is kubewire's now, and so is its class.
        del annotated.found.wire["loadBalancerClass"]
        return Controller.AWS_CONTROLLER
    if name is not None and "loadBalancerClass" not in annotated.found.origins:
        detail = (
            "If kubewire is to make it, write no class, or another one. If not, leave the Service out (`leave_out`)."
        )
        annotated.found.refuse(CLASS, f"its load balancer is made by who serves {name}", detail)
    if kind is None:
        return Controller.UNKNOWN
    return Controller.CLOUD_PROVIDER if kind == "nlb" else Controller.AWS_CONTROLLER


def scheme_of(annotated: Annotated, controller: Controller) -> Scheme | None:
    """Read who reaches the load balancer, as its controller would; None if nothing says it."""
    written = annotated.choice(SCHEME, *Scheme)
    if written is not None:
        return Scheme(written)
    if controller is Controller.AWS_CONTROLLER:
        internal = annotated.truth(INTERNAL)
    else:
        # To cloud-provider-aws whatever isn't `false` is true; long ago one wrote 0.0.0.0/0.
        text = annotated.text(INTERNAL)
        internal = None if text is None else text != "false"
    if internal is None:
        return None
    return Scheme.INTERNAL if internal else Scheme.INTERNET_FACING


def default_scheme(controller: Controller) -> Scheme | None:
    """Give what a controller makes where nothing is said; None where it isn't known which one it is."""
    schemes = {Controller.AWS_CONTROLLER: Scheme.INTERNAL, Controller.CLOUD_PROVIDER: Scheme.INTERNET_FACING}
    return schemes.get(controller)
