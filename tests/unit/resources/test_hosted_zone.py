from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import RefusedError
from kubewire.faults import faults
from kubewire.provider.diff import compare
from kubewire.resources.base import Owner
from kubewire.resources.hosted_zone import HostedZone, HostedZoneArgs, HostedZoneState

MADE = {"HostedZone": {"Id": "/hostedzone/Z1"}}


def state(owner: Owner, args: HostedZoneArgs) -> HostedZoneState:
    return HostedZoneState(**dict(args), name_servers=(), ownership=owner.tags())


@pytest.mark.parametrize("domain", ["", "exa mple.com", "-a.com", "_tcp.example.com", "*.example.com"])
def test_domains_are_checked(domain: str) -> None:
    with pytest.raises(ValidationError) as caught:
        HostedZoneArgs(domain=domain)
    assert [fault.path for fault in faults(caught.value)] == ["domain"]


def test_a_domain_has_one_spelling() -> None:
    assert HostedZoneArgs(domain="Example.COM.") == HostedZoneArgs(domain="example.com")


def test_the_first_vpc_replaces_a_public_zone() -> None:
    public = HostedZoneArgs(domain="example.com").to_wire()
    private = HostedZoneArgs.model_validate({"domain": "example.com", "vpcs": {"main": UNKNOWN}}).to_wire()
    other = HostedZoneArgs(domain="example.com", vpcs={"other": "vpc-2"}).to_wire()
    assert compare(HostedZoneArgs, public, private).replaces == {"private"}
    assert not compare(HostedZoneArgs, private, other).replaces


def test_no_caller_reference_is_used_twice(cloud: Any, owner: Owner) -> None:
    cloud.route53.answers["create_hosted_zone"] = MADE
    zone = HostedZone(cloud, owner)
    assert [zone.create(HostedZoneArgs(domain="example.com")) for _ in range(2)] == ["Z1", "Z1"]
    first, second = (asked["CallerReference"] for _, asked in cloud.route53.asked)
    assert first != second
    assert max(len(first), len(second)) <= 128


def test_a_zone_is_found_by_domain_and_reference(cloud: Any, owner: Owner) -> None:
    cloud.route53.answers["create_hosted_zone"] = MADE
    args = HostedZoneArgs(domain="example.com")
    HostedZone(cloud, owner).create(args)
    reference = cloud.route53.asked[0][1]["CallerReference"]
    zones = [
        {"Id": "/hostedzone/Z0", "Name": "example.com.", "CallerReference": "a stranger's"},
        {"Id": "/hostedzone/Z1", "Name": "example.com.", "CallerReference": reference},
        {"Id": "/hostedzone/Z2", "Name": "next.example.com.", "CallerReference": reference},
    ]
    cloud.route53.answers["list_hosted_zones_by_name"] = {"HostedZones": zones}
    assert HostedZone(cloud, owner).find(args) == ["Z1"]
    assert HostedZone(cloud, Owner(stack="shop/prod", resource=owner.resource)).find(args) == []


def test_a_private_zone_is_made_in_one_vpc_and_gets_the_rest_later(cloud: Any, owner: Owner) -> None:
    cloud.route53.answers["create_hosted_zone"] = MADE
    args = HostedZoneArgs(domain="example.com", vpcs={"b": "vpc-b", "a": "vpc-a"})
    zone = HostedZone(cloud, owner)
    zone.create(args)
    assert cloud.route53.asked[0][1]["VPC"] == {"VPCRegion": "eu-west-1", "VPCId": "vpc-a"}
    zone.converge("Z1", state(owner, args.model_copy(update={"vpcs": {"a": "vpc-a", "x": "vpc-x"}})), args)
    # The last VPC can't be taken away.
    assert cloud.route53.operations[1:] == ["associate_vpc_with_hosted_zone", "disassociate_vpc_from_hosted_zone"]


def test_a_new_zone_is_tagged_though_its_inputs_agree(cloud: Any, owner: Owner) -> None:
    args = HostedZoneArgs(domain="example.com")
    new = HostedZone(cloud, owner).converge("Z1", state(owner, args).model_copy(update={"ownership": {}}), args)
    assert cloud.route53.operations == ["change_tags_for_resource"]
    added = {tag["Key"]: tag["Value"] for tag in cloud.route53.asked[0][1]["AddTags"]}
    assert added == {"Name": "example.com", **owner.tags()}
    assert new.ownership == owner.tags()


def test_nothing_is_asked_when_nothing_changed(cloud: Any, owner: Owner) -> None:
    args = HostedZoneArgs(domain="example.com", vpcs={"a": "vpc-a"}, tags={"team": "shop"})
    HostedZone(cloud, owner).converge("Z1", state(owner, args), args)
    assert cloud.route53.asked == []


def test_tags_no_longer_declared_go_in_the_same_call(cloud: Any, owner: Owner) -> None:
    old = HostedZoneArgs(domain="example.com", tags={"team": "shop"})
    HostedZone(cloud, owner).converge("Z1", state(owner, old), HostedZoneArgs(domain="example.com"))
    ((operation, asked),) = cloud.route53.asked
    assert (operation, asked["RemoveTagKeys"]) == ("change_tags_for_resource", ["team"])


def test_records_that_stand_in_a_deletes_way_are_named(cloud: Any, owner: Owner) -> None:
    refused = RefusedError("not empty", code="HostedZoneNotEmpty", operation="route53:DeleteHostedZone")
    names = [
        ("example.com.", "NS"),
        ("example.com.", "SOA"),
        *((f"{index:02}.example.com.", "A") for index in range(12)),
    ]
    records = [{"Name": name, "Type": kind} for name, kind in names]
    cloud.route53.answers = {
        "delete_hosted_zone": refused,
        "list_resource_record_sets": {"ResourceRecordSets": records},
    }
    with pytest.raises(RefusedError) as caught:
        HostedZone(cloud, owner).delete("Z1", state(owner, HostedZoneArgs(domain="example.com")))
    assert "00.example.com A, 01.example.com A" in caught.value.detail
    assert "and 2 more" in caught.value.detail
    assert "NS" not in caught.value.detail
