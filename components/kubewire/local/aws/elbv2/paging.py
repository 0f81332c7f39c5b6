"""Lists that moto pages itself, and shortly: it must give all of them, for the pages are made from that."""

from __future__ import annotations

from typing import Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.rules import before

_ALL: Final = 10**9


@before("elbv2", "DescribeRules")
def everything(call: Call) -> Call:
    """Ask moto for all rules: without a page's size it gives fifty.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeRules.html
    """
    return call.with_parameters({**call.parameters, "PageSize": _ALL})
