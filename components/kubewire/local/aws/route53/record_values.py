"""What a record's values may be, type by type.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from kubewire.local.aws.route53.names import MalformedError, listed, malformed
from kubewire.local.aws.route53.record_limits import MOST_VALUES

LONGEST_STRING: Final = 255
_STRING: Final = re.compile(r'"((?:[^"\\]|\\[0-7]{3}|\\[^0-7])*)"')
_ESCAPE: Final = re.compile(r"\\(?:[0-7]{3}|.)")
_PRINTABLE: Final = range(0x20, 0x7F)
_TAG: Final = re.compile(r"[a-zA-Z0-9]+")
_SIXTEEN_BITS: Final = 2**16
_EIGHT_BITS: Final = 2**8


def problems(kind: str, values: Sequence[str]) -> Iterator[str]:
    """What is wrong with the values of a record set."""
    if len(values) > MOST_VALUES:
        yield f"Cannot have more than {MOST_VALUES} records in a RRSet."
    if kind == "CNAME" and len(values) > 1:
        yield "Cannot have more than 1 records in a RRSet of type CNAME."
    seen: set[str] = set()
    for value in values:
        if value in seen:
            yield f"Duplicate Resource Record: '{value}'"
        seen.add(value)
        try:
            _CHECKS.get(kind, _anything)(value)
        except MalformedError as error:
            yield f"Invalid Resource Record: '{error}'"


def canonical(kind: str, value: str) -> str:
    """A value as it is compared when a record is deleted: of a name, neither case nor the last dot matter."""
    if kind in ("CNAME", "NS", "PTR"):
        return listed(value)
    if kind in ("MX", "SRV"):
        *numbers, name = value.split()
        return " ".join([*numbers, name if name == "." else listed(name)])
    return value


def _anything(value: str) -> None:
    if not value.strip():
        raise malformed("RRDATAEmpty", "Value is empty", value)


def _fields(kind: str, count: int, word: str, value: str) -> list[str]:
    found = value.split()
    if len(found) != count:
        raise malformed(f"{kind}RRDATANot{word}Fields", f"{kind} record doesn't have {count} fields", value)
    return found


def _number(kind: str, what: str, below: int, field: str, value: str) -> None:
    if not (field.isascii() and field.isdecimal() and int(field) < below):
        words = f"{what} is not a number between 0 and {below - 1}"
        raise malformed(f"{kind}RRDATAIllegal{what.title().replace(' ', '')}", words, value)


def _ipv4(value: str) -> None:
    if " " in value:
        raise malformed("ARRDATANotSingleField", "Value contains spaces", value)
    try:
        IPv4Address(value)
    except ValueError as error:
        raise malformed("ARRDATAIllegalIPv4Address", "Value is not a valid IPv4 address", value) from error


def _ipv6(value: str) -> None:
    if " " in value:
        raise malformed("AAAARRDATANotSingleField", "Value contains spaces", value)
    try:
        if "%" not in value:
            IPv6Address(value)
            return
    except ValueError:
        pass
    raise malformed("AAAARRDATAIllegalIPv6Address", "Value is not a valid IPv6 address", value)


def _name(value: str) -> None:
    listed(value)


def _mx(value: str) -> None:
    """10 mail.example.com."""
    priority, name = _fields("MX", 2, "Two", value)
    _number("MX", "Priority", _SIXTEEN_BITS, priority, value)
    if name != ".":
        listed(name)


def _srv(value: str) -> None:
    """10 5 80 hostname.example.com."""
    *numbers, name = _fields("SRV", 4, "Four", value)
    for what, number in zip(("Priority", "Weight", "Port"), numbers, strict=True):
        _number("SRV", what, _SIXTEEN_BITS, number, value)
    if name != ".":
        listed(name)


def _caa(value: str) -> None:
    """0 issue "ca.example.com": the third may have spaces in its quotes."""
    fields = value.split(maxsplit=2)
    flags, tag, text = fields if len(fields) == 3 else _fields("CAA", 3, "Three", " ".join(fields))  # noqa: PLR2004 - flags, tag, value
    _number("CAA", "Flags", _EIGHT_BITS, flags, value)
    if not _TAG.fullmatch(tag):
        raise malformed("CAARRDATAIllegalTag", "Tag contains unsupported characters", value)
    _text(text)


def _text(value: str) -> None:
    """Strings in double quotes with spaces between, each of at most 255 characters; a code counts as one."""
    for character in value:
        if ord(character) not in _PRINTABLE:
            raise malformed("UnsupportedCharacter", "Value contains unsupported characters", character)
    position = 0
    while position < len(value):
        string = _STRING.match(value, position)
        if string is None:
            break
        if len(_ESCAPE.sub(".", string[1])) > LONGEST_STRING:
            raise malformed("CharacterStringTooLong", "Value is too long", value)
        position = string.end()
        while value[position : position + 1] == " ":
            position += 1
    if not value or position < len(value):
        raise malformed("InvalidCharacterString", "Value should be enclosed in quotation marks", value)


def _counted(kind: str, count: int, word: str) -> Callable[[str], None]:
    """Types of which only the number of fields is looked at."""

    def check(value: str) -> None:
        _fields(kind, count, word, value)

    return check


_CHECKS: Final[Mapping[str, Callable[[str], None]]] = {
    "A": _ipv4,
    "AAAA": _ipv6,
    "CAA": _caa,
    "CNAME": _name,
    "DS": _counted("DS", 4, "Four"),
    "MX": _mx,
    "NAPTR": _counted("NAPTR", 6, "Six"),
    "NS": _name,
    "PTR": _name,
    "SOA": _counted("SOA", 7, "Seven"),
    "SPF": _text,
    "SRV": _srv,
    "SSHFP": _counted("SSHFP", 3, "Three"),
    "TLSA": _counted("TLSA", 4, "Four"),
    "TXT": _text,
}
