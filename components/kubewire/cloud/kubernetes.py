"""The Kubernetes API, and what a cluster's cloud provider writes into it: the load balancer of a Service."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from httpx2 import ConnectError, ConnectTimeout, HTTPError, HTTPStatusError
from lightkube import ApiError, Client, ConfigError, KubeConfig
from lightkube.resources.core_v1 import Service, ServiceStatus
from lightkube.types import PatchType

from kubewire.cloud.patience import trying_again
from kubewire.errors import CloudError, NotFoundError, OutcomeUnknownError, RefusedError, ThrottledError
from kubewire.resources.base import Clock

T = TypeVar("T")

FIELD_MANAGER = "kubewire"
KUBECONFIG_HINT = "Set `kubewire:kubeconfig` in the stack's configuration, or KUBECONFIG."
PATIENCE_SECONDS = 60.0
FIRST_WAIT_SECONDS = 0.5
CONNECTION_TRIES = 5
"""A cluster that can't be reached is a wrong kubeconfig more often than a hiccup."""

NOT_CONNECTED = "NotConnected"
NOT_ALLOWED = (401, 403)
NOT_FOUND = 404
EXPIRED = 410
"""A list's next page came too late; the list is begun anew:
https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses."""
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


class KubernetesApi:
    """One cluster. Every call does no more when made twice, so it is tried again whatever became of the answer."""

    def __init__(self, kubeconfig: str | None, context: str | None, clock: Clock) -> None:
        self._kubeconfig = kubeconfig
        self._context = context
        self._clock = clock
        self._making = threading.Lock()

    def _call(self, operation: str, call: Callable[[Client], T]) -> T:
        def attempt() -> T:
            with self._making:
                client = self._client
            try:
                return call(client)
            except HTTPError as error:
                raise _translated(error, operation) from error

        def may_pass(error: BaseException) -> bool:
            return isinstance(error, ThrottledError | OutcomeUnknownError)

        def unreachable(error: BaseException, tries: int) -> bool:
            return isinstance(error, CloudError) and error.code == NOT_CONNECTED and tries >= CONNECTION_TRIES

        retrying = trying_again(
            self._clock, may_pass, seconds=PATIENCE_SECONDS, first_wait=FIRST_WAIT_SECONDS, enough=unreachable
        )
        return retrying(attempt)

    @cached_property
    def _client(self) -> Client:
        try:
            config = KubeConfig.from_file(self._kubeconfig) if self._kubeconfig else KubeConfig.from_env()
            return Client(config=config.get(context_name=self._context), field_manager=FIELD_MANAGER)
        except ConfigError as error:
            raise RefusedError(
                f"no way to the cluster: {error}",
                code="NoKubeconfig",
                operation="kubernetes:connect",
                detail=KUBECONFIG_HINT,
            ) from error


class ServiceStatuses(KubernetesApi):
    """The load balancer status of Services."""

    def read_hostnames(self, namespace: str, service: str) -> tuple[str, ...] | None:
        """Give the host names in a Service's load balancer status; None if there is no such Service."""
        try:
            found = self._call(
                "kubernetes:GetService", lambda client: client.get(Service, service, namespace=namespace)
            )
        except NotFoundError:
            return None
        balancer = found.status.loadBalancer if found.status else None
        ingress = (balancer.ingress if balancer else None) or []
        return tuple(item.hostname for item in ingress if item.hostname)

    def write_hostnames(self, namespace: str, service: str, hostnames: tuple[str, ...]) -> None:
        """Make these the host names in a Service's load balancer status.

        Raises:
            NotFoundError: there is no such Service.
        """
        body = {"status": {"loadBalancer": {"ingress": [{"hostname": name} for name in hostnames]}}}

        def patch(client: Client) -> object:
            return client.patch(ServiceStatus, service, body, namespace=namespace, patch_type=PatchType.MERGE)

        self._call("kubernetes:PatchServiceStatus", patch)


def _translated(error: HTTPError, operation: str) -> CloudError:
    """Turn an error of the client into ours. The API server's own say why; others come from proxies, or from none."""
    if isinstance(error, HTTPStatusError):
        status = error.response.status_code if error.response is not None else 0
        reason, code = str(error), str(status)
        if isinstance(error, ApiError):
            status = error.status.code or status
            reason, code = error.status.message or reason, error.status.reason or str(status)
        detail = KUBECONFIG_HINT if status in NOT_ALLOWED else ""
        return _kind(status)(f"{operation} was refused: {reason}", code=code, operation=operation, detail=detail)
    if isinstance(error, ConnectError | ConnectTimeout):
        # The connection was never made, so nothing was asked.
        detail = f"Check that the cluster runs, and the way to it. {KUBECONFIG_HINT}"
        message = f"{operation}: the cluster's API server can't be reached: {error}"
        return ThrottledError(message, code=NOT_CONNECTED, operation=operation, detail=detail)
    detail = "The connection broke before the answer came."
    return OutcomeUnknownError(f"{operation}: {error!r}", code="NoAnswer", operation=operation, detail=detail)


def _kind(status: int) -> type[CloudError]:
    if status == NOT_FOUND:
        return NotFoundError
    if status == TOO_MANY_REQUESTS:
        return ThrottledError
    return OutcomeUnknownError if status >= SERVER_ERROR or status == EXPIRED else RefusedError
