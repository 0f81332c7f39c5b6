"""Private zones and the VPCs that they answer in.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.route53.account import vpc_exists, zone_of
from kubewire.local.aws.route53.hosted_zones import is_private
from kubewire.local.aws.rules import before

_LIMITS: Final = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html"
VPCS: Final = quota("route53-vpcs-per-private-zone", default=300, page=_LIMITS)


@before("route53", "CreateHostedZone")
def private_zone_has_a_vpc(call: Call) -> None:
    """Refuse a private zone without a VPC, with an unknown one, or with one that has a zone of that name.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html (VPC)
    """
    if not is_private(call):
        return
    vpc = call.parameters.get("VPC", {})
    if not vpc:
        words = "When you're creating a private hosted zone (when you specify true for PrivateZone), you must also "
        raise Refusal("InvalidInput", f"{words}specify values for VPCId and VPCRegion.")
    _check_vpc(call, vpc)
    _check_name_is_free(call, vpc, call.parameters["Name"])


@before("route53", "AssociateVPCWithHostedZone")
def associated(call: Call) -> None:
    """Refuse to let a public zone answer in a VPC, or a private one in an unknown VPC, or twice, or in too many.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html
    """
    zone, vpc = zone_of(call), call.parameters["VPC"]
    if not zone.private_zone:
        words = f"Attempting to associate public zone: {zone.resource_id} with vpc: {vpc.get('VPCId')}"
        raise Refusal("PublicZoneVPCAssociation", words)
    _check_vpc(call, vpc)
    _check_name_is_free(call, vpc, zone.name)
    if len(zone.vpcs) >= call.limit(VPCS):
        words = f"Limits Exceeded: MAX_VPCS_ASSOCIATED_BY_ZONE - Cannot associate more VPCs with {zone.resource_id}."
        raise Refusal("LimitsExceeded", words)


@before("route53", "DisassociateVPCFromHostedZone")
def disassociated(call: Call) -> None:
    """Refuse to take away what isn't there, or the last.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_DisassociateVPCFromHostedZone.html
    """
    zone, vpc_id = zone_of(call), call.parameters["VPC"].get("VPCId")
    if vpc_id not in {vpc.get("vpc_id") for vpc in zone.vpcs}:
        words = f"The VPC: {vpc_id} is not currently associated with hosted zone: {zone.resource_id}"
        raise Refusal("VPCAssociationNotFound", words)
    if len(zone.vpcs) == 1:
        raise Refusal("LastVPCAssociation", "Cannot remove last VPC association for the private zone")


def _check_vpc(call: Call, vpc: Mapping[str, Any]) -> None:
    if "VPCId" not in vpc or "VPCRegion" not in vpc:
        raise Refusal("InvalidInput", "Both VPCId and VPCRegion must be specified for a VPC.")
    if not vpc_exists(call, vpc["VPCId"], vpc["VPCRegion"]):
        words = f"The VPC {vpc['VPCId']} in region {vpc['VPCRegion']} that you provided is not authorized to make "
        raise Refusal("InvalidVPCId", f"{words}the association.")


def _check_name_is_free(call: Call, vpc: Mapping[str, Any], name: str) -> None:
    for zone in call.route53.zones.values():
        if zone.name == name and vpc["VPCId"] in {one.get("vpc_id") for one in zone.vpcs}:
            words = f"The VPC {vpc['VPCId']} in region {vpc['VPCRegion']} has already been associated with the hosted "
            raise Refusal("ConflictingDomainExists", f"{words}zone {zone.resource_id} with the same domain name.")
