"""A subnet's IPv6 range, and whether interfaces get addresses of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from ipaddress import IPv6Network
from typing import TYPE_CHECKING

from kubewire.errors import InUseError, NotFoundError, RefusedError
from kubewire.resources.base import GONE, Cloud
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import SubnetIpv6CidrBlockAssociationTypeDef, SubnetTypeDef

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SubnetCidrBlockState.html
ASSOCIATED = "associated"
LIVE = ("associating", ASSOCIATED)
LEAVING = "disassociating"
FAILED = ("failing", "failed")

STAYS = "subnet %s keeps %s while interfaces have addresses of it. The next run takes it away."
log = logging.getLogger(__name__)


def associated(subnet: SubnetTypeDef) -> str | None:
    """Give the IPv6 range that a subnet has; one that is still coming isn't there."""
    rows = subnet.get("Ipv6CidrBlockAssociationSet", [])
    return next((row["Ipv6CidrBlock"] for row in rows if row["Ipv6CidrBlockState"]["State"] == ASSOCIATED), None)


class SubnetIpv6:
    """Changes the IPv6 range of one subnet. All of it may be done again at any point."""

    def __init__(self, cloud: Cloud, subnet_id: str, name: str) -> None:
        self._cloud = cloud
        self._subnet = subnet_id
        self._name = name

    def become(self, cidr: IPv6Network | None, *, assigns: bool) -> str | None:
        """Let the subnet have this range alone, and say whether interfaces get addresses of it; give what it has then.

        That is another one only where it is to have none, and interfaces have addresses of what it has: they are
        changed after their subnet, so it lets go of the range in the run after the one that took these addresses away.

        Raises:
            RefusedError: AWS can't.
            InUseError: it is to have another range, and interfaces have addresses of the old one.
            NotFoundError: the subnet is gone.
        """
        wanted = None if cidr is None else str(cidr)
        subnet = self._described()
        stale = [row for row in _rows(subnet) if _state(row) in LIVE and row["Ipv6CidrBlock"] != wanted]
        assigning = subnet.get("AssignIpv6AddressOnCreation", False)
        if assigning and (stale or not assigns):
            # AWS takes no range away that interfaces are given addresses of.
            self._assign(on=False)
            assigning = False
        for row in stale:
            try:
                self._cloud.ec2.disassociate_subnet_cidr_block(AssociationId=row["AssociationId"])
            except InUseError:
                if wanted is not None:
                    raise
                log.warning(STAYS, self._name, row["Ipv6CidrBlock"])
                return row["Ipv6CidrBlock"]
        if wanted is not None:
            self._associate(wanted)
        else:
            self._wait("lose its IPv6 range", self._bare)
        if assigns and not assigning:
            self._assign(on=True)
        return wanted

    def _associate(self, wanted: str) -> None:
        """Ask for a range unless it's there or coming. A subnet has one, so the former one must have left."""
        self._wait(f"lose what is not {wanted}", lambda: self._bare(but=wanted))
        made = ""
        if not any(_state(row) in LIVE for row in _rows(self._described())):
            answer = self._cloud.ec2.associate_subnet_cidr_block(SubnetId=self._subnet, Ipv6CidrBlock=wanted)
            made = answer["Ipv6CidrBlockAssociation"]["AssociationId"]

        def there() -> bool | None:
            rows = [row for row in _rows(self._described()) if row["Ipv6CidrBlock"] == wanted]
            failed = next((row for row in rows if row["AssociationId"] == made and _state(row) in FAILED), None)
            if failed:
                reason = failed["Ipv6CidrBlockState"].get("StatusMessage") or _state(failed)
                message = f"AWS could not give {self._name} the range {wanted}: {reason}"
                raise RefusedError(message, code="Failed", operation="ec2:AssociateSubnetCidrBlock")
            return any(_state(row) == ASSOCIATED for row in rows) or None

        self._wait(f"have {wanted}", there)

    def _bare(self, but: str | None = None) -> bool | None:
        """Whether no range is there or on its way out, but for one."""
        rows = _rows(self._described())
        leaving = [row for row in rows if _state(row) == LEAVING]
        live = [row for row in rows if _state(row) in LIVE and row["Ipv6CidrBlock"] != but]
        return None if leaving or live else True

    def _assign(self, *, on: bool) -> None:
        self._cloud.ec2.modify_subnet_attribute(SubnetId=self._subnet, AssignIpv6AddressOnCreation={"Value": on})

    def _described(self) -> SubnetTypeDef:
        subnets = self._cloud.ec2.describe_subnets(SubnetIds=[self._subnet])["Subnets"]
        if not subnets:
            raise NotFoundError(f"{self._subnet} is gone", code=GONE, operation="ec2:DescribeSubnets")
        return subnets[0]

    def _wait(self, what: str, look: Callable[[], bool | None]) -> None:
        wait_for(self._cloud.clock, f"subnet {self._name} to {what}", look)


def _rows(subnet: SubnetTypeDef) -> list[SubnetIpv6CidrBlockAssociationTypeDef]:
    return subnet.get("Ipv6CidrBlockAssociationSet", [])


def _state(row: SubnetIpv6CidrBlockAssociationTypeDef) -> str:
    return row["Ipv6CidrBlockState"]["State"]
