"""A Service's address inside the cluster, and the families of addresses that it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from kubewire.errors import InvalidInputError
from kubewire.services.written import InSpec

Address = IPv4Address | IPv6Address
MOST_FAMILIES = 2


class IPFamily(StrEnum):
    """A family of addresses."""

    IPV4 = "IPv4"
    IPV6 = "IPv6"


class IPFamilyPolicy(StrEnum):
    """How many families a Service has."""

    SINGLE_STACK = "SingleStack"
    """One."""
    PREFER_DUAL_STACK = "PreferDualStack"
    """Both, where the cluster has both."""
    REQUIRE_DUAL_STACK = "RequireDualStack"
    """Both; refused where the cluster has one."""


class VirtualIP(Enum):
    """A Service's address, where nobody fixes it."""

    AUTO = "Auto"
    """The API server chooses one."""
    HEADLESS = "None"
    """There is none: its name stands for the addresses of its pods."""


AUTO, HEADLESS = VirtualIP.AUTO, VirtualIP.HEADLESS
ClusterIP = VirtualIP | tuple[Address, ...]


def _choice(given: Any) -> Any:
    """Tell here what is meant: a union would say of a mistake what each member finds wrong with it."""
    match given:
        case VirtualIP():
            return given
        case VirtualIP.AUTO.value | VirtualIP.HEADLESS.value:
            return VirtualIP(given)
        case str() | IPv4Address() | IPv6Address():
            return (_address(given),)
        case list() | tuple():
            return _one_for_each_family([_address(item) for item in given])
        case _:
            raise InvalidInputError("this is no address", detail=FORMS)


FORMS = "Write `Auto`, `None` for a headless Service, an address, or one of each family."


def _address(given: Any) -> Address:
    try:
        return ip_address(str(given))
    except ValueError as error:
        raise InvalidInputError(f"{given!r} is no address", detail=FORMS) from error


def _one_for_each_family(addresses: Sequence[Address]) -> tuple[Address, ...]:
    if not addresses or len({address.version for address in addresses}) < len(addresses):
        raise InvalidInputError("an address for each family, once", detail=FORMS)
    return tuple(addresses)


def _not_headless(choice: ClusterIP) -> ClusterIP:
    if choice is HEADLESS:
        detail = "What comes from outside is sent to the Service's address. Leave it out, or fix one."
        raise InvalidInputError("only a ClusterIP Service can be headless", detail=detail)
    return choice


def _entries(choice: ClusterIP) -> Mapping[str, Any]:
    if isinstance(choice, VirtualIP):
        return {"clusterIP": choice.value}
    written = [str(address) for address in choice]
    return {"clusterIP": written[0], **({"clusterIPs": written} if len(written) > 1 else {})}


ClusterIPChoice = Annotated[ClusterIP, Field(alias="clusterIP"), BeforeValidator(_choice), InSpec(_entries)]
"""Its address, or that it has none."""

OutwardClusterIP = Annotated[ClusterIPChoice, AfterValidator(_not_headless)]
"""The address of a Service that is reached from outside too."""


def check_families(choice: ClusterIP, families: Sequence[IPFamily], policy: IPFamilyPolicy | None) -> None:
    """Refuse families that contradict each other, whatever the cluster has. Raises InvalidInputError."""
    addresses = () if isinstance(choice, VirtualIP) else choice
    for index, family in enumerate(families):
        if family in families[:index]:
            raise InvalidInputError(f"{family} is there twice", detail="Remove one.", path=f"ipFamilies[{index}]")
    for address, family in zip(addresses, families, strict=False):
        if f"IPv{address.version}" != family:
            detail = "The addresses have the order of `ipFamilies`."
            raise InvalidInputError(f"{address} is no {family} address", detail=detail, path="clusterIP")
    if max(len(families), len(addresses)) == MOST_FAMILIES and policy in (None, IPFamilyPolicy.SINGLE_STACK):
        detail = f"Write `{IPFamilyPolicy.REQUIRE_DUAL_STACK}`, or `{IPFamilyPolicy.PREFER_DUAL_STACK}`."
        raise InvalidInputError("two families are no single stack", detail=detail, path="ipFamilyPolicy")
