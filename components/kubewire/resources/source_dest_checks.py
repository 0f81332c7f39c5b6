"""The source/destination checks of interfaces that others made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubewire.deferred import Later
from kubewire.errors import NotFoundError
from kubewire.model import Model
from kubewire.resources.base import Resource
from kubewire.resources.calls import Calls, came, counted, went
from kubewire.resources.members import set_id
from kubewire.resources.tagging import where

if TYPE_CHECKING:
    from collections.abc import Iterable

    from types_boto3_ec2.type_defs import NetworkInterfaceTypeDef

MOST_AT_ONCE = 200
"""Values of one filter: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html."""


class SourceDestChecksArgs(Model):
    """Inputs of a set of switched-off checks."""

    interfaces: dict[str, Later[str]]
    """The interfaces that pass packets of pods, name to id: AWS must not ask whether these are from or to them."""


class SourceDestChecksState(SourceDestChecksArgs):
    """The interfaces whose check is off."""


class SourceDestChecks(Resource[SourceDestChecksArgs, SourceDestChecksState]):
    """Switches checks off, on as many interfaces as there are, and on again where an interface leaves the set."""

    Args, State = SourceDestChecksArgs, SourceDestChecksState

    @classmethod
    def calls(cls, old: SourceDestChecksState | None, new: SourceDestChecksArgs) -> Calls:
        before, after = old.interfaces.values() if old else (), new.interfaces.values()
        return counted(ModifyNetworkInterfaceAttribute=came(before, after) + went(before, after))

    def create(self, args: SourceDestChecksArgs) -> str:
        # Nothing to make: `converge` switches.
        return set_id("source-dest-checks", self.owner)

    def read(self, object_id: str, known: SourceDestChecksArgs | None) -> SourceDestChecksState | None:
        if known is None:
            return None
        off = {row["NetworkInterfaceId"] for row in self._rows(known.interfaces.values()) if not row["SourceDestCheck"]}
        return SourceDestChecksState(
            interfaces={name: interface for name, interface in known.interfaces.items() if interface in off}
        )

    def converge(self, object_id: str, old: SourceDestChecksState, new: SourceDestChecksArgs) -> SourceDestChecksState:
        stale = set(old.interfaces.values()) - set(new.interfaces.values())
        self._switch(self._rows(stale), checked=True)
        self._switch(self._rows(new.interfaces.values()), checked=False)
        return SourceDestChecksState(**dict(new))

    def delete(self, object_id: str, state: SourceDestChecksState) -> None:
        self._switch(self._rows(state.interfaces.values()), checked=True)

    def _rows(self, interfaces: Iterable[str]) -> list[NetworkInterfaceTypeDef]:
        """Look at interfaces, as far as they are there."""
        ids = sorted(interfaces)
        rows: list[NetworkInterfaceTypeDef] = []
        for start in range(0, len(ids), MOST_AT_ONCE):
            batch = ids[start : start + MOST_AT_ONCE]
            filters = where({"network-interface-id": batch[0]})
            filters[0]["Values"] = batch
            rows += self.cloud.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
        return rows

    def _switch(self, rows: Iterable[NetworkInterfaceTypeDef], *, checked: bool) -> None:
        for row in rows:
            if row["SourceDestCheck"] is not checked:
                try:
                    self.cloud.ec2.modify_network_interface_attribute(
                        NetworkInterfaceId=row["NetworkInterfaceId"], SourceDestCheck={"Value": checked}
                    )
                except NotFoundError:
                    # It went with its machine.
                    continue
