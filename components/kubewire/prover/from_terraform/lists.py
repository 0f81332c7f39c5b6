"""Prefix lists."""

from __future__ import annotations

from collections import defaultdict

from kubewire.net.addresses import Range
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_terraform.index import Index
from kubewire.prover.from_terraform.kinds import Sort
from kubewire.prover.from_terraform.owners import owner


def prefix_lists(index: Index) -> dict[str, tuple[Range, ...]]:
    """Give the ranges of the lists of which all are known."""
    added = index.parts("aws_ec2_managed_prefix_list_entry")
    more: defaultdict[str, list[Known[Range] | None]] = defaultdict(list)
    unsure = []
    for block in added:
        whose = owner(index, block, "prefix_list_id", Sort.LIST)
        if whose.key is not None:
            more[whose.key].append(block.range("cidr"))
        unsure.append(whose)
    gone = [
        (one.fields.get("prefix_list_id"), one.fields.get("cidr"))
        for one in index.gone("aws_ec2_managed_prefix_list_entry")
    ]
    found = {}
    for key, block in index.of(Sort.LIST):
        if block.resource.kind == "aws_prefix_list":
            ranges: list[Known[Range] | None] = [*block.ranges("cidr_blocks"), *more[key]]
        else:
            entries = block.blocks("entries" if block.resource.is_data else "entry")
            shown = block.resource.expressions is not None and not block.is_set("entry")
            ranges = [entries] if isinstance(entries, Unknown) else [
                entry.range("cidr")
                for entry in entries
                if not (shown and (block.fields.get("id"), entry.fields.get("cidr")) in gone)
            ]  # fmt: skip
            ranges += more[key]
        known = [item for item in ranges if item is not None and not isinstance(item, Unknown)]
        if len(known) == len(ranges) and not any(whose.may_be(key) for whose in unsure):
            found[key] = tuple(dict.fromkeys(known))
    return found
