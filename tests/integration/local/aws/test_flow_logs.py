from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Service, ec2
from tests.integration.local.aws.network import API, ERRORS, SUBNET, VPC

CREATE = f"{API}/API_CreateFlowLogs.html"
DELETE = f"{API}/API_DeleteFlowLogs.html"
ROLE = "arn:aws:iam::123456789012:role/flow-logs"
BUCKET = "arn:aws:s3:::records"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:flows"
STREAM = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/flows"
MISSING = "fl-0123456789abcdef0"
TWICE = (
    "FlowLogAlreadyExists",
    "Error. There is an existing Flow Log with the same configuration and log destination.",
)

s3, logs = Service("s3"), Service("logs")

MADE_BUCKET = s3.create_bucket(Bucket="records", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
MADE_GROUP = logs.create_log_group(logGroupName="flows")
OF_VPC = {"ResourceType": "VPC", "ResourceIds": ["$vpc"], "TrafficType": "ALL"}
TO_BUCKET = {**OF_VPC, "LogDestinationType": "s3", "LogDestination": BUCKET}
TO_GROUP = {**OF_VPC, "LogDestination": GROUP, "DeliverLogsPermissionArn": ROLE}
LOG = ec2.create_flow_logs(**TO_BUCKET).keep(log="FlowLogIds[0]")
DESCRIBE = ec2.describe_flow_logs(FlowLogIds=["$log"])

CASES = [
    Case(
        "a flow log to a bucket",
        CREATE,
        VPC,
        MADE_BUCKET,
        LOG.answers({"Unsuccessful": []}),
        DESCRIBE.answers(
            {
                "FlowLogs[0].ResourceId": "$vpc",
                "FlowLogs[0].TrafficType": "ALL",
                "FlowLogs[0].LogDestinationType": "s3",
                "FlowLogs[0].LogDestination": BUCKET,
                "FlowLogs[0].MaxAggregationInterval": 600,
                "FlowLogs[0].FlowLogStatus": "ACTIVE",
                "FlowLogs[0].DeliverLogsStatus": "SUCCESS",
            }
        ),
    ),
    Case(
        "a folder in a bucket",
        CREATE,
        VPC,
        MADE_BUCKET,
        ec2.create_flow_logs(**{**TO_BUCKET, "LogDestination": f"{BUCKET}/shop/"}).keep(log="FlowLogIds[0]"),
        DESCRIBE.answers({"FlowLogs[].LogDestination": [f"{BUCKET}/shop/"]}),
        LOG.answers({"Unsuccessful": []}),
    ),
    Case(
        "a bucket that isn't there is an item of the answer",
        CREATE,
        VPC,
        ec2.create_flow_logs(**TO_BUCKET).answers(
            {
                "FlowLogIds": [],
                "Unsuccessful[0].ResourceId": "$vpc",
                "Unsuccessful[0].Error.Code": "400",
                "Unsuccessful[0].Error.Message": "Access Denied for LogDestination: records. "
                "Please check LogDestination permission",
            }
        ),
    ),
    Case(
        "a role for a bucket",
        "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html",
        VPC,
        MADE_BUCKET,
        ec2.create_flow_logs(**TO_BUCKET, DeliverLogsPermissionArn=ROLE).refused(
            "InvalidParameter", "DeliverLogsPermissionArn is not applicable for s3 delivery"
        ),
    ),
    Case(
        "a flow log to a log group, by its ARN",
        CREATE,
        VPC,
        MADE_GROUP,
        ec2.create_flow_logs(**TO_GROUP, MaxAggregationInterval=60).keep(log="FlowLogIds[0]"),
        DESCRIBE.answers(
            {
                "FlowLogs[0].LogDestinationType": "cloud-watch-logs",
                "FlowLogs[0].LogDestination": GROUP,
                "FlowLogs[0].LogGroupName": "flows",
                "FlowLogs[0].DeliverLogsPermissionArn": ROLE,
                "FlowLogs[0].MaxAggregationInterval": 60,
                "FlowLogs[0].DeliverLogsStatus": "SUCCESS",
            }
        ),
    ),
    Case(
        "a flow log to a log group, by its name",
        CREATE,
        VPC,
        MADE_GROUP,
        ec2.create_flow_logs(**OF_VPC, LogGroupName="flows", DeliverLogsPermissionArn=ROLE).keep(log="FlowLogIds[0]"),
        DESCRIBE.answers({"FlowLogs[0].LogGroupName": "flows", "FlowLogs[0].LogDestination": None}),
    ),
    Case(
        "a log group without a role",
        "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
        VPC,
        MADE_GROUP,
        ec2.create_flow_logs(**OF_VPC, LogDestination=GROUP).refused(
            "InvalidParameter", "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs."
        ),
    ),
    Case(
        "a flow log to a stream",
        CREATE,
        VPC,
        ec2.create_flow_logs(**OF_VPC, LogDestinationType="kinesis-data-firehose", LogDestination=STREAM).keep(
            log="FlowLogIds[0]"
        ),
        DESCRIBE.answers({"FlowLogs[].LogDestination": [STREAM]}),
    ),
    Case(
        "a destination of another kind than is said",
        CREATE,
        VPC,
        ec2.create_flow_logs(**{**TO_BUCKET, "LogDestination": GROUP}).refused(
            "InvalidParameter", f"LogDestination {GROUP} is not valid for s3"
        ),
    ),
    Case(
        "a second flow log from one VPC to one place",
        ERRORS,
        VPC,
        MADE_BUCKET,
        MADE_GROUP,
        LOG,
        ec2.create_flow_logs(**{**TO_BUCKET, "TrafficType": "REJECT"}).refused(*TWICE),
        ec2.create_flow_logs(**TO_GROUP),
        ec2.create_flow_logs(**TO_GROUP).refused(*TWICE),
    ),
    Case(
        "no kind of traffic",
        CREATE,
        VPC,
        MADE_BUCKET,
        ec2.create_flow_logs(
            ResourceType="VPC", ResourceIds=["$vpc"], LogDestinationType="s3", LogDestination=BUCKET
        ).refused("MissingParameter", "The request must contain the parameter trafficType"),
    ),
    Case(
        "an interval of five minutes",
        CREATE,
        VPC,
        MADE_BUCKET,
        ec2.create_flow_logs(**TO_BUCKET, MaxAggregationInterval=300).refused(
            "InvalidParameter", "Invalid Flow Log Max Aggregation Interval"
        ),
    ),
    Case(
        "a flow log of a VPC that isn't there",
        ERRORS,
        MADE_BUCKET,
        ec2.create_flow_logs(**{**TO_BUCKET, "ResourceIds": ["vpc-0123456789abcdef0"]}).refused(
            "InvalidVpcID.NotFound", "The vpc ID 'vpc-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "flow logs by resource, destination, traffic and tag",
        f"{API}/API_DescribeFlowLogs.html",
        VPC,
        SUBNET,
        MADE_BUCKET,
        ec2.create_flow_logs(
            **TO_BUCKET,
            TagSpecifications=[{"ResourceType": "vpc-flow-log", "Tags": [{"Key": "team", "Value": "shop"}]}],
        ).keep(log="FlowLogIds[0]"),
        ec2.create_flow_logs(
            **{**TO_BUCKET, "ResourceType": "Subnet", "ResourceIds": ["$subnet"], "TrafficType": "REJECT"}
        ).keep(other="FlowLogIds[0]"),
        *[
            ec2.describe_flow_logs(Filters=[{"Name": name, "Values": [value]}]).answers({"FlowLogs[].FlowLogId": found})
            for name, value, found in (
                ("resource-id", "$vpc", ["$log"]),
                ("traffic-type", "REJECT", ["$other"]),
                ("log-destination-type", "s3", ["$log", "$other"]),
                ("tag:team", "shop", ["$log"]),
            )
        ],
        ec2.describe_flow_logs(Filters=[{"Name": "colour", "Values": ["red"]}]).refused(
            "InvalidParameterValue", "The filter 'colour' is invalid"
        ),
    ),
    Case(
        "a flow log made twice with a token",
        CREATE,
        VPC,
        MADE_BUCKET,
        ec2.create_flow_logs(**TO_BUCKET, ClientToken="one").keep(log="FlowLogIds[0]").answers({"ClientToken": "one"}),
        ec2.create_flow_logs(**TO_BUCKET, ClientToken="one").answers({"FlowLogIds": ["$log"]}),
    ),
    Case(
        "a flow log goes, with its tags, and is gone",
        DELETE,
        VPC,
        MADE_BUCKET,
        LOG,
        ec2.create_tags(Resources=["$log"], Tags=[{"Key": "Name", "Value": "flows"}]),
        DESCRIBE.answers({"FlowLogs[0].Tags": [{"Key": "Name", "Value": "flows"}]}),
        ec2.delete_flow_logs(FlowLogIds=["$log"]).answers({"Unsuccessful": []}),
        ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": ["$log"]}]).answers({"Tags": []}),
        DESCRIBE.refused(
            "InvalidFlowLogId.NotFound", "These flow log ids in the input list are not found: [TotalCount: 1] $log"
        ),
        ec2.delete_flow_logs(FlowLogIds=[MISSING]).refused(
            "InvalidFlowLogId.NotFound",
            f"These flow log ids in the input list are not found: [TotalCount: 1] {MISSING}",
        ),
    ),
    Case(
        "pages of flow logs",
        f"{API}/API_DescribeFlowLogs.html",
        VPC,
        MADE_BUCKET,
        *[ec2.create_flow_logs(**{**TO_BUCKET, "LogDestination": f"{BUCKET}/{number}"}) for number in range(6)],
        ec2.describe_flow_logs(MaxResults=5).keep(rest="NextToken").answers({"length(FlowLogs)": 5}),
        ec2.describe_flow_logs(MaxResults=5, NextToken="$rest").answers({"length(FlowLogs)": 1, "NextToken": None}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_flow_logs_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
