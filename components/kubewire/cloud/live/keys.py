"""What facts call each object: by its name, as a plan does, or by its id where it has none, or not alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kubewire.prover.facts.unknown import Known, Unknown

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import TagTypeDef


class Keys:
    """The objects that were read so far, ids to keys."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}

    def add(self, names: Mapping[str, str]) -> None:
        """Take in all objects of one sort.

        Args:
            names: ids to names; empty ones for objects without.
        """
        twins = Counter(names.values())
        for object_id, name in names.items():
            alone = f"{name} ({object_id})" if twins[name] > 1 else name
            self._keys[object_id] = alone if name else object_id

    def of(self, object_id: str) -> str:
        """Give an object's key; its id, where it is of others."""
        return self._keys.get(object_id, object_id)

    def known(self, object_id: str | None, what: str) -> Known[str]:
        """Give the key of an object that must be one of those read.

        Args:
            object_id: its id; None where AWS says none.
            what: what it is, for a reader.
        """
        if object_id in self._keys:
            return self._keys[object_id]
        return Unknown(comes_from=f"{what} {object_id}, which isn't in this VPC" if object_id else what)

    @property
    def all(self) -> dict[str, str]:
        """Give them all."""
        return dict(self._keys)


def tags_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Give an object's tags."""
    pairs: Iterable[TagTypeDef] = row.get("Tags") or row.get("TagSet") or ()
    return {pair["Key"]: pair["Value"] for pair in pairs if "Key" in pair and "Value" in pair}


def named(row: Mapping[str, Any]) -> str:
    """Give an object's Name tag; empty without one."""
    return tags_of(row).get("Name", "")


def in_vpc(vpc: str) -> list[Any]:
    """Filter a Describe call for what is in a VPC."""
    return [{"Name": "vpc-id", "Values": [vpc]}]
