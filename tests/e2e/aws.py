"""What AWS has, asked by plain boto3: not by kubewire, and not by what Pulumi believes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client
    from types_boto3_elbv2 import ElasticLoadBalancingv2Client
    from types_boto3_route53 import Route53Client


@dataclass(frozen=True)
class Aws:
    """Clients of one region."""

    ec2: EC2Client
    elbv2: ElasticLoadBalancingv2Client
    route53: Route53Client


@dataclass(frozen=True)
class Thing:
    """Anything that somebody made in AWS."""

    kind: str
    id: str
    tags: Mapping[str, str]

    @property
    def stack(self) -> str:
        """`project/stack` of whoever made it, if that was kubewire."""
        return self.tags.get("kubewire:stack", "")


@contextmanager
def clients(environment: Mapping[str, str], region: str) -> Iterator[Aws]:
    """Clients for the AWS that an environment names."""
    session = boto3.Session(
        region_name=region,
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    endpoint = environment["AWS_ENDPOINT_URL"]
    with (
        closing(session.client("ec2", endpoint_url=endpoint)) as ec2,
        closing(session.client("elbv2", endpoint_url=endpoint)) as elbv2,
        closing(session.client("route53", endpoint_url=endpoint)) as route53,
    ):
        yield Aws(ec2, elbv2, route53)


class Account:
    """An AWS account, in every region that is asked for."""

    def __init__(self, environment: Mapping[str, str], stack: ExitStack) -> None:
        self._environment = environment
        self._stack = stack
        self._regions: dict[str, Aws] = {}

    def of(self, region: str) -> Aws:
        if region not in self._regions:
            self._regions[region] = self._stack.enter_context(clients(self._environment, region))
        return self._regions[region]


def inventory(aws: Aws) -> list[Thing]:
    """Everything that is there in the region, whoever made it, and every zone."""
    return [*_network(aws), *_edges(aws), *_machines(aws), *_balancers(aws), *_zones(aws)]


def made_by(aws: Aws, stack: str) -> list[Thing]:
    """Everything that bears a stack's tag."""
    return [thing for thing in inventory(aws) if thing.stack == stack]


def named(aws: Aws, stack: str, kind: str) -> dict[str, str]:
    """A stack's things of one kind, names to ids."""
    return {thing.tags["Name"]: thing.id for thing in made_by(aws, stack) if thing.kind == kind}


def _network(aws: Aws) -> Iterator[Thing]:
    ec2 = aws.ec2
    yield from _things("vpc", ec2.describe_vpcs()["Vpcs"], "VpcId")
    yield from _things("subnet", ec2.describe_subnets()["Subnets"], "SubnetId")
    gateways = ec2.describe_internet_gateways()["InternetGateways"]
    yield from _things("internet-gateway", gateways, "InternetGatewayId")
    nats = [item for item in ec2.describe_nat_gateways()["NatGateways"] if item["State"] != "deleted"]
    yield from _things("nat-gateway", nats, "NatGatewayId")
    yield from _things("address", ec2.describe_addresses()["Addresses"], "AllocationId")
    yield from _things("route-table", ec2.describe_route_tables()["RouteTables"], "RouteTableId")
    groups = ec2.describe_security_groups()["SecurityGroups"]
    yield from _things("security-group", groups, "GroupId")
    rules = ec2.describe_security_group_rules()["SecurityGroupRules"]
    yield from _things("security-group-rule", rules, "SecurityGroupRuleId")


def _edges(aws: Aws) -> Iterator[Thing]:
    """What stands between a VPC and the rest: gateways of IPv6, endpoints, ACLs, records of traffic, more ranges."""
    ec2 = aws.ec2
    gateways = ec2.describe_egress_only_internet_gateways()["EgressOnlyInternetGateways"]
    yield from _things("egress-only-gateway", gateways, "EgressOnlyInternetGatewayId")
    yield from _things("endpoint", ec2.describe_vpc_endpoints()["VpcEndpoints"], "VpcEndpointId")
    yield from _things("network-acl", ec2.describe_network_acls()["NetworkAcls"], "NetworkAclId")
    yield from _things("flow-log", ec2.describe_flow_logs()["FlowLogs"], "FlowLogId")
    for vpc in ec2.describe_vpcs()["Vpcs"]:
        ranges = [*vpc.get("CidrBlockAssociationSet", []), *vpc.get("Ipv6CidrBlockAssociationSet", [])]
        held = [item for item in ranges if _state_of(item) != "disassociated"]
        yield from _things("vpc-range", held, "AssociationId")


def _state_of(item: Any) -> str:
    return str((item.get("CidrBlockState") or item["Ipv6CidrBlockState"])["State"])


def _machines(aws: Aws) -> Iterator[Thing]:
    interfaces = aws.ec2.describe_network_interfaces()["NetworkInterfaces"]
    # Those of NAT gateways are AWS's own; moto lets them outlive their gateway.
    made = [item for item in interfaces if item["TagSet"] or item["Description"] or item["Status"] == "in-use"]
    yield from _things("network-interface", made, "NetworkInterfaceId")
    live = [{"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}]
    for reservation in aws.ec2.describe_instances(Filters=live)["Reservations"]:  # type: ignore[arg-type]
        yield from _things("instance", reservation["Instances"], "InstanceId")


def _balancers(aws: Aws) -> Iterator[Thing]:
    balancers = [item["LoadBalancerArn"] for item in aws.elbv2.describe_load_balancers()["LoadBalancers"]]
    groups = [item["TargetGroupArn"] for item in aws.elbv2.describe_target_groups()["TargetGroups"]]
    listeners = [
        item["ListenerArn"]
        for balancer in balancers
        for item in aws.elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    ]
    for kind, arns in (("load-balancer", balancers), ("target-group", groups), ("listener", listeners)):
        for arn in arns:
            described = aws.elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"]
            yield Thing(kind, arn, _tags(described[0]["Tags"]))


def _zones(aws: Aws) -> Iterator[Thing]:
    for zone in aws.route53.list_hosted_zones()["HostedZones"]:
        zone_id = zone["Id"].removeprefix("/hostedzone/")
        written = aws.route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id)
        yield Thing("zone", zone_id, _tags(written["ResourceTagSet"].get("Tags", [])))


def _things(kind: str, items: Iterable[Any], key: str) -> Iterator[Thing]:
    for item in items:
        yield Thing(kind, item[key], _tags(item.get("Tags") or item.get("TagSet") or []))


def _tags(pairs: Iterable[Any]) -> dict[str, str]:
    return {pair["Key"]: pair["Value"] for pair in pairs}
