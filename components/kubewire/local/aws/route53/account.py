"""What Route53 has of an account. It knows no regions: whatever region signs a request, it is the same account's."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random
from moto.route53.models import RecordSet

from kubewire.local.aws.call import Call
from kubewire.local.aws.refusal import Refusal

Notes = TypeVar("Notes")

_LETTERS: Final = string.ascii_uppercase + string.digits
_LENGTH: Final = 20


def noted(call: Call, kind: type[Notes]) -> Notes:
    """The account's notes of a kind."""
    return call.emulator.notes(kind, call.account, "aws")


def new_id(letter: str) -> str:
    """An id such as AWS gives: Z and 20 more for a zone, C for a change, N for a delegation set."""
    return letter + "".join(mock_random.choice(_LETTERS) for _ in range(_LENGTH))


def bare(identity: str) -> str:
    """An id without the path that some answers give it."""
    return identity.rpartition("/")[2]


def zone_of(call: Call, parameter: str = "HostedZoneId") -> Any:
    """The hosted zone that a call names, as moto has it.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHostedZone.html (NoSuchHostedZone)

    Raises:
        Refusal: the account has none such.
    """
    given = bare(call.parameters[parameter])
    zone = call.route53.zones.get(given)
    if zone is None:
        raise no_such_zone(given)
    return zone


def no_such_zone(identity: str) -> Refusal:
    """There is none with that id."""
    return Refusal("NoSuchHostedZone", f"No hosted zone found with ID: {identity}")


def vpc_exists(call: Call, vpc_id: str, region: str) -> bool:
    """Whether the account has that VPC in that region; moto makes a region's state when it is first asked for."""
    regions = ec2_backends[call.account]
    return region in regions and vpc_id in regions[region].vpcs


def record_set(written: Mapping[str, Any]) -> Any:
    """A record set as moto keeps it."""
    make: Any = RecordSet  # by its types the class is abstract; moto makes instances of it all the same
    return make(dict(written))
