"""IPAM as far as VPCs need it: an IPAM, its pools, and their ranges.

https://docs.aws.amazon.com/vpc/latest/ipam/tutorials-create-vpc-ipam.html
"""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.ipam_allocations import (
    Allocation,
    Ipams,
    Pool,
    Provisioned,
    check_free,
    new_id,
    pool_named,
)
from kubewire.local.aws.ec2.ranges import ipv4
from kubewire.local.aws.ec2.selection import selected
from kubewire.local.aws.ec2.tags import tags_of
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, answers, exists

_STATES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpamPool.html"
CREATED: Final = duration("ipam.created", aws=5.0, page=_STATES)
PROVISIONED: Final = duration("ipam-pool-cidr.provisioned", aws=10.0, page=_STATES)

_KEPT: Final = (
    "Locale",
    "SourceIpamPoolId",
    "Description",
    "AddressFamily",
    "AutoImport",
    "AllocationMinNetmaskLength",
    "AllocationMaxNetmaskLength",
    "AllocationDefaultNetmaskLength",
)
_FILTERS: Final = {
    "address-family": "AddressFamily",
    "ipam-pool-id": "IpamPoolId",
    "locale": "Locale",
    "owner-id": "OwnerId",
    "source-ipam-pool-id": "SourceIpamPoolId",
    "state": "State",
}


@exists("ec2", "IpamPoolId", "IpamPoolIds", "Ipv4IpamPoolId", "SourceIpamPoolId")
def pool_exists(call: Call, identity: str) -> None:
    """Refuse a pool that isn't there."""
    pool_named(call, identity)


@exists("ec2", "IpamScopeId", "IpamScopeIds")
def scope_exists(call: Call, identity: str) -> None:
    """Refuse a scope that isn't there. The words are ours."""
    scopes = [one[key] for one in call.notes(Ipams).ipams.values() for key in one if key.endswith("DefaultScopeId")]
    if identity not in scopes:
        raise Refusal("InvalidIpamScopeId.NotFound", f"The IPAM scope ID '{identity}' does not exist")


@answers("ec2", "CreateIpam")
def ipam_made(call: Call, _proceed: Proceed) -> Answer:
    """Make an IPAM with its two scopes.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateIpam.html
    """
    identity = new_id("ipam")
    regions = call.parameters.get("OperatingRegions", [{"RegionName": call.region}])
    row = {
        "OwnerId": call.account,
        "IpamId": identity,
        "IpamArn": _arn(call, "ipam", identity),
        "IpamRegion": call.region,
        "PublicDefaultScopeId": new_id("ipam-scope"),
        "PrivateDefaultScopeId": new_id("ipam-scope"),
        "ScopeCount": 2,
        "OperatingRegions": regions,
        "State": "create-in-progress",
        "Tier": call.parameters.get("Tier", "advanced"),
    }
    call.notes(Ipams).ipams[identity] = row
    call.later(CREATED, lambda: row.update(State="create-complete"))
    return {"Ipam": {**row, "Tags": _tagged(call, identity)}}


@answers("ec2", "CreateIpamPool")
def pool_made(call: Call, _proceed: Proceed) -> Answer:
    """Make a pool, empty at first.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateIpamPool.html
    """
    given = call.parameters
    scope = given["IpamScopeId"]
    ipam = next(one for one in call.notes(Ipams).ipams.values() if scope in one.values())
    private = ipam["PrivateDefaultScopeId"] == scope
    if given["AddressFamily"] != "ipv4" or not private:
        raise Refusal("NotImplemented", "The embedded AWS has pools of private IPv4 addresses alone", status=501)
    if given.get("Locale", call.region) not in [one["RegionName"] for one in ipam["OperatingRegions"]]:
        raise invalid_parameter(f"The locale {given['Locale']} is not an operating region of the IPAM.")
    source = given.get("SourceIpamPoolId")
    identity = new_id("ipam-pool")
    row: dict[str, Any] = {
        "OwnerId": call.account,
        "IpamPoolId": identity,
        "IpamPoolArn": _arn(call, "ipam-pool", identity),
        "IpamScopeArn": _arn(call, "ipam-scope", scope),
        "IpamScopeType": "private",
        "IpamArn": ipam["IpamArn"],
        "IpamRegion": call.region,
        "Locale": "None",
        "PoolDepth": pool_named(call, source).row["PoolDepth"] + 1 if source else 1,
        "State": "create-in-progress",
        "AutoImport": False,
        **{name: given[name] for name in _KEPT if name in given},
    }
    call.notes(Ipams).pools[identity] = Pool(row)
    call.later(CREATED, lambda: row.update(State="create-complete"))
    return {"IpamPool": {**row, "Tags": _tagged(call, identity)}}


@answers("ec2", "ProvisionIpamPoolCidr")
def pool_provisioned(call: Call, _proceed: Proceed) -> Answer:
    """Give a pool a range: one that no other pool beside it has, out of its source where it has one.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ProvisionIpamPoolCidr.html
    """
    if "Cidr" not in call.parameters:
        raise Refusal("NotImplemented", "The embedded AWS provisions ranges that are named alone", status=501)
    network = ipv4(call.parameters["Cidr"], "cidr")
    pool = pool_named(call, call.parameters["IpamPoolId"])
    source = pool.row.get("SourceIpamPoolId")
    beside = [one for one in call.notes(Ipams).pools.values() if one.row.get("SourceIpamPoolId") == source]
    if any(network.overlaps(one.network) for other in beside for one in other.provisioned):
        raise invalid_parameter(f"The CIDR {network} overlaps one that is provisioned already.")
    if source:
        parent = pool_named(call, source)
        check_free(parent, network)
        parent.allocations.append(Allocation(new_id("ipam-pool-alloc"), network, pool.row["IpamPoolId"]))
    one = Provisioned(new_id("ipam-pool-cidr"), network, "pending-provision")
    pool.provisioned.append(one)
    call.later(PROVISIONED, lambda: setattr(one, "state", "provisioned"))
    row = {"Cidr": str(network), "State": one.state, "IpamPoolCidrId": one.identity}
    return {"IpamPoolCidr": {**row, "NetmaskLength": network.prefixlen}}


@answers("ec2", "DescribeIpamPools")
def pools_listed(call: Call, _proceed: Proceed) -> Answer:
    """List pools.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeIpamPools.html
    """
    pools = call.notes(Ipams).pools
    wanted = call.parameters.get("IpamPoolIds") or list(pools)
    rows = [{**pools[one].row, "Tags": tags_of(call, one)} for one in wanted]
    return {"IpamPools": selected(call, rows, _FILTERS)}


def _tagged(call: Call, identity: str) -> list[dict[str, str]]:
    tags = [tag for one in call.parameters.get("TagSpecifications", []) for tag in one.get("Tags", [])]
    if tags:
        call.ec2.create_tags([identity], {tag["Key"]: tag["Value"] for tag in tags})
    return tags_of(call, identity)


def _arn(call: Call, kind: str, identity: str) -> str:
    return f"arn:aws:ec2::{call.account}:{kind}/{identity}"
