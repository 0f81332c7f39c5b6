"""What is seen of a VPC's ranges beside its first one, and whose they are.

AWS takes no tags on a range. So the VPC bears one for each range that kubewire adds, written before the range is: it
says whose the range is to a run that knows nothing of an earlier one, and tells it from one that was there before. One
more tag says that these are whole: whoever owns the VPC may have taken all off that aren't theirs, as Terraform does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kubewire.resources.base import Owner

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import VpcTypeDef

IPV6 = "ipv6"
"""Stands for the range that Amazon chooses; the others are called by themselves."""
MARK = "kubewire:range:"
"""What the key of a range's tag begins with. The range follows; the value says whose it is."""
WHOLE = "kubewire:ranges:"
"""What the key of the tag begins with that says that an owner's marks are whole. What tells the owner follows."""
AMAZON = "Amazon"
"""The pool of Amazon's own ranges: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcIpv6CidrBlockAssociation.html."""

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcCidrBlockState.html
ASSOCIATED = "associated"
LIVE = ("associating", ASSOCIATED)
LEAVING = "disassociating"
FAILED = ("failing", "failed")


@dataclass(frozen=True)
class Marks:
    """The tags with which an owner marks its ranges."""

    owner: Owner

    @property
    def value(self) -> str:
        """What stands on each range: short, for a tag's value takes 256 characters."""
        return f"{self.owner.stack} {self._digest()}"

    @property
    def whole(self) -> str:
        """The key of the tag that says that all the others are there."""
        return f"{WHOLE}{self._digest()}"

    def tags(self, keys: Iterable[str]) -> dict[str, str]:
        """Give the tags of ranges, and the one that says that these are whole."""
        return {**{f"{MARK}{key}": self.value for key in keys}, self.whole: self.owner.stack}

    def seen_in(self, vpc: VpcTypeDef) -> Seen:
        """Read a VPC's ranges as DescribeVpcs answers them."""
        tags = {tag["Key"]: tag["Value"] for tag in vpc.get("Tags", [])}
        marks = {key.removeprefix(MARK): value for key, value in tags.items() if key.startswith(MARK)}
        return Seen(vpc["CidrBlock"], tuple(_blocks(vpc)), marks, self.value, self.whole in tags)

    def _digest(self) -> str:
        return hashlib.sha256(json.dumps(self.owner.tags(), sort_keys=True).encode()).hexdigest()[:16]


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
        whole: whether our marks are all there. Else nobody marked for us, or somebody took the marks off.
    """

    primary: str
    blocks: tuple[Block, ...]
    marks: Mapping[str, str]
    mark: str
    whole: bool

    def there(self, key: str) -> Block | None:
        """Give a range that is there, or is coming."""
        return next((block for block in self.blocks if block.key == key and block.state in LIVE), None)

    def keys(self) -> list[str]:
        """Give every range that is there, or is coming."""
        return [block.key for block in self.blocks if block.state in LIVE]

    def mine(self, known: Iterable[str] = ()) -> set[str]:
        """Give what we marked, there or not; and where the marks aren't whole, what we know and nobody else marked."""
        marked = {key for key, mark in self.marks.items() if mark == self.mark}
        return marked if self.whole else marked | (set(known) - self.of_others())

    def of_others(self) -> set[str]:
        """Give what other owners marked."""
        return {key for key, mark in self.marks.items() if mark != self.mark}


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
