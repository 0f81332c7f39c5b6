"""Names of load balancers."""

from __future__ import annotations

import re
from typing import Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import before

LONGEST: Final = 32
RESERVED: Final = "internal-"


@before("elbv2", "CreateLoadBalancer")
def balancer_name(call: Call) -> None:
    """Refuse names that are too long, or have other characters than letters, digits and inner hyphens.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    """
    name = call.parameters["Name"]
    wrong = None
    if len(name) > LONGEST:
        wrong = f"be longer than '{LONGEST}' characters"
    elif name.startswith("-") or name.endswith("-"):
        wrong = "begin or end with '-'"
    elif name.startswith(RESERVED):
        wrong = f"begin with '{RESERVED}'"
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        what = "can only contain characters that are alphanumeric characters and hyphens(-)"
        raise Refusal("ValidationError", f"The load balancer name '{name}' {what}")
    if wrong:
        raise Refusal("ValidationError", f"The load balancer name '{name}' cannot {wrong}")
