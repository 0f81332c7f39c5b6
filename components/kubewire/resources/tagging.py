"""Tags and filters as EC2 writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kubewire.resources.base import NamedArgs, Owner

if TYPE_CHECKING:
    from types_boto3_ec2.literals import ResourceTypeType
    from types_boto3_ec2.type_defs import FilterTypeDef, TagSpecificationTypeDef, TagTypeDef

    from kubewire.resources.base import Cloud


def all_tags(args: NamedArgs, owner: Owner) -> dict[str, str]:
    """Give every tag that an object bears."""
    return {**args.tags, "Name": args.name, **owner.tags()}


def pairs(tags: Mapping[str, str]) -> list[TagTypeDef]:
    """Write tags as AWS's list of keys and values."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def on_create(kind: ResourceTypeType, args: NamedArgs, owner: Owner) -> list[TagSpecificationTypeDef]:
    """Write the tags of a new EC2 object as its creating call takes them."""
    return [{"ResourceType": kind, "Tags": pairs(all_tags(args, owner))}]


def where(filters: Mapping[str, str]) -> list[FilterTypeDef]:
    """Write the filters of an EC2 Describe call."""
    return [{"Name": name, "Values": [value]} for name, value in filters.items()]


def owned_by(owner: Owner) -> list[FilterTypeDef]:
    """Filter an EC2 Describe call for what an owner made."""
    return where({f"tag:{key}": value for key, value in owner.tags().items()})


def is_owned_by(owner: Owner, tags: Iterable[Mapping[str, Any]]) -> bool:
    """Whether an object with these tags is an owner's."""
    return owner.tags().items() <= {tag["Key"]: tag["Value"] for tag in tags}.items()


def named_fields(tags: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Read the fields of `NamedArgs` from an object's tags, without those that AWS and kubewire add."""
    found = {tag["Key"]: tag["Value"] for tag in tags}
    own = {key: value for key, value in found.items() if not key.startswith(("aws:", "kubewire:")) and key != "Name"}
    return {"name": found.get("Name", "unnamed"), "tags": own}


def changed_tags(old: NamedArgs, new: NamedArgs, owner: Owner) -> tuple[list[str], dict[str, str]]:
    """Give the keys to remove and the tags to write; neither where old and new inputs have the same."""
    before, after = {**old.tags, "Name": old.name}, {**new.tags, "Name": new.name}
    if before == after:
        return [], {}
    return sorted(before.keys() - after.keys()), {**after, **owner.tags()}


def retag(cloud: Cloud, object_id: str, old: NamedArgs, new: NamedArgs, owner: Owner) -> None:
    """Bring an EC2 object's tags from old inputs to new ones; no call where they are the same."""
    stale, written = changed_tags(old, new, owner)
    if stale:
        cloud.ec2.delete_tags(Resources=[object_id], Tags=[{"Key": key} for key in stale])
    if written:
        cloud.ec2.create_tags(Resources=[object_id], Tags=pairs(written))
