"""Writes the JSON schema of `policy.yaml`, for editors. Run it with `python -m tests.unit.report.schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kubewire.report.policy import Policy

SCHEMA_FILE = Path(__file__).parents[3] / "docs" / "examples" / "policy.schema.json"


def schema() -> dict[str, Any]:
    """Give it; what takes one or many takes both."""
    found: dict[str, Any] = Policy.model_json_schema(by_alias=True)
    for name in ("who", "whom", "traffic"):
        field = found["$defs"]["Allow"]["properties"][name]
        many = {key: field.pop(key) for key in ("items", "minItems", "type") if key in field}
        field["anyOf"] = [{"type": "string"}, many]
    return found


if __name__ == "__main__":
    SCHEMA_FILE.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
