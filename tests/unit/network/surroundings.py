"""What stands around a network, for `strategies`: links, endpoints, ACLs and flow logs."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from kubewire.network.layout import Role

Wire = dict[str, Any]


@st.composite
def links(draw: st.DrawFn, *, ipv6: bool) -> list[Wire]:
    """Draw ways to other networks, whose ranges are apart."""
    found = []
    for number in range(draw(st.integers(0, 3))):
        cidrs = [f"192.168.{number}.0/24", *([f"2001:db8:{number:x}::/48"] if ipv6 and draw(st.booleans()) else [])]
        peering = {"kind": "peering", "connection": f"pcx-0123456789abcde{number:02}"}
        gateway = {"kind": "transit-gateway", "gateway": "tgw-0123456789abcdef0"}
        found.append({"name": f"link-{number}", "cidrs": cidrs, **draw(st.sampled_from((peering, gateway)))})
    return found


def endpoints(*, gateways: bool) -> st.SearchStrategy[list[Wire]]:
    """Draw endpoints, each once.

    Args:
        gateways: whether there are tables of the network's own, which gateway endpoints need.
    """
    by_gateway = [{"kind": "gateway", "service": service} for service in ("s3", "dynamodb")] if gateways else []
    by_interface = [{"kind": "interface", "service": service} for service in ("ecr.api", "ecr.dkr", "sts")]
    return st.lists(st.sampled_from([*by_gateway, *by_interface]), max_size=4, unique_by=lambda row: row["service"])


@st.composite
def acls(draw: st.DrawFn, roles: set[Role]) -> list[Wire]:
    """Draw ACLs for some of the roles."""
    chosen = draw(st.lists(st.sampled_from(sorted(roles)), max_size=2, unique=True))
    return [{"role": role.value, "ingress": draw(acl_rules()), "egress": draw(acl_rules())} for role in chosen]


@st.composite
def acl_rules(draw: st.DrawFn) -> list[Wire]:
    """Draw rules of one direction, with numbers that differ."""
    numbers = draw(st.lists(st.integers(100, 32000), max_size=4, unique=True))
    kinds: tuple[Wire, ...] = (
        {"protocol": "tcp", "ports": {"first": 1024, "last": 65535}, "cidr": "0.0.0.0/0"},
        {"protocol": "udp", "ports": {"first": 53, "last": 53}, "cidr": "10.0.0.0/8"},
        {"protocol": "icmp", "ports": {"first": 3, "last": 4}, "cidr": "0.0.0.0/0"},
        {"cidr": "::/0"},
        {"protocol": 50, "cidr": "203.0.113.0/24"},
    )
    actions = st.sampled_from(("allow", "deny"))
    return [{"number": number, "action": draw(actions), **draw(st.sampled_from(kinds))} for number in numbers]


def flow_logs() -> st.SearchStrategy[list[Wire]]:
    """Draw flow logs."""
    shared = {"traffic": st.sampled_from(("accept", "reject", "all")), "interval": st.sampled_from((60, 600))}
    bucket = st.fixed_dictionaries(
        {"kind": st.just("s3"), "bucket_arn": st.sampled_from(("arn:aws:s3:::logs", "arn:aws:s3:::logs/vpc"))},
        optional=shared,
    )
    group = st.fixed_dictionaries(
        {
            "kind": st.just("cloudwatch"),
            "log_group_arn": st.just("arn:aws:logs:eu-west-1:123456789012:log-group:flows"),
            "role_arn": st.just("arn:aws:iam::123456789012:role/flows"),
        },
        optional=shared,
    )
    return st.lists(bucket | group, max_size=3)
