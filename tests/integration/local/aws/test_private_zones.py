from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, config, route53
from tests.integration.local.aws.dns import API, BARE, GUIDE, LIMITS, OTHER_VPC, VPC, at
from tests.integration.local.aws.dns import ZONE as PUBLIC

CREATE = f"{API}/API_CreateHostedZone.html"
ASSOCIATE = f"{API}/API_AssociateVPCWithHostedZone.html"
DISASSOCIATE = f"{API}/API_DisassociateVPCFromHostedZone.html"
PRIVATE = f"{GUIDE}/hosted-zones-private.html"
NOBODYS = "vpc-0123456789abcdef0"
UNKNOWN = (
    "InvalidVPCId",
    f"The VPC {NOBODYS} in region eu-west-1 that you provided is not authorized to make the association.",
)


CONFLICT = (
    "ConflictingDomainExists",
    "The VPC $vpc in region eu-west-1 has already been associated with the hosted zone $id with the same domain name.",
)


def private(vpc: str = "$vpc", reference: str = "zone") -> dict[str, object]:
    return {"Name": "shop.internal", "CallerReference": reference, "VPC": at(vpc)}


ZONE = route53.create_hosted_zone(**private()).keep(zone="HostedZone.Id")
ID = route53.list_hosted_zones_by_vpc(VPCId="$vpc", VPCRegion="eu-west-1").keep(
    id="HostedZoneSummaries[0].HostedZoneId"
)
ADD = route53.associate_vpc_with_hosted_zone(HostedZoneId="$zone", VPC=at("$other"))
REMOVE = route53.disassociate_vpc_from_hosted_zone(HostedZoneId="$zone", VPC=at("$other"))

CASES = [
    Case(
        "a VPC makes a zone private",
        PRIVATE,
        VPC,
        ZONE.answers({"HostedZone.Config.PrivateZone": True, "VPC": at("$vpc")}),
        route53.get_hosted_zone(Id="$zone").answers(
            {"HostedZone.Config.PrivateZone": True, "VPCs": [at("$vpc")], "DelegationSet": None}
        ),
        ID.answers({"HostedZoneSummaries[].Name": ["shop.internal."]}),
    ),
    Case(
        "a private zone may have one label",
        PRIVATE,
        VPC,
        route53.create_hosted_zone(Name="internal", CallerReference="one", VPC=at("$vpc")),
    ),
    Case(
        "private zones have name servers that nobody can ask",
        PRIVATE,
        VPC,
        ZONE,
        route53.list_resource_record_sets(HostedZoneId="$zone").answers(
            {
                "ResourceRecordSets[?Type=='NS'].ResourceRecords[].Value": [
                    "ns-1536.awsdns-00.co.uk.",
                    "ns-0.awsdns-00.com.",
                    "ns-1024.awsdns-00.org.",
                    "ns-512.awsdns-00.net.",
                ]
            }
        ),
    ),
    Case(
        "a private zone without a VPC",
        CREATE,
        route53.create_hosted_zone(
            Name="shop.internal", CallerReference="one", HostedZoneConfig={"PrivateZone": True}
        ).refused(
            "InvalidInput",
            "When you're creating a private hosted zone (when you specify true for PrivateZone), you must also specify "
            "values for VPCId and VPCRegion.",
        ),
    ),
    Case(
        "a private zone with half a VPC",
        CREATE,
        VPC,
        route53.create_hosted_zone(Name="shop.internal", CallerReference="one", VPC={"VPCId": "$vpc"}).refused(
            "InvalidInput", "Both VPCId and VPCRegion must be specified for a VPC."
        ),
    ),
    Case(
        "a private zone in a VPC that isn't there",
        CREATE,
        route53.create_hosted_zone(**private(NOBODYS)).refused(*UNKNOWN),
    ),
    Case(
        "a private zone in a VPC of another region",
        CREATE,
        VPC,
        route53.create_hosted_zone(Name="shop.internal", CallerReference="one", VPC=at("$vpc", "us-east-1")).refused(
            "InvalidVPCId",
            "The VPC $vpc in region us-east-1 that you provided is not authorized to make the association.",
        ),
    ),
    Case(
        "two zones of one name in one VPC",
        CREATE,
        VPC,
        ZONE,
        ID,
        route53.create_hosted_zone(**private(reference="two")).refused(*CONFLICT),
    ),
    Case(
        "a zone and one below it in one VPC",
        PRIVATE,
        VPC,
        ZONE,
        route53.create_hosted_zone(Name="api.shop.internal", CallerReference="two", VPC=at("$vpc")),
    ),
    Case(
        "two zones of one name in two VPCs",
        PRIVATE,
        VPC,
        OTHER_VPC,
        ZONE,
        route53.create_hosted_zone(**private("$other", reference="two")),
    ),
    Case(
        "a further VPC comes and goes",
        ASSOCIATE,
        VPC,
        OTHER_VPC,
        ZONE,
        ADD.answers({"ChangeInfo.Status": "PENDING"}).keep(change="ChangeInfo.Id"),
        route53.get_change(Id="$change").answers({"ChangeInfo.Status": "INSYNC"}),
        route53.get_hosted_zone(Id="$zone").answers({"VPCs[].VPCId": ["$vpc", "$other"]}),
        REMOVE.answers({"ChangeInfo.Status": "PENDING"}),
        route53.get_hosted_zone(Id="$zone").answers({"VPCs[].VPCId": ["$vpc"]}),
    ),
    Case(
        "associating a VPC twice",
        ASSOCIATE,
        VPC,
        ZONE,
        ID,
        route53.associate_vpc_with_hosted_zone(HostedZoneId="$zone", VPC=at("$vpc")).refused(*CONFLICT),
    ),
    Case(
        "associating a VPC that isn't there",
        ASSOCIATE,
        VPC,
        ZONE,
        route53.associate_vpc_with_hosted_zone(HostedZoneId="$zone", VPC=at(NOBODYS)).refused(*UNKNOWN, status=400),
    ),
    Case(
        "associating a VPC with a public zone",
        ASSOCIATE,
        VPC,
        PUBLIC,
        *BARE,
        route53.associate_vpc_with_hosted_zone(HostedZoneId="$zone", VPC=at("$vpc")).refused(
            "PublicZoneVPCAssociation", "Attempting to associate public zone: $bare with vpc: $vpc"
        ),
    ),
    Case(
        "as many VPCs as a zone may have",
        LIMITS,
        config(quotas={"route53-vpcs-per-private-zone": 1}),
        VPC,
        OTHER_VPC,
        ZONE,
        ID,
        ADD.refused(
            "LimitsExceeded", "Limits Exceeded: MAX_VPCS_ASSOCIATED_BY_ZONE - Cannot associate more VPCs with $id."
        ),
        route53.get_hosted_zone_limit(HostedZoneId="$zone", Type="MAX_VPCS_ASSOCIATED_BY_ZONE").answers(
            {"Limit.Value": 1, "Count": 1}
        ),
    ),
    Case(
        "disassociating the last VPC",
        DISASSOCIATE,
        VPC,
        ZONE,
        route53.disassociate_vpc_from_hosted_zone(HostedZoneId="$zone", VPC=at("$vpc")).refused(
            "LastVPCAssociation", "Cannot remove last VPC association for the private zone"
        ),
        route53.delete_hosted_zone(Id="$zone"),
    ),
    Case(
        "disassociating a VPC that isn't associated",
        DISASSOCIATE,
        VPC,
        OTHER_VPC,
        ZONE,
        ID,
        REMOVE.refused(
            "VPCAssociationNotFound", "The VPC: $other is not currently associated with hosted zone: $id", status=404
        ),
    ),
    Case(
        "a VPC's zones are listed for it alone",
        f"{API}/API_ListHostedZonesByVPC.html",
        VPC,
        OTHER_VPC,
        ZONE,
        route53.list_hosted_zones_by_vpc(VPCId="$other", VPCRegion="eu-west-1").answers({"HostedZoneSummaries": []}),
        route53.list_hosted_zones(HostedZoneType="PrivateHostedZone").answers({"HostedZones[].Id": ["$zone"]}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_private_zones_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
