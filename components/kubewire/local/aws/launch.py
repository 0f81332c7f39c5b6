"""How the embedded AWS is started."""

from __future__ import annotations

import sys

from kubewire.local.parts import Launch
from kubewire.local.ports import LOOPBACK
from kubewire.local.readiness import answers
from kubewire.local.record import CloudRecord, Part


def launch(record: CloudRecord) -> Launch:
    """How it is started. All it knows is in its memory: it forgets when it ends."""
    port = str(record.ports.aws)
    return Launch(
        part=Part.AWS,
        command=(sys.executable, "-m", "kubewire.local.aws.server", "--host", LOOPBACK, "--port", port),
        ready=answers(f"{record.aws_endpoint}/kubewire-api/"),
        # Answers as they come: a part's log is read when something went wrong.
        environment={"PYTHONUNBUFFERED": "1"},
    )
