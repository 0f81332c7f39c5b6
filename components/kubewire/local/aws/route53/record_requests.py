"""Which members of a change go together. What breaks these rules isn't looked at further.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kubewire.local.aws.refusal import Refusal

POLICIES: Final = (
    "Weight",
    "Region",
    "Failover",
    "GeoLocation",
    "MultiValueAnswer",
    "CidrRoutingConfig",
    "GeoProximityLocation",
)
# moto has no place for these.
_MISSING: Final = ("CidrRoutingConfig", "GeoProximityLocation", "TrafficPolicyInstanceId")
_ANSWERS: Final = "AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId"


def check(changes: Sequence[Mapping[str, Any]]) -> None:
    """Refuse changes that don't say what they are about, in exactly one way.

    Raises:
        Refusal: InvalidInput, of the first such change; NotImplemented, where the embedded AWS can't do it.
    """
    for change in changes:
        record = change["ResourceRecordSet"]
        _check_answers(change, record)
        _check_policy(change, record)
        for name in _MISSING:
            if name in record:
                words = f"The embedded AWS does not have this of route53's ChangeResourceRecordSets: {name}"
                raise Refusal("NotImplemented", words, status=501)


def _check_answers(change: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """Values with a time to live, or an alias, which has none of its own."""
    plain = "TTL" in record and "ResourceRecords" in record
    ways = plain + ("AliasTarget" in record) + ("TrafficPolicyInstanceId" in record)
    more = "AliasTarget" in record and ("TTL" in record or "ResourceRecords" in record)
    if ways != 1 or more:
        found = "more than one" if ways else "none"
        raise _invalid(f"Expected exactly one of [{_ANSWERS}], but found {found}", change)


def _check_policy(change: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """A routing policy and an identifier, or neither."""
    policies = [policy for policy in POLICIES if policy in record]
    if policies and "SetIdentifier" not in record:
        raise _invalid("Missing field 'SetIdentifier'", change)
    if "SetIdentifier" in record and len(policies) != 1:
        found = "more than one" if policies else "none"
        one_of = f"{', '.join(POLICIES[:-1])}, or {POLICIES[-1]}"
        raise _invalid(f"Expected exactly one of [{one_of}], but found {found}", change)


def _invalid(words: str, change: Mapping[str, Any]) -> Refusal:
    record = change["ResourceRecordSet"]
    which = f"Action={change['Action']}, Name={record['Name']}, Type={record['Type']}"
    identifier = record.get("SetIdentifier", "null")
    return Refusal("InvalidInput", f"Invalid request: {words} in Change with [{which}, SetIdentifier={identifier}]")
