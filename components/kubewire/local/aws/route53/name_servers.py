"""Name servers of a hosted zone, and the records that a zone is made with.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html
"""

from __future__ import annotations

from typing import Any, Final

from moto.moto_api._internal import mock_random

from kubewire.local.aws.route53.account import record_set

# Private zones all have these, which nobody can ask.
PRIVATE: Final = (
    "ns-1536.awsdns-00.co.uk",
    "ns-0.awsdns-00.com",
    "ns-1024.awsdns-00.org",
    "ns-512.awsdns-00.net",
)
_DOMAINS: Final = ("com", "net", "org", "co.uk")
_EACH: Final = 512
_SHARING: Final = 8
NS_TTL: Final = 172_800
SOA_TTL: Final = 900


def drawn() -> list[str]:
    """Four name servers under four top-level domains, as each delegation set has them."""
    servers = []
    for position, domain in enumerate(_DOMAINS):
        number = mock_random.randrange(_EACH)
        servers.append(f"ns-{position * _EACH + number}.awsdns-{number // _SHARING:02}.{domain}")
    mock_random.shuffle(servers)
    return servers


def own_records(zone: str, servers: list[str]) -> list[Any]:
    """A zone's NS and SOA records; only their values can be changed."""
    soa = f"{servers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
    written = (("NS", NS_TTL, [f"{server}." for server in servers]), ("SOA", SOA_TTL, [soa]))
    return [
        record_set({"Name": zone, "Type": kind, "TTL": ttl, "ResourceRecords": values}) for kind, ttl, values in written
    ]


def is_own(zone: Any, record: Any) -> bool:
    """Whether a record is one that its zone can't be without."""
    return bool(record.name == zone.name and record.type in ("NS", "SOA"))
