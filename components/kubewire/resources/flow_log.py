"""A flow log: records of a VPC's traffic."""

from __future__ import annotations

import re
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from kubewire.deferred import Later, is_deferred
from kubewire.errors import InvalidInputError
from kubewire.found import Found, is_declared
from kubewire.model import REPLACE, UNIQUE, Ref
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.calls import Calls, made_or_retagged
from kubewire.resources.references import named
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag
from kubewire.resources.unsuccessful import raise_for

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import FlowLogTypeDef


class Traffic(StrEnum):
    """Which traffic there are records of."""

    ACCEPT = "accept"
    REJECT = "reject"
    ALL = "all"


class Interval(IntEnum):
    """Seconds that a record sums up. https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html."""

    MINUTE = 60
    TEN_MINUTES = 600


class Store(StrEnum):
    """What keeps the records; the values are EC2's."""

    LOG_GROUP = "cloud-watch-logs"
    BUCKET = "s3"
    STREAM = "kinesis-data-firehose"


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html (LogDestination)
ARNS: Final = {
    Store.LOG_GROUP: re.compile(r"arn:aws[a-z-]*:logs:[a-z0-9-]+:\d{12}:log-group:[a-zA-Z0-9_/.#-]+"),
    Store.BUCKET: re.compile(r"arn:aws[a-z-]*:s3:::[a-zA-Z0-9._-]+(/(?!AWSLogs(/|$)).*)?"),
    Store.STREAM: re.compile(r"arn:aws[a-z-]*:firehose:[a-z0-9-]+:\d{12}:deliverystream/[a-zA-Z0-9_.-]+"),
}
BUCKET_HINT: Final = (
    "The bucket must exist, and its policy let delivery.logs.amazonaws.com write: "
    "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html"
)


def store_of(arn: str) -> Store | None:
    """Give what an ARN names; None for what can't keep records."""
    return next((store for store, pattern in ARNS.items() if pattern.fullmatch(arn)), None)


def _destination(arn: str) -> str:
    # The Logs API writes a log group's ARN with a `:*` for its streams.
    arn = arn.removesuffix(":*")
    if store_of(arn) is None:
        detail = (
            "Write the ARN of an S3 bucket (`arn:aws:s3:::name/folder`, the folder not AWSLogs), of a CloudWatch log "
            "group or of a Firehose delivery stream."
        )
        raise InvalidInputError(f"{arn} can't keep flow logs", detail=detail)
    return arn


DestinationArn = Annotated[str, AfterValidator(_destination)]
"""What keeps records."""
RoleArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$")]


class FlowLogArgs(NamedArgs):
    """Inputs of a flow log. AWS changes none of them but the tags."""

    vpc: Annotated[Ref, REPLACE, UNIQUE]
    """The VPC whose traffic is recorded."""
    destination: Annotated[Later[DestinationArn], REPLACE, UNIQUE]
    """ARN of the S3 bucket, CloudWatch log group or Firehose stream that keeps the records."""
    role: Annotated[Later[RoleArn] | None, REPLACE] = None
    """ARN of the IAM role by which AWS writes into a log group, or into another account's stream. A bucket's own
    policy lets the records in instead."""
    traffic: Annotated[Traffic, REPLACE] = Traffic.ALL
    """Which traffic."""
    interval: Annotated[Interval, REPLACE] = Interval.TEN_MINUTES
    """Seconds that a record sums up."""

    @model_validator(mode="after")
    def _role_fits(self, info: ValidationInfo) -> FlowLogArgs:
        if not is_declared(type(self), info) or is_deferred(self.destination):
            return self
        store = store_of(self.destination)
        if store is Store.LOG_GROUP and self.role is None:
            detail = "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html says what it must allow."
            raise InvalidInputError("a log group needs a role that may write into it", detail=detail, path="role")
        if store is Store.BUCKET and self.role is not None:
            raise InvalidInputError("a bucket takes no role", detail=f"Leave it out. {BUCKET_HINT}", path="role")
        return self


class FlowLogState(FlowLogArgs, Found):
    """A flow log as it is."""


class FlowLog(Resource[FlowLogArgs, FlowLogState]):
    """Records of what a VPC's interfaces send and receive. Delivery begins some minutes after it is made."""

    Args, State = FlowLogArgs, FlowLogState

    @classmethod
    def calls(cls, old: FlowLogState | None, new: FlowLogArgs) -> Calls:
        return made_or_retagged("ec2:CreateFlowLogs", old, new)

    def find(self, args: FlowLogArgs) -> list[str]:
        found = self.cloud.ec2.describe_flow_logs(Filters=owned_by(self.owner))["FlowLogs"]
        return [log["FlowLogId"] for log in found]

    def create(self, args: FlowLogArgs) -> str:
        parameters: dict[str, Any] = {} if args.role is None else {"DeliverLogsPermissionArn": args.role}
        store = store_of(args.destination)
        if store is not None:
            parameters["LogDestinationType"] = store.value
        answer = self.cloud.ec2.create_flow_logs(
            ResourceType="VPC",
            ResourceIds=[args.vpc.id],
            TrafficType=args.traffic.upper(),  # type: ignore[arg-type]  # AWS has the same three, in capitals
            LogDestination=args.destination,
            MaxAggregationInterval=args.interval,
            ClientToken=self.client_token,
            TagSpecifications=on_create("vpc-flow-log", args, self.owner),
            **parameters,
        )
        hint = BUCKET_HINT if store is Store.BUCKET else ""
        raise_for(answer.get("Unsuccessful", []), "ec2:CreateFlowLogs", hint)
        return answer["FlowLogIds"][0]

    def read(self, object_id: str, known: FlowLogArgs | None) -> FlowLogState | None:
        found = self.cloud.ec2.describe_flow_logs(FlowLogIds=[object_id])["FlowLogs"]
        if not found:
            return None
        (log,) = found
        return FlowLogState(
            **named_fields(log.get("Tags", [])),
            vpc=named(log["ResourceId"], known.vpc if known else None),
            destination=self._destination_of(log),
            role=log.get("DeliverLogsPermissionArn"),
            traffic=Traffic(log["TrafficType"].lower()),
            interval=Interval(log["MaxAggregationInterval"]),
        )

    def converge(self, object_id: str, old: FlowLogState, new: FlowLogArgs) -> FlowLogState:
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: FlowLogState) -> None:
        answer = self.cloud.ec2.delete_flow_logs(FlowLogIds=[object_id])
        raise_for(answer.get("Unsuccessful", []), "ec2:DeleteFlowLogs")

    def _destination_of(self, log: FlowLogTypeDef) -> str:
        if "LogDestination" in log:
            return log["LogDestination"]
        # One that others made with a log group's name alone. The role is of the account that the group is in.
        _, partition, _, _, account, _ = log["DeliverLogsPermissionArn"].split(":", 5)
        return f"arn:{partition}:logs:{self.cloud.region()}:{account}:log-group:{log['LogGroupName']}"
