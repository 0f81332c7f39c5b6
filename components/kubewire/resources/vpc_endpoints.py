"""What gateway endpoints and interface endpoints have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from kubewire.errors import CloudError, NotFoundError, RefusedError
from kubewire.model import REPLACE, Ref
from kubewire.resources.base import GONE, Cloud, NamedArgs, Owner
from kubewire.resources.tagging import on_create, owned_by
from kubewire.resources.unsuccessful import raise_for
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_ec2.literals import VpcEndpointTypeType
    from types_boto3_ec2.type_defs import VpcEndpointTypeDef

AVAILABLE = "available"
# Answers write states with small letters, AWS's own model with capitals.
LIVE = ("pending", AVAILABLE)

SAME_ZONE = "DuplicateSubnetsInSameZone"

ServiceName = Annotated[str, Field(pattern=r"^com\.amazonaws\.[a-z0-9-]+\.[a-z0-9][a-z0-9.-]*$")]
"""`com.amazonaws.<region>.<service>`.
https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"""


class EndpointArgs(NamedArgs):
    """What every endpoint is declared by."""

    vpc: Annotated[Ref, REPLACE]
    """The VPC that reaches the service by it."""


def is_live(endpoint: VpcEndpointTypeDef) -> bool:
    """Whether an endpoint is there, or coming up: not going, and not failed."""
    return endpoint["State"].lower() in LIVE


def endpoint_of(cloud: Cloud, object_id: str) -> VpcEndpointTypeDef | None:
    """Give an endpoint as AWS describes it. Raises NotFoundError, or gives None, where it's gone."""
    found = cloud.ec2.describe_vpc_endpoints(VpcEndpointIds=[object_id])["VpcEndpoints"]
    return found[0] if found else None


def live_endpoint(cloud: Cloud, object_id: str, kind: VpcEndpointTypeType) -> VpcEndpointTypeDef | None:
    """Give an endpoint as AWS describes it; None where it's going, or gone.

    Raises:
        RefusedError: it is of another kind; only an import can come upon it.
    """
    endpoint = endpoint_of(cloud, object_id)
    if endpoint is None or not is_live(endpoint):
        return None
    if endpoint["VpcEndpointType"] != kind:
        message = f"{object_id} is an endpoint of type {endpoint['VpcEndpointType']}, not {kind}"
        detail = "Import it as a resource of its own kind, if there is one."
        raise RefusedError(message, code="UnknownKind", operation="read", detail=detail)
    return endpoint


def owned_endpoints(cloud: Cloud, owner: Owner) -> list[str]:
    """Give the endpoints that an owner made, without those that are going."""
    found = cloud.ec2.describe_vpc_endpoints(Filters=owned_by(owner))["VpcEndpoints"]
    return [endpoint["VpcEndpointId"] for endpoint in found if is_live(endpoint)]


def make_endpoint(
    cloud: Cloud, owner: Owner, token: str, args: EndpointArgs, kind: VpcEndpointTypeType, **parameters: Any
) -> str:
    """Make an endpoint with its tags; give its id.

    Args:
        cloud: where.
        owner: whose it is.
        token: by which AWS knows a repeated call.
        args: its VPC, name and tags.
        kind: of endpoint.
        **parameters: what else CreateVpcEndpoint takes of such an endpoint.
    """
    made = cloud.ec2.create_vpc_endpoint(
        VpcEndpointType=kind,
        VpcId=args.vpc.id,
        ClientToken=token,
        TagSpecifications=on_create("vpc-endpoint", args, owner),
        **parameters,
    )
    return made["VpcEndpoint"]["VpcEndpointId"]


def wait_until_available(cloud: Cloud, object_id: str, name: str) -> VpcEndpointTypeDef:
    """Wait for an endpoint to come up; give it as it is then.

    Raises:
        NotFoundError: with the code GONE: it's gone, or AWS could not make it. What is left of it is deleted.
        RefusedError: it took longer than 15 minutes.
    """

    def available() -> VpcEndpointTypeDef | None:
        endpoint = endpoint_of(cloud, object_id)
        if endpoint is None or not is_live(endpoint):
            _try_to_delete(cloud, object_id)
            reason = endpoint.get("LastError", {}).get("Message", endpoint["State"]) if endpoint else "gone"
            message, detail = f"endpoint {name} did not come up: {reason}", "`pulumi up --refresh` tries anew."
            raise NotFoundError(message, code=GONE, operation="ec2:CreateVpcEndpoint", detail=detail)
        return endpoint if endpoint["State"].lower() == AVAILABLE else None

    return wait_for(cloud.clock, f"endpoint {name} to become available", available)


def change_endpoint(
    cloud: Cloud, object_id: str, name: str, missing: Callable[[VpcEndpointTypeDef], Mapping[str, Any]]
) -> VpcEndpointTypeDef:
    """Change an endpoint, and wait until it is available again; give it as it is then.

    It is looked at before and not taken as it was last seen: AWS refuses to add what is there already. The call may
    have been made twice, after a lost answer; then AWS refuses the second, and what is missing no more tells so.

    Args:
        cloud: where.
        object_id: which.
        name: as people call it.
        missing: gives the parameters of ModifyVpcEndpoint that an endpoint still needs; none where it is as wanted.
    """
    change = missing(endpoint := wait_until_available(cloud, object_id, name))
    if not change:
        return endpoint
    try:
        cloud.ec2.modify_vpc_endpoint(VpcEndpointId=object_id, **change)
    except RefusedError as error:
        left = dict(missing(wait_until_available(cloud, object_id, name)))
        leaving = left.pop("RemoveSubnetIds", [])
        if error.code == SAME_ZONE and leaving:
            # Nothing says that AWS lets an endpoint enter a zone's one subnet as it leaves the other.
            cloud.ec2.modify_vpc_endpoint(VpcEndpointId=object_id, RemoveSubnetIds=leaving)
            wait_until_available(cloud, object_id, name)
            if left:
                cloud.ec2.modify_vpc_endpoint(VpcEndpointId=object_id, **left)
        elif left or leaving:
            raise
    return wait_until_available(cloud, object_id, name)


def difference(field: str, now: list[str], wanted: Mapping[str, str]) -> dict[str, list[str]]:
    """Write which ids ModifyVpcEndpoint is to add and to remove.

    Args:
        field: `RouteTable`, as in `AddRouteTableIds`.
        now: those that the endpoint has.
        wanted: those that it is to have, by their names.
    """
    before, after = set(now), set(wanted.values())
    change = {f"Add{field}Ids": sorted(after - before), f"Remove{field}Ids": sorted(before - after)}
    return {name: ids for name, ids in change.items() if ids}


def delete_endpoint(cloud: Cloud, object_id: str, name: str) -> None:
    """Delete an endpoint and wait until it's gone: its interfaces keep subnets and security groups till then.

    Raises:
        NotFoundError: it was gone already.
    """

    def gone() -> bool | None:
        try:
            endpoint = endpoint_of(cloud, object_id)
        except NotFoundError:
            return True
        return True if endpoint is None or endpoint["State"].lower() == "deleted" else None

    answer = cloud.ec2.delete_vpc_endpoints(VpcEndpointIds=[object_id])
    raise_for(answer.get("Unsuccessful", []), "ec2:DeleteVpcEndpoints")
    wait_for(cloud.clock, f"endpoint {name} to go away", gone)


def _try_to_delete(cloud: Cloud, object_id: str) -> None:
    try:
        cloud.ec2.delete_vpc_endpoints(VpcEndpointIds=[object_id])
    except CloudError:
        return
