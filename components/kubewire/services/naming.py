"""Names within AWS's limits."""

from __future__ import annotations

import hashlib

LONGEST = 32
"""Characters in the name of a load balancer or target group.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"""
DIGEST = 6


def aws_name(*parts: str) -> str:
    """Join parts to a name of at most 32 characters; a longer one is cut, and ends in a hash of the whole."""
    whole = "-".join(parts)
    if len(whole) <= LONGEST:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:DIGEST]
    return f"{whole[: LONGEST - DIGEST - 1].rstrip('-')}-{digest}"
