"""Whatever description is accepted, AWS takes: it goes up, stays as it is, and goes away, with nothing left."""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from tests.e2e.aws import Account, inventory
from tests.e2e.projects import IMAGE, Projects
from tests.unit.network.strategies import REGION, descriptions

NUMBERS = count()
TOO_MANY = "are too many for"
EXAMPLES = 8
"""About ten seconds each."""


@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    # A smaller one would take another ten seconds to try, dozens of times.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(description=descriptions(standalone=True, image=IMAGE))
def test_an_accepted_network_comes_stays_and_goes(
    projects: Projects, account: Account, description: dict[str, Any]
) -> None:
    aws = account.of(REGION)
    before = {thing.id for thing in inventory(aws)}
    config = {"kubewire:region": REGION, "cluster:network": {**description, "quotas": {}}}
    project = projects.make(f"any{next(NUMBERS)}", config)
    run = project.up()
    if run.code and any(TOO_MANY in error for error in run.errors):
        # Refused before anything was asked of AWS: the draws are larger than the account's quotas.
        assert {thing.id for thing in inventory(aws)} == before
        return
    run.ok()
    assert project.up("--expect-no-changes").ok().changes == set()
    project.destroy().ok()
    assert {thing.id for thing in inventory(aws)} == before
