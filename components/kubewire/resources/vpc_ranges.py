"""How one owner's ranges are added to a VPC, and taken away. All of it may be done again at any point."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from kubewire.errors import InUseError, NotFoundError, RefusedError
from kubewire.resources.base import Cloud, Owner
from kubewire.resources.tagging import pairs
from kubewire.resources.vpc_blocks import ASSOCIATED, FAILED, IPV6, LEAVING, LIVE, MARK, Marks, Seen
from kubewire.resources.waiting import wait_for


class VpcRanges:
    """Looks at the further ranges of a VPC, and adds and removes one owner's."""

    def __init__(self, cloud: Cloud, owner: Owner, vpc_id: str) -> None:
        self._cloud = cloud
        self._vpc = vpc_id
        self._marks = Marks(owner)

    def seen(self) -> Seen | None:
        """Look; None without the VPC, or while it is pending. Raises NotFoundError without it, too."""
        vpcs = self._cloud.ec2.describe_vpcs(VpcIds=[self._vpc])["Vpcs"]
        if not vpcs or vpcs[0]["State"] != "available":
            return None
        return self._marks.seen_in(vpcs[0])

    def mark(self, keys: Iterable[str]) -> None:
        """Write on the VPC that ranges are this owner's, and that no others are that bear no mark."""
        self._cloud.ec2.create_tags(Resources=[self._vpc], Tags=pairs(self._marks.tags(keys)))

    def unmark(self, keys: Iterable[str], *, whole: bool = False) -> None:
        """Take the marks of ranges off, and with them, if that's asked, the one that says that all are there."""
        gone = [*(f"{MARK}{key}" for key in sorted(keys)), *([self._marks.whole] if whole else [])]
        if gone:
            self._cloud.ec2.delete_tags(Resources=[self._vpc], Tags=[{"Key": key} for key in gone])

    def add(self, keys: Iterable[str]) -> Seen:
        """Let ranges be there; give all that there is then.

        Raises:
            RefusedError: AWS can't add one.
        """
        seen = self._wait("to be there", lambda now: now)
        wanted = list(keys)
        missing = [key for key in wanted if seen.there(key) is None]
        # Before they are there, so that what is there without a mark is somebody else's.
        if unmarked := [key for key in missing if key not in seen.marks]:
            self.mark(unmarked)
        made = {key: self._associate(key) for key in missing}

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
            self.unmark(gone & after.mine())
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

    def _wait(self, what: str, look: Callable[[Seen], Seen | None]) -> Seen:
        def looked() -> Seen | None:
            now = self.seen()
            return look(now) if now else None

        return wait_for(self._cloud.clock, f"{self._vpc} {what}", looked)
