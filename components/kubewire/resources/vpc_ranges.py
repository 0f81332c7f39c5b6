"""The ranges that a VPC has beside its first one, and whose they are.

AWS takes no tags on a range. So the VPC bears one for each range that kubewire adds, written before the range is: it
says whose the range is to a run that knows nothing of an earlier one.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubewire.errors import InUseError, NotFoundError, RefusedError
from kubewire.resources.base import Cloud, Owner
from kubewire.resources.tagging import pairs
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import VpcTypeDef

IPV6 = "ipv6"
"""Stands for the range that Amazon chooses; the others are called by themselves."""
MARK = "kubewire:range:"
"""What the key of a range's tag begins with. The range follows; the value says whose it is."""
AMAZON = "Amazon"
"""The pool of Amazon's own ranges: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Ipv6Pool.html."""

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcCidrBlockState.html
ASSOCIATED = "associated"
LIVE = ("associating", ASSOCIATED)
LEAVING = "disassociating"
FAILED = ("failing", "failed")

STAYS = "%s stays in %s while subnets use it. The next run takes it away."
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Block:
    """One range of a VPC.

    Attributes:
        key: the range, or `IPV6`.
        cidr: the range.
        association: AWS's id for its being there.
        state: AWS's word for how it is.
        message: what went wrong, where something did.
    """

    key: str
    cidr: str
    association: str
    state: str
    message: str


@dataclass(frozen=True)
class Seen:
    """A VPC's ranges at one moment.

    Attributes:
        primary: the one that it was made with.
        blocks: the further ones; AWS shows those that left or failed for a while.
        marks: key to owner's mark.
        mark: our own.
    """

    primary: str
    blocks: tuple[Block, ...]
    marks: Mapping[str, str]
    mark: str

    def there(self, key: str) -> Block | None:
        """Give a range that is there, or is coming."""
        return next((block for block in self.blocks if block.key == key and block.state in LIVE), None)

    def keys(self) -> list[str]:
        """Give every range that is there, or is coming."""
        return [block.key for block in self.blocks if block.state in LIVE]

    def mine(self) -> set[str]:
        """Give what we marked, there or not."""
        return {key for key, mark in self.marks.items() if mark == self.mark}

    def of_others(self) -> set[str]:
        """Give what other owners marked."""
        return {key for key, mark in self.marks.items() if mark != self.mark}


class VpcRanges:
    """Looks at the further ranges of a VPC, and adds and removes one owner's."""

    def __init__(self, cloud: Cloud, owner: Owner, vpc_id: str) -> None:
        self._cloud = cloud
        self._vpc = vpc_id
        digest = hashlib.sha256(json.dumps(owner.tags(), sort_keys=True).encode()).hexdigest()[:16]
        self._mark = f"{owner.stack} {digest}"

    def seen(self) -> Seen | None:
        """Look; None without the VPC, or while it is pending. Raises NotFoundError without it, too."""
        vpcs = self._cloud.ec2.describe_vpcs(VpcIds=[self._vpc])["Vpcs"]
        if not vpcs or vpcs[0]["State"] != "available":
            return None
        marks = {
            tag["Key"].removeprefix(MARK): tag["Value"]
            for tag in vpcs[0].get("Tags", [])
            if tag["Key"].startswith(MARK)
        }
        return Seen(vpcs[0]["CidrBlock"], tuple(_blocks(vpcs[0])), marks, self._mark)

    def add(self, keys: Iterable[str]) -> Seen:
        """Let ranges be there; give all that there is then.

        Raises:
            RefusedError: AWS can't add one.
        """
        seen = self._wait("to be there", lambda now: now)
        wanted = list(keys)
        if unmarked := [key for key in wanted if key not in seen.marks]:
            marks = {f"{MARK}{key}": self._mark for key in unmarked}
            self._cloud.ec2.create_tags(Resources=[self._vpc], Tags=pairs(marks))
        made = {key: self._associate(key) for key in wanted if seen.there(key) is None}

        def whole(now: Seen) -> Seen | None:
            blocks = {block.association: block for block in now.blocks}
            states = []
            for key in wanted:
                block = blocks.get(made[key]) if key in made else now.there(key)
                if block and block.state in FAILED:
                    message = f"AWS could not add {block.cidr} to {self._vpc}: {block.message or block.state}"
                    raise RefusedError(message, code="Failed", operation="ec2:AssociateVpcCidrBlock")
                states.append(block.state if block else None)
            return now if all(state == ASSOCIATED for state in states) else None

        return self._wait(f"to have {', '.join(wanted)}", whole) if wanted else seen

    def remove(self, keys: Collection[str]) -> dict[str, InUseError]:
        """Take ranges away, with their marks; give those that stay because they're in use.

        Raises:
            NotFoundError: the VPC is gone.
        """
        seen = self._wait("to be there", lambda now: now) if keys else None
        in_use: dict[str, InUseError] = {}
        for key in sorted(keys):
            block = seen.there(key) if seen else None
            try:
                if block:
                    self._cloud.ec2.disassociate_vpc_cidr_block(AssociationId=block.association)
            except InUseError as error:
                log.warning(STAYS, block.cidr if block else key, self._vpc)
                in_use[key] = error
            except NotFoundError:
                # Gone since we looked.
                continue
        gone = set(keys) - in_use.keys()

        def left(now: Seen) -> Seen | None:
            staying = {block.key for block in now.blocks if block.state in (*LIVE, LEAVING)}
            return None if gone & staying else now

        if gone:
            after = self._wait(f"to lose {', '.join(sorted(gone))}", left)
            if unmarked := sorted(gone & after.mine()):
                tags = [{"Key": f"{MARK}{key}"} for key in unmarked]
                self._cloud.ec2.delete_tags(Resources=[self._vpc], Tags=tags)  # type: ignore[arg-type]  # keys alone
        return in_use

    def _associate(self, key: str) -> str:
        """Ask for a range; give the id of its association."""

        def left(now: Seen) -> Seen | None:
            return None if any(block.key == key and block.state == LEAVING for block in now.blocks) else now

        self._wait(f"to have lost {key}", left)
        if key == IPV6:
            made = self._cloud.ec2.associate_vpc_cidr_block(VpcId=self._vpc, AmazonProvidedIpv6CidrBlock=True)
            return made["Ipv6CidrBlockAssociation"]["AssociationId"]
        made = self._cloud.ec2.associate_vpc_cidr_block(VpcId=self._vpc, CidrBlock=key)
        return made["CidrBlockAssociation"]["AssociationId"]

    def _wait(self, what: str, look: Any) -> Seen:
        def looked() -> Seen | None:
            now = self.seen()
            return look(now) if now else None

        return wait_for(self._cloud.clock, f"{self._vpc} {what}", looked)


def _blocks(vpc: VpcTypeDef) -> Iterable[Block]:
    for row in vpc.get("CidrBlockAssociationSet", []):
        if row["CidrBlock"] != vpc["CidrBlock"]:
            state = row["CidrBlockState"]
            cidr, association = row["CidrBlock"], row["AssociationId"]
            yield Block(cidr, cidr, association, state["State"], state.get("StatusMessage", ""))
    for six in vpc.get("Ipv6CidrBlockAssociationSet", []):
        if six.get("Ipv6Pool") == AMAZON:
            state, cidr = six["Ipv6CidrBlockState"], six.get("Ipv6CidrBlock", "")
            yield Block(IPV6, cidr, six["AssociationId"], state["State"], state.get("StatusMessage", ""))
