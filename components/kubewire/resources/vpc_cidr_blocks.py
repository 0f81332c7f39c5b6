"""The ranges that one owner adds to a VPC's first one."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Annotated, Any

from pydantic import AfterValidator, model_validator

from kubewire.errors import InvalidInputError, NotFoundError
from kubewire.model import REPLACE, Cidr, Model, Ref
from kubewire.resources.address_ranges import vpc_or_subnet
from kubewire.resources.base import Resource
from kubewire.resources.calls import Calls, counted
from kubewire.resources.references import named
from kubewire.resources.vpc_blocks import IPV6, Seen
from kubewire.resources.vpc_ranges import VpcRanges

STAYS = "%s stays in %s while subnets use it. The next run takes it away."
log = logging.getLogger(__name__)


class VpcCidrBlocksArgs(Model):
    """Inputs of a VPC's further ranges."""

    vpc: Annotated[Ref, REPLACE]
    """The VPC that gets them: one of the stack, or one that others own."""
    cidrs: tuple[Annotated[Cidr, AfterValidator(vpc_or_subnet)], ...] = ()
    """Secondary IPv4 ranges, /16 to /28 each. AWS takes 5 ranges a VPC with its first one, more on request, and which
    go together is in https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html."""
    ipv6: bool = False
    """Whether the VPC gets a /56 of Amazon's IPv6 addresses."""

    @model_validator(mode="after")
    def _apart(self) -> VpcCidrBlocksArgs:
        for (_, one), (index, other) in combinations(enumerate(self.cidrs), 2):
            if one.overlaps(other):
                detail = "Write ranges that don't overlap, each once."
                raise InvalidInputError(f"{other} overlaps {one}", detail=detail, path=f"cidrs[{index}]")
        return self

    def called(self) -> list[str]:
        """Give the ranges as `VpcRanges` calls them."""
        return [*map(str, self.cidrs), *([IPV6] if self.ipv6 else [])]


class VpcCidrBlocksState(VpcCidrBlocksArgs):
    """A VPC's further ranges as they are; those of other owners aren't among them."""

    ipv6_cidr: str | None
    """The /56 that Amazon chose; None without one."""


class VpcCidrBlocks(Resource[VpcCidrBlocksArgs, VpcCidrBlocksState]):
    """One owner's ranges in a VPC, beside the VPC's first range and those of others.

    A declared range that was there before is simply there, and stays when this set goes. One that is no longer
    declared but still in use stays, as a difference for the next run: subnets go at the end of a run.
    """

    Args, State = VpcCidrBlocksArgs, VpcCidrBlocksState

    @classmethod
    def foresee(cls, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> dict[str, Any]:
        return super().foresee(old, new) if new.get("ipv6") else {}

    @classmethod
    def calls(cls, old: VpcCidrBlocksState | None, new: VpcCidrBlocksArgs) -> Calls:
        before, after = set(old.called() if old else ()), set(new.called())
        gone, added = len(before - after), len(after - before)
        return counted(
            # One more when the set is made: that the VPC bears no marks of it yet.
            CreateTags=(old is None) + bool(added),
            AssociateVpcCidrBlock=added,
            DisassociateVpcCidrBlock=gone,
            DeleteTags=bool(gone),
        )

    def create(self, args: VpcCidrBlocksArgs) -> str:
        # The ranges are added by `converge`, which looks first for those of a run that was cut off. It can tell them
        # from those that were there before, as they bear marks; so it is said here that there is none without one.
        self._ranges(args.vpc.id).mark([])
        return args.vpc.id

    def read(self, object_id: str, known: VpcCidrBlocksArgs | None) -> VpcCidrBlocksState | None:
        seen = self._ranges(object_id).seen()
        if seen is None:
            return None
        # An import takes what nobody marked.
        wanted = known.called() if known else sorted(set(seen.keys()) - seen.of_others())
        return _state(named(object_id, known.vpc if known else None), [*wanted, *sorted(seen.mine())], seen)

    def converge(self, object_id: str, old: VpcCidrBlocksState, new: VpcCidrBlocksArgs) -> VpcCidrBlocksState:
        ranges = self._ranges(object_id)
        seen = ranges.seen()
        if seen and seen.primary in new.called():
            detail = "Leave it out: it goes with the VPC."
            message = f"{seen.primary} is the first range of {new.vpc.name}"
            raise InvalidInputError(message, detail=detail, path="cidrs")
        if seen and not seen.whole:
            # An import's, or somebody took our marks off. The state knows what is ours then.
            ranges.mark(key for key in old.called() if seen.there(key) and key not in seen.marks)
        stale = seen.mine(old.called()) - set(new.called()) if seen else ()
        in_use = ranges.remove(stale)
        for key in sorted(in_use):
            log.warning(STAYS, key, new.vpc.name)
        return _state(new.vpc, [*new.called(), *sorted(in_use)], ranges.add(new.called()))

    def delete(self, object_id: str, state: VpcCidrBlocksState) -> None:
        ranges = self._ranges(object_id)
        seen = ranges.seen()
        if seen is None:
            raise NotFoundError(f"{object_id} is gone", code="InvalidVpcID.NotFound", operation="ec2:DescribeVpcs")
        for error in ranges.remove(seen.mine(state.called())).values():
            raise error
        # Last of all: from here on only the state knows what was ours.
        ranges.unmark([], whole=True)

    def _ranges(self, vpc_id: str) -> VpcRanges:
        return VpcRanges(self.cloud, self.owner, vpc_id)


def _state(vpc: Ref, keys: Iterable[str], seen: Seen) -> VpcCidrBlocksState:
    there = [key for key in dict.fromkeys(keys) if seen.there(key)]
    block = seen.there(IPV6) if IPV6 in there else None
    return VpcCidrBlocksState.model_validate(
        {
            "vpc": vpc,
            "cidrs": [key for key in there if key != IPV6],
            "ipv6": block is not None,
            "ipv6_cidr": block.cidr if block else None,
        }
    )
