from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Step, ec2
from tests.integration.local.aws.network import API, ERRORS, GATEWAY, INSTANCE, SUBNET, VPC

RESTRICTIONS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions"
INVALID = "InvalidParameterValue"
RESERVED = (INVALID, "Tag keys starting with 'aws:' are reserved for internal use")
TOO_MANY = ("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
FIFTY = [{"Key": f"key-{number}", "Value": "x"} for number in range(50)]


def tag(key: str, value: str | None = "x") -> Step:
    return ec2.create_tags(Resources=["$vpc"], Tags=[{"Key": key} | ({} if value is None else {"Value": value})])


def untag(*tags: dict[str, str]) -> Step:
    return ec2.delete_tags(Resources=["$vpc"], Tags=[*tags])


def tags(*pairs: tuple[str, str]) -> Step:
    expected = [{"Key": key, "Value": value} for key, value in pairs]
    return ec2.describe_vpcs(VpcIds=["$vpc"]).answers({"Vpcs[0].Tags || `[]`": expected})


def made_with(kind: str, *pairs: tuple[str, str]) -> Step:
    rows = [{"Key": key, "Value": value} for key, value in pairs]
    return ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": kind, "Tags": rows}])


def missing(identity: str, code: str, message: str) -> Case:
    step = ec2.create_tags(Resources=[identity], Tags=[{"Key": "a", "Value": "b"}])
    return Case(f"tagging {identity} which isn't there", ERRORS, step.refused(code, message))


CASES = [
    Case("fifty tags", RESTRICTIONS, VPC, ec2.create_tags(Resources=["$vpc"], Tags=FIFTY)),
    Case(
        "fifty-one tags",
        RESTRICTIONS,
        VPC,
        ec2.create_tags(Resources=["$vpc"], Tags=FIFTY),
        tag("one-more").refused(*TOO_MANY),
        tag("key-0", "another value"),
    ),
    Case(
        "fifty-one tags at once write none",
        RESTRICTIONS,
        VPC,
        ec2.create_tags(Resources=["$vpc"], Tags=[*FIFTY, {"Key": "one-more", "Value": ""}]).refused(*TOO_MANY),
        tags(),
    ),
    Case(
        "fifty-one tags on what is made make nothing",
        RESTRICTIONS,
        made_with("vpc", *((f"key-{number}", "x") for number in range(51))).refused(*TOO_MANY),
        ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}]).answers({"Vpcs": []}),
    ),
    Case("a key of AWS's own", RESTRICTIONS, VPC, tag("aws:mine").refused(*RESERVED)),
    Case("a key of AWS's own on what is made", RESTRICTIONS, made_with("vpc", ("aws:mine", "x")).refused(*RESERVED)),
    Case("deleting a tag of AWS's own", f"{API}/API_DeleteTags.html", VPC, untag({"Key": "aws:x"}).refused(*RESERVED)),
    Case("a key that only contains aws", RESTRICTIONS, VPC, tag("not-aws:mine"), tags(("not-aws:mine", "x"))),
    Case("the longest key", RESTRICTIONS, VPC, tag("k" * 128)),
    Case(
        "a longer key",
        RESTRICTIONS,
        VPC,
        tag("k" * 129).refused(INVALID, "Tag key exceeds the maximum length of 128 characters"),
    ),
    Case("the longest value", RESTRICTIONS, VPC, tag("key", "v" * 256)),
    Case(
        "a longer value",
        RESTRICTIONS,
        VPC,
        tag("key", "v" * 257).refused(INVALID, "Tag value exceeds the maximum length of 256 characters"),
    ),
    Case("an empty value", f"{API}/API_CreateTags.html", VPC, tag("key", ""), tags(("key", ""))),
    Case(
        "no value",
        f"{API}/API_CreateTags.html",
        VPC,
        tag("key", None).refused(INVALID, "Tag value cannot be null. Use empty string instead."),
    ),
    Case("an empty key", RESTRICTIONS, VPC, tag("").refused(INVALID, "Tag key cannot be null or empty")),
    Case(
        "a key twice",
        RESTRICTIONS,
        made_with("vpc", ("a", "1"), ("a", "2")).refused(INVALID, "Duplicate tag key 'a' specified."),
    ),
    Case(
        "tags of something else than is made",
        f"{API}/API_TagSpecification.html",
        made_with("subnet", ("a", "1")).refused(
            INVALID, "'subnet' is not a valid taggable resource type for this operation."
        ),
    ),
    Case(
        "no tags for what is made",
        f"{API}/API_TagSpecification.html",
        made_with("vpc").refused(INVALID, "Tag specification must have at least one tag"),
    ),
    Case(
        "deleting a tag whatever its value",
        f"{API}/API_DeleteTags.html",
        VPC,
        tag("key", "value"),
        untag({"Key": "key"}),
        tags(),
    ),
    Case(
        "deleting a tag only with its value",
        f"{API}/API_DeleteTags.html",
        VPC,
        tag("key", "value"),
        untag({"Key": "key", "Value": "other"}),
        untag({"Key": "key", "Value": ""}),
        tags(("key", "value")),
        untag({"Key": "key", "Value": "value"}),
        tags(),
    ),
    Case(
        "deleting all tags",
        f"{API}/API_DeleteTags.html",
        VPC,
        tag("one"),
        tag("two"),
        ec2.delete_tags(Resources=["$vpc"]),
        tags(),
    ),
    Case(
        "tags go with what they are on",
        f"{API}/API_DescribeTags.html",
        GATEWAY,
        ec2.create_tags(Resources=["$igw"], Tags=[{"Key": "a", "Value": "b"}]),
        ec2.describe_tags().answers({"Tags[].ResourceId": ["$igw"]}),
        ec2.delete_internet_gateway(InternetGatewayId="$igw"),
        ec2.describe_tags().answers({"Tags": []}),
    ),
    Case(
        "tags on what is there and on what isn't",
        f"{API}/API_CreateTags.html",
        VPC,
        ec2.create_tags(Resources=["$vpc", "eni-0123456789abcdef0"], Tags=[{"Key": "a", "Value": "b"}]).refused(
            "InvalidNetworkInterfaceID.NotFound", "The networkInterface ID 'eni-0123456789abcdef0' does not exist"
        ),
        tags(),
    ),
    Case(
        "an instance's interface is tagged as it is launched",
        f"{API}/API_RunInstances.html",
        VPC,
        SUBNET,
        ec2.run_instances(
            **INSTANCE.parameters,
            TagSpecifications=[
                {"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "machine"}]},
                {"ResourceType": "network-interface", "Tags": [{"Key": "a", "Value": "card"}]},
            ],
        ).answers({"Instances[0].Tags": [{"Key": "a", "Value": "machine"}]}),
        ec2.describe_network_interfaces().answers({"NetworkInterfaces[].TagSet[].Value": ["card"]}),
    ),
    missing(
        "i-0123456789abcdef0", "InvalidInstanceID.NotFound", "The instance ID 'i-0123456789abcdef0' does not exist"
    ),
    missing("nat-0123456789abcdef0", "NatGatewayNotFound", "The Nat Gateway nat-0123456789abcdef0 was not found"),
    missing(
        "eipalloc-0123456789abcdef0",
        "InvalidAllocationID.NotFound",
        "The allocation ID 'eipalloc-0123456789abcdef0' does not exist",
    ),
    missing(
        "subnet-0123456789abcdef0",
        "InvalidSubnetID.NotFound",
        "The subnet ID 'subnet-0123456789abcdef0' does not exist",
    ),
    missing("what", "InvalidID", "The ID 'what' is not valid"),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_tags_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
