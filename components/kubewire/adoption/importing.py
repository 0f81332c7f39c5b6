"""The file that `pulumi import --file` takes.

https://www.pulumi.com/docs/iac/guides/migration/import/#bulk-import-operations. Each resource has the name and the
parent that the program will give it, so the program finds it under its URN and makes none beside it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kubewire.adoption.plan import Plan, Taken
from kubewire.adoption.stack import Stack
from kubewire.services.adopting import KUBERNETES_SERVICE

COMPONENT = "component"
PROVIDER = "provider"


def missing(taken: Sequence[Taken]) -> list[Taken]:
    """Give what the stack hasn't yet."""
    return [one for one in taken if not one.is_there]


def import_file(plan: Plan, taken: Sequence[Taken], stack: Stack) -> str:
    """Write the file.

    Args:
        plan: of what.
        taken: what is imported now.
        stack: into which stack.
    """
    names: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    if plan.component.is_there:
        names[COMPONENT] = plan.component.urn
    else:
        rows.append(
            {"type": plan.component.kind, "name": COMPONENT, "logicalName": plan.component.name, "component": True}
        )
    for index, one in enumerate(taken):
        provider = stack.kubernetes if one.kind == KUBERNETES_SERVICE else stack.provider
        if provider:
            names[PROVIDER] = provider
        rows.append(
            {
                "type": one.kind,
                # Called so in this file alone.
                "name": f"part{index}",
                "logicalName": one.name,
                "id": one.id,
                "parent": COMPONENT,
                **({"provider": PROVIDER} if provider else {}),
            }
        )
    return json.dumps({"nameTable": names, "resources": rows})
