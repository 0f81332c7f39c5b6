"""The networks of `docs/networks/`, and what they and other pages expect to be there already."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import boto3
import yaml

from tests.e2e.aws import Aws
from tests.e2e.projects import CHECKOUT, Config

EXAMPLES = ("routed-pods", "vpc-pods", "dual-stack", "existing-vpc", "isolated")
HOME = "eu-west-1"
"""Where the examples are."""


def example_text(name: str) -> str:
    """A file of `docs/networks/` as it is."""
    return (CHECKOUT / "docs" / "networks" / f"Pulumi.{name}.yaml").read_text()


def example(name: str, region: str) -> Config:
    """An example in another region: a region takes five VPCs, and the tests' own are in its home."""
    config: Config = yaml.safe_load(example_text(name).replace(HOME, region))["config"]
    return config


def tagged(kind: str, **tags: str) -> Any:
    """Tags for an object of EC2's, as its creating call takes them."""
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]


def make_bucket(environment: Mapping[str, str], region: str, name: str) -> None:
    """A bucket of somebody's."""
    with closing(_session(environment, region).client("s3", endpoint_url=environment["AWS_ENDPOINT_URL"])) as s3:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})


def make_certificate(environment: Mapping[str, str], region: str, name: str) -> str:
    """A server certificate of somebody's, which programs are only told of; its ARN."""
    with closing(_session(environment, region).client("iam", endpoint_url=environment["AWS_ENDPOINT_URL"])) as iam:
        made = iam.upload_server_certificate(ServerCertificateName=name, CertificateBody="public", PrivateKey="private")
    return str(made["ServerCertificateMetadata"]["Arn"])


def _session(environment: Mapping[str, str], region: str) -> Any:
    return boto3.Session(
        region_name=region,
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )


@dataclass(frozen=True)
class Corporate:
    """A VPC of others: a public and a private subnet in two zones, with ways out of their own.

    Attributes:
        vpc: its id.
        private: the private subnets by zone.
        public: the public ones.
        tables: the tables by subnet.
    """

    aws: Aws
    vpc: str
    private: Mapping[str, str]
    public: Mapping[str, str]
    tables: Mapping[str, str]

    def seen(self) -> dict[str, Any]:
        """All that AWS says of it."""
        ec2, of_it = self.aws.ec2, [{"Name": "vpc-id", "Values": [self.vpc]}]
        found: dict[str, Any] = {
            "vpc": ec2.describe_vpcs(VpcIds=[self.vpc])["Vpcs"],
            "subnets": ec2.describe_subnets(Filters=of_it)["Subnets"],  # type: ignore[arg-type]  # a list of filters
            "tables": ec2.describe_route_tables(Filters=of_it)["RouteTables"],  # type: ignore[arg-type]
            "groups": ec2.describe_security_groups(Filters=of_it)["SecurityGroups"],  # type: ignore[arg-type]
            "acls": ec2.describe_network_acls(Filters=of_it)["NetworkAcls"],  # type: ignore[arg-type]
            "interfaces": ec2.describe_network_interfaces(Filters=of_it)["NetworkInterfaces"],  # type: ignore[arg-type]
        }
        for table in found["tables"]:
            table["Routes"].sort(key=str)
        for vpc in found["vpc"]:
            # AWS shows for a while what a VPC had.
            held = [item for item in vpc["CidrBlockAssociationSet"] if item["CidrBlockState"]["State"] == "associated"]
            vpc["CidrBlockAssociationSet"] = held
        return found


def make_corporate(aws: Aws, region: str, **tags: str) -> Corporate:
    """Make the VPC of others by hand, as their own tools would."""
    ec2 = aws.ec2
    vpc = ec2.create_vpc(CidrBlock="172.31.128.0/17", TagSpecifications=tagged("vpc", **tags))["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    subnets: dict[str, dict[str, str]] = {"public": {}, "private": {}}
    tables: dict[str, str] = {}
    # One table for the public subnets, one for each private one, as most have it.
    for number, (tier, letter) in enumerate((tier, letter) for tier in ("public", "private") for letter in "ab"):
        zone, cidr = f"{region}{letter}", f"172.31.{128 + 16 * number}.0/20"
        marked = tagged("subnet", tier=tier, Name=f"{tier}-{letter}")
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone, TagSpecifications=marked)
        subnet = subnets[tier][zone] = made["Subnet"]["SubnetId"]
        if tier == "public" and tables:
            table = next(iter(tables.values()))
        else:
            table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        tables[subnet] = table
    first = next(iter(subnets["public"].values()))
    ec2.create_route(RouteTableId=tables[first], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=first, AllocationId=address)["NatGateway"]["NatGatewayId"]
    ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[nat], WaiterConfig={"Delay": 1})
    for subnet in subnets["private"].values():
        ec2.create_route(RouteTableId=tables[subnet], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    return Corporate(aws, vpc, subnets["private"], subnets["public"], tables)
