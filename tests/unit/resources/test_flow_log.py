from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import NotFoundError, RefusedError
from kubewire.faults import faults
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.resources.base import Owner
from kubewire.resources.flow_log import FlowLog, FlowLogArgs, FlowLogState, Interval, Store, Traffic, store_of

VPC = Ref(name="shop", id="vpc-1")
ROLE = "arn:aws:iam::123456789012:role/path/flow-logs"
BUCKET = "arn:aws:s3:::records/shop"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:/vpc/flows"
STREAM = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/flows"
TO_BUCKET = FlowLogArgs(name="flows", vpc=VPC, destination=BUCKET)
TO_GROUP = FlowLogArgs(
    name="flows", vpc=VPC, destination=GROUP, role=ROLE, traffic=Traffic.REJECT, interval=Interval.MINUTE
)


def described(**row: Any) -> dict[str, Any]:
    return {
        "FlowLogId": "fl-1",
        "ResourceId": "vpc-1",
        "TrafficType": "ALL",
        "MaxAggregationInterval": 600,
        "Tags": [{"Key": "Name", "Value": "flows"}],
        **row,
    }


@pytest.mark.parametrize(
    ("arn", "store"),
    [
        (BUCKET, Store.BUCKET),
        ("arn:aws-cn:s3:::records", Store.BUCKET),
        ("arn:aws:s3:::Old_Records", Store.BUCKET),
        (GROUP, Store.LOG_GROUP),
        (STREAM, Store.STREAM),
        ("arn:aws:s3:::records/AWSLogs/x", None),
        ("arn:aws:s3:::records/AWSLogs", None),
        ("arn:aws:s3:::records/AWSLogsOfMine", Store.BUCKET),
        ("arn:aws:sns:eu-west-1:123456789012:topic", None),
        ("records", None),
    ],
)
def test_an_arn_says_what_keeps_the_records(arn: str, store: Store | None) -> None:
    assert store_of(arn) is store
    if store is None:
        with pytest.raises(ValidationError, match="can't keep flow logs"):
            FlowLogArgs(name="flows", vpc=VPC, destination=arn)


def test_a_log_group_needs_a_role_and_a_bucket_takes_none() -> None:
    for destination, role in ((GROUP, None), (BUCKET, ROLE)):
        with pytest.raises(ValidationError) as refused:
            FlowLogArgs(name="flows", vpc=VPC, destination=destination, role=role)
        (fault,) = faults(refused.value)
        assert fault.path == "role"
    for role in (None, ROLE):
        assert FlowLogArgs(name="flows", vpc=VPC, destination=STREAM, role=role).role == role


def test_nothing_is_said_of_what_is_known_later() -> None:
    later: Any = UNKNOWN
    for role in (None, later, ROLE):
        assert FlowLogArgs(name="flows", vpc=VPC, destination=later, role=role).destination is later
    assert FlowLogArgs(name="flows", vpc=VPC, destination=GROUP, role=later).role is later


def test_the_star_of_a_log_groups_arn_is_left_out() -> None:
    assert FlowLogArgs(name="flows", vpc=VPC, destination=f"{GROUP}:*", role=ROLE).destination == GROUP


@pytest.mark.parametrize("interval", [60, 600, 60.0])
def test_intervals_are_aws_two(interval: Any) -> None:
    found = FlowLogArgs.model_validate({**TO_BUCKET.to_wire(), "interval": interval})
    assert found.to_wire()["interval"] == interval
    with pytest.raises(ValidationError, match="interval"):
        FlowLogArgs.model_validate({**TO_BUCKET.to_wire(), "interval": 300})


def test_is_made_with_tags_and_token_in_one_call(cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["create_flow_logs"] = {"FlowLogIds": ["fl-1"], "Unsuccessful": []}
    log = FlowLog(cloud, owner)
    assert log.create(TO_GROUP) == "fl-1"
    ((_, asked),) = cloud.ec2.asked
    assert asked.pop("TagSpecifications")[0]["ResourceType"] == "vpc-flow-log"
    assert asked == {
        "ResourceType": "VPC",
        "ResourceIds": ["vpc-1"],
        "TrafficType": "REJECT",
        "LogDestinationType": "cloud-watch-logs",
        "LogDestination": GROUP,
        "MaxAggregationInterval": 60,
        "DeliverLogsPermissionArn": ROLE,
        "ClientToken": log.client_token,
    }


def test_a_bucket_is_given_no_role(cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["create_flow_logs"] = {"FlowLogIds": ["fl-1"]}
    FlowLog(cloud, owner).create(TO_BUCKET)
    ((_, asked),) = cloud.ec2.asked
    assert (asked["LogDestinationType"], "DeliverLogsPermissionArn" in asked) == ("s3", False)


def test_an_unsuccessful_item_is_an_error_with_a_way_out(cloud: Any, owner: Owner) -> None:
    item = {"ResourceId": "vpc-1", "Error": {"Code": "400", "Message": "Access Denied for LogDestination: records."}}
    cloud.ec2.answers["create_flow_logs"] = {"FlowLogIds": [], "Unsuccessful": [item]}
    with pytest.raises(RefusedError, match="ec2:CreateFlowLogs was refused for vpc-1: Access Denied") as refused:
        FlowLog(cloud, owner).create(TO_BUCKET)
    assert "delivery.logs.amazonaws.com" in refused.value.detail


def test_reads_what_it_declares(cloud: Any, owner: Owner) -> None:
    row = described(
        TrafficType="REJECT", MaxAggregationInterval=60, LogDestination=GROUP, DeliverLogsPermissionArn=ROLE
    )
    cloud.ec2.answers["describe_flow_logs"] = {"FlowLogs": [row]}
    state = FlowLog(cloud, owner).read("fl-1", TO_GROUP)
    assert state == FlowLogState(**dict(TO_GROUP))
    assert FlowLog(cloud, owner).find(TO_GROUP) == ["fl-1"]


def test_one_that_others_made_by_a_groups_name_has_its_arn(cloud: Any, owner: Owner) -> None:
    row = described(LogGroupName="/vpc/flows", DeliverLogsPermissionArn=ROLE)
    cloud.ec2.answers["describe_flow_logs"] = {"FlowLogs": [row]}
    state = FlowLog(cloud, owner).read("fl-1", None)
    assert state
    assert state.destination == GROUP


def test_one_that_is_gone_reads_as_gone(cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["describe_flow_logs"] = {"FlowLogs": []}
    assert FlowLog(cloud, owner).read("fl-1", TO_BUCKET) is None


@pytest.mark.parametrize("change", [{"traffic": Traffic.ALL}, {"interval": Interval.TEN_MINUTES}])
def test_what_aws_does_not_change_is_made_anew_after_the_old_is_gone(change: dict[str, Any]) -> None:
    new = TO_GROUP.model_copy(update=change)
    difference = compare(FlowLogArgs, TO_GROUP.to_wire(), new.to_wire())
    assert (difference.replaces, difference.delete_before_replace) == (frozenset(change), True)


def test_to_another_place_the_new_one_comes_first() -> None:
    new = TO_GROUP.model_copy(update={"destination": GROUP.replace("flows", "others")})
    difference = compare(FlowLogArgs, TO_GROUP.to_wire(), new.to_wire())
    assert (difference.replaces, difference.delete_before_replace) == (frozenset({"destination"}), False)


def test_tags_alone_are_changed(cloud: Any, owner: Owner) -> None:
    state = FlowLogState(**dict(TO_BUCKET))
    log = FlowLog(cloud, owner)
    assert log.converge("fl-1", state, TO_BUCKET) == state
    log.converge("fl-1", state, TO_BUCKET.model_copy(update={"name": "records"}))
    assert cloud.ec2.operations == ["create_tags"]


def test_one_that_was_gone_is_told_when_deleted(cloud: Any, owner: Owner) -> None:
    item = {"ResourceId": "fl-1", "Error": {"Code": "InvalidFlowLogId.NotFound", "Message": "gone"}}
    cloud.ec2.answers["delete_flow_logs"] = {"Unsuccessful": [item]}
    with pytest.raises(NotFoundError):
        FlowLog(cloud, owner).delete("fl-1", FlowLogState(**dict(TO_BUCKET)))
