"""Names within AWS's limits."""

from __future__ import annotations

import hashlib
import re

LONGEST = 32
"""Characters in the name of a load balancer or target group.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"""
LONGEST_GROUP = 255
"""Characters in the name of a security group."""
RESERVED_PREFIX = "internal-"
DIGEST = 8
LIKE_A_DIGEST = re.compile(rf"[0-9a-f]{{{DIGEST}}}")
PLAIN = re.compile(r"[a-z0-9]+")


def aws_name(*parts: str, longest: int = LONGEST) -> str:
    """Join parts to a name that AWS takes. Other parts give another name.

    A name that could be read in two ways (`a-b` and `c`, or `a` and `b-c`), is too long or not allowed ends in a hash
    of its parts.
    """
    whole = "-".join(parts)
    clear = all(PLAIN.fullmatch(part) for part in parts) and not LIKE_A_DIGEST.fullmatch(parts[-1])
    if clear and len(whole) <= longest and not whole.startswith(RESERVED_PREFIX):
        return whole
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:DIGEST]
    readable = re.sub("-+", "-", whole)
    if readable.startswith(RESERVED_PREFIX):
        readable = f"k-{readable}"
    return f"{readable[: longest - DIGEST - 1].rstrip('-')}-{digest}"


def shortened(text: str, longest: int) -> str:
    """Cut a text that is too long; a hash of the whole at its end tells it from others that begin alike."""
    if len(text) <= longest:
        return text
    return f"{text[: longest - DIGEST - 1]}-{hashlib.sha256(text.encode()).hexdigest()[:DIGEST]}"
