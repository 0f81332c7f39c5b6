"""What a program reads while it plans, under the real engine: answers at once, mistakes without a stack trace."""

from __future__ import annotations

import json

import lightkube
import pytest
from lightkube.models.core_v1 import NodeSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Node

from tests.e2e.aws import Aws
from tests.e2e.projects import IMAGE, Projects
from tests.e2e.pulumi import Stack
from tests.e2e.runs import Run

PROGRAM = """
import pulumi
from kubewire.functions.get_cluster_nodes import GetClusterNodes, GetClusterNodesArgs
from kubewire.functions.get_quotas import GetQuotas, GetQuotasArgs
from kubewire.functions.get_subnets import GetSubnets, GetSubnetsArgs
from kubewire.functions.get_vpc import GetVpc, GetVpcArgs, VpcById
from kubewire.functions.selection import ByTags
from kubewire.invoked import invoke


class Kubewire(pulumi.ProviderResource):
    def __init__(self, name, **config):
        super().__init__("kubewire", name, config)


class Theirs(pulumi.ComponentResource):
    def __init__(self, opts=None):
        super().__init__("theirs:index:Theirs", "theirs", None, opts)
        asked = pulumi.InvokeOptions(parent=self)
        vpc = invoke(GetVpc, GetVpcArgs(select=SELECT), asked)
        subnets = invoke(GetSubnets, GetSubnetsArgs(vpc=vpc.id, select=ByTags(tags={"of": "reads"})), asked).subnets
        nodes = invoke(GetClusterNodes, GetClusterNodesArgs(labels={"of": "reads"}), asked)
        # What is read decides what is declared: a plain loop, no output.
        for number, subnet in enumerate(subnets):
            pulumi.export(f"subnet-{number}", str(subnet.cidr))
        pulumi.export("vpc", vpc.id)
        pulumi.export("machines", [node.instance for node in nodes.nodes])
        pulumi.export("strangers", [node.name for node in nodes.others])
        pulumi.export("routes", invoke(GetQuotas, GetQuotasArgs(), asked).routes_per_table.value)


Theirs(OPTIONS)
"""
SELECT = 'ByTags(tags={"of": "reads"})'


@pytest.fixture(scope="module")
def vpc(aws: Aws) -> str:
    """A VPC with two subnets that others made, tagged."""
    made = aws.ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    tagged = [made]
    for number in (1, 2):
        cidr = f"10.77.{number}.0/24"
        subnet = aws.ec2.create_subnet(VpcId=made, CidrBlock=cidr, AvailabilityZone="eu-west-1a")["Subnet"]
        tagged.append(subnet["SubnetId"])
    aws.ec2.create_tags(Resources=tagged, Tags=[{"Key": "of", "Value": "reads"}])
    return made


def program(projects: Projects, name: str, options: str = "None", select: str = SELECT) -> Stack:
    return projects.program(name, PROGRAM.replace("OPTIONS", options).replace("SELECT", select))


def mistake(run: Run) -> str:
    assert run.code > 0
    assert "Traceback" not in run.said
    (error,) = run.errors
    return str(error)


def test_a_program_plans_by_what_is_there(projects: Projects, aws: Aws, kubernetes: lightkube.Client, vpc: str) -> None:
    subnet = aws.ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"][0]["SubnetId"]
    machine = aws.ec2.run_instances(ImageId=IMAGE, InstanceType="t3.medium", MinCount=1, MaxCount=1, SubnetId=subnet)[
        "Instances"
    ][0]["InstanceId"]
    for name, provider_id in (("reads-ours", f"aws:///eu-west-1a/{machine}"), ("reads-bare", None)):
        metadata = ObjectMeta(name=name, labels={"of": "reads"})
        kubernetes.create(Node(metadata=metadata, spec=NodeSpec(providerID=provider_id)))
    try:
        stack = program(projects, "reads")
        stack.preview().ok()
        stack.up().ok()
        outputs = json.loads(stack.said("stack", "output", "--json"))
        assert outputs == {
            "vpc": vpc,
            "subnet-0": "10.77.1.0/24",
            "subnet-1": "10.77.2.0/24",
            "machines": [machine],
            "strangers": ["reads-bare"],
            "routes": 500,
        }
        assert stack.up("--expect-no-changes").ok().changes == set()
        stack.destroy().ok()
    finally:
        for name in ("reads-ours", "reads-bare"):
            kubernetes.delete(Node, name)


def test_a_vpc_that_is_not_there_is_named(projects: Projects, vpc: str) -> None:
    said = mistake(program(projects, "readsnone", select='VpcById(id="vpc-0123456789abcdef0")').preview())
    assert "select.id: there is no VPC vpc-0123456789abcdef0" in said
    assert "Region eu-west-1" in said
    assert vpc


def test_a_component_s_provider_is_asked_in_its_region(projects: Projects, vpc: str) -> None:
    options = 'pulumi.ResourceOptions(providers=[Kubewire("far", region="us-east-2")])'
    said = mistake(program(projects, "readsfar", options=options).preview())
    assert "select.tags: no VPC has of=reads" in said
    assert "Region us-east-2" in said
    assert vpc


def test_an_endpoint_that_nobody_serves_is_named(projects: Projects, vpc: str) -> None:
    options = 'pulumi.ResourceOptions(providers=[Kubewire("off", region="eu-west-1", endpoint="http://127.0.0.1:1")])'
    said = mistake(program(projects, "readsoff", options=options).preview())
    assert "ec2:DescribeVpcs" in said
    assert "Check the network, and the endpoint" in said
    assert vpc
