"""The calls that are made to the API server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import Any, Final, TypeVar

import httpx2
from lightkube import ApiError, Client, SingleConfig
from lightkube.generic_resource import GenericGlobalResource, GenericNamespacedResource, create_api_info
from lightkube.types import CascadeType, PatchType
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from kubewire.errors import NotFoundError
from kubewire.local.kubernetes_plugin.config import Config
from kubewire.local.kubernetes_plugin.kinds import API_VERSION, Kind
from kubewire.local.kubernetes_plugin.kubeconfig import connection
from kubewire.local.kubernetes_plugin.objects import Address, Object, metadata
from kubewire.local.kubernetes_plugin.refusals import translated
from kubewire.resources.base import Clock

T = TypeVar("T")

_TIMEOUT_SECONDS: Final = 30.0
_CONNECT_SECONDS: Final = 5.0
_ATTEMPTS: Final = 4
_PASSING: Final = frozenset({429, 500, 502, 503, 504})


class Cluster:
    """One cluster. Connects at the first call, so a configuration by itself asks nothing of it."""

    def __init__(self, config: Config, clock: Clock, environment: Mapping[str, str]) -> None:
        self._config = config
        self._clock = clock
        self._environment = environment
        self._connecting = threading.Lock()

    @property
    def default_namespace(self) -> str:
        """Where objects lie whose program names no namespace: the provider's choice, else the kubeconfig's."""
        with self._connecting:
            return self._config.namespace or self._connection.namespace

    def close(self) -> None:
        """Close its connections."""
        with self._connecting:
            if "_client" in self.__dict__:
                self._client.close()

    def get(self, kind: Kind, address: Address) -> Object | None:
        """Give an object as it is; None if there is none."""
        resource = _resource(kind)
        try:
            return self._call(
                "get",
                f"{kind.name} {address}",
                lambda client: dict(client.get(resource, address.name, **_place(kind, address))),
            )
        except NotFoundError:
            return None

    def apply(self, kind: Kind, obj: Object, manager: str, *, force: bool = False, dry_run: bool = False) -> Object:
        """Make an object what a field manager declares of it, and give it as it is then.

        Args:
            kind: its kind.
            obj: all that the manager declares; what it declared before and is missing now, it gives up.
            manager: in whose name.
            force: whether to take fields from other managers.
            dry_run: whether the server should only say what would come of it.
        """
        address = Address.of(obj)
        resource: Any = _resource(kind)
        return self._call(
            "apply",
            f"{kind.name} {address}",
            lambda client: dict(
                client.patch(
                    resource,
                    address.name,
                    dict(obj),
                    patch_type=PatchType.APPLY,
                    field_manager=manager,
                    force=force,
                    dry_run=dry_run,
                    **_place(kind, address),
                )
            ),
        )

    def replace_managers(self, kind: Kind, live: Object, entries: list[Any]) -> None:
        """Rewrite who manages which fields of an object.

        Raises:
            ConflictError: the object has changed since it was read.
        """
        address = Address.of(live)
        resource: Any = _resource(kind)
        # With the version, so that nothing that was written meanwhile is lost.
        body = {"metadata": {"managedFields": entries, "resourceVersion": metadata(live)["resourceVersion"]}}
        self._call(
            "patch",
            f"{kind.name} {address}",
            lambda client: client.patch(
                resource, address.name, body, patch_type=PatchType.MERGE, **_place(kind, address)
            ),
        )

    def delete(self, kind: Kind, address: Address, cascade: CascadeType) -> None:
        """Begin to delete an object.

        Raises:
            NotFoundError: there is none.
        """
        resource: Any = _resource(kind)
        self._call(
            "delete",
            f"{kind.name} {address}",
            lambda client: client.delete(resource, address.name, cascade=cascade, **_place(kind, address)),
        )

    def _call(self, verb: str, what: str, call: Callable[[Client], T]) -> T:
        """Make a call. Each of them may be repeated: applying, too, comes to the same."""
        client = self._connected()
        again = Retrying(
            retry=retry_if_exception(_is_passing),
            wait=wait_exponential_jitter(multiplier=0.3, max=5.0),
            stop=stop_after_attempt(_ATTEMPTS),
            sleep=self._clock.sleep,
            reraise=True,
        )
        with translated(what, f"kubernetes:{verb}", client.config.cluster.server):
            return again(call, client)

    def _connected(self) -> Client:
        with self._connecting:
            return self._client

    @cached_property
    def _connection(self) -> SingleConfig:
        return connection(self._config, self._environment)

    @cached_property
    def _client(self) -> Client:
        seconds = self._config.kube_client_settings.timeout or _TIMEOUT_SECONDS
        return Client(
            config=self._connection,
            timeout=httpx2.Timeout(seconds, connect=_CONNECT_SECONDS),
        )


def _is_passing(error: BaseException) -> bool:
    if isinstance(error, ApiError):
        return error.status.code in _PASSING
    # Nobody there is final: a kubeconfig of a cluster that is gone is a common mistake, and waiting doesn't mend it.
    return isinstance(error, httpx2.TransportError) and not isinstance(error, httpx2.ConnectError)


def _place(kind: Kind, address: Address) -> dict[str, Any]:
    return {"namespace": address.namespace} if kind.namespaced else {}


@cache
def _resource(kind: Kind) -> Any:
    """Make lightkube's description of a kind whose objects are plain mappings: typed ones drop what they don't know."""
    base = GenericNamespacedResource if kind.namespaced else GenericGlobalResource
    return type(kind.name, (base,), {"_api_info": create_api_info("", API_VERSION, kind.name, kind.plural)})
