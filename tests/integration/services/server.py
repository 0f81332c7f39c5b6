"""What an API server says of a Service: its verdict, and how it keeps what it takes."""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests.integration.services.rows import Wire

SERVICES = "/api/v1/namespaces/default/services"


@dataclass(frozen=True)
class Verdict:
    """What came of a Service.

    Attributes:
        kept: the spec as the server keeps it; None if it refused.
        message: why it refused.
        fields: the fields at fault, `spec.ports[0].name`; empty where the server names none.
    """

    kept: Wire | None
    message: str = ""
    fields: frozenset[str] = frozenset()


class Server:
    """An API server."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    @classmethod
    @contextmanager
    def of(cls, kubeconfig: Path) -> Iterator[Server]:
        """The one of a kubeconfig's only cluster."""
        config = json.loads(kubeconfig.read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        authority = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
        headers = {"Authorization": f"Bearer {user['token']}"}
        with httpx2.Client(base_url=cluster["server"], verify=authority, headers=headers, trust_env=False) as client:
            yield cls(client)

    def judge(self, metadata: Wire, spec: Wire, *others: Wire) -> Verdict:
        """Create a Service, and delete it at once. A dry run would check neither node ports nor addresses to the end.

        Args:
            metadata: of the object.
            spec: of the Service.
            others: specs of Services that are there already.
        """
        made = [self._create({"name": f"other-{number}"}, other) for number, other in enumerate(others)]
        assert all(answer.is_success for answer in made), [answer.text for answer in made]
        answer = self._create(metadata, spec)
        for one in (*made, answer):
            if one.is_success:
                name = one.json()["metadata"]["name"]
                self._client.delete(f"{SERVICES}/{name}").raise_for_status()
        body: Any = answer.json()
        if answer.is_success:
            return Verdict(kept=body["spec"])
        causes = body.get("details", {}).get("causes", [])
        return Verdict(None, body["message"], frozenset(cause["field"] for cause in causes if "field" in cause))

    def _create(self, metadata: Wire, spec: Wire) -> httpx2.Response:
        service = {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}
        return self._client.post(SERVICES, params={"fieldValidation": "Strict"}, json=service)
