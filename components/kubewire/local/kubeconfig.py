"""The administrator's kubeconfig, and the token that it carries."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path

from kubewire.local.certificates import Certificates
from kubewire.local.home import write_private

_CONTEXT = "kubewire"
_TOKEN_BYTES = 32


def issue_token(tokens: Path) -> str:
    """Write an API server's token file with one new administrator in it, and return the token.

    `system:masters` passes every authorizer, so the administrator stays one whichever is configured.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    write_private(tokens, f"{token},kubewire-admin,kubewire-admin,system:masters\n".encode())
    return token


def read_token(tokens: Path) -> str:
    """The administrator's token."""
    return tokens.read_text(encoding="utf-8").split(",", 1)[0]


def write_kubeconfig(path: Path, *, endpoint: str, certificates: Certificates, token: str) -> None:
    """Write a kubeconfig that needs no other file, so that it may be copied elsewhere.

    JSON is YAML, and the one that needs no library to write.
    """
    authority = base64.b64encode(certificates.authority.read_bytes()).decode()
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": _CONTEXT, "cluster": {"server": endpoint, "certificate-authority-data": authority}}],
        "users": [{"name": _CONTEXT, "user": {"token": token}}],
        "contexts": [{"name": _CONTEXT, "context": {"cluster": _CONTEXT, "user": _CONTEXT}}],
        "current-context": _CONTEXT,
    }
    write_private(path, json.dumps(config, indent=2).encode())
