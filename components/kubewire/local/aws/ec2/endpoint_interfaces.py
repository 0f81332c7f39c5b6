"""What an interface endpoint is made of: an interface in each subnet, security groups, and names in DNS.

https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.addressing import chosen
from kubewire.local.aws.ec2.appliances import appliance_interface, remove_appliance_interface
from kubewire.local.aws.ec2.endpoint_services import GATEWAY, EndpointService, service_of
from kubewire.local.aws.ec2.group_lookup import group_by_id
from kubewire.local.aws.ec2.own_groups import give_groups
from kubewire.local.aws.ec2.rule_quota import GROUPS_PER_INTERFACE
from kubewire.local.aws.refusal import Refusal

_ZONE_OF_ENDPOINTS: Final = "Z38GZ743OKFT7T"


@dataclass
class EndpointNotes:
    """What moto has no place for.

    Attributes:
        interfaces: by the endpoint's id, its interfaces by their subnet's.
        suffixes: by the endpoint's id, what AWS adds to it in DNS.
        zones: by the endpoint's id, the hosted zone of its private name.
    """

    interfaces: dict[str, dict[str, Any]] = field(default_factory=dict)
    suffixes: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)


def begin(call: Call, endpoint: Any) -> None:
    """Note a new endpoint."""
    notes = call.notes(EndpointNotes)
    notes.interfaces[endpoint.id] = {}
    notes.suffixes[endpoint.id] = uuid4().hex[:8]
    notes.zones[endpoint.id] = f"Z{uuid4().hex[:13].upper()}"


def must_stand_apart(call: Call, vpc_id: str, present: Sequence[str], added: Sequence[str]) -> None:
    """Refuse subnets of another VPC, and two in one zone.

    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """
    ec2: Any = call.ec2
    zones = {ec2.get_subnet(one).availability_zone for one in present}
    for subnet_id in added:
        subnet = ec2.get_subnet(subnet_id)
        if subnet.vpc_id != vpc_id:
            # Nobody has reported AWS's own words; these are ours.
            raise Refusal("InvalidParameter", f"Subnet {subnet_id} does not belong to VPC {vpc_id}")
        if subnet.availability_zone in zones:
            raise Refusal(
                "DuplicateSubnetsInSameZone",
                f"Found another VPC endpoint subnet in the availability zone of {subnet_id}. VPC endpoint subnets "
                "should be in different availability zones supported by the VPC endpoint service.",
            )
        zones.add(subnet.availability_zone)


def groups_in(call: Call, vpc_id: str, ids: Iterable[str]) -> list[Any]:
    """The security groups of those ids; a VPC's default one if there are none.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html (SecurityGroupIds)

    Raises:
        Refusal: one isn't there, or is another VPC's, or there are too many.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return [call.ec2.get_default_security_group(vpc_id)]
    groups = [group_by_id(call, one) for one in wanted]
    for group in groups:
        if group.vpc_id != vpc_id:
            # Ours, too.
            raise Refusal("InvalidParameter", f"Security group {group.id} does not belong to VPC {vpc_id}")
    if len(groups) > call.limit(GROUPS_PER_INTERFACE):
        message = "You have exceeded the maximum number of security groups allowed per network interface."
        raise Refusal("SecurityGroupsPerInterfaceLimitExceeded", message)
    return groups


def stand_in(call: Call, endpoint: Any, subnets: Sequence[str]) -> None:
    """Make an interface in each of these subnets."""
    ec2: Any = call.ec2
    places = [(subnet_id, ec2.get_subnet(subnet_id)) for subnet_id in subnets]
    addresses = [chosen(call, subnet, 1)[0] for _, subnet in places]
    for (subnet_id, subnet), address in zip(places, addresses, strict=True):
        interface = appliance_interface(
            call,
            subnet,
            address,
            kind="vpc_endpoint",
            description=f"VPC Endpoint Interface {endpoint.id}",
            requester=call.account,
        )
        call.notes(EndpointNotes).interfaces[endpoint.id][subnet_id] = interface
    _show(call, endpoint)


def leave(call: Call, endpoint: Any, subnets: Iterable[str]) -> None:
    """Take the interfaces in these subnets away."""
    interfaces = call.notes(EndpointNotes).interfaces[endpoint.id]
    for subnet_id in subnets:
        if subnet_id in interfaces:
            remove_appliance_interface(call, interfaces.pop(subnet_id))
    _show(call, endpoint)


def guard(call: Call, endpoint: Any, groups: Sequence[Any]) -> None:
    """Give its interfaces these security groups."""
    endpoint.security_group_ids = [group.id for group in groups]
    for interface in call.notes(EndpointNotes).interfaces[endpoint.id].values():
        give_groups(interface, groups)


def must_be_resolvable(call: Call, vpc_id: str, service: EndpointService, but: str = "") -> None:
    """Refuse private DNS in a VPC without DNS, and a second time for one name.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html (PrivateDnsEnabled)

    Args:
        call: whose VPC it is.
        vpc_id: where names are resolved.
        service: what the endpoint leads to.
        but: the endpoint itself, if it is there already.
    """
    vpc: Any = call.ec2.vpcs[vpc_id]
    # moto keeps what it was given: a boolean at first, and text later.
    if any(str(one).lower() != "true" for one in (vpc.enable_dns_support, vpc.enable_dns_hostnames)):
        raise Refusal(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true "
            f"for {vpc_id}",
        )
    endpoints: Any = call.ec2.vpc_end_points
    others = [one for one in endpoints.values() if one.vpc_id == vpc_id and one.id != but and one.private_dns_enabled]
    taken = any(service_of(call, one.service_name).host == service.host for one in others)
    zones: Any = call.route53.zones
    for zone in zones.values():
        inside = any(one.get("vpc_id") == vpc_id for one in zone.vpcs)
        taken = taken or (zone.private_zone and inside and zone.name.rstrip(".") == service.host)
    if taken:
        raise Refusal(
            "InvalidParameter",
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
            f"{service.private_name} in the VPC {vpc_id}",
        )


def must_lead_somewhere(call: Call, vpc_id: str, service: EndpointService) -> None:
    """Refuse private DNS for networks outside alone, unless a gateway endpoint leads the VPC itself to the service.

    That is what AWS takes private DNS for S3 for, where a call doesn't say that it isn't.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html#private-dns
    The words: https://github.com/hashicorp/terraform-provider-aws/issues/33689
    """
    options = call.parameters.get("DnsOptions", {})
    if not service.name.endswith(".s3") or options.get("PrivateDnsOnlyForInboundResolverEndpoint") is False:
        return
    endpoints: Any = call.ec2.vpc_end_points.values()
    if not any(
        (one.vpc_id, one.service_name, one.vpc_endpoint_type) == (vpc_id, service.name, GATEWAY) for one in endpoints
    ):
        raise Refusal(
            "InvalidParameter",
            f"To set PrivateDnsOnlyForInboundResolverEndpoint to true, the VPC {vpc_id} must have a Gateway endpoint "
            "for the service.",
        )


def dns_entries(call: Call, endpoint: Any) -> list[dict[str, str]]:
    """Its names: for all zones, for each zone, and the private one.

    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html (DNS names)
    """
    notes, service = call.notes(EndpointNotes), service_of(call, endpoint.service_name)
    own = f"{endpoint.id}-{notes.suffixes[endpoint.id]}"
    domain = service.host.replace(".amazonaws.com", ".vpce.amazonaws.com")
    zones = sorted(one.subnet.availability_zone for one in notes.interfaces[endpoint.id].values())
    names = [f"{own}.{domain}", *(f"{own}-{zone}.{domain}" for zone in zones)]
    entries = [{"DnsName": name, "HostedZoneId": _ZONE_OF_ENDPOINTS} for name in names]
    if endpoint.private_dns_enabled:
        entries.append({"DnsName": service.private_name, "HostedZoneId": notes.zones[endpoint.id]})
    return entries


def _show(call: Call, endpoint: Any) -> None:
    """Let moto know, whose lists name them."""
    interfaces = call.notes(EndpointNotes).interfaces[endpoint.id]
    endpoint.subnet_ids = list(interfaces)
    endpoint.network_interface_ids = [interface.id for interface in interfaces.values()]
    guard(call, endpoint, [group_by_id(call, one) for one in endpoint.security_group_ids])
