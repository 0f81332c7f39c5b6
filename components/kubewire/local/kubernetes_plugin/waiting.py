"""Waiting for what the cluster does by itself: Services that come to life, objects that go away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubewire.errors import KubewireError
from kubewire.local.kubernetes_plugin.allocations import HEADLESS
from kubewire.local.kubernetes_plugin.annotations import Annotation, is_true, patience
from kubewire.local.kubernetes_plugin.cluster import Cluster
from kubewire.local.kubernetes_plugin.kinds import ENDPOINTS, NAMESPACE, SERVICE, Kind
from kubewire.local.kubernetes_plugin.objects import Address, Object, metadata, section
from kubewire.resources.base import Clock

_SETTLE_SECONDS: Final = 10.0
"""How long endpoints must be left alone by their controller, as in the official plugin."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0


class Patience:
    """Looks at an object again and again."""

    def __init__(self, cluster: Cluster, clock: Clock) -> None:
        self._cluster = cluster
        self._clock = clock

    def until_ready(self, kind: Kind, live: Object, inputs: Object) -> Object:
        """Wait for what the official plugin waits for; give the object as it is then.

        A Service needs an address if it is a load balancer, and endpoints that have settled if it selects pods.

        Raises:
            KubewireError: it takes too long.
            InterruptedError: the user wants to end the run.
        """
        if kind != SERVICE or is_true(Annotation.SKIP_AWAIT, inputs):
            return live
        settled = _Endpoints(self._cluster, self._clock)
        for _ in self._looks(patience(inputs)):
            live = self._cluster.get(kind, Address.of(live)) or live
            if _has_address(live) and (not _selects_pods(live) or settled.look(Address.of(live))):
                return live
        raise KubewireError(f"Service {Address.of(live)} did not become ready: {_missing(live)}", detail=_WAY_OUT)

    def until_gone(self, kind: Kind, address: Address, inputs: Object) -> None:
        """Wait until an object is gone. Namespaces alone can be left to themselves, as in the official plugin.

        Raises:
            KubewireError: it takes too long.
            InterruptedError: the user wants to end the run.
        """
        if kind == NAMESPACE and is_true(Annotation.SKIP_AWAIT, inputs):
            return
        live: Object = {}
        for _ in self._looks(patience(inputs)):
            found = self._cluster.get(kind, address)
            if found is None:
                return
            live = found
        finalizers = ", ".join(metadata(live).get("finalizers") or section(live, "spec").get("finalizers") or [])
        held = f"These finalizers might be preventing it: {finalizers}." if finalizers else ""
        raise KubewireError(f"{kind.name} {address} was deleted, but is still there", detail=held)

    def _looks(self, seconds: float) -> Iterator[None]:
        deadline = self._clock.time() + seconds
        pause = _FIRST_PAUSE
        yield
        while (left := deadline - self._clock.time()) > 0:
            self._clock.sleep(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE)
            yield


class _Endpoints:
    """Whether a Service's endpoints exist, are all ready, and have not changed for a while."""

    def __init__(self, cluster: Cluster, clock: Clock) -> None:
        self._cluster = cluster
        self._clock = clock
        self._version = ""
        self._since = 0.0

    def look(self, address: Address) -> bool:
        endpoints = self._cluster.get(ENDPOINTS, address)
        if endpoints is None:
            return False
        version = str(metadata(endpoints).get("resourceVersion"))
        if version != self._version:
            self._version, self._since = version, self._clock.time()
        pending = any(subset.get("notReadyAddresses") for subset in endpoints.get("subsets") or [])
        return not pending and self._clock.time() - self._since >= _SETTLE_SECONDS


_WAY_OUT = f'`{Annotation.SKIP_AWAIT}: "true"` waits for nothing; `{Annotation.TIMEOUT_SECONDS}` waits longer.'


def _has_address(live: Object) -> bool:
    if section(live, "spec").get("type") != "LoadBalancer":
        return True
    return bool(section(live, "status", "loadBalancer").get("ingress"))


def _selects_pods(live: Object) -> bool:
    spec = section(live, "spec")
    return spec.get("type") != "ExternalName" and spec.get("clusterIP") != HEADLESS and bool(spec.get("selector"))


def _missing(live: Object) -> str:
    if not _has_address(live):
        return "it was not allocated an IP address; does your cloud provider support this?"
    return "it does not target any Pods; selected Pods may not be ready, or spec.selector may not match their labels"
