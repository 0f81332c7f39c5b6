r"""DNS names: one way to write each, and what Route53 takes.

Canonical is lower case without the last dot. Route53 reads a name with and without that dot as the same, stores lower
case, and lists every character but letters, digits, hyphen and underscore as an octal code, `*` as `\052`.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
"""

from __future__ import annotations

import re

from kubewire.errors import InvalidInputError

LONGEST_NAME = 253
"""Characters, without the last dot. RFC 1035, section 2.3.4: 255 bytes with lengths and root."""
HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""RFC 1123, section 2.1."""
RECORD_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_/-]{0,61}[a-z0-9_])?")
"""As a host's, with the underscore of services (RFC 8552) and the slash of classless reverse zones (RFC 2317)."""
ESCAPED = re.compile(r"\\([0-7]{3})")
PRINTABLE = range(0x21, 0x7F)
WILDCARD = "*"


def canonical(name: str) -> str:
    """Write a name the one way that it is compared in."""
    return name.lower().removesuffix(".")


def listed(name: str) -> str:
    """Write a name of Route53's answers canonically; codes of what can't be printed stay."""

    def plain(match: re.Match[str]) -> str:
        code = int(match[1], 8)
        return chr(code) if code in PRINTABLE else match[0]

    return canonical(ESCAPED.sub(plain, name))


def host_name(name: str) -> str:
    """Give a host's or domain's name canonically.

    Raises:
        InvalidInputError: it isn't one.
    """
    return _checked(name, HOST_LABEL, "letters, digits and hyphens, `xn--…` for others")


def record_name(name: str) -> str:
    """Give the name of a record canonically: a host's, or one with underscores, or with `*` for its first label.

    Raises:
        InvalidInputError: it isn't one.
    """
    first, _, rest = name.partition(".")
    if first == WILDCARD and rest:
        return f"{WILDCARD}.{record_name_of_host(rest)}"
    return record_name_of_host(name)


def record_name_of_host(name: str) -> str:
    """Give the name of a record that is no wildcard canonically.

    Raises:
        InvalidInputError: it isn't one.
    """
    return _checked(name, RECORD_LABEL, "letters, digits, hyphens and underscores, `xn--…` for others")


def is_within(name: str, domain: str) -> bool:
    """Whether a name is a domain, or below it."""
    return name == domain or name.endswith(f".{domain}")


def _checked(name: str, label: re.Pattern[str], allowed: str) -> str:
    written = canonical(name)
    if len(written) > LONGEST_NAME or not all(label.fullmatch(part) for part in written.split(".")):
        detail = f"Given: {name!r}. A name is labels of at most 63 characters with dots between: {allowed}."
        raise InvalidInputError("not a DNS name", detail=detail)
    return written
