"""VPCs whose ranges are of IPAM pools.

https://docs.aws.amazon.com/vpc/latest/ipam/create-vpc-ipam.html
"""

from __future__ import annotations

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.ipam_allocations import allocate, check_allocation, pool_named, release
from kubewire.local.aws.ec2.ranges import ipv4
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, after, answers, before


@answers("ec2", "GetIpamPoolAllocations")
def allocations_listed(call: Call, _proceed: Proceed) -> Answer:
    """List what has been taken of a pool.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetIpamPoolAllocations.html
    """
    rows = [
        {
            "Cidr": str(one.network),
            "IpamPoolAllocationId": one.identity,
            "ResourceId": one.resource,
            "ResourceType": "vpc" if one.resource.startswith("vpc-") else "ipam-pool",
            "ResourceRegion": call.region,
            "ResourceOwner": call.account,
        }
        for one in pool_named(call, call.parameters["IpamPoolId"]).allocations
    ]
    return {"IpamPoolAllocations": rows}


@before("ec2", "CreateVpc")
def range_of_the_pool(call: Call) -> None:
    """Refuse a VPC without a range, and one that its pool doesn't have, or has given away.

    Choosing a range from a pool is left to AWS.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html
    """
    pool, given = call.parameters.get("Ipv4IpamPoolId"), call.parameters.get("CidrBlock")
    if pool and given:
        check_allocation(call, pool, ipv4(given))
    elif pool:
        raise Refusal("NotImplemented", "The embedded AWS allocates ranges that are named alone", status=501)
    elif not given:
        raise Refusal("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")


@after("ec2", "CreateVpc")
def range_allocated(call: Call, answer: Answer) -> None:
    """The range is the VPC's from now on."""
    if "Ipv4IpamPoolId" in call.parameters:
        network = ipv4(call.parameters["CidrBlock"])
        allocate(call, call.parameters["Ipv4IpamPoolId"], network, answer["Vpc"]["VpcId"])


@after("ec2", "DeleteVpc")
def ranges_released(call: Call, _answer: Answer) -> None:
    """What the VPC had goes back to its pools."""
    release(call, call.parameters["VpcId"])
