"""An account as its Describe calls show it, and how many of them were made; and its cluster's objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, cast

from lightkube.models.core_v1 import NodeAddress, NodeSpec, NodeStatus
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Node

from kubewire.cloud.aws import AwsCloud
from kubewire.cloud.config import CloudConfig
from kubewire.cloud.live.cluster import Objects
from kubewire.cloud.live.read import live
from kubewire.errors import RefusedError
from kubewire.prover.declared.found import Found

VPC = "vpc-1"
ALL = {"Protocol": "-1", "CidrBlock": "0.0.0.0/0", "RuleAction": "allow"}
POD_RANGE = "100.64.0.0/24"
NOTHING = Objects(nodes=(), services=(), slices={}, pods={}, service_ranges=())


def tags(**named: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in named.items()]


def default_acl(*subnets: str, **more: Any) -> dict[str, Any]:
    """A VPC's default ACL as AWS makes it."""
    entries = [{**ALL, "RuleNumber": number, "Egress": out, "RuleAction": action}
               for out in (True, False) for number, action in ((100, "allow"), (32767, "deny"))]  # fmt: skip
    associations = [{"SubnetId": subnet} for subnet in subnets]
    return {"NetworkAclId": "acl-1", "IsDefault": True, "Entries": entries, "Associations": associations, **more}


def subnet(object_id: str, cidr: str, **more: Any) -> dict[str, Any]:
    return {"SubnetId": object_id, "CidrBlock": cidr, "AvailabilityZone": "eu-west-1a", **more}


def table(object_id: str, *routes: dict[str, Any], subnets: tuple[str, ...] = (), main: bool = False) -> dict[str, Any]:
    local = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
    associations: list[dict[str, Any]] = [{"SubnetId": name, "RouteTableId": object_id} for name in subnets]
    associations += [{"Main": True, "RouteTableId": object_id}] if main else []
    return {"RouteTableId": object_id, "Routes": [local, *routes], "Associations": associations}


def interface(object_id: str, address: str, in_subnet: str, instance: str | None = None, **more: Any) -> dict[str, Any]:
    held = {"Attachment": {"InstanceId": instance, "DeviceIndex": 0, "Status": "attached"}} if instance else {}
    return {
        "NetworkInterfaceId": object_id,
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": True}],
        "SubnetId": in_subnet,
        "Groups": [{"GroupId": "sg-1"}],
        "SourceDestCheck": False,
        **held,
        **more,
    }


class Calls:
    """A client: each call answers with what the account has for it."""

    def __init__(self, account: Account, service: str) -> None:
        self._account, self._service = account, service

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:
            self._account.calls[operation] += 1
            if operation in self._account.refused:
                name = "".join(part.title() for part in operation.split("_"))
                code = "UnauthorizedOperation"
                raise RefusedError("no", code=code, operation=f"{self._service}:{name}")
            answer = self._account.answers.get(operation, {})
            return answer(parameters) if callable(answer) else answer

        return call


class Account:
    """Stands in for `AwsCloud`."""

    def __init__(self) -> None:
        self.config, self.clock = CloudConfig(region="eu-west-1"), None
        self.calls: Counter[str] = Counter()
        self.refused: set[str] = set()
        self.objects = NOTHING
        self.answers: dict[str, Any] = {
            "describe_vpcs": {"Vpcs": [{"VpcId": VPC, "CidrBlock": "10.0.0.0/16", "Tags": tags(Name="shop")}]},
            "describe_subnets": {"Subnets": [subnet("subnet-1", "10.0.0.0/24"), subnet("subnet-2", "10.0.1.0/24")]},
            "describe_network_acls": {"NetworkAcls": [default_acl("subnet-1", "subnet-2")]},
            "describe_route_tables": {"RouteTables": [table("rtb-1", main=True)]},
            "describe_internet_gateways": {"InternetGateways": []},
            "describe_nat_gateways": {"NatGateways": []},
            "describe_egress_only_internet_gateways": {"EgressOnlyInternetGateways": []},
            "describe_security_groups": {"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "nodes"}]},
            "describe_security_group_rules": {"SecurityGroupRules": []},
            "describe_network_interfaces": {"NetworkInterfaces": [interface("eni-1", "10.0.0.9", "subnet-1", "i-1")]},
            "describe_instances": {
                "Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}}]}]
            },
            "describe_load_balancers": {"LoadBalancers": []},
            "describe_target_groups": {"TargetGroups": []},
            "list_hosted_zones_by_vpc": {"HostedZoneSummaries": []},
            "list_service_quotas": {"Quotas": []},
            "get_service_quota": {"Quota": {"QuotaCode": "x", "Value": 5.0}},
            "get_aws_default_service_quota": {"Quota": {"Value": 5.0}},
        }
        self.ec2, self.elbv2 = Calls(self, "ec2"), Calls(self, "elbv2")
        self.route53, self.service_quotas = Calls(self, "route53"), Calls(self, "service-quotas")

    def region(self) -> str:
        return "eu-west-1"


def read(account: Account, name: str = "shop") -> Found:
    return live(cast("AwsCloud", account), name)


def joined(name: str, instance: str, *ranges: str, address: str = "10.0.0.9") -> Node:
    return Node(
        metadata=ObjectMeta(name=name),
        spec=NodeSpec(podCIDRs=list(ranges), providerID=f"aws:///eu-west-1a/{instance}"),
        status=NodeStatus(capacity={"pods": "110"}, addresses=[NodeAddress(address=address, type="InternalIP")]),
    )


def cluster(*nodes: Node, **more: Any) -> Objects:
    return Objects(
        **{"nodes": nodes, "services": (), "slices": {}, "pods": {}, "service_ranges": ("10.96.0.0/16",), **more}
    )
