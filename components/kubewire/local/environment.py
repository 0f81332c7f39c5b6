"""The variables by which Pulumi, the AWS SDKs and kubectl find the embedded cloud."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kubewire.local.home import Home
from kubewire.local.ports import LOOPBACK

BACKEND = "PULUMI_BACKEND_URL"
# What we last exported. A backend that equals it is no wish of the user's, even if it is of another checkout's cloud.
_OUR_BACKEND = "KUBEWIRE_BACKEND_URL"
_PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE"  # noqa: S105 - the name of a variable
_PASSPHRASE_FILE = "PULUMI_CONFIG_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable
_DEV_PASSPHRASE = "kubewire-dev"  # noqa: S105 - protects nothing: it is the dev stack's, and public

# These would choose other credentials, or send the user's real session token to the emulator.
_UNSET = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
)
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@dataclass(frozen=True)
class Exports:
    """What changes in an environment.

    Attributes:
        assigned: variables and their values.
        removed: variables that must not be set.
    """

    assigned: Mapping[str, str]
    removed: tuple[str, ...]

    def applied_to(self, base: Mapping[str, str]) -> dict[str, str]:
        """That environment with the changes made."""
        kept = {name: value for name, value in base.items() if name not in self.removed}
        return kept | dict(self.assigned)


@dataclass(frozen=True)
class Endpoints:
    """Where to find what the variables name.

    Attributes:
        home: the cloud's directory.
        aws: the AWS emulator's address.
        programs: directories of the engine's programs, first on PATH.
        region: AWS's, for tools that no stack tells one; None for none.
    """

    home: Home
    aws: str
    programs: tuple[Path, ...]
    region: str | None = None


def exports(endpoints: Endpoints, base: Mapping[str, str]) -> Exports:
    """What an environment needs to use the embedded cloud.

    A backend, a passphrase and a region that the user has set win: a stack of his keeps its state where it is.

    Args:
        endpoints: what the variables name.
        base: the environment that they are meant for.
    """
    home = endpoints.home
    assigned = {
        "PATH": _path(endpoints.programs, base),
        "PULUMI_HOME": str(home.pulumi_home),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "AWS_ENDPOINT_URL": endpoints.aws,
        "AWS_ACCESS_KEY_ID": "kubewire-local",
        "AWS_SECRET_ACCESS_KEY": "kubewire-local",
        "AWS_EC2_METADATA_DISABLED": "true",
        "KUBECONFIG": str(home.kubeconfig),
    }
    if base.get(BACKEND, "") in {"", base.get(_OUR_BACKEND)}:
        assigned |= {BACKEND: home.backend, _OUR_BACKEND: home.backend}
    if not base.get(_PASSPHRASE_FILE) and _PASSPHRASE not in base:
        assigned[_PASSPHRASE] = _DEV_PASSPHRASE
    if endpoints.region and not any(base.get(name) for name in _REGIONS):
        assigned["AWS_REGION"] = endpoints.region
    if any(base.get(name) for name in _PROXIES):
        assigned |= _around_proxies(base)
    return Exports(assigned=assigned, removed=tuple(name for name in _UNSET if name in base))


def without_clouds(base: Mapping[str, str]) -> dict[str, str]:
    """An environment with nothing in it of any cloud, backend or engine setting: the start for a hermetic run."""
    ours = ("AWS_", "PULUMI_", "KUBEWIRE_")
    return {name: value for name, value in base.items() if not name.startswith(ours) and name != "KUBECONFIG"}


def _path(programs: tuple[Path, ...], base: Mapping[str, str]) -> str:
    first = [str(program) for program in (*programs, Path(sys.executable).parent)]
    rest = [folder for folder in base.get("PATH", os.defpath).split(os.pathsep) if folder not in first]
    return os.pathsep.join(dict.fromkeys([*first, *rest]))


def _around_proxies(base: Mapping[str, str]) -> dict[str, str]:
    """A proxy can't reach this machine's loopback. Both spellings, because programs differ in which they read."""
    existing = base.get("no_proxy") or base.get("NO_PROXY") or ""
    hosts = dict.fromkeys([*filter(None, existing.split(",")), LOOPBACK, "localhost"])
    value = ",".join(hosts)
    return {"NO_PROXY": value, "no_proxy": value}
