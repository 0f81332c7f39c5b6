"""What instances of a type can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from kubewire.errors import InvalidInputError, RefusedError
from kubewire.functions.base import Function
from kubewire.model import Model
from kubewire.resources.instance_sets import InstanceTypeName

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import InstanceTypeInfoTypeDef

MOST_TYPES = 100
"""In one call: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html."""
UNKNOWN_TYPE = "InvalidInstanceType"
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html."""


class GetInstanceTypesArgs(Model):
    """Which types."""

    types: Annotated[tuple[InstanceTypeName, ...], Field(min_length=1)]
    """Their names, `m5.large`."""


class InstanceLimits(Model):
    """What an instance of one type can have: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html."""

    interfaces: int
    """Network interfaces, the primary one included."""
    ipv4_per_interface: int
    """Private IPv4 addresses on each of them, the primary one included."""
    ipv6_per_interface: int
    """IPv6 addresses on each of them."""
    nitro: bool
    """Whether it is built on Nitro; such interfaces take whole prefixes (/28) in an address's place:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html."""
    vcpus: int
    """Virtual CPUs; they bound how many pods a node should run."""


class GetInstanceTypesResult(Model):
    """What each type can have."""

    types: dict[str, InstanceLimits]
    """By the type's name."""


class GetInstanceTypes(Function[GetInstanceTypesArgs, GetInstanceTypesResult]):
    """Looks up how many interfaces and addresses instances of some types can have."""

    Args, Result = GetInstanceTypesArgs, GetInstanceTypesResult

    def run(self, args: GetInstanceTypesArgs) -> GetInstanceTypesResult:
        names = sorted(set(args.types))
        parts = [names[start : start + MOST_TYPES] for start in range(0, len(names), MOST_TYPES)]
        found = {item["InstanceType"]: _limits(item) for part in parts for item in self._described(part)}
        return GetInstanceTypesResult(types={str(name): limits for name, limits in found.items()})

    def _described(self, names: list[str]) -> list[InstanceTypeInfoTypeDef]:
        try:
            return self.cloud.ec2.describe_instance_types(InstanceTypes=names)["InstanceTypes"]  # type: ignore[arg-type]  # AWS has newer types than the stubs
        except RefusedError as error:
            if error.code != UNKNOWN_TYPE:
                raise
            detail = f"Region {self.cloud.region()} was asked. Correct the names: `m5.large`."
            raise InvalidInputError(error.summary, detail=detail, path="types") from error


def _limits(described: InstanceTypeInfoTypeDef) -> InstanceLimits:
    network = described["NetworkInfo"]
    return InstanceLimits(
        interfaces=network["MaximumNetworkInterfaces"],
        ipv4_per_interface=network["Ipv4AddressesPerInterface"],
        ipv6_per_interface=network.get("Ipv6AddressesPerInterface", 0),
        # Bare metal names no hypervisor, and is built on Nitro, all of it:
        # https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html
        nitro=described.get("Hypervisor") == "nitro" or described.get("BareMetal", False),
        vcpus=described["VCpuInfo"]["DefaultVCpus"],
    )
