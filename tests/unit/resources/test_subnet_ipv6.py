from __future__ import annotations

import copy
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import InUseError, NotFoundError, RefusedError
from kubewire.faults import faults
from kubewire.model import Ref
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.subnet import Subnet, SubnetArgs
from tests.unit.resources.conftest import FakeCloud
from tests.unit.resources.killable import Killed, Memory, Row, refused

OWNER = Owner(stack="shop/dev", resource="kubewire:index:Subnet/a")
RANGES = ["2600:1f18:0:100::/64", "2600:1f18:0:101::/64", None]
AFTER = {"associating": "associated", "disassociating": "disassociated"}
FIELDS: dict[str, Any] = {"name": "a", "vpc": Ref(name="s", id="vpc-1"), "cidr": "10.0.0.0/24", "zone": "eu-west-1a"}


class SubnetMemory(Memory):
    """One subnet, subnet-1. What comes and goes does so one look later."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, Row] = {}
        self.assigns = False
        self._serial = count(1)

    def ranges(self) -> list[str]:
        """Give the IPv6 ranges that are there, or are coming."""
        return [row["Cidr"] for row in self.rows.values() if row["State"] in ("associating", "associated")]

    def describe_subnets(self, **_: Any) -> Row:
        rows = [
            {
                "AssociationId": key,
                "Ipv6CidrBlock": row["Cidr"],
                "Ipv6CidrBlockState": {"State": row["State"]},
            }
            for key, row in self.rows.items()
        ]
        subnet = {
            "SubnetId": "subnet-1",
            "SubnetArn": "arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-1",
            "State": "available",
            "VpcId": "vpc-1",
            "CidrBlock": "10.0.0.0/24",
            "AvailabilityZone": "eu-west-1a",
            "MapPublicIpOnLaunch": False,
            "AssignIpv6AddressOnCreation": self.assigns,
            "Ipv6CidrBlockAssociationSet": rows,
            "Tags": [{"Key": "Name", "Value": "a"}],
        }
        seen = copy.deepcopy(subnet)
        for row in self.rows.values():
            row["State"] = AFTER.get(row["State"], row["State"])
        return {"Subnets": [seen]}

    def associate_subnet_cidr_block(self, SubnetId: str, Ipv6CidrBlock: str) -> Row:  # noqa: N803, ARG002 - AWS's
        self.changing()
        if any(row["State"] != "disassociated" for row in self.rows.values()):
            raise refused("InvalidParameterValue", "a subnet has one")
        identity = f"assoc-{next(self._serial)}"
        self.rows[identity] = {"Cidr": Ipv6CidrBlock, "State": "associating"}
        return {"Ipv6CidrBlockAssociation": {"AssociationId": identity}}

    def disassociate_subnet_cidr_block(self, AssociationId: str) -> None:  # noqa: N803 - AWS's names
        self.changing()
        if self.assigns:
            raise InUseError("it assigns", code="InvalidCidrBlock.InUse", operation="ec2")
        self.rows[AssociationId]["State"] = "disassociating"

    def modify_subnet_attribute(self, SubnetId: str, AssignIpv6AddressOnCreation: Row) -> None:  # noqa: N803, ARG002 - AWS's names
        self.changing()
        if AssignIpv6AddressOnCreation["Value"] and "associated" not in [row["State"] for row in self.rows.values()]:
            raise refused("InvalidParameterValue", "there is no range")
        self.assigns = AssignIpv6AddressOnCreation["Value"]


def declared(cidr: str | None, *, assigns: bool) -> SubnetArgs:
    return SubnetArgs.model_validate({**FIELDS, "ipv6_cidr": cidr, "assigns_ipv6": assigns and cidr is not None})


def lifecycle(memory: Any) -> Any:
    cloud: Any = FakeCloud()
    cloud.ec2 = memory
    return Lifecycle(Subnet(cloud, OWNER))


@given(
    before=st.sampled_from(RANGES),
    assigned=st.booleans(),
    after=st.sampled_from(RANGES),
    assigns=st.booleans(),
    killed_at=st.integers(0, 5),
)
def test_killed_at_any_change_the_next_run_ends_right(
    before: str | None, after: str | None, killed_at: int, *, assigned: bool, assigns: bool
) -> None:
    memory = SubnetMemory()
    bare, old, new = declared(None, assigns=False), declared(before, assigns=assigned), declared(after, assigns=assigns)
    state = lifecycle(memory).update("subnet-1", lifecycle(memory).read("subnet-1", bare), old)
    assert state == lifecycle(memory).read("subnet-1", old)
    memory.killed_at = memory.changes + killed_at
    try:
        lifecycle(memory).update("subnet-1", state, new)
    except Killed:
        memory.killed_at = None
    memory.killed_at = None
    ended = lifecycle(memory).update("subnet-1", state, new)
    assert memory.ranges() == ([after] if after else [])
    assert memory.assigns == new.assigns_ipv6
    assert ended == lifecycle(memory).read("subnet-1", new)
    changes = memory.changes
    lifecycle(memory).update("subnet-1", ended, new)
    assert memory.changes == changes


def test_a_range_that_is_still_coming_reads_as_a_difference_and_is_waited_for() -> None:
    memory = SubnetMemory()
    memory.associate_subnet_cidr_block("subnet-1", str(RANGES[0]))
    wanted = declared(RANGES[0], assigns=False)
    state = lifecycle(memory).read("subnet-1", wanted)
    assert state.ipv6_cidr is None
    ended = lifecycle(memory).update("subnet-1", state, wanted)
    assert str(ended.ipv6_cidr) == RANGES[0]
    assert memory.changes == 1


def test_a_range_that_fails_is_told_with_aws_s_reason(cloud: Any, owner: Owner) -> None:
    state = lifecycle(SubnetMemory()).read("subnet-1", None)
    block = {"State": "failed", "StatusMessage": "no room"}
    row = {"AssociationId": "assoc-1", "Ipv6CidrBlock": RANGES[0], "Ipv6CidrBlockState": block}
    cloud.ec2.answers["describe_subnets"] = {"Subnets": [{"Ipv6CidrBlockAssociationSet": [row]}]}
    cloud.ec2.answers["associate_subnet_cidr_block"] = {"Ipv6CidrBlockAssociation": {"AssociationId": "assoc-1"}}
    with pytest.raises(RefusedError, match=r"could not give a the range 2600:1f18:0:100::/64: no room"):
        Subnet(cloud, owner).converge("subnet-1", state, declared(RANGES[0], assigns=False))


def test_a_subnet_that_is_gone_is_told(cloud: Any, owner: Owner) -> None:
    state = lifecycle(SubnetMemory()).read("subnet-1", None)
    cloud.ec2.answers["describe_subnets"] = {"Subnets": []}
    with pytest.raises(NotFoundError, match="subnet-1 is gone"):
        Subnet(cloud, owner).converge("subnet-1", state, declared(RANGES[0], assigns=False))


def test_it_is_asked_for_in_the_call_that_makes_the_subnet(cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["create_subnet"] = {"Subnet": {"SubnetId": "subnet-1"}}
    Subnet(cloud, owner).create(declared(RANGES[0], assigns=True))
    ((_, asked),) = cloud.ec2.asked
    assert asked["Ipv6CidrBlock"] == RANGES[0]


def test_a_range_may_be_still_unknown() -> None:
    args = SubnetArgs.model_validate({**FIELDS, "ipv6_cidr": UNKNOWN, "assigns_ipv6": True})
    assert args.to_wire()["ipv6Cidr"] is UNKNOWN


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"ipv6_cidr": "2600:1f18:0:100::/66"}, "ipv6_cidr"),
        ({"ipv6_cidr": "2600:1f18:0:100::1/64"}, "ipv6_cidr"),
        ({"ipv6_cidr": "10.0.0.0/24"}, "ipv6_cidr"),
        ({"assigns_ipv6": True}, "assignsIpv6"),
    ],
)
def test_what_can_not_be_is_refused(fields: dict[str, Any], path: str) -> None:
    given = {**FIELDS, **fields}
    with pytest.raises(ValidationError) as caught:
        SubnetArgs.model_validate(given)
    assert [fault.path for fault in faults(caught.value, given)] == [path]
