"""What `kubectl get` prints: the API server makes the table, kubectl only aligns it."""

from __future__ import annotations

import base64
import json
import ssl

import httpx2

from kubewire.local.cloud import Cloud

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


def get_services(cloud: Cloud, namespace: str) -> dict[str, dict[str, str]]:
    """`kubectl get service --namespace NAMESPACE`: name to column to what stands there."""
    config = json.loads(cloud.kubeconfig.read_text())
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    headers = {"Authorization": f"Bearer {user['token']}", "Accept": TABLE}
    with httpx2.Client(verify=ssl.create_default_context(cadata=authority), trust_env=False) as client:
        answer = client.get(f"{cluster['server']}/api/v1/namespaces/{namespace}/services", headers=headers)
    table = answer.raise_for_status().json()
    columns = [column["name"] for column in table["columnDefinitions"]]
    rows = [dict(zip(columns, row["cells"], strict=True)) for row in table["rows"]]
    return {row["Name"]: row for row in rows}
