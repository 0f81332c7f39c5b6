"""A small description with every kind of field, and its faults."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Network
from typing import Annotated, Any

import pytest
from pydantic import Field, ValidationError, model_validator

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.faults import faults
from kubewire.model import REPLACE, UNIQUE, Cidr, Model, PortNumber, Ref, Tags


class Kind(StrEnum):
    """What a port is for."""

    WEB = "web"


class Node(Model):
    """A machine."""

    zone: str = Field(min_length=2)
    ports: dict[PortNumber, Kind] = {}

    @model_validator(mode="after")
    def _no_moon(self) -> Node:
        if self.zone == "moon":
            raise InvalidInputError("no zone", detail="Take one on earth.", path="zone")
        return self


class Net(Model):
    """A network."""

    pod_cidr: Annotated[Cidr, REPLACE] = IPv4Network("10.0.0.0/8")
    vpc: Annotated[Ref | None, REPLACE, UNIQUE] = None
    size: Later[Annotated[int, Field(ge=1)]] = 1
    nodes: tuple[Node, ...] = ()
    tags: Tags = {}


def faults_of(data: dict[str, Any]) -> list[InvalidInputError]:
    """Give what is wrong with a network."""
    with pytest.raises(ValidationError) as caught:
        Net.model_validate(data)
    return faults(caught.value, data)


def only_fault(data: dict[str, Any]) -> InvalidInputError:
    """Give the one thing that is wrong with a network."""
    (fault,) = faults_of(data)
    return fault
