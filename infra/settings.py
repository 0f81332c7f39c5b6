"""The only reader of the stack's configuration."""

from __future__ import annotations

import json
import os
from typing import Any

from pulumi import get_stack
from pulumi.runtime.config import CONFIG
from pydantic import ValidationError, model_validator

from kubewire import (
    ClusterNetworkArgs,
    InvalidInputError,
    LoadBalancerArgs,
    Model,
    OwnNamespaces,
    ServiceDescription,
    check_together,
    fitted,
)
from kubewire.faults import faults

PROVIDER = "kubewire"
"""Keys that the provider checks itself; the region and the kubeconfig are read here too."""
PROGRAM = "cluster"
"""Keys of this program."""
OTHERS = {"kubernetes", "pulumi"}


class Settings(Model):
    """An environment: one file in `environments/`."""

    embedded: bool = False
    """Whether it may be deployed on the embedded cloud alone."""
    kubeconfig: str | None = None
    """Path of the cluster's kubeconfig. Default: `KUBECONFIG`."""
    context: str | None = None
    """The context in it. Default: its current one."""
    network: ClusterNetworkArgs
    """The cluster's network."""
    services: tuple[ServiceDescription, ...] = ()
    """Its Services."""
    load_balancers: tuple[LoadBalancerArgs, ...] = ()
    """Network load balancers that several of them share. Any other Service has its own."""
    adopt: bool = False
    """Whether its Services are in the cluster already, and are taken over as they are."""
    namespaces: OwnNamespaces = ()
    """Namespaces made with the stack, and deleted with it and with all that is in them. Others are there already."""

    @model_validator(mode="after")
    def _fit_together(self) -> Settings:
        check_together(self.services, self.network, self.load_balancers)
        fitted(self.network, self.services)
        return self

    @classmethod
    def read(cls) -> Settings:
        """Read the stack's configuration.

        Raises:
            InvalidInputError: all that is wrong with it, before anything is asked of AWS or Kubernetes.
        """
        given = _values(dict(CONFIG.get()))
        wrong = _misplaced(given.get("network"), CONFIG.get().get(f"{PROVIDER}:region"))
        settings = None
        try:
            settings = cls.model_validate(given)
        except ValidationError as error:
            wrong += faults(error, given)
        file = f"infra/environments/Pulumi.{get_stack()}.yaml"
        if wrong or settings is None:
            raise InvalidInputError.joined(wrong, file)
        if settings.embedded and not os.environ.get("AWS_ENDPOINT_URL"):
            detail = 'Run `make cloud` and `eval "$(make env)"` first, or remove `cluster:embedded` from the file.'
            summary = "this environment belongs on the embedded cloud, not on AWS"
            raise InvalidInputError.joined([InvalidInputError(summary, detail=detail, path="embedded")], file)
        return settings


def _values(config: dict[str, str]) -> dict[str, Any]:
    """Sort the configuration's keys. An unknown one stays, so that it is refused under its own name."""
    values: dict[str, Any] = {}
    for key, text in config.items():
        owner, _, name = key.partition(":")
        if owner == PROGRAM:
            values[name] = _decoded(text)
        elif key in {f"{PROVIDER}:kubeconfig", f"{PROVIDER}:context"}:
            values[name] = text
        elif owner not in {PROVIDER, *OTHERS}:
            values[key] = text
    # The network must know its region in the plan; there is one, and the provider works in it.
    if isinstance(values.get("network"), dict) and (region := config.get(f"{PROVIDER}:region")):
        values["network"].setdefault("region", region)
    return values


def _misplaced(network: Any, region: str | None) -> list[InvalidInputError]:
    """Say what is wrong with where the network is. Its zones are checked against its region, AWS_REGION isn't."""
    if region is None:
        detail = "Write it down: zones are checked against it, whatever AWS_REGION says."
        return [InvalidInputError("required, but not given", detail=detail, path=f"{PROVIDER}:region")]
    written = network.get("region") if isinstance(network, dict) else None
    if written not in (None, region):
        detail = f"`{PROVIDER}:region` says {region}, and there the provider works. Leave this one out."
        return [InvalidInputError(f"{written} is another region", detail=detail, path="network.region")]
    return []


def _decoded(text: str) -> Any:
    """Read a value as the engine passes it: structured ones are JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
