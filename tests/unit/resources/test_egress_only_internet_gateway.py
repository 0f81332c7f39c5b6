from __future__ import annotations

from typing import Any

import pytest

from kubewire.model import Ref
from kubewire.resources.base import Owner
from kubewire.resources.egress_only_internet_gateway import (
    EgressOnlyInternetGateway,
    EgressOnlyInternetGatewayArgs,
    EgressOnlyInternetGatewayState,
)

ARGS = EgressOnlyInternetGatewayArgs(name="out", vpc=Ref(name="shop", id="vpc-1"))
STATE = EgressOnlyInternetGatewayState(**dict(ARGS))
GATEWAY = {
    "EgressOnlyInternetGatewayId": "eigw-1",
    "Attachments": [{"State": "attached", "VpcId": "vpc-1"}],
    "Tags": [{"Key": "Name", "Value": "out"}],
}


def test_is_made_whole_and_tagged_in_one_call(cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["create_egress_only_internet_gateway"] = {"EgressOnlyInternetGateway": GATEWAY}
    gateway = EgressOnlyInternetGateway(cloud, owner)
    assert gateway.create(ARGS) == "eigw-1"
    ((_, asked),) = cloud.ec2.asked
    assert (asked["VpcId"], asked["ClientToken"]) == ("vpc-1", gateway.client_token)
    assert asked["TagSpecifications"][0]["ResourceType"] == "egress-only-internet-gateway"


def test_reads_what_it_declares(cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["describe_egress_only_internet_gateways"] = {"EgressOnlyInternetGateways": [GATEWAY]}
    assert EgressOnlyInternetGateway(cloud, owner).read("eigw-1", ARGS) == STATE
    assert EgressOnlyInternetGateway(cloud, owner).find(ARGS) == ["eigw-1"]


@pytest.mark.parametrize("found", [[], [{**GATEWAY, "Attachments": []}]])
def test_is_not_there_when_gone_or_detached(found: list[Any], cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["describe_egress_only_internet_gateways"] = {"EgressOnlyInternetGateways": found}
    assert EgressOnlyInternetGateway(cloud, owner).read("eigw-1", ARGS) is None


def test_no_change_is_no_call_and_a_new_name_is_one(cloud: Any, owner: Owner) -> None:
    gateway = EgressOnlyInternetGateway(cloud, owner)
    assert gateway.converge("eigw-1", STATE, ARGS) == STATE
    assert cloud.ec2.asked == []
    gateway.converge("eigw-1", STATE, ARGS.model_copy(update={"name": "way-out"}))
    assert cloud.ec2.operations == ["create_tags"]
