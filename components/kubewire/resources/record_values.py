"""What a record says: one way to write each value, and the way that Route53 takes it.

The forms: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
"""

from __future__ import annotations

import re
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address

from kubewire.errors import InvalidInputError
from kubewire.resources.dns_names import canonical, record_name_of_host


class RecordType(StrEnum):
    """The types of record that can be declared. A zone's SOA is its own."""

    A = "A"
    AAAA = "AAAA"
    CAA = "CAA"
    CNAME = "CNAME"
    DS = "DS"
    HTTPS = "HTTPS"
    MX = "MX"
    NAPTR = "NAPTR"
    NS = "NS"
    PTR = "PTR"
    SPF = "SPF"
    SRV = "SRV"
    SSHFP = "SSHFP"
    SVCB = "SVCB"
    TLSA = "TLSA"
    TXT = "TXT"


NAMES = (RecordType.CNAME, RecordType.NS, RecordType.PTR)
TEXTS = (RecordType.TXT, RecordType.SPF)
NUMBERS_BEFORE_NAME = {RecordType.MX: 1, RecordType.SRV: 3}

LONGEST_STRING = 255
"""Bytes of one string of a TXT record."""
LONGEST_VALUE = 4000
"""Characters of one value, quotes included."""
PLAIN = range(0x20, 0x7F)
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)', re.DOTALL)
OCTAL_DIGITS = 3
ESCAPE = re.compile(r"\\([0-7]{3}|.)", re.DOTALL)


def canonical_value(kind: RecordType, value: str) -> str:
    """Write a value the one way that it is compared in.

    Raises:
        InvalidInputError: a record of this type can't say that.
    """
    if kind in TEXTS:
        return _checked_text(value)
    words = value.split()
    try:
        if kind is RecordType.A:
            return str(IPv4Address(value))
        if kind is RecordType.AAAA:
            return str(IPv6Address(value))
    except ValueError as error:
        raise InvalidInputError(f"not an address for {kind} records", detail=f"Given: {value!r}.") from error
    if kind in NAMES:
        return _name(kind, value)
    if kind in NUMBERS_BEFORE_NAME:
        *numbers, name = words or [""]
        if len(numbers) != NUMBERS_BEFORE_NAME[kind] or not all(number.isdecimal() for number in numbers):
            form = "`10 mail.example.com`" if kind is RecordType.MX else "`1 10 5269 xmpp.example.com`"
            raise InvalidInputError(f"{kind} records read {form}", detail=f"Given: {value!r}.")
        return " ".join([*numbers, name if name == "." else _name(kind, name)])
    if not words:
        raise InvalidInputError("an empty value")
    return " ".join(words)


def to_route53(kind: RecordType, value: str) -> str:
    """Write a canonical value as Route53 takes it: text in quotes, in strings of at most 255 bytes."""
    if kind not in TEXTS:
        return value
    data = value.encode()
    strings = [data[start : start + LONGEST_STRING] for start in range(0, len(data), LONGEST_STRING)] or [b""]
    return " ".join(f'"{"".join(map(_escaped, string))}"' for string in strings)


def from_route53(kind: RecordType, value: str) -> str:
    """Read a value of Route53's canonically; one that breaks this module's rules stays as it is written."""
    if kind in TEXTS:
        strings = [quoted or bare for quoted, bare in STRING.findall(value)]
        return b"".join(map(_unescaped, strings)).decode(errors="replace")
    try:
        return canonical_value(kind, value)
    except InvalidInputError:
        return value


def _name(kind: RecordType, value: str) -> str:
    try:
        IPv4Address(canonical(value))
    except ValueError:
        return record_name_of_host(value)
    raise InvalidInputError(f"{kind} records take a name, not an address", detail=f"Given: {value!r}.")


def _checked_text(value: str) -> str:
    if len(value) > 1 and value.startswith('"') and value.endswith('"'):
        detail = "Write the text itself; it is quoted, and cut into strings of 255 bytes, on its way to Route53."
        raise InvalidInputError("a text in quotes", detail=detail)
    if len(to_route53(RecordType.TXT, value)) > LONGEST_VALUE:
        raise InvalidInputError(f"longer than the {LONGEST_VALUE} characters that Route53 takes, quotes included")
    return value


def _escaped(byte: int) -> str:
    if byte in b'"\\':
        return f"\\{chr(byte)}"
    return chr(byte) if byte in PLAIN else f"\\{byte:03o}"


def _unescaped(text: str) -> bytes:
    def plain(match: re.Match[str]) -> str:
        # One character a byte, decoded as a whole later.
        return chr(int(match[1], 8) % 256) if len(match[1]) == OCTAL_DIGITS else match[1]

    return ESCAPE.sub(plain, text).encode("latin-1", errors="replace")
