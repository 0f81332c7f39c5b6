"""How filters of EC2's lists match, wildcards included, and the tags that most of them can name.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from kubewire.local.aws.call import Call

Tags: TypeAlias = list[dict[str, str]]
Values: TypeAlias = Callable[[str], Iterable[object]]


def tags_of(call: Call, identity: str) -> Tags:
    """A thing's tags, as answers have them. moto's own way to them looks at the tags of everything."""
    # Asking its dict would make an entry for a thing without tags.
    return [{"Key": key, "Value": value} for key, value in call.ec2.tags.get(identity, {}).items()]


def matches(filters: Iterable[dict[str, Any]], values: Values) -> bool:
    """Whether a thing passes all filters; one filter is passed by any of its values.

    Args:
        filters: as a call has them.
        values: what the thing has under a filter's name.
    """
    return all(
        any(_pattern(wanted).fullmatch(_text(value)) for value in values(one["Name"]) for wanted in one["Values"])
        for one in filters
    )


def tag_values(tags: Sequence[dict[str, str]], name: str) -> list[str]:
    """What a thing has under the names of filters on tags."""
    if name == "tag-key":
        return [tag["Key"] for tag in tags]
    return [tag["Value"] for tag in tags if f"tag:{tag['Key']}" == name]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@lru_cache(maxsize=1000)
def _pattern(wanted: str) -> re.Pattern[str]:
    """A filter's value: * and ? stand for others, unless a backslash is before them."""
    parts = re.findall(r"\\[*?\\]|.", wanted, re.DOTALL)
    written = (
        ".*" if part == "*" else "." if part == "?" else re.escape(part[1:] if len(part) > 1 else part)
        for part in parts
    )
    return re.compile("".join(written), re.DOTALL)
