from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, ec2
from tests.integration.local.aws.endpoint_steps import (
    CREATE,
    DELETE,
    DESCRIBE,
    GATEWAY,
    GONE,
    INTERFACE,
    MISSING,
    PLACE,
    S3,
    TABLE,
)
from tests.integration.local.aws.network import API, ERRORS, VPC

LIST_CASES = [
    Case(
        "an endpoint that isn't there",
        ERRORS,
        ec2.describe_vpc_endpoints(VpcEndpointIds=[MISSING]).refused(
            "InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{MISSING}' does not exist"
        ),
        ec2.delete_vpc_endpoints(VpcEndpointIds=[MISSING]).answers(
            {
                "Unsuccessful[0].Error.Code": "InvalidVpcEndpoint.NotFound",
                "Unsuccessful[0].ResourceId": MISSING,
            }
        ),
    ),
    Case(
        "endpoints by service, VPC, kind, state and tag",
        f"{API}/API_DescribeVpcEndpoints.html",
        *PLACE,
        TABLE,
        ec2.create_vpc_endpoint(
            VpcId="$vpc",
            ServiceName=S3,
            TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "team", "Value": "shop"}]}],
        ).keep(s3="VpcEndpoint.VpcEndpointId"),
        INTERFACE,
        *[
            ec2.describe_vpc_endpoints(Filters=[{"Name": name, "Values": [value]}]).answers(
                {"VpcEndpoints[].VpcEndpointId": found}
            )
            for name, value, found in (
                ("service-name", S3, ["$s3"]),
                ("vpc-id", "$vpc", ["$s3", "$vpce"]),
                ("vpc-endpoint-type", "Interface", ["$vpce"]),
                ("vpc-endpoint-state", "available", ["$s3", "$vpce"]),
                ("tag:team", "shop", ["$s3"]),
            )
        ],
    ),
    Case(
        "pages of endpoints",
        f"{API}/API_DescribeVpcEndpoints.html",
        VPC,
        *[ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3) for _ in range(6)],
        ec2.describe_vpc_endpoints(MaxResults=5).keep(rest="NextToken").answers({"length(VpcEndpoints)": 5}),
        ec2.describe_vpc_endpoints(MaxResults=5, NextToken="$rest").answers(
            {"length(VpcEndpoints)": 1, "NextToken": None}
        ),
    ),
    Case(
        "an endpoint made twice with a token",
        CREATE,
        VPC,
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3, ClientToken="one").keep(vpce="VpcEndpoint.VpcEndpointId"),
        ec2.create_vpc_endpoint(VpcId="$vpc", ServiceName=S3, ClientToken="one").answers(
            {"VpcEndpoint.VpcEndpointId": "$vpce", "ClientToken": "one"}
        ),
    ),
    Case(
        "an endpoint's tags",
        f"{API}/API_CreateTags.html",
        VPC,
        TABLE,
        GATEWAY,
        ec2.create_tags(Resources=["$vpce"], Tags=[{"Key": "Name", "Value": "s3"}]),
        DESCRIBE.answers({"VpcEndpoints[0].Tags": [{"Key": "Name", "Value": "s3"}]}),
        DELETE,
        ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": ["$vpce"]}]).answers({"Tags": []}),
        ec2.create_tags(Resources=["$vpce"], Tags=[{"Key": "Name", "Value": "s3"}]).refused(*GONE),
    ),
]


@pytest.mark.parametrize("case", LIST_CASES, ids=repr)
def test_endpoints_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
