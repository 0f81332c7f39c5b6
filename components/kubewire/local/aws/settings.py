"""What can be set of the embedded AWS while it runs: `POST /kubewire-api/config`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from kubewire.local.aws.durations import DURATIONS, Duration
from kubewire.local.aws.quotas import QUOTAS, Quota

_Number = TypeVar("_Number", int, float)


class Pace(StrEnum):
    """How long changes of state take that have no duration of their own set."""

    INSTANT = "instant"
    AWS = "aws"


class Ticking(StrEnum):
    """What moves the clock; `POST /kubewire-api/clock` does in either case."""

    REAL = "real"
    MANUAL = "manual"


class Settings(BaseModel):
    """All of it. What isn't given in a change stays as it is.

    Attributes:
        strict: whether AWS's rules hold; else moto's server answers as it is.
        throttling: whether AWS's request rates hold.
        clock: what moves the clock.
        pace: how long a change of state takes, as a rule.
        durations: how many seconds a named one takes.
        quotas: how many of a named thing there may be.
        rejected_keys: access keys that AWS doesn't know. All others are as good as any.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    strict: bool = True
    throttling: bool = False
    clock: Ticking = Ticking.REAL
    pace: Pace = Pace.INSTANT
    durations: Mapping[str, Annotated[float, Field(ge=0)]] = {}
    quotas: Mapping[str, Annotated[int, Field(ge=0)]] = {}
    rejected_keys: frozenset[str] = frozenset()

    @field_validator("durations")
    @classmethod
    def _durations_exist(cls, named: Mapping[str, float]) -> Mapping[str, float]:
        return _known("duration", named, DURATIONS)

    @field_validator("quotas")
    @classmethod
    def _quotas_exist(cls, named: Mapping[str, int]) -> Mapping[str, int]:
        return _known("quota", named, QUOTAS)

    def changed(self, change: Mapping[str, Any]) -> Settings:
        """These settings with some others. Durations and quotas that the change doesn't name stay, too."""
        now = self.model_dump()
        for name in {"durations", "quotas"} & change.keys():
            now[name] |= change[name]
        return Settings.model_validate(now | {key: change[key] for key in change if key not in ("durations", "quotas")})

    def seconds(self, duration: Duration) -> float:
        """How long that takes."""
        return self.durations.get(duration.name, duration.aws if self.pace is Pace.AWS else 0.0)

    def limit(self, quota: Quota) -> int:
        """How many there may be."""
        return self.quotas.get(quota.name, quota.default)


def _known(kind: str, named: Mapping[str, _Number], declared: Mapping[str, object]) -> Mapping[str, _Number]:
    unknown = named.keys() - declared.keys()
    if unknown:
        raise ValueError(f"there is no {kind} {', '.join(sorted(unknown))}; there are {', '.join(sorted(declared))}")
    return named
