from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.unit.cloud.api_server import ApiServer, PatientClock


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with ApiServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def clock() -> PatientClock:
    return PatientClock()
