"""Changes of a zone's records, in as few and as whole batches as Route53 takes.

A batch is carried out whole or not at all. What changes of one name, its mark too, is never in two. Its limits, with an
UPSERT counting twice:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests-changeresourcerecordsets
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from kubewire.deferred import is_deferred
from kubewire.resources.dns_names import listed
from kubewire.resources.record import AliasRecord, Record, to_listed
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from types_boto3_route53.literals import ChangeActionType
    from types_boto3_route53.type_defs import ChangeTypeDef, ResourceRecordSetUnionTypeDef

    from kubewire.resources.base import Cloud

MOST_VALUES = 1000
MOST_CHARACTERS = 32_000
IN_SYNC = "INSYNC"
"""Every name server of Route53's answers with the change; takes up to a minute."""


def creation(key: str, record: Record | AliasRecord) -> ChangeTypeDef:
    """Make a record that isn't there; refused where one is."""
    return _change("CREATE", to_listed(key, record))


def replacement(key: str, record: Record | AliasRecord) -> ChangeTypeDef:
    """Put a record in the place of our own."""
    return _change("UPSERT", to_listed(key, record))


def removal(written: ResourceRecordSetUnionTypeDef) -> ChangeTypeDef:
    """Remove a record exactly as Route53 lists it; refused where it has changed since."""
    return _change("DELETE", written)


def foreseen(key: str, record: Record | AliasRecord, *, is_there: bool) -> ChangeTypeDef:
    """Write a change as large as it will be, of a record whose values only the apply may know."""
    if isinstance(record, Record):
        values = tuple("unknown" if is_deferred(value) else value for value in record.values)
        record = record.model_copy(update={"values": values})
    elif is_deferred(record.dns_name):
        record = record.model_copy(update={"dns_name": "unknown"})
    return replacement(key, record) if is_there else creation(key, record)


def batches(changes: Mapping[str, Sequence[ChangeTypeDef]]) -> Iterator[list[ChangeTypeDef]]:
    """Cut changes into batches that Route53 takes. Up to 1,000 values are one.

    Of several, none leaves a name that leads nowhere: an alias comes after what it leads to, and goes before it.

    Args:
        changes: what changes of each name, removals first.
    """
    batch: list[ChangeTypeDef] = []
    values = characters = 0
    for unit in _in_order(changes):
        sizes = [_size(change) for change in unit]
        more_values, more_characters = sum(size[0] for size in sizes), sum(size[1] for size in sizes)
        if batch and (values + more_values > MOST_VALUES or characters + more_characters > MOST_CHARACTERS):
            yield batch
            batch, values, characters = [], 0, 0
        batch.extend(unit)
        values += more_values
        characters += more_characters
    if batch:
        yield batch


def is_too_much(unit: Iterable[ChangeTypeDef]) -> bool:
    """Whether what changes of one name is more than a batch."""
    sizes = [_size(change) for change in unit]
    return sum(size[0] for size in sizes) > MOST_VALUES or sum(size[1] for size in sizes) > MOST_CHARACTERS


def _in_order(changes: Mapping[str, Sequence[ChangeTypeDef]]) -> Iterator[Sequence[ChangeTypeDef]]:
    """Give what is written first, targets before aliases of them; then what is removed, the other way around."""
    targets = {name: _targets(unit) & changes.keys() - {name} for name, unit in changes.items()}
    # Two names can't lead to each other: Route53 takes an alias of what is there.
    order = list(TopologicalSorter(targets).static_order())
    writes = [name for name in order if any(change["Action"] != "DELETE" for change in changes[name])]
    yield from (changes[name] for name in writes)
    yield from (changes[name] for name in reversed(order) if name not in set(writes))


def _targets(unit: Iterable[ChangeTypeDef]) -> set[str]:
    aliases = (change["ResourceRecordSet"].get("AliasTarget") for change in unit)
    return {listed(alias["DNSName"]) for alias in aliases if alias}


def submit(cloud: Cloud, zone_id: str, batch: list[ChangeTypeDef]) -> str | None:
    """Ask for a batch; give the id of the change to wait for, None if it's everywhere already."""
    answer = cloud.route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": batch})
    info = answer["ChangeInfo"]
    return None if info["Status"] == IN_SYNC else info["Id"]


def wait_in_sync(cloud: Cloud, change_id: str) -> None:
    """Wait until every name server answers with a change.

    Raises:
        RefusedError: it took longer than anyone should wait. The change stands.
    """

    def in_sync() -> bool | None:
        return True if cloud.route53.get_change(Id=change_id)["ChangeInfo"]["Status"] == IN_SYNC else None

    wait_for(cloud.clock, f"Route53 to publish the change {change_id}", in_sync)


def _change(action: ChangeActionType, written: ResourceRecordSetUnionTypeDef) -> ChangeTypeDef:
    return {"Action": action, "ResourceRecordSet": written}


def _size(change: ChangeTypeDef) -> tuple[int, int]:
    """Give a change's values and characters. An alias has neither; it is counted as one, to be safe."""
    values = [item["Value"] for item in change["ResourceRecordSet"].get("ResourceRecords", [])]
    weight = 2 if change["Action"] == "UPSERT" else 1
    return weight * max(len(values), 1), weight * sum(map(len, values))
