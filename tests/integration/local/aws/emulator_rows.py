"""Where moto 5.2.5 lets pass what AWS refuses, or says less than AWS, as it was found by probing it.

Each row names the cases that say it is so no longer, or why it isn't to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Row:
    """One difference.

    Attributes:
        area: of AWS.
        was: what moto does.
        cases: those that cover it, as "module/title", the module without its `test_`.
        why_not: why none does.
    """

    area: str
    was: str
    cases: tuple[str, ...] = ()
    why_not: str = ""


def row(area: str, was: str, *cases: str) -> Row:
    """A row that cases cover."""
    return Row(area, was, cases)


def left(area: str, was: str, why_not: str) -> Row:
    """A row that stays as it is."""
    return Row(area, was, why_not=why_not)


VPC_ROWS: Final = (
    row(
        "vpc",
        "CreateVpc answers with an available VPC",
        "vpcs/a VPC is pending when it is made, and available then",
    ),
    row("vpc", "DescribeVpcs fails at an unknown filter", "every_call/a filter that AWS doesn't have"),
    row("vpc", "any number of VPCs", "vpcs/five VPCs a region, the default one counted"),
    row("vpc", "DryRun creates a VPC", "every_call/a dry run changes nothing"),
    row("vpc", "a VPC with a subnet is deleted", "vpcs/a VPC with a subnet"),
    row("vpc", "a VPC with an internet gateway is deleted", "vpcs/a VPC with an internet gateway"),
    row("subnet", "a subnet of /29", "subnets/a subnet smaller than /28"),
    left(
        "subnet",
        "host bits of a subnet's range are dropped",
        "the probe expected a refusal, but AWS does the same: CreateSubnet's page says that 100.68.0.18/18 becomes "
        "100.68.0.0/18; subnets/host bits of a subnet are dropped holds us to it",
    ),
    left(
        "subnet",
        "a subnet's hostnames are by address",
        "the probe expected resource-name, but AWS's default is ip-name wherever a subnet has IPv4; subnets/instances "
        "are named by address unless it is said otherwise holds us to it",
    ),
    row("subnet", "DescribeSubnets ignores MaxResults", "every_call/pages of subnets"),
)

GATEWAY_ROWS: Final = (
    row("igw", "a VPC takes a second internet gateway", "internet_gateways/a second internet gateway on a VPC"),
    row(
        "igw",
        "an egress-only gateway's ClientToken is ignored",
        "internet_gateways/an egress-only gateway made twice with a token",
    ),
    row(
        "eip/nat",
        "CreateNatGateway answers with an available gateway, without its token",
        "nat_gateways/a NAT gateway is pending, then available",
        "nat_gateways/a NAT gateway made twice with a token",
    ),
    row(
        "eip/nat",
        "a NAT gateway's repeated ClientToken is an associated address",
        "nat_gateways/a NAT gateway made twice with a token",
    ),
    row("eip/nat", "a NAT gateway has no connectivity type", "nat_gateways/a NAT gateway is pending, then available"),
    row("eip/nat", "an address in use is released", "addresses/releasing an address that is in use"),
    row(
        "misc",
        "a deleted NAT gateway's address stays associated",
        "nat_gateways/a NAT gateway lets go of its address only when it is deleted",
    ),
)

INSTANCE_ROWS: Final = (
    row("ec2", "RunInstances ignores its ClientToken", "instances/an instance launched twice with a token"),
    row("ec2", "RunInstances takes any image", "instances/an image that isn't there"),
    row("ec2", "RunInstances takes any type", "instances/an instance type that AWS hasn't"),
    row(
        "ec2",
        "an interface doesn't follow its instance's source/destination check",
        "network_interfaces/an instance's source/destination check is that of its interface",
        "network_interfaces/an interface's source/destination check is that of its instance",
    ),
    row(
        "ec2",
        "CreateNetworkInterface ignores its ClientToken",
        "network_interfaces/an interface made twice with a token",
    ),
    row(
        "ec2",
        "a taken address is given to a second interface",
        "network_interfaces/an interface with an address of its own",
    ),
    row("ec2", "an attached interface is deleted", "network_interfaces/deleting an interface that is attached"),
    row("ec2", "prefixes of an interface aren't answered", "network_interfaces/a range of sixteen addresses"),
    row("ec2", "AssignIpv6Addresses fails", "network_interfaces/IPv6 addresses of an interface"),
    row("ec2", "DescribeNetworkInterfaces ignores MaxResults", "emulator_rows/pages of interfaces"),
    row("ec2", "a subnet with an interface is deleted", "subnets/a subnet with an interface"),
    row(
        "lt/asg",
        "a launch template's new version forgets its source",
        "instances/a version of a launch template builds on another",
    ),
    left("lt/asg", "StartInstanceRefresh fails", "no cluster network of kubewire's has Auto Scaling groups"),
    left("lt/asg", "a group with instances is deleted", "no cluster network of kubewire's has Auto Scaling groups"),
)

ROUTE_ROWS: Final = (
    row("routes", "CreateRouteTable ignores its ClientToken", "route_tables/a repeated token makes no second table"),
    row(
        "routes",
        "a route to an instance has neither its interface nor its owner",
        "route_targets/a route to an instance leads to its interface, and says whose that is",
    ),
    row(
        "routes",
        "a route to an unattached interface is active",
        "route_targets/a route to an interface that isn't attached is a black hole",
    ),
    row("routes", "VPCs with the same range are peered", "peerings/VPCs of overlapping ranges"),
    row(
        "routes",
        "a route to a transit gateway without an attachment",
        "route_targets/a route to a transit gateway that the VPC isn't attached to",
    ),
    row("routes", "a route to no NAT gateway", "route_targets/a route to a NAT gateway that isn't there"),
    row(
        "routes",
        "another error for no internet gateway",
        "route_targets/a route to an internet gateway that isn't there",
    ),
    row("routes", "a route for the VPC's range fails", "routes/a route for the VPC's own range to a gateway"),
    row(
        "routes",
        "a route to another VPC's internet gateway",
        "route_targets/a route to another VPC's internet gateway",
    ),
    row("routes", "any number of routes", "route_quotas/so many routes and no more"),
    row(
        "routes",
        "a route to a terminated instance is active",
        "route_targets/a route to a terminated instance is a black hole",
    ),
    row("routes", "DescribeRouteTables ignores MaxResults", "route_tables/pages of tables"),
)

GROUP_ROWS: Final = (
    row("sg", "a group named sg-…", "security_groups/a name that looks like an id"),
    row(
        "sg",
        "of several permissions the last one's rules are answered, and not whole",
        "security_group_rules/all rules of a call are answered, with all that they are",
    ),
    row(
        "sg",
        "a batch with a duplicate is carried out in part",
        "security_group_rules/a call with one rule too many applies none",
    ),
    row("sg", "ports from high to low", "security_group_permissions/ports that are none"),
    row(
        "sg",
        "a changed description isn't confirmed",
        "security_group_rule_changes/another description by a rule's id, and none",
    ),
    row(
        "sg",
        "a group that another refers to is deleted",
        "security_groups/deleting a group that another's rule refers to",
    ),
    row("sg", "a group that an interface has is deleted", "security_groups/deleting a group that an interface has"),
    row(
        "sg",
        "an interface with a group that isn't there",
        "interface_groups/an interface with a group that isn't there",
    ),
    row("sg", "DescribeSecurityGroupRules ignores MaxResults", "security_group_rules/pages of rules"),
    row("sg", "DescribeSecurityGroups ignores MaxResults", "security_groups/pages of groups"),
)

BALANCER_ROWS: Final = (
    row(
        "elbv2",
        "a load balancer made twice has two ARNs",
        "elbv2_balancers/a load balancer of the same name and settings is the same",
    ),
    row(
        "elbv2",
        "a load balancer's name with other settings is taken",
        "elbv2_balancers/a load balancer of the same name with other subnets",
    ),
    row(
        "elbv2",
        "a load balancer has no interfaces",
        "elbv2_interfaces/a network load balancer has an interface in each subnet",
    ),
    row("elbv2", "an asked-for private address isn't answered", "elbv2_interfaces/a private address that is asked for"),
    row(
        "elbv2",
        "a load balancer's elastic address isn't answered",
        "elbv2_interfaces/an elastic address of a load balancer",
    ),
    row(
        "elbv2",
        "a load balancer's elastic address isn't associated",
        "elbv2_interfaces/an elastic address of a load balancer",
    ),
    row(
        "elbv2",
        "dual stack in subnets without IPv6",
        "elbv2_subnets/a dual-stack load balancer in subnets without IPv6",
    ),
    row("elbv2", "another error for no subnet", "elbv2_subnets/a load balancer in a subnet that isn't there"),
    row("elbv2", "a group that isn't there", "elbv2_subnets/a load balancer with a group that isn't there"),
    row("elbv2", "a name of 33 characters", "elbv2_balancers/a load balancer named aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    row("elbv2", "a name that begins with internal-", "elbv2_balancers/a load balancer named internal-shop"),
    row("elbv2", "attributes have no defaults", "elbv2_attributes/what a new network load balancer's attributes are"),
    row(
        "elbv2",
        "a load balancer's group is deleted",
        "elbv2_interfaces/a group can't be deleted before its load balancer's interfaces have gone",
    ),
    row("elbv2", "any number of load balancers", "elbv2_balancers/as many network load balancers as the quota says"),
    row(
        "elbv2",
        "a load balancer's subnet is deleted",
        "elbv2_interfaces/a subnet can't be deleted before its load balancer's interface has gone",
    ),
)

TARGET_ROWS: Final = (
    row(
        "elbv2",
        "a target group made twice is refused",
        "elbv2_target_groups/a group of the same name and settings is the same",
    ),
    row(
        "elbv2",
        "a target group's attributes have no defaults, or others' ones",
        "elbv2_attributes/what a new group's attributes are",
    ),
    row("elbv2", "a target group takes any attribute", "elbv2_attributes/an attribute that no group has"),
    row("elbv2", "targets are healthy without a listener", "elbv2_health/a target of a group that nothing uses"),
    row("elbv2", "an instance that isn't there is a target", "elbv2_targets/an instance that isn't there"),
    row("elbv2", "a public address is a target", "elbv2_targets/an address of the internet"),
    row("elbv2", "targets are known by address alone", "elbv2_targets/one address and two ports are two targets"),
    row("elbv2", "a second listener at a port", "elbv2_listeners/a listener of the same port to another group"),
    row(
        "elbv2",
        "a UDP listener at a TCP listener's port",
        "elbv2_listeners/a listener of UDP on the port of one of TCP",
    ),
    row(
        "elbv2",
        "a listener to a target group of another protocol",
        "elbv2_listeners/a listener of TCP that can't send to a group of UDP",
    ),
    row("elbv2", "a TLS listener without a certificate", "elbv2_listener_changes/TLS without a certificate"),
    row(
        "elbv2",
        "a deregistered target vanishes at once",
        "elbv2_health/a target drains as long as its group says, and is gone then",
    ),
    row("elbv2", "an ALPN policy without TLS", "elbv2_families/an ALPN policy without TLS"),
    row("elbv2", "any ALPN policy", "elbv2_families/an ALPN policy that isn't one"),
    row("elbv2", "UDP over dual stack", "elbv2_families/a dual-stack load balancer listens to no UDP"),
    row(
        "elbv2",
        "IPv6 targets behind IPv4 alone",
        "elbv2_families/a target group of IPv6 behind a load balancer of IPv4",
    ),
    row("elbv2", "an asked-for IPv6 address is forgotten", "elbv2_families/an IPv6 address that is asked for"),
    row("elbv2", "addresses of no route are healthy", "elbv2_families/an address that no route leads to"),
    row("elbv2", "DescribeTargetGroups ignores PageSize", "every_call/pages of target groups"),
    row("elbv2", "DescribeListeners ignores PageSize", "elbv2_listeners/pages of listeners"),
)

DNS_ROWS: Final = (
    row(
        "route53",
        "CreateHostedZone's change is in sync at once",
        "hosted_zones/making a zone is a change, pending at first",
    ),
    row("route53", "a VPC is associated twice", "private_zones/associating a VPC twice"),
    row("route53", "a VPC that isn't there is associated", "private_zones/associating a VPC that isn't there"),
    row(
        "route53",
        "a batch's change is in sync at once",
        "record_sets/a batch of several types",
        "hosted_zones/a batch is pending for about a minute at AWS's pace",
    ),
    row(
        "route53",
        "GetChange answers with a bare id",
        "hosted_zones/making a zone is a change, pending at first",
    ),
    row("route53", "GetChange knows every id", "hosted_zones/a change that isn't there"),
    row("route53", "another error for deleting with a wrong value", "record_sets/deleting with another value"),
    row("route53", "a record is created beside itself", "record_sets/creating a record that has other values"),
    row(
        "route53",
        "another error for a batch that deletes what isn't there",
        "record_sets/one bad change undoes the good ones before it",
    ),
    row("route53", "a CNAME beside an A record", "record_sets/a CNAME beside an A record"),
    row("route53", "a CNAME at the apex", "record_sets/a CNAME at the apex"),
    row("route53", "any value of an A record", "record_values/what is no IPv4 address"),
    row("route53", "a TXT record without quotes", "record_values/a text without quotes"),
    row("route53", "a wildcard is listed as it was written", "record_requests/a wildcard is listed as a code"),
    row(
        "route53",
        "records are listed on one page, however many; the probe expected 100 a page, the page of "
        "ListResourceRecordSets says 300",
        "record_lists/300 records on a page, unless it is said otherwise, and never more",
    ),
    row("misc", "any credentials are good", "every_call/a key that AWS doesn't know"),
)

ROWS: Final = (
    *VPC_ROWS,
    *GATEWAY_ROWS,
    *INSTANCE_ROWS,
    *ROUTE_ROWS,
    *GROUP_ROWS,
    *BALANCER_ROWS,
    *TARGET_ROWS,
    *DNS_ROWS,
)
