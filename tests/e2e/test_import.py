"""What plain boto3 made comes under Pulumi by `pulumi import`, as its documentation says, and stays what it is."""

from __future__ import annotations

import json

import pytest

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Aws, inventory
from tests.e2e.projects import CHECKOUT, Projects
from tests.e2e.pulumi import Stack

PROGRAM = """
from kubewire.declared import Declared
from kubewire.model import Ref
from kubewire.resources.hosted_zone import HostedZone, HostedZoneArgs
from kubewire.resources.security_group import SecurityGroup, SecurityGroupArgs
from kubewire.resources.subnet import Subnet, SubnetArgs
from kubewire.resources.vpc import Vpc, VpcArgs

vpc = Declared(Vpc, "main", VpcArgs(name="office", cidr="10.90.0.0/16", dns_hostnames=False, tags={"floor": "3"}))
Declared(Subnet, "a", SubnetArgs(name="office-a", vpc=vpc.ref, cidr="10.90.0.0/24", zone="eu-west-1a"))
way_out = {"default_egress": True}
Declared(SecurityGroup, "desks", SecurityGroupArgs(name="desks", vpc=vpc.ref, description="Desks", **way_out))
Declared(HostedZone, "zone", HostedZoneArgs(domain="office.example.com", comment="by hand"))
"""

# The language host that is built from Go modules is too old to write programs.
QUIETLY = ("--yes", "--generate-code=false")


@pytest.fixture
def by_hand(aws: Aws) -> dict[str, str]:
    """A VPC, a subnet, a group and a zone that somebody made long ago."""
    vpc = aws.ec2.create_vpc(CidrBlock="10.90.0.0/16")["Vpc"]["VpcId"]
    aws.ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "office"}, {"Key": "floor", "Value": "3"}])
    subnet = aws.ec2.create_subnet(VpcId=vpc, CidrBlock="10.90.0.0/24", AvailabilityZone="eu-west-1a")["Subnet"]
    aws.ec2.create_tags(Resources=[subnet["SubnetId"]], Tags=[{"Key": "Name", "Value": "office-a"}])
    group = aws.ec2.create_security_group(GroupName="desks", Description="Desks", VpcId=vpc)["GroupId"]
    zone = aws.route53.create_hosted_zone(
        Name="office.example.com", CallerReference="by hand", HostedZoneConfig={"Comment": "by hand"}
    )["HostedZone"]["Id"]
    return {"vpc": vpc, "subnet": subnet["SubnetId"], "group": group, "zone": zone.removeprefix("/hostedzone/")}


def test_import_then_up_replaces_nothing(projects: Projects, aws: Aws, by_hand: dict[str, str]) -> None:
    stack = projects.program("office", PROGRAM)
    stack.said("import", "kubewire:index:Vpc", "main", by_hand["vpc"], *QUIETLY)
    rest = [
        {"type": "kubewire:index:Subnet", "name": "a", "id": by_hand["subnet"]},
        {"type": "kubewire:index:SecurityGroup", "name": "desks", "id": by_hand["group"]},
        {"type": "kubewire:index:HostedZone", "name": "zone", "id": by_hand["zone"]},
    ]
    (stack.folder / "import.json").write_text(json.dumps({"resources": rest}))
    stack.said("import", "--file", "import.json", *QUIETLY)
    before = {thing.id for thing in inventory(aws)}

    closed = PROGRAM.replace('"default_egress": True', '"default_egress": False')
    (stack.folder / "__main__.py").write_text(closed)
    assert "defaultEgress" in stack.preview().ok().diff("SecurityGroup", "desks"), "no rule goes unannounced"

    (stack.folder / "__main__.py").write_text(PROGRAM)
    run = stack.up().ok()
    assert {step.op for step in run.done} <= {"same", "update", "create"}
    assert {step.kind for step in run.done if step.op == "create"} <= {"Stack", "kubewire"}
    assert {thing.id for thing in inventory(aws)} == before
    assert set(by_hand.values()) <= {row.get("id") for row in stack.state()}
    assert stack.up("--expect-no-changes").ok().changes == set()


def test_import_of_nothing_says_so(projects: Projects) -> None:
    stack = projects.program("nothing", PROGRAM)
    said = failed(stack, "import", "kubewire:index:Vpc", "main", "vpc-0123456789abcdef0", *QUIETLY)
    assert "resource 'vpc-0123456789abcdef0' does not exist" in said
    assert "Traceback" not in said


def test_schema_is_accepted(projects: Projects, cloud: Cloud) -> None:
    del cloud
    plugin = CHECKOUT / "components" / "kubewire" / "provider" / "plugin" / "pulumi-resource-kubewire"
    schema = json.loads(projects.program("schema", "").asked("package", "get-schema", str(plugin)).stdout)
    assert schema["name"] == "kubewire"
    assert {"kubewire:index:Vpc", "kubewire:index:Records"} <= schema["resources"].keys()


def failed(stack: Stack, *arguments: str) -> str:
    ran = stack.asked(*arguments, "--stack", stack.name)
    assert ran.returncode > 0
    return ran.stdout + ran.stderr
