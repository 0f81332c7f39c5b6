"""A hosted zone of Route53."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError, RefusedError
from kubewire.model import REPLACE, Model, Tags
from kubewire.resources.base import OWNER_TAGS, Resource
from kubewire.resources.calls import Calls, came, counted, went
from kubewire.resources.dns_names import host_name, listed
from kubewire.resources.references import named_set
from kubewire.resources.tagging import named_fields
from kubewire.resources.zone_records import own_key, present_records

if TYPE_CHECKING:
    from types_boto3_route53.literals import VPCRegionType
    from types_boto3_route53.type_defs import TagTypeDef, VPCTypeDef

SHOWN_RECORDS = 10
NOT_EMPTY = "HostedZoneNotEmpty"


def _has_vpcs(fields: dict[str, Any]) -> bool:
    return bool(fields.get("vpcs"))


TAGS_OF_ROUTE53 = 10
"""https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeTagsForResource.html"""
MOST_TAGS = TAGS_OF_ROUTE53 - len(OWNER_TAGS) - 1
"""Tags that a zone has room for, beside its Name and its owner's."""


class HostedZoneArgs(Model):
    """Inputs of a hosted zone."""

    domain: Annotated[str, AfterValidator(host_name), REPLACE]
    """The domain that it answers for, `shop.example.com`."""
    comment: str = Field(default="", max_length=256)
    """A note for people."""
    vpcs: dict[str, Later[str]] = {}
    """The VPCs that it answers in, names to ids. Without any, it is public."""
    private: Annotated[bool, REPLACE] = Field(default_factory=_has_vpcs)
    """Whether it answers in its VPCs alone; follows from `vpcs`, and need not be given. AWS can't change it."""
    tags: Tags = {}
    """More tags; the provider's default tags and the ownership tags are added to them."""

    @field_validator("private")
    @classmethod
    def _follows_from_vpcs(cls, private: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic calls it
        if "vpcs" in info.data and private != _has_vpcs(info.data):
            raise InvalidInputError("contradicts vpcs", detail="Leave it out: it follows from them.")
        return private


class HostedZoneState(HostedZoneArgs):
    """A hosted zone as it is."""

    name_servers: tuple[str, ...]
    """Where a public zone's domain has to be delegated to."""
    ownership: dict[str, str]
    """The ownership tags that it bears. CreateHostedZone takes none, so a new zone has none yet."""


class HostedZone(Resource[HostedZoneArgs, HostedZoneState]):
    """The DNS records of a domain, for the world or for some VPCs. Its id is the zone's, without `/hostedzone/`.

    It is deleted only when no record is left in it but its own NS and SOA.
    """

    Args, State = HostedZoneArgs, HostedZoneState
    most_tags = MOST_TAGS

    @classmethod
    def calls(cls, old: HostedZoneState | None, new: HostedZoneArgs) -> Calls:
        before, after = old.vpcs.values() if old else (), new.vpcs.values()
        # A new one is made with the first of its VPCs, and without tags.
        joined = came(before, after) - (old is None and bool(after))
        return counted(
            "route53",
            CreateHostedZone=old is None,
            UpdateHostedZoneComment=old is not None and old.comment != new.comment,
            AssociateVPCWithHostedZone=joined,
            DisassociateVPCFromHostedZone=went(before, after),
            ChangeTagsForResource=old is None or old.tags != new.tags,
        )

    def find(self, args: HostedZoneArgs) -> list[str]:
        # AWS starts with this domain, and goes on with others; more than a page of one domain's zones there isn't.
        answer = self.cloud.route53.list_hosted_zones_by_name(DNSName=args.domain)
        return [
            _bare(zone["Id"])
            for zone in answer["HostedZones"]
            if listed(zone["Name"]) == args.domain and zone["CallerReference"].startswith(self._mark())
        ]

    def create(self, args: HostedZoneArgs) -> str:
        private: dict[str, Any] = {"VPC": self._vpc(min(args.vpcs.values()))} if args.vpcs else {}
        made = self.cloud.route53.create_hosted_zone(
            Name=args.domain,
            # AWS takes a reference once, even if its zone is deleted. At most 128 characters:
            # https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
            CallerReference=f"{self._mark()}{uuid.uuid4().hex}",
            HostedZoneConfig={"Comment": args.comment, "PrivateZone": bool(args.vpcs)},
            **private,
        )
        return _bare(made["HostedZone"]["Id"])

    def read(self, object_id: str, known: HostedZoneArgs | None) -> HostedZoneState | None:
        route53 = self.cloud.route53
        answer = route53.get_hosted_zone(Id=object_id)
        zone = answer["HostedZone"]
        tags = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=_bare(object_id))
        written = tags["ResourceTagSet"].get("Tags", [])
        vpcs = [vpc["VPCId"] for vpc in answer.get("VPCs", []) if "VPCId" in vpc]
        return HostedZoneState(
            domain=listed(zone["Name"]),
            comment=zone.get("Config", {}).get("Comment", ""),
            vpcs=named_set(vpcs, known.vpcs if known else None),
            tags=named_fields(written)["tags"],
            name_servers=tuple(sorted(answer.get("DelegationSet", {}).get("NameServers", []))),
            ownership={tag["Key"]: tag["Value"] for tag in written if tag["Key"] in OWNER_TAGS},
        )

    def converge(self, object_id: str, old: HostedZoneState, new: HostedZoneArgs) -> HostedZoneState:
        route53 = self.cloud.route53
        if new.comment != old.comment:
            route53.update_hosted_zone_comment(Id=object_id, Comment=new.comment)
        before, after = set(old.vpcs.values()), set(new.vpcs.values())
        # The last VPC can't be taken away, so the new ones come first.
        for vpc in sorted(after - before):
            route53.associate_vpc_with_hosted_zone(HostedZoneId=object_id, VPC=self._vpc(vpc))
        for vpc in sorted(before - after):
            route53.disassociate_vpc_from_hosted_zone(HostedZoneId=object_id, VPC=self._vpc(vpc))
        self._retag(object_id, old, new)
        return old.model_copy(update={**dict(new), "ownership": self.owner.tags()})

    def delete(self, object_id: str, state: HostedZoneState) -> None:
        try:
            self.cloud.route53.delete_hosted_zone(Id=object_id)
        except RefusedError as error:
            if error.code == NOT_EMPTY:
                raise self._not_empty(object_id, state.domain) from error
            raise

    def _not_empty(self, object_id: str, domain: str) -> RefusedError:
        keys = sorted(key for key in present_records(self.cloud.route53, object_id).all() if not own_key(key, domain))
        shown = ", ".join(keys[:SHOWN_RECORDS])
        rest = f" and {len(keys) - SHOWN_RECORDS} more" if len(keys) > SHOWN_RECORDS else ""
        message = f"the hosted zone {domain} still has records that nobody in this stack declares"
        detail = f"They are {shown}{rest}. Remove them, then destroy again; kubewire never removes others' records."
        return RefusedError(message, code=NOT_EMPTY, operation="route53:DeleteHostedZone", detail=detail)

    def _mark(self) -> str:
        """Give what the caller references of this owner's zones start with."""
        owner = "\0".join(self.owner.tags().values()).encode()
        return f"kubewire-{hashlib.sha256(owner).hexdigest()[:32]}-"

    def _vpc(self, vpc_id: str) -> VPCTypeDef:
        region = self.cloud.region()
        if region is None:
            raise InvalidInputError("no AWS region, so no VPC can be named", detail="Set `kubewire:region`.")
        # The stub lists today's regions; AWS adds more.
        return {"VPCRegion": cast("VPCRegionType", region), "VPCId": vpc_id}

    def _retag(self, object_id: str, old: HostedZoneState, new: HostedZoneArgs) -> None:
        tags = {**new.tags, "Name": new.domain, **self.owner.tags()}
        if new.tags == old.tags and old.ownership == self.owner.tags():
            return
        added: list[TagTypeDef] = [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
        stale = sorted(old.tags.keys() - new.tags.keys())
        removed: dict[str, Any] = {"RemoveTagKeys": stale} if stale else {}
        self.cloud.route53.change_tags_for_resource(
            ResourceType="hostedzone", ResourceId=object_id, AddTags=added, **removed
        )


def _bare(zone_id: str) -> str:
    return zone_id.removeprefix("/hostedzone/")
