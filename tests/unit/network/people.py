"""Who may connect to and from a network, for `strategies`: sources, and control planes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Wire = dict[str, Any]
NAMES = ("corp", "nodes", "pods", "a b", "prefix list")
"""Among them what the network calls its own."""


def ranges() -> st.SearchStrategy[str]:
    """Draw ranges, some of which are neighbours or one another's parts."""
    return st.sampled_from(
        ("10.200.0.0/16", "10.201.0.0/16", "10.200.8.0/24", "203.0.113.0/24", "100.64.0.0/16", "2001:db8:8::/48")
    )


def sources(*, standalone: bool) -> st.SearchStrategy[Any]:
    """Draw who may open connections.

    Args:
        standalone: whether to leave out groups and prefix lists, which others make.
    """
    plain: st.SearchStrategy[Any] = st.just("anywhere") | ranges()
    return plain if standalone else plain | prefix_lists() | groups()


def prefix_lists() -> st.SearchStrategy[Wire]:
    """Draw prefix lists, some of one name."""
    return st.fixed_dictionaries(
        {
            "prefix_list": st.sampled_from(("pl-0123456789abcdef0", "pl-0123456789abcdef1")),
            "entries": st.integers(1, 9),
        },
        optional={"name": st.sampled_from(NAMES)},
    )


def groups() -> st.SearchStrategy[Wire]:
    """Draw security groups, some of one name."""
    return st.fixed_dictionaries(
        {"group": st.sampled_from(("sg-0123456789abcdef0", "sg-0123456789abcdef1"))},
        optional={"name": st.sampled_from(NAMES)},
    )


def control_planes(*, standalone: bool) -> st.SearchStrategy[Wire]:
    """Draw who the control plane is."""
    ports = {"api_port": st.sampled_from((443, 6443)), "webhooks": st.lists(st.sampled_from((8443, 9443, 10250)))}
    by_ranges = st.fixed_dictionaries(
        {"kind": st.just("ranges"), "cidrs": st.lists(ranges(), min_size=1, max_size=3)}, optional=ports
    )
    by_group = st.fixed_dictionaries(
        {"kind": st.just("group"), "name": st.sampled_from(NAMES), "id": st.just("sg-0123456789abcdef0")},
        optional=ports,
    )
    return by_ranges if standalone else by_ranges | by_group
