"""Names that a cluster network is described with."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from kubewire.errors import InvalidInputError
from kubewire.resources.security_group import RESERVED_PREFIX, TEXT


def _for_groups(name: str) -> str:
    """Refuse a name by which AWS would refuse the security groups that are named after the network."""
    if f"{name}-".startswith(RESERVED_PREFIX):
        detail = "The security groups are named after the network, and AWS keeps `sg-…` for their ids. Choose another."
        raise InvalidInputError(f"no network can be named {name}", detail=detail)
    return name


Label = Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$")]
"""A name that can be part of names in AWS and in Kubernetes: lower case, up to 32 characters."""

NetworkName = Annotated[Label, AfterValidator(_for_groups)]
"""What names of security groups can start with too."""

RegionName = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
"""An AWS region, `eu-west-1`."""

ZoneName = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d[a-z]$")]
"""An availability zone, `eu-west-1a`."""

Domain = Annotated[
    str, Field(max_length=253, pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$")
]
"""A DNS zone, `shop.internal`."""

PeerName = Annotated[str, Field(min_length=1, max_length=64, pattern=TEXT)]
"""What somebody outside is called: a part of the descriptions of rules, which AWS takes few characters in."""

# Ids as AWS writes them: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
GroupId = Annotated[str, Field(pattern=r"^sg-[0-9a-f]{8,17}$")]
PrefixListId = Annotated[str, Field(pattern=r"^pl-[0-9a-f]{8,17}$")]
PeeringId = Annotated[str, Field(pattern=r"^pcx-[0-9a-f]{8,17}$")]
TransitGatewayId = Annotated[str, Field(pattern=r"^tgw-[0-9a-f]{8,17}$")]
IpamPoolId = Annotated[str, Field(pattern=r"^ipam-pool-[0-9a-f]{8,17}$")]
