"""What is written into a Service so that its controller lets go of it, and keeps its hands off.

Two patches. The first makes it a NodePort Service without the controller's finalizer: both at once, for a controller
that sees a Service with its finalizer and another type deletes the load balancer (see makers.py). Node ports stay, so
the targets go on to answer. The second makes it a LoadBalancer Service again, of kubewire's own class, which may be
given to a Service only when it becomes one:
https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-class.

What the second one writes stands in a note that the first one makes: whoever is cut off in between goes on from there.
"""

from __future__ import annotations

import json
from typing import Any

from kubewire.adoption.found import Object
from kubewire.adoption.makers import EXTERNAL, FINALIZERS
from kubewire.services.load_balancer.args import LOAD_BALANCER_CLASS, LoadBalancerServiceArgs
from kubewire.services.written import spec_of

NOTE = "kubewire.dev/adopting"
SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
"""An annotation, which the API server takes on no other type than LoadBalancer."""
LOAD_BALANCER = "LoadBalancer"
KEPT = ("externalTrafficPolicy", "healthCheckNodePort", "allocateLoadBalancerNodePorts", "loadBalancerSourceRanges")
"""Fields that the first patch loses, or may lose."""


def is_detached(service: Object) -> bool:
    """Whether a Service is kubewire's: the second patch is done."""
    spec = service["spec"]
    return (spec.get("type"), spec.get("loadBalancerClass")) == (LOAD_BALANCER, LOAD_BALANCER_CLASS)


def is_half_detached(service: Object) -> bool:
    """Whether the first patch is done, and the second is not."""
    return NOTE in (service["metadata"].get("annotations") or {}) and not is_detached(service)


def as_it_was(service: Object) -> dict[str, Any]:
    """Give a Service as it was before the first patch, or will be after the second: the program is to say that."""
    spec = {**service["spec"], **_noted(service), "type": LOAD_BALANCER}
    spec.pop("loadBalancerClass", None)
    metadata = service["metadata"]
    notes = {key: value for key, value in (metadata.get("annotations") or {}).items() if key != NOTE}
    return {**service, "metadata": {**metadata, "annotations": notes}, "spec": spec}


def first_patch(service: Object) -> dict[str, Any]:
    """Write the first patch, a merge patch. It is refused if somebody has changed the Service since it was read."""
    metadata, spec = service["metadata"], service["spec"]
    finalizers = [one for one in metadata.get("finalizers") or [] if one not in FINALIZERS]
    kept = {key: spec[key] for key in KEPT if key in spec}
    # Without node ports, as pods that are targets themselves may have it, it gets none.
    has_ports = any(port.get("nodePort") for port in spec.get("ports") or [])
    return {
        "metadata": {
            "resourceVersion": metadata["resourceVersion"],
            "finalizers": finalizers or None,
            "annotations": {**EXTERNAL, SOURCE_RANGES: None, NOTE: json.dumps(kept, sort_keys=True)},
        },
        "spec": {
            "type": "NodePort" if has_ports else "ClusterIP",
            "loadBalancerClass": None,
            **{key: None for key in KEPT if key in spec and (key != "externalTrafficPolicy" or not has_ports)},
        },
    }


def second_patch(service: Object, args: LoadBalancerServiceArgs) -> dict[str, Any]:
    """Write the second patch.

    Args:
        service: after the first one.
        args: what the program will say.
    """
    ranges = spec_of(args).get("loadBalancerSourceRanges")
    spec = {**_noted(service), "type": LOAD_BALANCER, "loadBalancerClass": LOAD_BALANCER_CLASS}
    return {
        "metadata": {"resourceVersion": service["metadata"]["resourceVersion"], "annotations": {NOTE: None}},
        "spec": {**spec, "loadBalancerSourceRanges": ranges},
    }


def _noted(service: Object) -> dict[str, Any]:
    note = (service["metadata"].get("annotations") or {}).get(NOTE)
    found: dict[str, Any] = json.loads(note) if note else {}
    return found
