"""What Kubernetes takes for names and labels, as its API server checks it.

https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from kubewire.errors import InvalidInputError

ServiceName = Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$")]
"""An RFC 1035 label."""

NamespaceName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
"""An RFC 1123 label: it may start with a digit."""

IANA_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_PORT_NAME = 15

DNS_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DNS_SUBDOMAIN = re.compile(rf"{DNS_LABEL}(\.{DNS_LABEL})*")
LONGEST_SUBDOMAIN = 253
QUALIFIED = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
QUALIFIED_RULE = "up to 63 letters, digits, `-`, `_` and `.`, a letter or digit first and last"


def _port_name(name: str) -> str:
    if len(name) > LONGEST_PORT_NAME or not IANA_NAME.fullmatch(name):
        detail = "Up to 15 lower-case letters, digits and single hyphens between them; one letter at least."
        raise InvalidInputError(f"{name!r} is no name of a port", detail=detail)
    return name


def _label_key(key: str) -> str:
    prefix, slash, name = key.rpartition("/")
    prefixed = len(prefix) <= LONGEST_SUBDOMAIN and DNS_SUBDOMAIN.fullmatch(prefix)
    if not QUALIFIED.fullmatch(name) or (slash and not prefixed):
        detail = f"A key is {QUALIFIED_RULE}; a domain and a slash may go before it: `app.kubernetes.io/name`."
        raise InvalidInputError(f"{key!r} is no key of a label", detail=detail)
    return key


def _label_value(value: str) -> str:
    if value and not QUALIFIED.fullmatch(value):
        raise InvalidInputError(f"{value!r} is no value of a label", detail=f"A value is {QUALIFIED_RULE}, or empty.")
    return value


PortName = Annotated[str, AfterValidator(_port_name)]
"""An IANA service name: what a Service port and a port of a pod are named by."""

Labels = dict[Annotated[str, AfterValidator(_label_key)], Annotated[str, AfterValidator(_label_value)]]
"""Labels of an object, or those that a selector asks for."""
