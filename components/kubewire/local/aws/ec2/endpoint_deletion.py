"""How endpoints of VPCs go."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.endpoint_interfaces import EndpointNotes, leave
from kubewire.local.aws.ec2.endpoint_routes import remove_routes
from kubewire.local.aws.ec2.endpoint_services import GATEWAY
from kubewire.local.aws.rules import Proceed, answers

_STATES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html"
DELETED: Final = duration("interface-endpoint.deleted", aws=60.0, page=_STATES)


@answers("ec2", "DeleteVpcEndpoints")
def deleted_endpoints(call: Call, _proceed: Proceed) -> Answer:
    """Delete endpoints: those of gateways at once, with their routes; the others and their interfaces after a while.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcEndpoints.html
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidVpcEndpoint.NotFound)
    """
    unsuccessful = []
    for endpoint_id in call.parameters["VpcEndpointIds"]:
        endpoint: Any = call.ec2.vpc_end_points.get(endpoint_id)
        if endpoint is None:
            error = {
                "Code": "InvalidVpcEndpoint.NotFound",
                "Message": f"The Vpc Endpoint Id '{endpoint_id}' does not exist",
            }
            unsuccessful.append({"Error": error, "ResourceId": endpoint_id})
        elif endpoint.vpc_endpoint_type == GATEWAY:
            remove_routes(call, endpoint, list(endpoint.route_table_ids))
            _forget(call, endpoint)
        elif endpoint.state != "deleting":
            endpoint.state = "deleting"
            call.later(DELETED, _Removal(call, endpoint))
    return {"Unsuccessful": unsuccessful}


class _Removal:
    """What happens to an interface endpoint in the end."""

    def __init__(self, call: Call, endpoint: Any) -> None:
        self._call = call
        self._endpoint = endpoint

    def __call__(self) -> None:
        leave(self._call, self._endpoint, list(self._endpoint.subnet_ids))
        _forget(self._call, self._endpoint)


def _forget(call: Call, endpoint: Any) -> None:
    notes = call.notes(EndpointNotes)
    for noted in (notes.interfaces, notes.suffixes, notes.zones, call.ec2.tags, call.ec2.vpc_end_points):
        noted.pop(endpoint.id, None)
