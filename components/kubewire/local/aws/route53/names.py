r"""DNS names as Route53 takes, lists and sorts them.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

LONGEST_LABEL: Final = 63
LONGEST_NAME: Final = 255

_LISTED_AS_THEY_ARE: Final = frozenset(string.ascii_lowercase + string.digits + "-_")
_PRINTABLE: Final = range(0x21, 0x7F)
_CHARACTER: Final = re.compile(r"\\([0-3][0-7]{2})|(.)", re.DOTALL)


class MalformedError(ValueError):
    """What is wrong with a name or a value, in AWS's words."""


def malformed(problem: str, words: str, value: str) -> MalformedError:
    """Say it as AWS says it."""
    return MalformedError(f"FATAL problem: {problem} ({words}) encountered with '{value}'")


def listed(name: str) -> str:
    r"""A name as Route53 lists it: in lower case, with its last dot, and all but letters, digits, - and _ as codes.

    Raises:
        MalformedError: it isn't a domain's name.
    """
    labels = _labels(name)
    for label in labels:
        if not label:
            raise malformed("DomainLabelEmpty", "Domain label is empty", name)
        if len(label) > LONGEST_LABEL:
            raise malformed("DomainLabelTooLong", "Domain label is too long", label)
    if sum(len(label) + 1 for label in labels) > LONGEST_NAME:
        raise malformed("DomainNameTooLong", "Domain name is too long", name)
    return "".join("".join(map(_coded, label)) + "." for label in labels)


@lru_cache(maxsize=2**16)
def place(name: str) -> str:
    r"""Where a name stands in Route53's lists: labels reversed, with the last dot, `*` as the character that it is.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html

    Raises:
        MalformedError: it isn't a domain's name.
    """
    return ".".join(reversed(_labels(listed(name)))) + "."


def within(name: str, zone: str) -> bool:
    """Whether a listed name is a zone's own, or below it."""
    return name == zone or name.endswith(f".{zone}")


def is_wildcard(name: str) -> bool:
    """Whether a listed name's whole first label is `*`."""
    return name.startswith("\\052.")


def _labels(name: str) -> list[str]:
    """Labels in lower case, their codes resolved."""
    bare = name.removesuffix(".")
    if not bare:
        raise malformed("DomainNameEmpty", "Domain name is empty", name)
    labels = [""]
    for character, separates in _characters(bare):
        if separates:
            labels.append("")
        else:
            labels[-1] += character.lower()
    return labels


def _characters(name: str) -> Iterator[tuple[str, bool]]:
    """Each character, and whether it is a dot between labels."""
    for match in _CHARACTER.finditer(name):
        code, plain = match.groups()
        if code:
            yield chr(int(code, 8)), False
        elif ord(plain) not in _PRINTABLE:
            raise malformed("UnsupportedCharacter", "Value contains unsupported characters", plain)
        else:
            yield plain, plain == "."


def _coded(character: str) -> str:
    return character if character in _LISTED_AS_THEY_ARE else f"\\{ord(character):03o}"
