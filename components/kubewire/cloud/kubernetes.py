"""What a cluster's cloud provider writes into the Kubernetes API: the load balancer of a Service."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING

from kubewire.errors import NotFoundError, RefusedError

if TYPE_CHECKING:
    from lightkube import ApiError, Client

FIELD_MANAGER = "kubewire"
GONE = 404


class ServiceStatuses:
    """The load balancer status of Services, in one cluster."""

    def __init__(self, kubeconfig: str | None, context: str | None) -> None:
        self._kubeconfig = kubeconfig
        self._context = context
        self._making = threading.Lock()

    @cached_property
    def _client(self) -> Client:
        # Imported late: most runs of a network touch no Service.
        from lightkube import Client, ConfigError, KubeConfig  # noqa: PLC0415

        try:
            config = KubeConfig.from_file(self._kubeconfig) if self._kubeconfig else KubeConfig.from_env()
            return Client(config=config.get(context_name=self._context), field_manager=FIELD_MANAGER)
        except ConfigError as error:
            detail = "Set `kubewire:kubeconfig` in the stack's configuration, or KUBECONFIG."
            raise RefusedError(
                f"no way to the cluster: {error}", code="NoKubeconfig", operation="kubernetes:connect", detail=detail
            ) from error

    def _connected(self) -> Client:
        with self._making:
            return self._client

    def read_hostnames(self, namespace: str, service: str) -> tuple[str, ...] | None:
        """Give the host names in a Service's load balancer status; None if there is no such Service."""
        from lightkube import ApiError  # noqa: PLC0415
        from lightkube.resources.core_v1 import Service  # noqa: PLC0415

        try:
            found = self._connected().get(Service, service, namespace=namespace)
        except ApiError as error:
            if error.status.code == GONE:
                return None
            raise _refused(error, "kubernetes:GetService") from error
        balancer = found.status.loadBalancer if found.status else None
        ingress = (balancer.ingress if balancer else None) or []
        return tuple(item.hostname for item in ingress if item.hostname)

    def write_hostnames(self, namespace: str, service: str, hostnames: tuple[str, ...]) -> None:
        """Make these the host names in a Service's load balancer status. A Service that is gone is left gone."""
        from lightkube import ApiError  # noqa: PLC0415
        from lightkube.resources.core_v1 import ServiceStatus  # noqa: PLC0415
        from lightkube.types import PatchType  # noqa: PLC0415

        body = {"status": {"loadBalancer": {"ingress": [{"hostname": name} for name in hostnames]}}}
        try:
            self._connected().patch(ServiceStatus, service, body, namespace=namespace, patch_type=PatchType.MERGE)
        except ApiError as error:
            if error.status.code == GONE:
                message = f"there is no Service {namespace}/{service}"
                raise NotFoundError(message, code="NotFound", operation="kubernetes:PatchServiceStatus") from error
            raise _refused(error, "kubernetes:PatchServiceStatus") from error


def _refused(error: ApiError, operation: str) -> RefusedError:
    code = error.status.reason or str(error.status.code)
    return RefusedError(f"{operation} was refused: {error}", code=code, operation=operation)
