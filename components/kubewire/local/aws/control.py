"""`/kubewire-api`: how time and settings of the embedded AWS are seen and changed.

GET  /kubewire-api/           time, settings, all quotas and durations that there are, and how often was called what
                              changes something
POST /kubewire-api/config     {"quotas": {"vpcs-per-region": 2}, "throttling": true, …}: see Settings
POST /kubewire-api/clock      {"advance": 30}
POST /kubewire-api/reset      everything as it was at the start: moto's memory, notes, settings
"""

from __future__ import annotations

import json
from typing import Any, Final

from moto.core.base_backend import BackendDict
from moto.core.request import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.wrappers import Response

from kubewire.local.aws.durations import DURATIONS
from kubewire.local.aws.emulator import Emulator
from kubewire.local.aws.quotas import QUOTAS

PREFIX: Final = "/kubewire-api/"


class _Move(BaseModel):
    model_config = ConfigDict(extra="forbid")

    advance: float = Field(ge=0)


def answered(emulator: Emulator, request: Request) -> Response:
    """Answer a request to the control interface."""
    verb, what = request.method, request.path.removeprefix(PREFIX)
    with emulator.lock:
        try:
            match verb, what:
                case "GET", _ if not what:
                    pass
                case "POST", "config":
                    emulator.configure(_body(request))
                case "POST", "clock":
                    emulator.clock.advance(_Move.model_validate(_body(request)).advance)
                    emulator.schedule.settle()
                case "POST", "reset":
                    BackendDict.reset()
                    emulator.reset()
                case _:
                    return _json({"error": f"there is no {verb} {request.path}"}, 404)
        except (ValidationError, ValueError) as error:
            return _json({"error": str(error)}, 400)
        return _json(_shown(emulator), 200)


def _body(request: Request) -> dict[str, Any]:
    body = json.loads(request.get_data() or b"{}")
    if not isinstance(body, dict):
        raise ValueError("an object is expected")  # noqa: TRY004 - the caller's mistake, answered as such
    return body


def _shown(emulator: Emulator) -> dict[str, Any]:
    settings = emulator.settings
    return {
        "now": emulator.clock.now,
        "changes": dict(sorted(emulator.changes.items())),
        "settings": settings.model_dump(mode="json"),
        "quotas": {name: settings.limit(quota) for name, quota in QUOTAS.items()},
        "durations": {name: settings.seconds(duration) for name, duration in DURATIONS.items()},
    }


def _json(value: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(value, indent=2) + "\n", status, content_type="application/json")
