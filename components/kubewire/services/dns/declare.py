"""The records of a Service, declared: one set for each zone, marked as the Service's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pulumi

from kubewire.declared import Declared
from kubewire.errors import InvalidInputError
from kubewire.model import Ref
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.resources.dns_names import canonical
from kubewire.resources.record_marker import Marker, MarkNames
from kubewire.resources.record_sets import RecordsArgs
from kubewire.resources.records import Records
from kubewire.services.component import ServiceComponent
from kubewire.services.dns.claims import claims_of
from kubewire.services.dns.rows import Rows
from kubewire.services.dns.zones import OWN, InZone


@dataclass(frozen=True)
class Wanted:
    """A record that is described, as rows.

    Attributes:
        described: how it is.
        rows: what there is to be in the zone.
        path: where it is described.
    """

    described: InZone
    rows: Rows
    path: str


@dataclass(frozen=True)
class RecordsOf:
    """Declares the records of one Service.

    Attributes:
        network: whose zone is the default one.
        name: what the stack calls the Service.
        label: `namespace/name`.
        parent: its component.
    """

    network: ClusterNetwork
    name: str
    label: str
    parent: ServiceComponent

    def declare(
        self, wanted: Iterable[Wanted], after: Sequence[pulumi.Resource] = (), *, alone: bool = False
    ) -> list[Declared]:
        """Declare records: one set in each zone.

        Args:
            wanted: the records.
            after: what they lead to. It is there before them, and goes after them.
            alone: whether the Service has one set at most: then that is called as the Service, whatever its zone.

        Raises:
            InvalidInputError: the network has no zone of its own, another Service has the name, or AWS would refuse it.
        """
        zones: dict[str, list[Wanted]] = {}
        for one in wanted:
            claims_of(self.network).claim(one.described.zone_key, one.rows, self.label, one.path)
            zones.setdefault(one.described.zone_key, []).append(one)
        names: set[str] = set()
        made: list[Declared] = []
        for several in zones.values():
            domain = self._by_domain(several[0].described)
            name = self.name if alone else self._name(domain, names)
            # A set that is alone is called otherwise than those of other types are, and the other way around.
            first = alone or (OWN not in zones and not made)
            formers = [domain if alone else name, *([self.name] if first else [])]
            made.append(self._set(name, several, after, dict.fromkeys(formers)))
        return made

    def _by_domain(self, described: InZone) -> str:
        """Call a set as the Service in the network's own zone, and by the domain in others."""
        return f"{self.name}.{canonical(described.zone.domain)}" if described.zone else self.name

    @staticmethod
    def _name(domain: str, names: set[str]) -> str:
        """Name a set in the stack."""
        name = domain
        while name in names:
            # A private zone and a public one may have one domain.
            name = f"{domain}.{len(names)}"
        names.add(name)
        return name

    def _set(
        self, name: str, wanted: Sequence[Wanted], after: Sequence[pulumi.Resource], formers: Iterable[str]
    ) -> Declared:
        zone, marks = self._zone(wanted[0].described)
        args = RecordsArgs(
            zone=zone,
            records={key: row for one in wanted for key, row in one.rows.items()},
            marker=Marker(resource=f"service/{self.label}", names=marks),
            adopt=tuple(key for one in wanted if one.described.adopt for key in one.rows),
        )
        # A Service that changes its type has the same set still: another one would write the records, and the old one
        # then remove them, for they bear the Service's mark.
        former = [pulumi.Alias(name=one, parent=urn) for one in formers for urn in self.parent.formers]
        opts = pulumi.ResourceOptions(parent=self.parent, depends_on=list(after), aliases=former)
        return self.network.forecast.watch(Declared(Records, name, args, opts))

    def _zone(self, described: InZone) -> tuple[Ref, MarkNames]:
        if described.zone:
            return Ref(name=described.zone.domain, id=described.zone.id), described.zone.marks
        if self.network.zone is None:
            detail = "Give the record a `zone`, or the network a `domain`."
            raise InvalidInputError("there is no zone for the record", detail=detail, path=f"{self.label}: dns")
        return self.network.zone, MarkNames()
