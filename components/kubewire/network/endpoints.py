"""AWS services that are reached without the internet, and where records of traffic go."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import Described
from kubewire.resources.flow_log import DestinationArn, Interval, RoleArn, Store, Traffic, store_of
from kubewire.unions import OneOf


class GatewayService(StrEnum):
    """What has gateway endpoints: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html."""

    S3 = "s3"
    DYNAMODB = "dynamodb"


class GatewayEndpoints(Described):
    """A route to a service in every table. It costs nothing."""

    kind: Literal["gateway"] = "gateway"
    service: GatewayService
    """The service."""


class InterfaceEndpoints(Described):
    """An interface in every zone that answers for a service, under the service's own name."""

    kind: Literal["interface"] = "interface"
    service: str = Field(max_length=200, pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")
    """Its name without the region: `ecr.api`, `ecr.dkr`, `sts`, `ec2`, `logs`.
    https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"""
    private_dns: bool = True
    """Whether the service's public name leads to it inside the VPC."""


EndpointDescription = Annotated[GatewayEndpoints | InterfaceEndpoints, OneOf()]


def _kept_by(store: Store, example: str) -> AfterValidator:
    """Make a check that an ARN names a store of a kind."""

    def check(arn: str) -> str:
        if store_of(arn) is not store:
            raise InvalidInputError(f"{arn} is another kind of store", detail=f"Write an ARN like `{example}`.")
        return arn

    return AfterValidator(check)


BucketArn = Annotated[DestinationArn, _kept_by(Store.BUCKET, "arn:aws:s3:::name/folder")]
LogGroupArn = Annotated[DestinationArn, _kept_by(Store.LOG_GROUP, "arn:aws:logs:eu-west-1:123456789012:log-group:name")]


class _FlowLog(Described):
    traffic: Traffic = Traffic.ALL
    """Which traffic."""
    interval: Interval = Interval.TEN_MINUTES
    """Seconds that a line sums up."""


class BucketFlowLog(_FlowLog):
    """Records in an S3 bucket."""

    kind: Literal["s3"] = "s3"
    bucket_arn: Later[BucketArn]
    """The bucket, with a folder in it if wanted."""


class LogGroupFlowLog(_FlowLog):
    """Records in a CloudWatch log group."""

    kind: Literal["cloudwatch"] = "cloudwatch"
    log_group_arn: Later[LogGroupArn]
    """The log group."""
    role_arn: Later[RoleArn]
    """The role by which AWS writes into it."""


FlowLogDescription = Annotated[BucketFlowLog | LogGroupFlowLog, OneOf()]
