from __future__ import annotations

from kubewire.functions.get_quotas import CODES
from kubewire.local.aws import rules
from kubewire.local.aws.quotas import QUOTAS
from kubewire.local.aws.service_quotas.listed import HELD, SERVICES, listed

rules.load()
LISTED = {quota.code: quota for service in SERVICES for quota in listed(service)}


def test_every_code_is_a_quota_that_is_held_to() -> None:
    assert set(HELD.values()) <= set(QUOTAS)
    assert len(set(HELD.values())) == len(HELD)
    assert HELD.keys() <= LISTED.keys()


def test_what_a_program_asks_for_is_listed_with_the_default_that_it_knows() -> None:
    for field, quota in CODES.items():
        found = LISTED[quota.code]
        assert (field, found.service, found.default) == (field, quota.service, quota.default)


def test_a_service_that_is_not_there_has_none() -> None:
    assert listed("moonbase") == ()
