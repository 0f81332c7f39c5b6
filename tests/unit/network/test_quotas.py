from __future__ import annotations

from collections.abc import Callable

import pytest

from kubewire import Quotas
from kubewire.errors import InvalidInputError
from kubewire.functions.get_quotas import GetQuotasResult
from kubewire.network.quotas import LIVE_NAMES, Limit, Limits, Origin
from tests.unit.network.answers import quotas


def live(**values: int) -> GetQuotasResult:
    return GetQuotasResult.model_validate(quotas(**values))


def test_what_is_written_goes_before_what_aws_says_and_that_before_its_defaults() -> None:
    limits = Limits.of(Quotas(routes_per_table=700), live(routesPerTable=900, rulesPerGroup=120))
    assert limits.routes_per_table == Limit(700, Origin.DECLARED)
    assert limits.rules_per_group == Limit(120, Origin.LIVE)
    assert limits.subnets_per_vpc == Limit(200, Origin.DEFAULT)


def test_a_quota_that_is_written_as_nothing_is_written() -> None:
    assert Limits.of(Quotas(elastic_addresses=0), live(elasticIpsPerRegion=9)).elastic_addresses.value == 0


def test_quotas_of_load_balancers_are_asked_under_their_own_names() -> None:
    asked = live(networkLoadBalancersPerRegion=60, targetGroupsPerRegion=70, listenersPerLoadBalancer=51)
    limits = Limits.of(Quotas(), asked)
    assert (limits.load_balancers, limits.target_groups) == (Limit(60, Origin.LIVE), Limit(70, Origin.LIVE))
    assert limits.listeners_per_load_balancer == Limit(51, Origin.LIVE)
    assert limits.targets_per_zone_of_load_balancer == Limit(500)


def test_without_an_answer_aws_s_defaults_hold() -> None:
    assert Limits.of(Quotas()) == Limits()


@pytest.mark.parametrize("name", Limits.__dataclass_fields__)
def test_every_limit_is_asked_of_aws_and_has_its_default(name: str) -> None:
    asked = getattr(live(), LIVE_NAMES.get(name, name))
    assert asked.value == getattr(Limits(), name).value


LIMITS = Limits(
    routes_per_table=Limit(3),
    rules_per_group=Limit(3),
    rules_per_acl=Limit(4),
    elastic_addresses=Limit(3),
    subnets_per_vpc=Limit(3),
)
HOLDS: dict[str, Callable[[int], None]] = {
    "routes": lambda number: LIMITS.hold_routes(number, "x"),
    "rules": lambda number: LIMITS.hold_rules(number, "the nodes", "x"),
    # AWS's own last one is the fourth.
    "entries": lambda number: LIMITS.hold_entries(number, "x"),
    "addresses": lambda number: LIMITS.hold_addresses(number, "x"),
    "subnets": lambda number: LIMITS.hold_subnets(number, "x"),
}


@pytest.mark.parametrize("what", HOLDS)
def test_as_many_are_taken_and_one_more_is_refused(what: str) -> None:
    HOLDS[what](3)
    with pytest.raises(InvalidInputError, match="4 ") as caught:
        HOLDS[what](4)
    assert caught.value.path == "x"
    assert "`quotas." in caught.value.detail
