"""A network ACL with all of its entries, and the subnets that use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import ValidationInfo, model_validator

from kubewire.deferred import Later
from kubewire.errors import NotFoundError, RefusedError
from kubewire.found import Found, is_declared
from kubewire.model import REPLACE, Ref
from kubewire.resources.base import NamedArgs, Resource
from kubewire.resources.calls import Calls, came, counted, went
from kubewire.resources.network_acl_entries import AclEntry, Action, check_entries, read_entries
from kubewire.resources.network_acl_subnets import AclSubnets, associations
from kubewire.resources.references import named, named_set
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag
from kubewire.resources.traffic import Direction

__all__ = ["AclEntry", "Action", "NetworkAcl", "NetworkAclArgs", "NetworkAclState"]

FULL = "NetworkAclEntryLimitExceeded"
THERE = "NetworkAclEntryAlreadyExists"
GONE_ENTRY = "InvalidNetworkAclEntry.NotFound"


class NetworkAclArgs(NamedArgs):
    """Inputs of a network ACL. The set of entries is whole: one that others made is a difference."""

    vpc: Annotated[Ref, REPLACE]
    """The VPC that it is in."""
    entries: dict[str, AclEntry] = {}
    """The entries by their keys: `ingress 100`, `egress 100`. What none of them lets pass is dropped."""
    subnets: dict[str, Later[str]] = {}
    """The subnets that use it, name to id. One that leaves uses the VPC's default ACL again."""

    @model_validator(mode="after")
    def _entries_can_be(self, info: ValidationInfo) -> NetworkAclArgs:
        if is_declared(type(self), info):
            check_entries(self.entries)
        return self


class NetworkAclState(NetworkAclArgs, Found):
    """A network ACL as it is, without what AWS puts at its end."""


class NetworkAcl(Resource[NetworkAclArgs, NetworkAclState]):
    """A firewall of subnets that looks at each packet for itself."""

    Args, State = NetworkAclArgs, NetworkAclState

    @classmethod
    def calls(cls, old: NetworkAclState | None, new: NetworkAclArgs) -> Calls:
        entries, users = (old.entries, old.subnets.values()) if old else ({}, ())
        moved = came(users, new.subnets.values()) + went(users, new.subnets.values())
        return super().calls(old, new) + counted(
            CreateNetworkAclEntry=len(new.entries.keys() - entries.keys()),
            ReplaceNetworkAclEntry=sum(entry != entries.get(key, entry) for key, entry in new.entries.items()),
            DeleteNetworkAclEntry=len(entries.keys() - new.entries.keys()),
            ReplaceNetworkAclAssociation=moved,
        )

    def find(self, args: NetworkAclArgs) -> list[str]:
        found = self.cloud.ec2.describe_network_acls(Filters=owned_by(self.owner))["NetworkAcls"]
        return [acl["NetworkAclId"] for acl in found]

    def create(self, args: NetworkAclArgs) -> str:
        tags = on_create("network-acl", args, self.owner)
        made = self.cloud.ec2.create_network_acl(
            VpcId=args.vpc.id, ClientToken=self.client_token, TagSpecifications=tags
        )
        return made["NetworkAcl"]["NetworkAclId"]

    def read(self, object_id: str, known: NetworkAclArgs | None) -> NetworkAclState | None:
        acls = self.cloud.ec2.describe_network_acls(NetworkAclIds=[object_id])["NetworkAcls"]
        if not acls:
            return None
        return NetworkAclState(
            **named_fields(acls[0].get("Tags", [])),
            vpc=named(acls[0]["VpcId"], known.vpc if known else None),
            entries=read_entries(acls[0]["Entries"]),
            subnets=named_set(associations(acls[0]), known.subnets if known else None),
        )

    def converge(self, object_id: str, old: NetworkAclState, new: NetworkAclArgs) -> NetworkAclState:
        # Entries first: a new ACL lets nothing pass, and a subnet's traffic must not stop on its way here.
        self._exchange(object_id, old.entries, new.entries)
        before, after = set(old.subnets.values()), set(new.subnets.values())
        users = AclSubnets(self.cloud, object_id)
        users.take(sorted(after - before))
        users.release(new.vpc.id, before - after)
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: NetworkAclState) -> None:
        AclSubnets(self.cloud, object_id).release(state.vpc.id, None)
        self.cloud.ec2.delete_network_acl(NetworkAclId=object_id)

    def _exchange(self, acl: str, old: Mapping[str, AclEntry], new: Mapping[str, AclEntry]) -> None:
        """Add and replace entries, then remove the others; the other way round only where they are too many."""
        stale = [entry for key, entry in old.items() if key not in new]
        for key, entry in new.items():
            was = old.get(key)
            if was == entry:
                continue
            try:
                self._put(acl, entry, exists=was is not None)
            except RefusedError as error:
                if error.code != FULL or not stale:
                    raise
                self._remove(acl, stale)
                stale = []
                self._put(acl, entry, exists=was is not None)
        self._remove(acl, stale)

    def _put(self, acl: str, entry: AclEntry, *, exists: bool) -> None:
        ec2 = self.cloud.ec2
        create, replace = ec2.create_network_acl_entry, ec2.replace_network_acl_entry
        first, second = (replace, create) if exists else (create, replace)
        try:
            first(NetworkAclId=acl, **entry.written())
        except NotFoundError as error:
            if not exists or error.code != GONE_ENTRY:
                raise
            # Somebody removed it since we looked.
            second(NetworkAclId=acl, **entry.written())
        except RefusedError as error:
            if exists or error.code != THERE:
                raise
            # Somebody made it, or an earlier call of ours whose answer was lost did.
            second(NetworkAclId=acl, **entry.written())

    def _remove(self, acl: str, entries: list[AclEntry]) -> None:
        for entry in entries:
            egress = entry.direction is Direction.EGRESS
            try:
                self.cloud.ec2.delete_network_acl_entry(NetworkAclId=acl, RuleNumber=entry.number, Egress=egress)
            except NotFoundError as error:
                if error.code != GONE_ENTRY:
                    raise
