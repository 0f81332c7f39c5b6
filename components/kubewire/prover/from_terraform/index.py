"""References, to what they refer to: by id where it is known, else by where the configuration says it comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_terraform.configuration import Configuration, Origin
from kubewire.prover.from_terraform.document import Document, Resource
from kubewire.prover.from_terraform.kinds import SORTS, Sort
from kubewire.prover.from_terraform.values import Block

IDS: Final = ("id", "arn", "zone_id", "allocation_id")
"""Attributes that others refer by."""


def main_table(vpc: str) -> str:
    """Name the table that AWS makes with a VPC."""
    return f"main table of {vpc}"


def default_group(vpc: str) -> str:
    """Name the security group that AWS makes with a VPC."""
    return f"default group of {vpc}"


def default_acl(vpc: str) -> str:
    """Name the network ACL that AWS makes with a VPC."""
    return f"default ACL of {vpc}"


MADE_WITH_VPC: Final = {
    (Sort.TABLE, "main_route_table_id"): main_table,
    (Sort.TABLE, "default_route_table_id"): main_table,
    (Sort.GROUP, "default_security_group_id"): default_group,
    (Sort.ACL, "default_network_acl_id"): default_acl,
}
"""Attributes of a VPC with the ids of what AWS makes with it, by which resources adopt that."""
ADOPTING: Final = {
    "aws_default_route_table": (Sort.TABLE, "default_route_table_id"),
    "aws_default_network_acl": (Sort.ACL, "default_network_acl_id"),
}
"""Types that adopt such an object, and the attribute with its id. A default group is told by its VPC."""


class Index:
    """All resources, by what they are and by what they are called."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._configuration = Configuration(document)
        self._of: defaultdict[Sort, list[Resource]] = defaultdict(list)
        self._parts: defaultdict[str, list[Resource]] = defaultdict(list)
        self._keys: dict[tuple[Sort, str], str] = {}
        self._adopted: dict[str, str] = {}
        for resource in sorted(document.resources, key=lambda one: one.is_data):
            sort = SORTS.get(resource.kind)
            if sort is None:
                self._parts[resource.kind].append(resource)
            elif not self._is_twin(sort, resource):
                self._of[sort].append(resource)
                for attribute in IDS:
                    self._remember(sort, resource.values.get(attribute), resource.address)
        for resource in self._of[Sort.MACHINE]:
            # An interface that is no resource of its own bears its instance's name.
            self._remember(Sort.INTERFACE, resource.values.get("primary_network_interface_id"), resource.address)
        self._take_in_defaults()

    def _take_in_defaults(self) -> None:
        """Learn what AWS makes with each VPC, and which resource adopts it."""
        for vpc in self._of[Sort.VPC]:
            for (sort, attribute), name in MADE_WITH_VPC.items():
                self._remember(sort, vpc.values.get(attribute), name(vpc.address))
        for kind, (sort, attribute) in ADOPTING.items():
            for resource in [one for one in self._of[sort] if one.kind == kind]:
                named = resource.values.get(attribute)
                of_vpc = [vpc.address for vpc in self._of[Sort.VPC] if named and vpc.values.get(attribute) == named]
                able = self.candidates(Block.of(resource), attribute, sort) if named is None else None
                made = [MADE_WITH_VPC[sort, attribute](vpc) for vpc in of_vpc] or able or []
                if len(made) == 1:
                    self._adopt(made[0], resource.address)
        for resource in [one for one in self._of[Sort.GROUP] if one.kind == "aws_default_security_group"]:
            vpc_key = self.key(Block.of(resource), "vpc_id", Sort.VPC)
            if isinstance(vpc_key, str):
                self._adopt(default_group(vpc_key), resource.address)

    def of(self, sort: Sort) -> Iterator[tuple[str, Block]]:
        """Give all objects of a sort, by their keys."""
        return ((resource.address, Block.of(resource)) for resource in self._of[sort])

    def parts(self, *kinds: str) -> list[Block]:
        """Give all resources of some types that nobody refers to."""
        return [Block.of(resource) for kind in kinds for resource in self._parts[kind]]

    def gone(self, *kinds: str) -> list[Block]:
        """Give what resources of some types were before, those that will be deleted too."""
        rows = [*self.document.gone, *self.document.resources]
        return [Block(one, one.before) for one in rows if one.kind in kinds and one.before]

    def adopted(self, made: str) -> str:
        """Give the resource that adopts what AWS makes with a VPC; its own name where none does."""
        return self._adopted.get(made, made)

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """Give ids, and the names of objects, to keys."""
        return {object_id: key for (_, object_id), key in self._keys.items()}

    def key(self, block: Block, attribute: str, sort: Sort) -> Known[str] | None:
        """Give the key of what an attribute refers to; None where it isn't set."""
        return self.told(block, attribute, sort, block.text(attribute))

    def keys(self, block: Block, attribute: str, sort: Sort) -> tuple[Known[str], ...]:
        """Give the keys of what an attribute refers to."""
        values = block.texts(attribute)
        if len(values) > 1 and all(isinstance(value, Unknown) for value in values):
            able = self.candidates(block, attribute, sort)
            if able is not None and len(able) == len(values):
                # As many values as there are objects that they come from: each is one of these.
                return tuple(able)
        found = [self.told(block, attribute, sort, value) for value in values]
        return tuple(key for key in found if key is not None)

    def told(self, block: Block, attribute: str, sort: Sort, value: Known[str] | None) -> Known[str] | None:
        """Give the key of what one value of an attribute refers to."""
        if value is None:
            return None
        if isinstance(value, str):
            return self._keys.get((sort, value)) or Unknown(comes_from=f"{sort} {value}, which isn't declared here")
        able = self.candidates(block, attribute, sort)
        return able[0] if able is not None and len(able) == 1 else value

    def candidates(self, block: Block, attribute: str, sort: Sort, by: tuple[str, ...] = IDS) -> list[str] | None:
        """Give the keys of everything that an unknown value may refer to; None where that can't be told.

        Args:
            block: whose value it is.
            attribute: which one.
            sort: what it refers to.
            by: the attributes of that which it may be.
        """
        origins = self._configuration.origins(block, attribute)
        found: dict[str, None] = {}
        for origin in origins if origins is not None else [None]:
            one = None if origin is None else self._origin(origin, sort, by)
            if one is None and sort is Sort.VPC and not self._has_unread_data:
                # Whatever it is, it's the id of a VPC that isn't there yet.
                found |= {vpc.address: None for vpc in self._of[Sort.VPC] if not vpc.is_data and "id" not in vpc.values}
            elif one is None:
                return None
            else:
                found |= dict.fromkeys(one)
        return list(found)

    def _origin(self, origin: Origin, sort: Sort, by: tuple[str, ...]) -> list[str] | None:
        resource, attribute = origin.resource, origin.attribute
        if resource.kind == "aws_instance" and sort is Sort.INTERFACE and attribute == "primary_network_interface_id":
            return [resource.address]
        if SORTS.get(resource.kind) is Sort.VPC and (sort, attribute) in MADE_WITH_VPC:
            return [self.adopted(MADE_WITH_VPC[sort, attribute](resource.address))]
        if SORTS.get(resource.kind) is not sort or attribute not in (*by, ""):
            return None
        # An id that is known wouldn't be unknown here.
        return [] if any(resource.values.get(name) for name in by) and not resource.is_new else [resource.address]

    @property
    def _has_unread_data(self) -> bool:
        return any(one.is_data and one.unknown for one in self.document.resources)

    def _is_twin(self, sort: Sort, resource: Resource) -> bool:
        """Whether a data source is of an object that a resource declares, too."""
        return resource.is_data and (sort, str(resource.values.get("id"))) in self._keys

    def _remember(self, sort: Sort, object_id: object, key: str) -> None:
        if isinstance(object_id, str) and object_id:
            self._keys.setdefault((sort, object_id), key)

    def _adopt(self, made: str, key: str) -> None:
        self._adopted[made] = key
        self._keys = {known: key if value == made else value for known, value in self._keys.items()}
