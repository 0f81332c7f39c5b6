"""How a set of instances is described, and how it is seen."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kubewire.model import Model, Ref
from kubewire.resources.members import MemberName, SetArgs, SetState

ROWS = "instances"


ImageId = Annotated[str, Field(pattern=r"^ami-[0-9a-f]{8,17}$")]
"""An AMI, `ami-0123456789abcdef0`."""

InstanceTypeName = Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")]
"""A size of machines, `t3.medium`."""


class Machine(Model):
    """One instance. A change of it is another instance in its place."""

    image: ImageId
    """The AMI that it boots, `ami-0123456789abcdef0`."""
    instance_type: InstanceTypeName
    """Its size, `t3.medium`."""
    interface: Ref
    """Its primary network interface, which can be attached to one instance at a time."""

    def is_same(self, other: Machine) -> bool:
        """Whether another is the same instance, whatever its interface is called."""
        mine, its = (self.image, self.instance_type, self.interface.id), (other.image, other.instance_type)
        return mine == (*its, other.interface.id)


class InstancesArgs(SetArgs):
    """Inputs of a set of instances."""

    instances: dict[MemberName, Machine] = {}
    """The instances, by their names."""
    max_unavailable: int = Field(default=1, ge=1)
    """How many of them may be away at once while machines are replaced: Kubernetes' word for it."""


class InstancesState(InstancesArgs, SetState):
    """A set of instances as it is. One that is too many is listed under its id."""

    ids: dict[str, str]
    """The instances' ids, by their names."""
    zones: dict[str, str]
    """The availability zones that their interfaces put them in."""
