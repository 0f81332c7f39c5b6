from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from tests.integration.local.aws.case import Case, advance, config, route53
from tests.integration.local.aws.conftest import Server
from tests.integration.local.aws.dns import API, GUIDE, LIMITS, LIST, ZONE, create, delete, fatal, record, upsert

CREATE = f"{API}/API_CreateHostedZone.html"
DELETE_PAGE = f"{API}/API_DeleteHostedZone.html"
CHANGE = f"{API}/API_GetChange.html"
FORMAT = f"{GUIDE}/DomainNameFormat.html"
OWN = f"{GUIDE}/SOA-NSrecords.html"
SETS = f"{API}/API_CreateReusableDelegationSet.html"
DELETE = route53.delete_hosted_zone(Id="$zone")
NOT_EMPTY = (
    "HostedZoneNotEmpty",
    "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
)
NO_ZONE = ("NoSuchHostedZone", "No hosted zone found with ID: Z0123456789ABCDEFGHIJ")
ALREADY = ("HostedZoneAlreadyExists", "A hosted zone has already been created with the specified caller reference.")
GONE = "Z0123456789ABCDEFGHIJ"


CASES = [
    Case(
        "a zone is listed in lower case, with its last dot",
        FORMAT,
        route53.create_hosted_zone(Name="Shop.Example.COM", CallerReference="one").answers(
            {"HostedZone.Name": "shop.example.com.", "HostedZone.ResourceRecordSetCount": 2}
        ),
    ),
    Case(
        "a zone's comment and reference are kept",
        CREATE,
        route53.create_hosted_zone(
            Name="example.com", CallerReference="one", HostedZoneConfig={"Comment": "the shop"}
        ).keep(zone="HostedZone.Id"),
        route53.get_hosted_zone(Id="$zone").answers(
            {
                "HostedZone.CallerReference": "one",
                "HostedZone.Config": {"Comment": "the shop", "PrivateZone": False},
                "length(DelegationSet.NameServers)": 4,
            }
        ),
    ),
    Case(
        "a caller reference makes one zone",
        CREATE,
        ZONE,
        route53.create_hosted_zone(Name="other.example", CallerReference="zone").refused(*ALREADY, status=409),
    ),
    Case(
        "a caller reference isn't free again when its zone is gone",
        CREATE,
        ZONE,
        DELETE,
        ZONE.refused(*ALREADY, status=409),
    ),
    Case(
        "a refused call doesn't use its caller reference up",
        CREATE,
        route53.create_hosted_zone(Name="a..b", CallerReference="zone").refused(
            "InvalidDomainName", fatal("DomainLabelEmpty", "Domain label is empty", "a..b")
        ),
        ZONE,
    ),
    Case(
        "two zones may have the same name",
        CREATE,
        ZONE,
        route53.create_hosted_zone(Name="example.com", CallerReference="two"),
        route53.list_hosted_zones().answers({"HostedZones[].Name": ["example.com.", "example.com."]}),
    ),
    Case(
        "a public zone of a top-level domain",
        CREATE,
        route53.create_hosted_zone(Name="com", CallerReference="one").refused(
            "InvalidDomainName", "com is reserved by AWS!"
        ),
    ),
    Case(
        "a name with a space",
        FORMAT,
        route53.create_hosted_zone(Name="my shop.example", CallerReference="one").refused(
            "InvalidDomainName", fatal("UnsupportedCharacter", "Value contains unsupported characters", " ")
        ),
    ),
    Case(
        "a label of 63 characters",
        FORMAT,
        route53.create_hosted_zone(Name=f"{'a' * 63}.example", CallerReference="one"),
    ),
    Case(
        "a label of 64 characters",
        FORMAT,
        route53.create_hosted_zone(Name=f"{'a' * 64}.example", CallerReference="one").refused(
            "InvalidDomainName", fatal("DomainLabelTooLong", "Domain label is too long", "a" * 64)
        ),
    ),
    Case(
        "a name of more than 255 characters",
        FORMAT,
        route53.create_hosted_zone(Name=f"{('a' * 60 + '.') * 4}example.com", CallerReference="one").refused(
            "InvalidDomainName",
            fatal("DomainNameTooLong", "Domain name is too long", f"{('a' * 60 + '.') * 4}example.com"),
        ),
    ),
    Case(
        "a caller reference of more than 128 characters",
        CREATE,
        route53.create_hosted_zone(Name="example.com", CallerReference="r" * 129).refused(
            "InvalidInput",
            f"1 validation error detected: Value '{'r' * 129}' at 'callerReference' failed to satisfy constraint: "
            "Member must have length less than or equal to 128",
        ),
    ),
    Case(
        "as many zones as an account may have",
        LIMITS,
        config(quotas={"route53-hosted-zones": 1}),
        ZONE,
        route53.create_hosted_zone(Name="other.example", CallerReference="two").refused(
            "TooManyHostedZones", "Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER - Cannot create more hosted zones."
        ),
        DELETE,
        route53.create_hosted_zone(Name="other.example", CallerReference="two"),
    ),
    Case(
        "500 zones by default, and how many of them there are",
        f"{API}/API_GetAccountLimit.html",
        ZONE,
        route53.get_account_limit(Type="MAX_HOSTED_ZONES_BY_OWNER").answers(
            {"Limit": {"Type": "MAX_HOSTED_ZONES_BY_OWNER", "Value": 500}, "Count": 1}
        ),
        route53.get_hosted_zone_limit(HostedZoneId="$zone", Type="MAX_RRSETS_BY_ZONE").answers(
            {"Limit": {"Type": "MAX_RRSETS_BY_ZONE", "Value": 10000}, "Count": 2}
        ),
        route53.get_hosted_zone_limit(HostedZoneId="$zone", Type="MAX_VPCS_ASSOCIATED_BY_ZONE").refused(
            "HostedZoneNotPrivate", "The specified hosted zone is a public hosted zone."
        ),
    ),
    Case(
        "a zone is made with NS and SOA records of its name servers",
        OWN,
        ZONE,
        route53.get_hosted_zone(Id="$zone").keep(
            servers="DelegationSet.NameServers", first="DelegationSet.NameServers[0]"
        ),
        LIST.answers(
            {
                "ResourceRecordSets[].[Name, Type, TTL]": [
                    ["example.com.", "NS", 172800],
                    ["example.com.", "SOA", 900],
                ],
                "length(ResourceRecordSets[0].ResourceRecords)": 4,
                "ResourceRecordSets[0].ResourceRecords[0].Value": "$first.",
                "ResourceRecordSets[1].ResourceRecords[].Value": [
                    "${first}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
                ],
            }
        ),
    ),
    Case(
        "a zone that isn't there",
        f"{API}/API_GetHostedZone.html",
        route53.get_hosted_zone(Id=GONE).refused(*NO_ZONE, status=404),
        route53.delete_hosted_zone(Id=GONE).refused(*NO_ZONE, status=404),
        route53.list_resource_record_sets(HostedZoneId=GONE).refused(*NO_ZONE, status=404),
        route53.update_hosted_zone_comment(Id=GONE, Comment="new").refused(*NO_ZONE, status=404),
        route53.change_resource_record_sets(
            HostedZoneId=GONE,
            ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record("a.b", "A", "192.0.2.1")}]},
        ).refused(*NO_ZONE, status=404),
    ),
    Case(
        "an empty zone is deleted, and gone",
        DELETE_PAGE,
        ZONE,
        DELETE,
        route53.list_hosted_zones().answers({"HostedZones": []}),
    ),
    Case(
        "a zone with a record",
        DELETE_PAGE,
        ZONE,
        create(record("www.example.com", "A", "192.0.2.1")),
        DELETE.refused(*NOT_EMPTY),
        delete(record("www.example.com", "A", "192.0.2.1")),
        DELETE,
    ),
    Case(
        "a zone that delegates a subdomain",
        DELETE_PAGE,
        ZONE,
        create(record("sub.example.com", "NS", "ns1.example.net.")),
        DELETE.refused(*NOT_EMPTY),
    ),
    Case(
        "a zone whose own records were changed",
        OWN,
        ZONE,
        upsert(record("example.com", "NS", "ns1.example.net.", TTL=300)),
        LIST.answers({"ResourceRecordSets[0].[Type, TTL]": ["NS", 300]}),
        DELETE,
    ),
    Case(
        "a zone's comment can be changed, and be 256 characters long",
        f"{API}/API_UpdateHostedZoneComment.html",
        ZONE,
        route53.update_hosted_zone_comment(Id="$zone", Comment="c" * 256).answers(
            {"HostedZone.Config.Comment": "c" * 256}
        ),
        route53.update_hosted_zone_comment(Id="$zone", Comment="c" * 257).refused(
            "InvalidInput",
            f"1 validation error detected: Value '{'c' * 257}' at 'comment' failed to satisfy constraint: "
            "Member must have length less than or equal to 256",
        ),
    ),
    Case(
        "making a zone is a change, pending at first",
        CHANGE,
        ZONE.answers({"ChangeInfo.Status": "PENDING"}).keep(change="ChangeInfo.Id"),
        route53.get_change(Id="$change").answers({"ChangeInfo.Status": "INSYNC", "ChangeInfo.Id": "$change"}),
    ),
    Case(
        "so is deleting one",
        CHANGE,
        ZONE,
        DELETE.answers({"ChangeInfo.Status": "PENDING"}).keep(change="ChangeInfo.Id"),
        route53.get_change(Id="$change").answers({"ChangeInfo.Status": "INSYNC"}),
    ),
    Case(
        "a batch is pending for about a minute at AWS's pace",
        CHANGE,
        config(pace="aws"),
        ZONE,
        create(record("www.example.com", "A", "192.0.2.1"))
        .answers({"ChangeInfo.Status": "PENDING"})
        .keep(change="ChangeInfo.Id"),
        advance(59),
        route53.get_change(Id="$change").answers({"ChangeInfo.Status": "PENDING"}),
        LIST.answers({"length(ResourceRecordSets)": 3}),
        advance(1),
        route53.get_change(Id="$change").answers({"ChangeInfo.Status": "INSYNC"}),
    ),
    Case(
        "a change keeps its comment",
        CHANGE,
        ZONE,
        route53.change_resource_record_sets(
            HostedZoneId="$zone",
            ChangeBatch={
                "Comment": "the shop moves",
                "Changes": [
                    {"Action": "CREATE", "ResourceRecordSet": record("www.example.com", "A", "192.0.2.1")},
                ],
            },
        ).keep(change="ChangeInfo.Id"),
        route53.get_change(Id="$change").answers({"ChangeInfo.Comment": "the shop moves"}),
    ),
    Case(
        "a change that isn't there",
        CHANGE,
        route53.get_change(Id="C0123456789ABCDEFGHIJ").refused(
            "NoSuchChange", "Could not find resource with ID: C0123456789ABCDEFGHIJ", status=404
        ),
    ),
    Case(
        "a zone that is busy with another change",
        f"{LIMITS}#limits-api-requests",
        config(durations={"route53.processed": 2}),
        ZONE,
        create(record("www.example.com", "A", "192.0.2.1")),
        create(record("api.example.com", "A", "192.0.2.1")).refused(
            "PriorRequestNotComplete", "The request was rejected because Route 53 was still processing a prior request."
        ),
        advance(2),
        create(record("api.example.com", "A", "192.0.2.1")),
    ),
    Case(
        "zones share the name servers of a reusable delegation set",
        SETS,
        route53.create_reusable_delegation_set(CallerReference="set").keep(
            set="DelegationSet.Id", servers="DelegationSet.NameServers"
        ),
        route53.create_hosted_zone(Name="example.com", CallerReference="one", DelegationSetId="$set")
        .answers({"DelegationSet.NameServers": "$servers", "DelegationSet.Id": "$set"})
        .keep(zone="HostedZone.Id"),
        route53.list_hosted_zones(DelegationSetId="$set").answers({"HostedZones[].Id": ["$zone"]}),
        route53.delete_reusable_delegation_set(Id="$set").refused(
            "DelegationSetInUse",
            "The specified delegation set contains associated hosted zones which must be deleted before the reusable "
            "delegation set can be deleted.",
        ),
        DELETE,
        route53.delete_reusable_delegation_set(Id="$set"),
        route53.list_reusable_delegation_sets().answers({"DelegationSets": []}),
    ),
    Case(
        "zones that share a delegation set and have nothing in common",
        CREATE,
        route53.create_reusable_delegation_set(CallerReference="set").keep(set="DelegationSet.Id"),
        route53.create_hosted_zone(Name="example.com", CallerReference="one", DelegationSetId="$set"),
        route53.create_hosted_zone(Name="test.example.org", CallerReference="two", DelegationSetId="$set"),
    ),
    Case(
        "a delegation set that isn't there",
        CREATE,
        route53.create_hosted_zone(Name="example.com", CallerReference="one", DelegationSetId="N0123456789").refused(
            "NoSuchDelegationSet", "The specified delegation set does not exist: N0123456789"
        ),
    ),
    Case(
        "a delegation set's caller reference makes one set",
        SETS,
        route53.create_reusable_delegation_set(CallerReference="set"),
        route53.create_reusable_delegation_set(CallerReference="set").refused(
            "DelegationSetAlreadyCreated",
            "A delegation set with the same owner and caller reference combination has already been created.",
        ),
    ),
    Case(
        "a zone leaves no delegation set behind",
        SETS,
        ZONE,
        route53.list_reusable_delegation_sets().answers({"DelegationSets": []}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_hosted_zones_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)


def test_ids_have_the_forms_of_aws(world: Server) -> None:
    route53 = world.client("route53")
    made = route53.create_hosted_zone(Name="example.com", CallerReference="one")
    assert re.fullmatch(r"/hostedzone/Z[0-9A-Z]{20}", made["HostedZone"]["Id"])
    assert re.fullmatch(r"/change/C[0-9A-Z]{20}", made["ChangeInfo"]["Id"])
    assert made["Location"] == f"https://route53.amazonaws.com/2013-04-01{made['HostedZone']['Id']}"
    numbers = {server.split(".")[2] for server in made["DelegationSet"]["NameServers"]}
    assert numbers == {"com", "net", "org", "co"}


def test_an_account_has_one_route53_whatever_region_signs(world: Server) -> None:
    world.client("route53").create_hosted_zone(Name="example.com", CallerReference="one")
    make: Any = boto3.client
    signs = {"aws_access_key_id": "kubewire-local", "aws_secret_access_key": "kubewire-local"}
    elsewhere = make("route53", region_name="cn-north-1", endpoint_url=world.url, **signs)
    with pytest.raises(elsewhere.exceptions.HostedZoneAlreadyExists):
        elsewhere.create_hosted_zone(Name="example.com", CallerReference="one")


def test_zones_that_share_a_delegation_set_cannot_contain_one_another(world: Server) -> None:
    route53 = world.client("route53")
    made = route53.create_reusable_delegation_set(CallerReference="set")["DelegationSet"]["Id"]
    route53.create_hosted_zone(Name="example.com", CallerReference="one", DelegationSetId=made)
    with pytest.raises(route53.exceptions.ConflictingDomainExists) as caught:
        route53.create_hosted_zone(Name="test.example.com", CallerReference="two", DelegationSetId=made)
    assert "conflicts with existing ones sharing the delegation set" in str(caught.value)
