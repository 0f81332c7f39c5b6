"""The services that an endpoint of a VPC can lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES

from kubewire.local.aws.call import Call
from kubewire.local.aws.refusal import Refusal

INTERFACE: Final = "Interface"
GATEWAY: Final = "Gateway"
BY_GATEWAY: Final = ("s3", "dynamodb")
"""The only two: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html."""
_ANY_HOST: Final = ("ecr.dkr", "execute-api")
"""Those that answer below their name instead of at it, whose private name begins with a star."""


@dataclass(frozen=True)
class EndpointService:
    """One of AWS's own.

    Attributes:
        name: as CreateVpcEndpoint takes it.
        types: the kinds of endpoint that lead to it.
        host: its name in public DNS, without a star.
        private_name: the name that private DNS gives to an endpoint.
    """

    name: str
    types: tuple[str, ...]
    host: str
    private_name: str


def service_of(call: Call, name: str) -> EndpointService:
    """The service of that name in the caller's region.

    https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html

    Raises:
        Refusal: there is none.
    """
    prefix = f"com.amazonaws.{call.region}."
    short = name.removeprefix(prefix)
    if not name.startswith(prefix) or short not in {*AWS_ENDPOINT_SERVICES, *BY_GATEWAY}:
        raise Refusal("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist")
    # The parts of a service's name come the other way round in DNS: ecr.api is api.ecr there.
    host = f"{'.'.join(reversed(short.split('.')))}.{call.region}.amazonaws.com"
    types = (GATEWAY, INTERFACE) if short in BY_GATEWAY else (INTERFACE,)
    return EndpointService(name, types, host, f"*.{host}" if short in _ANY_HOST else host)


def must_offer(service: EndpointService, kind: str) -> None:
    """Refuse an endpoint of a kind that doesn't lead to a service.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html (VpcEndpointType)
    """
    if kind not in service.types:
        offered = ", ".join(service.types)
        message = f"Endpoint type ({kind}) does not match available service types ([{offered}])."
        raise Refusal("InvalidParameter", message)
