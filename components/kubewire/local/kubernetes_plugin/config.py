"""The provider's configuration: the official plugin's keys, and the environment variables that stand in for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, Field, Json

from kubewire.deferred import Unknown
from kubewire.errors import InvalidInputError
from kubewire.model import Model

_VARIABLES = {
    "deleteUnreachable": "PULUMI_K8S_DELETE_UNREACHABLE",
    "enablePatchForce": "PULUMI_K8S_ENABLE_PATCH_FORCE",
    "enableServerSideApply": "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY",
    "upsertExistingObjects": "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
}


class ClientSettings(Model):
    """How the API server is called. Rates are accepted and not limited: the stand-in makes few calls."""

    model_config = ConfigDict(extra="ignore")

    timeout: float | None = Field(default=None, gt=0)


class Config(Model):
    """The keys that the stand-in heeds. It accepts the others, which are about kinds that it doesn't have."""

    model_config = ConfigDict(extra="ignore")

    kubeconfig: str | dict[str, Any] | None = None
    context: str | None = None
    cluster: str | None = None
    namespace: str | None = None
    delete_unreachable: bool = False
    enable_patch_force: bool = False
    enable_server_side_apply: bool = True
    upsert_existing_objects: bool = False
    cluster_identifier: str | None = None
    kube_client_settings: Json[ClientSettings] | ClientSettings = ClientSettings()

    @classmethod
    def read(cls, wire: Mapping[str, Any], environment: Mapping[str, str]) -> Config:
        """Read a configuration; the environment fills in what it doesn't say.

        Raises:
            pydantic.ValidationError: a value can't be right.
        """
        said = {key: value for key, value in wire.items() if value not in ("", None) and not isinstance(value, Unknown)}
        for key, variable in _VARIABLES.items():
            if environment.get(variable):
                said.setdefault(key, environment[variable])
        return cls.model_validate(said)


def unsupported(wire: Mapping[str, Any]) -> list[InvalidInputError]:
    """Say which wishes the stand-in can't fulfil, and must not ignore."""
    failures = []
    if wire.get("renderYamlToDirectory"):
        failures.append(
            InvalidInputError(
                "the embedded environment's kubernetes plugin does not render YAML",
                detail="Use the official plugin for that.",
                path="renderYamlToDirectory",
            )
        )
    if str(wire.get("enableServerSideApply", "")).lower() == "false":
        failures.append(
            InvalidInputError(
                "the embedded environment's kubernetes plugin always applies server-side",
                detail="Remove the setting, or set `enablePatchForce` to override conflicts.",
                path="enableServerSideApply",
            )
        )
    return failures
