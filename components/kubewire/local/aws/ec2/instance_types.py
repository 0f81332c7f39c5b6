"""What a type of instance can have: moto knows AWS's list."""

from __future__ import annotations

from typing import Any, Final

from moto.ec2.models.instance_types import INSTANCE_TYPES

# Types that are newer than moto's list are not held to a limit that nobody here knows.
_UNKNOWN: Final = 1000


def most_interfaces(instance_type: str) -> int:
    """How many interfaces it takes.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html
    """
    return _network(instance_type, "MaximumNetworkInterfaces")


def most_addresses(instance_type: str) -> int:
    """How many IPv4 addresses each of them takes, the primary one included."""
    return _network(instance_type, "Ipv4AddressesPerInterface")


def _network(instance_type: str, what: str) -> int:
    known: dict[str, Any] = INSTANCE_TYPES.get(instance_type, {})
    return int(known.get("NetworkInfo", {}).get(what, _UNKNOWN))
