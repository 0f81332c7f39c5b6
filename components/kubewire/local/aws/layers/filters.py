"""Filters of EC2's lists: a name that AWS doesn't have is refused, not ignored.

Which names an operation has is read from its documentation, which comes with the service's model.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from moto.core.model import OperationModel

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
MOST_VALUES: Final = 200

_ENTRY: Final = re.compile(r"<li>\s*<p>\s*<code>([^<]+)</code>(.*?)</li>", re.DOTALL)
_ALIASES: Final = re.compile(r"You can also use (.*?) as the filter names?", re.DOTALL)
_NAME: Final = re.compile(r"<code>([^<]+)</code>")


def checked(call: Call, proceed: Proceed) -> Answer:
    """Refuse unknown filters and too many values.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html
    """
    if call.service != "ec2":
        return proceed(call)
    # A few operations name them in the singular.
    given = call.parameters.get("Filters") or call.parameters.get("Filter") or ()
    names = documented(call.model)
    for one in given:
        name = one.get("Name")
        if name is None or (names and name not in names and not name.startswith("tag:")):
            raise invalid_parameter(f"The filter '{name or 'null'}' is invalid")
        if not one.get("Values"):
            raise invalid_parameter(f"The filter '{name}' must have at least one value")
    if sum(len(one["Values"]) for one in given) > MOST_VALUES:
        limit = f"The maximum number of filter values specified on a single call is {MOST_VALUES}"
        raise Refusal("FilterLimitExceeded", limit)
    return proceed(call)


@cache
def documented(model: OperationModel) -> frozenset[str]:
    """The filters that AWS's documentation of an operation lists; empty where it lists none."""
    members = model.input_shape.members if model.input_shape else {}
    shape = members.get("Filters") or members.get("Filter")
    found: set[str] = set()
    for name, text in _ENTRY.findall(shape.documentation if shape else ""):
        found.add(name)
        for aliases in _ALIASES.findall(text):
            found.update(_NAME.findall(aliases))
    return frozenset(found)
