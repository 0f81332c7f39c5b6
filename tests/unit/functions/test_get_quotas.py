from __future__ import annotations

import pytest

from kubewire.errors import InvalidInputError, KubewireError, RefusedError, ThrottledError
from kubewire.functions import quota_codes
from kubewire.functions.get_quotas import CODES, GetQuotas, GetQuotasArgs, GetQuotasResult, QuotaSource, QuotaValue
from kubewire.functions.quota_codes import QuotaCode
from tests.unit.functions.account import Account

LIVE, DEFAULT = QuotaSource.LIVE, QuotaSource.DEFAULT
DENIED = RefusedError("not allowed\n<html>", code="AccessDeniedException", operation="service-quotas:ListServiceQuotas")
NOWHERE = ThrottledError("no way there", code="NotConnected", operation="service-quotas:ListServiceQuotas")


def apply(account: Account, quota: QuotaCode, value: float) -> None:
    row = {"QuotaCode": quota.code, "Value": value}
    account.service_quotas.applied[quota.service, quota.code] = row


def look(account: Account) -> GetQuotasResult:
    return GetQuotas(account).run(GetQuotasArgs())


def values(result: GetQuotasResult) -> dict[str, QuotaValue]:
    return {field: getattr(result, field) for field in CODES}


def documented() -> dict[str, QuotaValue]:
    return {field: QuotaValue(value=quota.default, source=DEFAULT) for field, quota in CODES.items()}


@pytest.fixture
def raised(account: Account) -> Account:
    """An account where everything is applied, a hundred more than the default."""
    for quota in CODES.values():
        apply(account, quota, quota.default + 100.0)
    return account


def test_every_field_is_a_quota_and_every_quota_a_field() -> None:
    declared = {value for value in vars(quota_codes).values() if isinstance(value, QuotaCode)}
    assert declared == set(CODES.values())
    assert set(CODES) | {"reason"} == set(GetQuotasResult.model_fields)


def test_what_is_applied_is_live(raised: Account) -> None:
    found = look(raised)
    assert values(found) == {
        field: QuotaValue(value=quota.default + 100, source=LIVE) for field, quota in CODES.items()
    }
    assert found.reason == ""
    assert [call[:2] for call in raised.service_quotas.asked] == [
        ("list", "vpc"),
        ("get", "ec2"),
        ("list", "elasticloadbalancing"),
    ]


def test_what_is_not_applied_is_aws_s_default_of_today(raised: Account) -> None:
    for quota in (quota_codes.ROUTES_PER_TABLE, quota_codes.ELASTIC_IPS_PER_REGION):
        del raised.service_quotas.applied[quota.service, quota.code]
        raised.service_quotas.defaults[quota.service, quota.code] = 777.0
    found = look(raised)
    assert found.routes_per_table == found.elastic_ips_per_region == QuotaValue(value=777, source=DEFAULT)
    assert found.subnets_per_vpc.source is LIVE
    assert found.reason == ""


def test_what_service_quotas_does_not_know_is_the_documented_default(account: Account) -> None:
    found = look(account)
    assert values(found) == documented()
    assert found.reason == ""


def test_a_quota_that_its_service_could_not_tell_is_a_default(raised: Account) -> None:
    quota = quota_codes.TARGETS_PER_GROUP
    broken = {"QuotaCode": quota.code, "ErrorReason": {"ErrorCode": "DEPENDENCY_SERVICE_ERROR"}}
    raised.service_quotas.applied[quota.service, quota.code] = broken
    assert look(raised).targets_per_group == QuotaValue(value=quota.default, source=DEFAULT)


def test_who_may_not_look_gets_defaults_and_the_reason(account: Account) -> None:
    account.service_quotas.errors = {"list": DENIED, "get": DENIED}
    found = look(account)
    assert values(found) == documented()
    assert found.reason == "not allowed; not allowed; not allowed"


def test_one_service_s_refusal_takes_nothing_from_the_others(raised: Account) -> None:
    raised.service_quotas.errors = {"list vpc": DENIED}
    found = look(raised)
    assert (found.routes_per_table.source, found.network_load_balancers_per_region.source) == (DEFAULT, LIVE)
    assert found.reason == "not allowed"


def test_what_was_told_before_a_refusal_stays(raised: Account) -> None:
    quota = quota_codes.ROUTES_PER_TABLE
    del raised.service_quotas.applied[quota.service, quota.code]
    raised.service_quotas.errors = {"default": DENIED}
    found = look(raised)
    assert found.routes_per_table == QuotaValue(value=500, source=DEFAULT)
    assert found.subnets_per_vpc.source is LIVE


@pytest.mark.parametrize("error", [NOWHERE, InvalidInputError("no such profile", path="profile")])
def test_where_no_way_leads_is_asked_once(account: Account, error: KubewireError) -> None:
    account.service_quotas.errors = {"list": error, "get": error}
    found = look(account)
    assert values(found) == documented()
    assert found.reason == error.summary
    assert len(account.service_quotas.asked) == 1


def test_a_wish_to_stop_is_no_answer(account: Account) -> None:
    account.service_quotas.errors = {"list": InterruptedError("stopped while waiting, as asked")}
    with pytest.raises(InterruptedError):
        look(account)
