"""The instances that are the nodes of a cluster, as one set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from kubewire.resources.base import Resource
from kubewire.resources.calls import Calls, batches, counted, members_retagged
from kubewire.resources.instance_changes import InstanceChanges
from kubewire.resources.instance_rows import InstanceRow, instance_rows
from kubewire.resources.instance_sets import ROWS, InstancesArgs, InstancesState, Machine
from kubewire.resources.member_rows import by_member, differing, foreseen, own_tags, shown_tags
from kubewire.resources.members import MOST_TAGS, member_tags, retag_members, set_id
from kubewire.resources.references import named


class Instances(Resource[InstancesArgs, InstancesState]):
    """Machines. Their interfaces are declared apart, and stay when a machine is replaced."""

    Args, State = InstancesArgs, InstancesState
    most_tags = MOST_TAGS

    def find(self, args: InstancesArgs) -> list[str]:
        object_id = self._id()
        return [object_id] if any(row.is_live for row in instance_rows(self.cloud, object_id)) else []

    def create(self, args: InstancesArgs) -> str:
        # The instances are launched by `converge`, which looks first for those of a run that was cut off.
        return self._id()

    def read(self, object_id: str, known: InstancesArgs | None) -> InstancesState | None:
        live = [row for row in instance_rows(self.cloud, object_id) if row.is_live]
        if known is None:
            if not live:
                return None
            known = InstancesArgs(name=object_id, tags=shown_tags(live[:1], {}))
        declared = known.instances
        members, others = by_member(live, lambda name, row: not _fits(row, declared.get(name)))
        listed = {**members, **{row.id: row for row in others}}
        return InstancesState(
            name=known.name,
            tags=shown_tags(members.values(), known.tags),
            differing=differing(members, lambda row: own_tags(row.tags), known.tags),
            instances={name: _machine(row, declared.get(name)) for name, row in listed.items()},
            **_facts(listed),
        )

    @classmethod
    def calls(cls, old: InstancesState | None, new: InstancesArgs) -> Calls:
        was = old.instances if old else {}
        there = was.keys() & new.instances.keys()
        stale = [name for name in there if not was[name].is_same(new.instances[name])]
        tags = members_retagged(old.tags, new.tags, len(there) - len(stale)) if old else Counter()
        return tags + counted(
            RunInstances=len(new.instances) - len(there) + len(stale),
            TerminateInstances=batches(len(was) - len(there)) + batches(len(stale), new.max_unavailable),
        )

    @classmethod
    def foresee(cls, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> dict[str, Any]:
        before = old or {}
        rows, was = new[ROWS], before.get(ROWS, {})
        kept = {name for name, row in rows.items() if name in was and _fixed(was[name]) == _fixed(row)}
        return {field: foreseen(rows, kept, before.get(field)) for field in ("ids", "zones")}

    def converge(self, object_id: str, old: InstancesState, new: InstancesArgs) -> InstancesState:
        live = [row for row in instance_rows(self.cloud, object_id) if row.is_live]
        found, _ = by_member(live, lambda name, row: not _fits(row, new.instances.get(name)))
        there = {name: row.id for name, row in found.items() if name in new.instances}
        stale = [name for name in there if not _fits(found[name], new.instances[name])]
        changes = self._changes(object_id)
        # Only when it has ended does an instance let go of the interface that another one is to have.
        changes.end(new.name, frozenset(there.values()))
        missing = {name: machine for name, machine in new.instances.items() if name not in there}
        ids = {**there, **changes.launch(missing, new)}
        # A cluster lives through the replacement of its machines if few are away at once.
        for start in range(0, len(stale), new.max_unavailable):
            changes.started(new.name, {name: one for name, one in ids.items() if name not in stale[start:]})
            away = stale[start : start + new.max_unavailable]
            changes.end(new.name, frozenset(one for name, one in ids.items() if name not in away))
            ids |= changes.launch({name: new.instances[name] for name in away}, new)
        members = changes.started(new.name, ids)
        tags = {row.id: member_tags(object_id, name, new, self.owner) for name, row in members.items()}
        retag_members(self.cloud, tags, members.values(), old)
        return InstancesState(**dict(new), **_facts({name: members[name] for name in new.instances}))

    def delete(self, object_id: str, state: InstancesState) -> None:
        # Their interfaces can't be deleted before they have ended.
        self._changes(object_id).end(state.name, frozenset())

    def _id(self) -> str:
        return set_id("instances", self.owner)

    def _changes(self, object_id: str) -> InstanceChanges:
        return InstanceChanges(self.cloud, self.owner, object_id, self.client_token)


def _fits(row: InstanceRow, declared: Machine | None) -> bool:
    """Whether an instance is what is declared; nothing of it can be changed."""
    if declared is None:
        return False
    found = (row.image, row.instance_type, row.interface)
    return found == (declared.image, declared.instance_type, declared.interface.id)


def _fixed(machine: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give what of an instance can't be changed, from its wire form."""
    return machine["image"], machine["instanceType"], machine["interface"]["id"]


def _machine(row: InstanceRow, declared: Machine | None) -> Machine:
    interface = named(row.interface, declared.interface if declared else None)
    return Machine(image=row.image, instance_type=row.instance_type, interface=interface)


def _facts(rows: Mapping[str, InstanceRow]) -> dict[str, dict[str, str]]:
    """Give what AWS adds to the inputs."""
    return {
        "ids": {name: row.id for name, row in rows.items()},
        "zones": {name: row.zone for name, row in rows.items()},
    }
