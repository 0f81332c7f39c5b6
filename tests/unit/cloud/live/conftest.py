"""An account to read."""

from __future__ import annotations

import pytest

from kubewire.cloud.live.cluster import ClusterObjects
from tests.unit.cloud.live.account import Account


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    made = Account()
    monkeypatch.setattr(ClusterObjects, "read", lambda _self: made.objects)
    return made
