from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, Step, advance, config, ec2

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
POOLS = "https://docs.aws.amazon.com/vpc/latest/ipam/create-top-ipam.html"
VPCS = "https://docs.aws.amazon.com/vpc/latest/ipam/create-vpc-ipam.html"

IPAM = ec2.create_ipam(OperatingRegions=[{"RegionName": "eu-west-1"}]).keep(
    scope="Ipam.PrivateDefaultScopeId", ipam="Ipam.IpamId"
)
TOP = ec2.create_ipam_pool(IpamScopeId="$scope", AddressFamily="ipv4").keep(top="IpamPool.IpamPoolId")
POOL = ec2.create_ipam_pool(IpamScopeId="$scope", AddressFamily="ipv4", Locale="eu-west-1").keep(
    pool="IpamPool.IpamPoolId"
)
RANGE = ec2.provision_ipam_pool_cidr(IpamPoolId="$pool", Cidr="10.32.0.0/14")
READY = (IPAM, POOL, RANGE)
TAKEN = ec2.get_ipam_pool_allocations(IpamPoolId="$pool")


def vpc(cidr: str) -> Step:
    return ec2.create_vpc(CidrBlock=cidr, Ipv4IpamPoolId="$pool").keep(vpc="Vpc.VpcId")


def not_provisioned(cidr: str) -> tuple[str, str]:
    return "InvalidParameterValue", f"The CIDR {cidr} is not provisioned to the IPAM pool $pool."


def taken(cidr: str) -> tuple[str, str]:
    return "InvalidParameterValue", f"The CIDR {cidr} overlaps an allocation of the IPAM pool $pool."


CASES = [
    Case(
        "an IPAM, a pool and its range are made in a while",
        POOLS,
        config(durations={"ipam.created": 5, "ipam-pool-cidr.provisioned": 10}),
        IPAM.answers({"Ipam.State": "create-in-progress", "Ipam.ScopeCount": 2}),
        POOL.answers({"IpamPool.State": "create-in-progress", "IpamPool.Locale": "eu-west-1"}),
        advance(5),
        ec2.describe_ipam_pools(IpamPoolIds=["$pool"]).answers({"IpamPools[].State": ["create-complete"]}),
        RANGE.answers({"IpamPoolCidr.State": "pending-provision", "IpamPoolCidr.NetmaskLength": 14}),
        vpc("10.33.0.0/16").refused(*not_provisioned("10.33.0.0/16")),
        advance(10),
        vpc("10.33.0.0/16").answers({"Vpc.CidrBlock": "10.33.0.0/16"}),
    ),
    Case(
        "pools are listed by their tags and places",
        f"{API}/API_DescribeIpamPools.html",
        IPAM,
        TOP,
        ec2.create_ipam_pool(
            IpamScopeId="$scope",
            AddressFamily="ipv4",
            Locale="eu-west-1",
            TagSpecifications=[{"ResourceType": "ipam-pool", "Tags": [{"Key": "Name", "Value": "dev"}]}],
        ).keep(pool="IpamPool.IpamPoolId"),
        ec2.describe_ipam_pools(Filters=[{"Name": "tag:Name", "Values": ["dev"]}]).answers(
            {"IpamPools[].IpamPoolId": ["$pool"]}
        ),
        ec2.describe_ipam_pools(Filters=[{"Name": "locale", "Values": ["None"]}]).answers(
            {"IpamPools[].IpamPoolId": ["$top"]}
        ),
    ),
    Case(
        "a VPC has its range of a pool until it is deleted",
        VPCS,
        *READY,
        vpc("10.33.0.0/16"),
        TAKEN.answers({"IpamPoolAllocations[].[Cidr, ResourceId, ResourceType]": [["10.33.0.0/16", "$vpc", "vpc"]]}),
        vpc("10.33.128.0/17").refused(*taken("10.33.128.0/17")),
        ec2.delete_vpc(VpcId="$vpc"),
        TAKEN.answers({"IpamPoolAllocations": []}),
        vpc("10.33.128.0/17"),
    ),
    Case(
        "a VPC that is refused takes nothing of the pool",
        VPCS,
        config(quotas={"vpcs-per-region": 1}),
        *READY,
        vpc("10.33.0.0/16").refused("VpcLimitExceeded", "The maximum number of VPCs has been reached."),
        TAKEN.answers({"IpamPoolAllocations": []}),
    ),
    Case(
        "a range that the pool doesn't have", VPCS, *READY, vpc("10.9.0.0/16").refused(*not_provisioned("10.9.0.0/16"))
    ),
    Case(
        "a pool that isn't there",
        VPCS,
        ec2.create_vpc(CidrBlock="10.33.0.0/16", Ipv4IpamPoolId="ipam-pool-0123456789abcdef0").refused(
            "InvalidIpamPoolId.NotFound", "The IPAM pool ID 'ipam-pool-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "a pool of no region",
        VPCS,
        IPAM,
        TOP.keep(pool="IpamPool.IpamPoolId"),
        RANGE,
        vpc("10.33.0.0/16").refused("InvalidParameterValue", "The locale of the IPAM pool $pool is not eu-west-1."),
    ),
    Case(
        "a VPC larger than the pool gives",
        VPCS,
        IPAM,
        ec2.create_ipam_pool(
            IpamScopeId="$scope", AddressFamily="ipv4", Locale="eu-west-1", AllocationMinNetmaskLength=20
        ).keep(pool="IpamPool.IpamPoolId"),
        RANGE,
        vpc("10.33.0.0/16").refused("InvalidParameterValue", "The netmask length 16 is not from 20 to 32."),
        vpc("10.33.0.0/20"),
    ),
    Case(
        "a pool has its range of the one above it",
        POOLS,
        IPAM,
        TOP,
        ec2.provision_ipam_pool_cidr(IpamPoolId="$top", Cidr="10.32.0.0/12"),
        ec2.create_ipam_pool(IpamScopeId="$scope", AddressFamily="ipv4", Locale="eu-west-1", SourceIpamPoolId="$top")
        .keep(pool="IpamPool.IpamPoolId")
        .answers({"IpamPool.PoolDepth": 2}),
        ec2.provision_ipam_pool_cidr(IpamPoolId="$pool", Cidr="10.64.0.0/14").refused(
            "InvalidParameterValue", "The CIDR 10.64.0.0/14 is not provisioned to the IPAM pool $top."
        ),
        RANGE,
        ec2.get_ipam_pool_allocations(IpamPoolId="$top").answers({"IpamPoolAllocations[].ResourceId": ["$pool"]}),
        vpc("10.33.0.0/16"),
    ),
    Case(
        "a range that another pool has",
        POOLS,
        *READY,
        POOL,
        ec2.provision_ipam_pool_cidr(IpamPoolId="$pool", Cidr="10.33.0.0/16").refused(
            "InvalidParameterValue", "The CIDR 10.33.0.0/16 overlaps one that is provisioned already."
        ),
    ),
    Case(
        "a further range of a pool goes back to it",
        VPCS,
        *READY,
        vpc("10.33.0.0/16"),
        ec2.associate_vpc_cidr_block(VpcId="$vpc", CidrBlock="10.34.0.0/16", Ipv4IpamPoolId="$pool").keep(
            range="CidrBlockAssociation.AssociationId"
        ),
        TAKEN.answers({"IpamPoolAllocations[].Cidr": ["10.33.0.0/16", "10.34.0.0/16"]}),
        ec2.disassociate_vpc_cidr_block(AssociationId="$range"),
        TAKEN.answers({"IpamPoolAllocations[].Cidr": ["10.33.0.0/16"]}),
    ),
    Case(
        "a scope that isn't there",
        f"{API}/API_CreateIpamPool.html",
        ec2.create_ipam_pool(IpamScopeId="ipam-scope-0123456789abcdef0", AddressFamily="ipv4").refused(
            "InvalidIpamScopeId.NotFound", "The IPAM scope ID 'ipam-scope-0123456789abcdef0' does not exist"
        ),
    ),
    Case(
        "a VPC without a range",
        f"{API}/API_CreateVpc.html",
        ec2.create_vpc().refused("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided."),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_ipam_is_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
