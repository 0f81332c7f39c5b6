"""Who reaches whom with what, that didn't before; or did, and doesn't now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import Kinds
from kubewire.prover.difference.delta import Turn
from kubewire.prover.difference.joints import Piece
from kubewire.prover.witness import Witness


@dataclass(frozen=True, slots=True)
class Inside:
    """Nodes and pods."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """Addresses of others: of the internet, of other networks, and of the VPC's other machines.

    Attributes:
        addresses: which.
        group: the security group that they bear; empty for none.
    """

    addresses: Addresses
    group: str = ""


@dataclass(frozen=True, slots=True)
class Balancers:
    """Load balancers, by the Services that they are there for, or else their names; each with its listeners."""

    ports: tuple[tuple[str, Kinds], ...]


@dataclass(frozen=True, slots=True)
class ServicesEnd:
    """Services, `namespace/name`, each with its ports."""

    ports: tuple[tuple[str, Kinds], ...]


End = Inside | Outside | Balancers | ServicesEnd


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """Everything that every one of some sends to every one of others, on another node.

    Attributes:
        turn: what becomes of it.
        source: who.
        destination: whom.
        kinds: what; with load balancers and Services each has its own of it.
        unknowns: what would decide it, where it isn't known.
        witness: follows one packet of it, through the network after the change, or before it if that is where it
            passes.
    """

    turn: Turn
    source: End
    destination: End
    kinds: Kinds
    unknowns: frozenset[str]
    witness: Callable[[], Witness]
