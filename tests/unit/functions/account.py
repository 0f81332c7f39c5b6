"""An account and a cluster, small and in memory: what functions look at, with EC2's filters and their wildcards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from kubewire.errors import NotFoundError, RefusedError
from kubewire.functions.kubernetes_endpoints import KubernetesEndpoint
from kubewire.functions.kubernetes_nodes import KubernetesNode
from kubewire.functions.kubernetes_services import KubernetesNamespace, KubernetesService
from kubewire.resources.zone_records import ZoneLists

Row = dict[str, Any]
READS: dict[str, tuple[str, Callable[[Row], dict[str, list[str]]]]] = {
    "describe_vpcs": ("Vpcs", lambda _row: {}),
    "describe_subnets": ("Subnets", lambda row: {"vpc-id": [row["VpcId"]]}),
    "describe_route_tables": (
        "RouteTables",
        lambda row: {
            "vpc-id": [row["VpcId"]],
            "association.main": [str(item["Main"]).lower() for item in row["Associations"]],
        },
    ),
    "describe_network_acls": ("NetworkAcls", lambda row: {"vpc-id": [row["VpcId"]]}),
    "describe_security_groups": (
        "SecurityGroups",
        lambda row: {"vpc-id": [row["VpcId"]], "group-name": [row["GroupName"]]},
    ),
    "describe_internet_gateways": (
        "InternetGateways",
        lambda row: {"attachment.vpc-id": [item["VpcId"] for item in row["Attachments"]]},
    ),
    "describe_instances": (
        "Instances",
        lambda row: {"instance-id": [row["InstanceId"]], "instance-state-name": [row["State"]["Name"]]},
    ),
}
"""What each call lists, and what its filters look at; tags are looked at alike."""


class Ec2Memory:
    """Lists rows by kind, and counts the calls."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.attributes: dict[str, bool] = {"enableDnsHostnames": True, "enableDnsSupport": True}
        self.asked: list[str] = []

    def put(self, kind: str, **row: Any) -> None:
        """Add a row."""
        self.rows.setdefault(kind, []).append(row)

    def describe_vpc_attribute(self, VpcId: str, Attribute: str) -> Row:  # noqa: N803 - AWS's names, as below
        self.asked.append("describe_vpc_attribute")
        assert VpcId in [row["VpcId"] for row in self.rows["Vpcs"]]
        return {Attribute[0].upper() + Attribute[1:]: {"Value": self.attributes[Attribute]}}

    def describe_instance_types(self, InstanceTypes: list[str]) -> Row:  # noqa: N803 - AWS's names
        self.asked.append("describe_instance_types")
        assert len(InstanceTypes) <= 100
        known = {row["InstanceType"]: row for row in self.rows.get("InstanceTypes", [])}
        missing = [name for name in InstanceTypes if name not in known]
        if missing:
            message = f"The following supplied instance types do not exist: {missing}"
            raise RefusedError(message, code="InvalidInstanceType", operation="ec2:DescribeInstanceTypes")
        return {"InstanceTypes": [known[name] for name in InstanceTypes]}

    def __getattr__(self, operation: str) -> Callable[..., Row]:
        if operation not in READS:
            raise AttributeError(operation)
        kind, keys = READS[operation]

        def call(Filters: list[Row] = [], VpcIds: list[str] | None = None) -> Row:  # noqa: N803, B006 - AWS's names
            self.asked.append(operation)
            found = [row for row in self.rows.get(kind, []) if all(_fits(row, keys(row), one) for one in Filters)]
            if VpcIds is not None:
                found = [row for row in found if row["VpcId"] in VpcIds]
                if not found:
                    raise NotFoundError("no such VPC", code="InvalidVpcID.NotFound", operation="ec2:DescribeVpcs")
            return {"Reservations": [{"Instances": [row]} for row in found]} if kind == "Instances" else {kind: found}

        return call


def _fits(row: Row, keys: dict[str, list[str]], one: Row) -> bool:
    assert 0 < len(one["Values"]) <= 200
    values = [tag["Key"] for tag in row.get("Tags", [])] if one["Name"] == "tag-key" else keys[one["Name"]]
    return any(fnmatchcase(value, pattern) for value in values for pattern in one["Values"])


class QuotasMemory:
    """Service Quotas: what is applied and AWS's defaults, and calls that are refused."""

    def __init__(self) -> None:
        self.applied: dict[tuple[str, str], Row] = {}
        self.defaults: dict[tuple[str, str], float] = {}
        self.errors: dict[str, Exception] = {}
        self.asked: list[tuple[str, str, str]] = []

    def _note(self, operation: str, service: str, code: str = "") -> None:
        self.asked.append((operation, service, code))
        for name in (operation, f"{operation} {service}"):
            if name in self.errors:
                raise self.errors[name]

    def list_service_quotas(self, ServiceCode: str) -> Row:  # noqa: N803 - AWS's names
        self._note("list", ServiceCode)
        return {"Quotas": [row for (service, _), row in self.applied.items() if service == ServiceCode]}

    def get_service_quota(self, ServiceCode: str, QuotaCode: str) -> Row:  # noqa: N803 - AWS's names
        self._note("get", ServiceCode, QuotaCode)
        if (ServiceCode, QuotaCode) not in self.applied:
            raise RefusedError("no such quota", code="NoSuchResourceException", operation="service-quotas")
        return {"Quota": self.applied[ServiceCode, QuotaCode]}

    def get_aws_default_service_quota(self, ServiceCode: str, QuotaCode: str) -> Row:  # noqa: N803 - AWS's names
        self._note("default", ServiceCode, QuotaCode)
        if (ServiceCode, QuotaCode) not in self.defaults:
            raise RefusedError("no such quota", code="NoSuchResourceException", operation="service-quotas")
        return {"Quota": {"Value": self.defaults[ServiceCode, QuotaCode]}}


class NodesMemory:
    """A cluster's nodes, each with its labels."""

    def __init__(self) -> None:
        self.nodes: list[tuple[KubernetesNode, dict[str, str]]] = []

    def list_nodes(self, labels: Mapping[str, str]) -> tuple[KubernetesNode, ...]:
        return tuple(node for node, borne in self.nodes if labels.items() <= borne.items())


class ServicesMemory:
    """A cluster's Services and namespaces."""

    def __init__(self) -> None:
        self.services: list[KubernetesService] = []
        self.namespaces: list[KubernetesNamespace] = []

    def present_services(self) -> tuple[KubernetesService, ...]:
        return tuple(self.services)

    def present_namespaces(self) -> tuple[KubernetesNamespace, ...]:
        return tuple(self.namespaces)


class EndpointsMemory:
    """What is behind a cluster's Services.

    Attributes:
        behind: a Service's namespace and name to what is behind it.
    """

    def __init__(self) -> None:
        self.behind: dict[tuple[str, str], list[KubernetesEndpoint]] = {}

    def list_endpoints(self, namespace: str, service: str) -> tuple[KubernetesEndpoint, ...]:
        return tuple(self.behind.get((namespace, service), ()))


class AutoScalingMemory:
    """Auto Scaling groups by name, with nothing attached."""

    def __init__(self) -> None:
        self.groups: set[str] = set()
        self.asked = 0

    def attach_load_balancer_target_groups(self, *, AutoScalingGroupName: str, TargetGroupARNs: list[str]) -> None:  # noqa: N803 - AWS's names
        raise AssertionError((AutoScalingGroupName, TargetGroupARNs, "a plan only looks"))

    detach_load_balancer_target_groups = attach_load_balancer_target_groups

    def describe_load_balancer_target_groups(self, *, AutoScalingGroupName: str) -> Row:  # noqa: N803 - AWS's names
        self.asked += 1
        if AutoScalingGroupName not in self.groups:
            message = f"AutoScalingGroup name not found - AutoScalingGroup '{AutoScalingGroupName}' not found"
            raise RefusedError(message, code="ValidationError", operation="autoscaling:Describe")
        return {"LoadBalancerTargetGroups": []}


class Account:
    """A `kubewire.functions.base.PlanCloud`."""

    def __init__(self) -> None:
        self.zones = ZoneLists()
        self.ec2: Any = Ec2Memory()
        self.service_quotas: Any = QuotasMemory()
        self.nodes = NodesMemory()
        self.cluster_services = ServicesMemory()
        self.endpoints = EndpointsMemory()
        self.elbv2: Any = None
        self.route53: Any = None
        self.autoscaling = AutoScalingMemory()
        self.services: Any = None
        self.clock: Any = None

    def region(self) -> str | None:
        return "eu-west-1"


def tags(**values: str) -> list[Row]:
    """Write tags as AWS does."""
    return [{"Key": key, "Value": value} for key, value in values.items()]


def instance(number: int, state: str = "running", **row: Any) -> Row:
    """Describe an instance with a primary interface, and a second one listed before it."""
    interfaces = [
        {
            "NetworkInterfaceId": f"eni-{number:08x}{device}",
            "SubnetId": "subnet-0000000a",
            "PrivateIpAddress": f"10.0.{device}.{number % 250}",
            "SourceDestCheck": device == 1,
            "Groups": [{"GroupId": f"sg-0000000{device}"}],
            "Attachment": {"DeviceIndex": device},
        }
        for device in (1, 0)
    ]
    return {
        "InstanceId": f"i-{number:08x}",
        "State": {"Name": state},
        "Placement": {"AvailabilityZone": "eu-west-1a"},
        "NetworkInterfaces": [] if state == "terminated" else interfaces,
        **row,
    }
