"""The load balancer in a Kubernetes Service's status."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from pydantic import Field

from kubewire.deferred import Later
from kubewire.errors import NotFoundError
from kubewire.model import REPLACE, Model
from kubewire.resources.base import Resource
from kubewire.resources.calls import Calls

# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
NAMESPACE = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
SERVICE = NAMESPACE


class LoadBalancerStatusArgs(Model):
    """Inputs of a Service's load balancer status."""

    namespace: Annotated[str, Field(pattern=NAMESPACE), REPLACE]
    """The Service's namespace."""
    service: Annotated[str, Field(pattern=SERVICE), REPLACE]
    """The Service's name."""
    hostnames: tuple[Later[str], ...]
    """What `kubectl get service` shows under EXTERNAL-IP: DNS names of the load balancers in front of it."""
    uid: Later[str | None] = None
    """The Service's. One that is made anew under its name knows nothing, and is told again. Default: it never is."""


class LoadBalancerStatusState(LoadBalancerStatusArgs):
    """A Service's load balancer status as it is."""


class LoadBalancerStatus(Resource[LoadBalancerStatusArgs, LoadBalancerStatusState]):
    """What a cloud provider tells a Service of its load balancer. Its id is `namespace/service`."""

    Args, State = LoadBalancerStatusArgs, LoadBalancerStatusState

    @classmethod
    def calls(cls, old: LoadBalancerStatusState | None, new: LoadBalancerStatusArgs) -> Calls:
        # It's Kubernetes that is told.
        return Counter()

    def create(self, args: LoadBalancerStatusArgs) -> str:
        # The status is there with the Service; converge fills it in.
        return f"{args.namespace}/{args.service}"

    def read(self, object_id: str, known: LoadBalancerStatusArgs | None) -> LoadBalancerStatusState | None:
        namespace, _, service = object_id.partition("/")
        hostnames = self.cloud.services.read_hostnames(namespace, service)
        if hostnames is None:
            return None
        uid = known.uid if known else None
        return LoadBalancerStatusState(namespace=namespace, service=service, hostnames=hostnames, uid=uid)

    def converge(
        self, object_id: str, old: LoadBalancerStatusState, new: LoadBalancerStatusArgs
    ) -> LoadBalancerStatusState:
        if (new.hostnames, new.uid) != (old.hostnames, old.uid):
            self.cloud.services.write_hostnames(new.namespace, new.service, new.hostnames)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: LoadBalancerStatusState) -> None:
        present = self.cloud.services.read_hostnames(state.namespace, state.service)
        if present is None:
            message = f"there is no Service {object_id}"
            raise NotFoundError(message, code="NotFound", operation="kubernetes:GetService")
        if present:
            self.cloud.services.write_hostnames(state.namespace, state.service, ())
