"""Which cluster is meant, and how it is reached."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from lightkube import ConfigError, KubeConfig, SingleConfig

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.kubernetes_plugin.config import Config

_WAY_OUT = "Set `kubernetes:kubeconfig` in the stack's configuration, or KUBECONFIG."


def connection(config: Config, environment: Mapping[str, str]) -> SingleConfig:
    """Give how the cluster is reached.

    Raises:
        EnvironmentNotReadyError: there is no kubeconfig, or it does not say.
    """
    try:
        chosen = _load(config, environment).get(context_name=config.context)
        if chosen is not None and config.cluster is not None:
            chosen = chosen._replace(cluster=_load(config, environment).clusters[config.cluster])
    except (ConfigError, OSError, yaml.YAMLError) as error:
        raise _unusable(str(error)) from error
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable(f"the kubeconfig is incomplete: {error}") from error
    if chosen is None or chosen.user is None:
        raise _unusable("the kubeconfig's context has no user")
    return chosen


def active_cluster(config: Config, environment: Mapping[str, str]) -> Any:
    """Give the cluster's entry in the kubeconfig, as far as a configuration by itself tells; None if it doesn't."""
    if config.kubeconfig is None:
        return None
    try:
        return connection(config, environment).cluster
    except EnvironmentNotReadyError:
        return None


def _load(config: Config, environment: Mapping[str, str]) -> KubeConfig:
    match config.kubeconfig:
        case None:
            return KubeConfig.from_file(_ambient(environment))
        case dict() as contents:
            return KubeConfig.from_dict(contents)
        case str() as path_or_contents:
            return _read(path_or_contents)


def _read(path_or_contents: str) -> KubeConfig:
    if "\n" not in path_or_contents and not path_or_contents.lstrip().startswith("{"):
        return KubeConfig.from_file(Path(path_or_contents).expanduser())
    contents = yaml.safe_load(path_or_contents)
    if not isinstance(contents, dict):
        raise ConfigError("it is neither a kubeconfig nor the path of one")
    return KubeConfig.from_dict(contents)


def _ambient(environment: Mapping[str, str]) -> Path:
    """Give kubectl's choice; of several files in KUBECONFIG the first one that exists."""
    named = [Path(part) for part in environment.get("KUBECONFIG", "").split(os.pathsep) if part]
    existing = [path for path in named if path.is_file()]
    return (existing or named or [Path("~/.kube/config").expanduser()])[0]


def _unusable(why: str) -> EnvironmentNotReadyError:
    return EnvironmentNotReadyError(f"configured Kubernetes cluster is unreachable: {why}", detail=_WAY_OUT)
