"""The ranges of private addresses that load balancers send to outside their VPC."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Final

REACHED_OUTSIDE: Final = tuple(
    IPv4Network(cidr) for cidr in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
)
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#target-type"""
