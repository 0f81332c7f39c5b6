"""How many calls a change of a set of interfaces makes."""

from __future__ import annotations

from kubewire.resources.calls import Calls, counted, members_retagged
from kubewire.resources.interface_sets import NetworkInterfacesArgs, NetworkInterfacesState


def changed_interfaces(old: NetworkInterfacesState | None, new: NetworkInterfacesArgs) -> Calls:
    """Count the calls between two sets of interfaces.

    One that is given up takes one call: it's deleted, or set to go with the machine that has it. Which of the two is
    the case nobody has asked AWS, so it counts as deleted.
    """
    kept = _kept(old, new) if old else {}
    made = len(new.interfaces) - len(kept)
    # AWS checks source and destination of a new interface, and takes one attribute a call.
    modified = made * (not new.source_dest_check)
    calls = counted(CreateNetworkInterface=made)
    if old:
        modified += len(kept) * (old.source_dest_check != new.source_dest_check)
        modified += len(kept) * (set(old.security_groups.values()) != set(new.security_groups.values()))
        calls += members_retagged(old.tags, new.tags, len(kept)) + counted(
            DeleteNetworkInterface=len(old.interfaces) - len(kept),
            AssignIpv6Addresses=sum(not was and ipv6 for was, ipv6 in kept.values()),
            UnassignIpv6Addresses=sum(was and not ipv6 for was, ipv6 in kept.values()),
        )
    return calls + counted(ModifyNetworkInterfaceAttribute=modified)


def _kept(old: NetworkInterfacesState, new: NetworkInterfacesArgs) -> dict[str, tuple[bool, bool]]:
    """Give the interfaces that stay, and whether each had and gets an IPv6 address."""
    kept = {}
    for name, row in new.interfaces.items():
        was = old.interfaces.get(name)
        if was and was.subnet.id == row.subnet.id and str(row.address) in ("None", old.addresses.get(name)):
            kept[name] = (was.ipv6, row.ipv6)
    return kept
