"""Flow logs: where they write to, with whose permission, and how they are listed."""

from __future__ import annotations

import re
from typing import Any, Final

from moto.s3.exceptions import MissingBucket
from moto.s3.models import s3_backends

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.network_interfaces import interface_exists
from kubewire.local.aws.ec2.selection import listed, selected
from kubewire.local.aws.ec2.subnets import subnet_exists
from kubewire.local.aws.ec2.tags import tags_of
from kubewire.local.aws.ec2.vpcs import vpc_exists
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, after, answers, before, exists

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeFlowLogs.html
_FILTERS: Final = {
    "deliver-log-status": "DeliverLogsStatus",
    "flow-log-id": "FlowLogId",
    "log-destination-type": "LogDestinationType",
    "log-group-name": "LogGroupName",
    "resource-id": "ResourceId",
    "traffic-type": "TrafficType",
}
_WATCHED: Final = {"VPC": vpc_exists, "Subnet": subnet_exists, "NetworkInterface": interface_exists}
LOG_GROUP: Final = "cloud-watch-logs"
BUCKET: Final = "s3"

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html (LogDestination)
_ARNS: Final = {
    LOG_GROUP: re.compile(r"arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:(?P<name>[^:*]+)(:\*)?"),
    BUCKET: re.compile(r"arn:[\w-]+:s3:::(?P<name>[^/]+)(?P<folder>/.*)?"),
    "kinesis-data-firehose": re.compile(r"arn:[\w-]+:firehose:[\w-]+:\d{12}:deliverystream/(?P<name>.+)"),
}


@exists("ec2", "FlowLogIds")
def flow_log_exists(call: Call, flow_log_id: str) -> None:
    """Refuse to list a flow log that isn't there; a deletion has moto's words for it, which are AWS's.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidFlowLogId.NotFound)
    """
    if call.operation != "DeleteFlowLogs" and flow_log_id not in call.ec2.flow_logs:
        message = f"These flow log ids in the input list are not found: [TotalCount: 1] {flow_log_id}"
        raise Refusal("InvalidFlowLogId.NotFound", message)


@before("ec2", "CreateFlowLogs")
def what_is_watched(call: Call) -> None:
    """Refuse a flow log of what isn't there, or of no kind of traffic: only transit gateways have none.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html (ResourceIds, TrafficType)
    """
    must_exist = _WATCHED.get(call.parameters["ResourceType"])
    if must_exist is None:
        return
    for identity in call.parameters["ResourceIds"]:
        must_exist(call, identity)
    if "TrafficType" not in call.parameters:
        raise Refusal("MissingParameter", "The request must contain the parameter trafficType")


@before("ec2", "CreateFlowLogs")
def permission(call: Call) -> None:
    """Refuse a role for a bucket, whose own policy lets logs in, and a log group without one.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    """
    kind, role = _kind(call), call.parameters.get("DeliverLogsPermissionArn")
    if kind == BUCKET and role:
        raise Refusal("InvalidParameter", "DeliverLogsPermissionArn is not applicable for s3 delivery")
    if kind == LOG_GROUP and not role:
        message = f"DeliverLogsPermissionArn can't be empty if LogDestinationType is {LOG_GROUP}."
        raise Refusal("InvalidParameter", message)


@answers("ec2", "CreateFlowLogs")
def made_flow_logs(call: Call, proceed: Proceed) -> Answer:
    """Make flow logs to a destination, given by its ARN or, a log group, by its name.

    What is wrong with one resource's is an item of the answer, not a refusal.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html
    """
    given, kind = call.parameters, _kind(call)
    destination = given.get("LogDestination")
    group = given.get("LogGroupName")
    if destination is not None:
        found = _ARNS[kind].fullmatch(destination)
        if found is None:
            # Nobody has reported AWS's own words; these are ours.
            raise Refusal("InvalidParameter", f"LogDestination {destination} is not valid for {kind}")
        group = found["name"] if kind == LOG_GROUP else None
        _must_be_new(call, destination)
        if kind == BUCKET and not _is_bucket(call, found["name"]):
            message = f"Access Denied for LogDestination: {found['name']}. Please check LogDestination permission"
            items = [{"ResourceId": one, "Error": {"Code": "400", "Message": message}} for one in given["ResourceIds"]]
            return {"FlowLogIds": [], "Unsuccessful": items}
    parameters = {**call.without("LogGroupName").parameters, "LogDestinationType": kind}
    if group is not None:
        parameters = {**parameters, "LogGroupName": group}
    answer = _asked_of_moto(call, proceed, parameters)
    if "ClientToken" in given:
        answer["ClientToken"] = given["ClientToken"]
    return answer


@answers("ec2", "DescribeFlowLogs")
def listed_flow_logs(call: Call, proceed: Proceed) -> Answer:
    """List them by all filters, those on tags too."""
    answer = listed(call, proceed)
    rows: list[dict[str, Any]] = answer.get("FlowLogs", [])
    for row in rows:
        row["Tags"] = tags_of(call, row["FlowLogId"])
    answer["FlowLogs"] = selected(call, rows, _FILTERS)
    return answer


@after("ec2", "DeleteFlowLogs")
def deleted_flow_logs(call: Call, answer: Answer) -> None:
    """Say that none is left, and forget the tags of those that went."""
    answer["Unsuccessful"] = []
    for flow_log_id in call.parameters["FlowLogIds"]:
        call.ec2.tags.pop(flow_log_id, None)


def _asked_of_moto(call: Call, proceed: Proceed, parameters: dict[str, Any]) -> Answer:
    """Let moto make them. It takes a bucket's folder for a part of its name, and has to be told without it."""
    destination: str | None = parameters.get("LogDestination")
    if destination and parameters["LogDestinationType"] == BUCKET:
        parameters = {**parameters, "LogDestination": destination.partition("/")[0]}
    answer = proceed(call.with_parameters(parameters))
    for flow_log_id in answer.get("FlowLogIds", ()):
        call.ec2.flow_logs[flow_log_id].log_destination = destination  # type: ignore[assignment]  # moto has None, too
    return answer


def _must_be_new(call: Call, destination: str) -> None:
    """Refuse a second flow log from one resource to one destination.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (FlowLogAlreadyExists)
    """
    present = {(one.resource_id, one.log_destination) for one in call.ec2.flow_logs.values()}
    if any((resource, destination) in present for resource in call.parameters["ResourceIds"]):
        message = "Error. There is an existing Flow Log with the same configuration and log destination."
        raise Refusal("FlowLogAlreadyExists", message)


def _is_bucket(call: Call, name: str) -> bool:
    try:
        s3_backends[call.account][call.ec2.partition].get_bucket(name)
    except MissingBucket:
        return False
    return True


def _kind(call: Call) -> str:
    return str(call.parameters.get("LogDestinationType", LOG_GROUP))
