"""How much a batch may hold, a record set, and a zone.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kubewire.local.aws.quotas import quota

_LIMITS: Final = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html"
RECORDS: Final = quota("route53-records-per-zone", default=10_000, page=_LIMITS)

MOST_RECORDS: Final = 1_000
MOST_CHARACTERS: Final = 32_000
MOST_VALUES: Final = 400
MOST_OF_A_NAME: Final = 100
"""Record sets of one routing policy with the same name and type."""


def problems(changes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What is too much in a batch. An UPSERT counts twice, an alias as one record.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests-changeresourcerecordsets
    """
    records = characters = 0
    for change in changes:
        values = [item["Value"] for item in change["ResourceRecordSet"].get("ResourceRecords", [])]
        weight = 2 if change["Action"] == "UPSERT" else 1
        records += weight * max(len(values), 1)
        characters += weight * sum(map(len, values))
    if records > MOST_RECORDS:
        yield f"Number of records limit of {MOST_RECORDS} exceeded."
    if characters > MOST_CHARACTERS:
        yield f"RDATA character limit of {MOST_CHARACTERS} exceeded."
