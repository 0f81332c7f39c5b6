"""What a reader found, for a file's words to refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kubewire.prover.facts.cluster import Cluster
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.unknown import Known


@dataclass(frozen=True)
class Found:
    """Facts without clusters, and what else a file may call things.

    Attributes:
        facts: what there is.
        clusters: what the source itself says of clusters, one a VPC at most.
        ids: ids and names to the keys of facts, of everything.
        tags: by interface, its own tags and those of the instance that has it.
        beside: what may add nodes that aren't known: an Auto Scaling group.
    """

    facts: Facts
    clusters: tuple[Cluster, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, Mapping[str, Known[str]]] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
