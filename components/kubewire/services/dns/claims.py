"""Names that are taken: a record is one Service's, and what can't stand beside another is seen before the apply."""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from kubewire.errors import InvalidInputError
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.resources.record import AliasRecord, Record
from kubewire.resources.record_rules import apart
from kubewire.resources.record_values import RecordType
from kubewire.resources.zone_records import parts_of
from kubewire.services.dns.rows import Rows


@dataclass(frozen=True)
class _Held:
    holder: str
    row: Record | AliasRecord


@dataclass
class Claims:
    """The records of a stack, by their zones and keys."""

    _zones: dict[str, dict[str, _Held]] = field(default_factory=dict)

    def claim(self, zone: str, rows: Rows, holder: str, path: str) -> None:
        """Take records for a Service.

        Args:
            zone: what tells their zone from others.
            rows: the records.
            holder: the Service.
            path: where they are described.

        Raises:
            InvalidInputError: they are taken, or can't stand beside what is.
        """
        taken = self._zones.setdefault(zone, {})
        for key, row in rows.items():
            self._check(taken, key, row, path)
        taken |= {key: _Held(holder, row) for key, row in rows.items()}

    def holder(self, zone: str, key: str) -> str | None:
        """Give the Service that a record is of."""
        held = self._zones.get(zone, {}).get(key)
        return held.holder if held else None

    def _check(self, taken: dict[str, _Held], key: str, row: Record | AliasRecord, path: str) -> None:
        name, kind = parts_of(key)
        if held := taken.get(key):
            detail = "A name leads to one Service, unless a routing policy chooses: then each has its `setIdentifier`."
            message = f"{key} belongs to {held.holder} already"
            raise InvalidInputError(message, detail=detail, path=f"{path}.name")
        beside = {other: held for other, held in taken.items() if parts_of(other)[0] == name}
        for other, held in beside.items():
            if (parts_of(other)[1] == RecordType.CNAME) != (kind == RecordType.CNAME):
                detail = "Nothing stands beside a CNAME. Give one of the two another name."
                message = f"{key} can't stand beside {other} of {held.holder}"
                raise InvalidInputError(message, detail=detail, path=f"{path}.name")
        alike = {other: held.row for other, held in beside.items() if parts_of(other)[1] == kind}
        if reason := apart(row, alike):
            raise InvalidInputError(reason[0], detail=reason[1], path=f"{path}.routing")


_OF_NETWORKS: WeakKeyDictionary[ClusterNetwork, Claims] = WeakKeyDictionary()


def claims_of(network: ClusterNetwork) -> Claims:
    """Give the records that a network's Services have taken so far in this program."""
    return _OF_NETWORKS.setdefault(network, Claims())
