"""Subnets: their number, their ranges, where they are, their states, and what keeps them from being deleted."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.ranges import fits, ipv4, subnets_of, vpc_ipv4
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal, dependency_violation, invalid_parameter
from kubewire.local.aws.rules import after, before, exists

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
SUBNETS: Final = quota("subnets-per-vpc", default=200, page=_LIMITS)

_STATES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html"
AVAILABLE: Final = duration("subnet.available", aws=1.0, page=_STATES)

# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
LARGEST: Final = 16
SMALLEST: Final = 28

# How ModifySubnetAttribute names what a subnet keeps as PrivateDnsNameOptionsOnLaunch.
_HOSTNAMES: Final = {
    "PrivateDnsHostnameTypeOnLaunch": "HostnameType",
    "EnableResourceNameDnsARecordOnLaunch": "EnableResourceNameDnsARecord",
    "EnableResourceNameDnsAAAARecordOnLaunch": "EnableResourceNameDnsAAAARecord",
}


@exists("ec2", "SubnetId", "SubnetIds")
def subnet_exists(call: Call, subnet_id: str) -> None:
    """Refuse a subnet that isn't the caller's, or isn't at all."""
    if not any(subnet_id in zone for zone in call.ec2.subnets.values()):
        raise Refusal("InvalidSubnetID.NotFound", f"The subnet ID '{subnet_id}' does not exist")


@before("ec2", "CreateSubnet")
def subnet_quota(call: Call) -> None:
    """Refuse one subnet too many in a VPC."""
    if len(subnets_of(call, call.parameters["VpcId"])) >= call.limit(SUBNETS):
        raise Refusal("SubnetLimitExceeded", "The maximum number of subnets has been reached.")


@before("ec2", "CreateSubnet")
def subnet_range(call: Call) -> Call | None:
    """Refuse ranges of a wrong size, outside the VPC's, or taken; take the others without their host bits.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html
    """
    given = call.parameters.get("CidrBlock")
    if given is None:
        return None
    network = ipv4(given)
    if not LARGEST <= network.prefixlen <= SMALLEST:
        raise Refusal("InvalidSubnet.Range", f"The CIDR '{given}' is invalid.")
    vpc_id = call.parameters["VpcId"]
    fits(
        network, vpc_ipv4(call.ec2.vpcs[vpc_id], ready=True), [s.cidr for s in subnets_of(call, vpc_id) if s.cidr_block]
    )
    return call.with_parameters({**call.parameters, "CidrBlock": str(network)})


@before("ec2", "CreateSubnet")
def subnet_zone(call: Call) -> None:
    """Refuse an availability zone of another region."""
    zones = call.ec2.describe_availability_zones()
    for parameter, known in (
        ("AvailabilityZone", [zone.name for zone in zones]),
        ("AvailabilityZoneId", [zone.zone_id for zone in zones]),
    ):
        given = call.parameters.get(parameter)
        if given is not None and given not in known:
            raise invalid_parameter(
                f"Value ({given}) for parameter {parameter[0].lower()}{parameter[1:]} is invalid. Subnets can "
                f"currently only be created in the following availability zones: {', '.join(known)}."
            )


@after("ec2", "CreateSubnet")
def subnet_starts_pending(call: Call, answer: Answer) -> None:
    """A subnet is answered as pending, and available from then on.

    It is no default subnet, for which moto takes the first one in a zone, and so gives out no public addresses.
    """
    subnet: Any = call.ec2.get_subnet(answer["Subnet"]["SubnetId"])
    subnet.default_for_az = answer["Subnet"]["DefaultForAz"] = False
    subnet.map_public_ip_on_launch = answer["Subnet"]["MapPublicIpOnLaunch"] = False
    subnet.state = answer["Subnet"]["State"] = "pending"
    call.later(AVAILABLE, lambda: setattr(subnet, "state", "available"))


@after("ec2", "ModifySubnetAttribute")
def hostnames(call: Call, _answer: Answer) -> None:
    """Keep how instances are to be named, of which moto keeps only a part.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html
    """
    subnet: Any = call.ec2.get_subnet(call.parameters["SubnetId"])
    for parameter, option in _HOSTNAMES.items():
        given = call.parameters.get(parameter)
        if given is not None:
            subnet.private_dns_name_options_on_launch[option] = given["Value"] if isinstance(given, dict) else given


@before("ec2", "DeleteSubnet")
def subnet_in_use(call: Call) -> None:
    """Refuse to delete a subnet while interfaces are in it: those of instances, NAT gateways and load balancers.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html
    """
    subnet_id = call.parameters["SubnetId"]
    ec2: Any = call.ec2
    interfaces = any(one.subnet.id == subnet_id for one in ec2.get_all_network_interfaces())
    gateways = [one for one in ec2.nat_gateways.values() if one.state not in ("deleted", "failed")]
    if interfaces or any(one.subnet_id == subnet_id for one in gateways):
        raise dependency_violation("subnet", subnet_id)


@after("ec2", "DeleteSubnet")
def associations_go_with_the_subnet(call: Call, _answer: Answer) -> None:
    """A route table and a network ACL have it no more; moto would keep them from being deleted for ever."""
    subnet_id = call.parameters["SubnetId"]
    ec2: Any = call.ec2
    for one in (*ec2.route_tables.values(), *ec2.network_acls.values()):
        associations = one._associations  # noqa: SLF001 - moto has no public name for it
        for identity, associated in list(associations.items()):
            # A route table has the subnet's id, a network ACL an object that has it.
            if subnet_id in (associated, getattr(associated, "subnet_id", None)):
                del associations[identity]
        ec2.subnet_associations.pop(f"{one.id}:{subnet_id}", None)
