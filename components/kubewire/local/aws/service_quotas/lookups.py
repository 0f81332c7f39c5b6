"""What is applied to an account, and AWS's defaults: the settings of the embedded AWS, under Service Quotas' codes.

What the strict services don't hold anyone to has its default alone, so a client meets AWS's other answer, too: "If the
applied quota value is not available for a quota, the quota is not retrieved."
https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html
"""

from __future__ import annotations

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers
from kubewire.local.aws.service_quotas.listed import Listed, listed


@answers("service-quotas", "ListServiceQuotas")
def applied_list(call: Call, _proceed: Proceed) -> Answer:
    """List what is applied; resources have no quotas of their own here."""
    if call.parameters.get("QuotaAppliedAtLevel") == "RESOURCE":
        return {"Quotas": []}
    wanted = call.parameters.get("QuotaCode")
    rows = [(quota, quota.applied(call.limit)) for quota in _of_service(call) if wanted in (None, quota.code)]
    return {"Quotas": [quota.shown(call.region, call.account, value) for quota, value in rows if value is not None]}


@answers("service-quotas", "GetServiceQuota")
def applied_one(call: Call, _proceed: Proceed) -> Answer:
    """Give what is applied of one; what nothing is applied of isn't found.

    https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
    """
    quota = _one(call)
    value = quota.applied(call.limit)
    if value is None:
        raise _no_quota(call)
    return {"Quota": quota.shown(call.region, call.account, value)}


@answers("service-quotas", "ListAWSDefaultServiceQuotas")
def default_list(call: Call, _proceed: Proceed) -> Answer:
    """List AWS's defaults.

    https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListAWSDefaultServiceQuotas.html
    """
    return {"Quotas": [quota.shown(call.region, "", quota.default) for quota in _of_service(call)]}


@answers("service-quotas", "GetAWSDefaultServiceQuota")
def default_one(call: Call, _proceed: Proceed) -> Answer:
    """Give AWS's default of one.

    https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetAWSDefaultServiceQuota.html
    """
    quota = _one(call)
    return {"Quota": quota.shown(call.region, "", quota.default)}


def _of_service(call: Call) -> tuple[Listed, ...]:
    found = listed(call.parameters["ServiceCode"])
    if not found:
        # These words, and those below, are ours.
        raise Refusal("NoSuchResourceException", "The request failed because the specified service does not exist.")
    return found


def _one(call: Call) -> Listed:
    for quota in _of_service(call):
        if quota.code == call.parameters["QuotaCode"]:
            return quota
    raise _no_quota(call)


def _no_quota(call: Call) -> Refusal:
    code, service = call.parameters["QuotaCode"], call.parameters["ServiceCode"]
    message = f"The request failed because the specified quota {code} does not exist for service {service}."
    return Refusal("NoSuchResourceException", message)
