"""What Kubernetes takes for names, labels and annotations, as its API server checks it.

https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from kubewire.errors import InvalidInputError

ServiceName = Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$")]
"""An RFC 1035 label, which every API server takes; newer ones take a digit first as well."""

NamespaceName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
"""An RFC 1123 label: it may start with a digit."""

IANA_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_PORT_NAME = 15

DNS_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DNS_SUBDOMAIN = re.compile(rf"{DNS_LABEL}(\.{DNS_LABEL})*")
LONGEST_SUBDOMAIN = 253
# Of a key's domain, the API server checks the whole length, and none of its labels'.
KEY_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
QUALIFIED = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
QUALIFIED_RULE = "up to 63 letters, digits, `-`, `_` and `.`, a letter or digit first and last"
LARGEST_ANNOTATIONS = 256 * 1024
"""Bytes of all keys and values together."""


def _port_name(name: str) -> str:
    if len(name) > LONGEST_PORT_NAME or not IANA_NAME.fullmatch(name):
        detail = "Up to 15 lower-case letters, digits and single hyphens between them; one letter at least."
        raise InvalidInputError(f"{name!r} is no name of a port", detail=detail)
    return name


def _service_port_name(name: str) -> str:
    if not re.fullmatch(DNS_LABEL, name):
        detail = "Up to 63 lower-case letters, digits and hyphens, a letter or digit first and last."
        raise InvalidInputError(f"{name!r} is no name of a port", detail=detail)
    return name


def _is_qualified(key: str) -> bool:
    prefix, slash, name = key.rpartition("/")
    prefixed = len(prefix) <= LONGEST_SUBDOMAIN and KEY_DOMAIN.fullmatch(prefix)
    return bool(QUALIFIED.fullmatch(name) and (prefixed or not slash))


def _label_key(key: str) -> str:
    if not _is_qualified(key):
        detail = f"A key is {QUALIFIED_RULE}; a domain and a slash may go before it: `app.kubernetes.io/name`."
        raise InvalidInputError(f"{key!r} is no key of a label", detail=detail)
    return key


def _label_value(value: str) -> str:
    if value and not QUALIFIED.fullmatch(value):
        raise InvalidInputError(f"{value!r} is no value of a label", detail=f"A value is {QUALIFIED_RULE}, or empty.")
    return value


def _annotation_key(key: str) -> str:
    # Here alone the domain's case doesn't matter.
    if not _is_qualified(key.lower()):
        detail = f"A key is {QUALIFIED_RULE}; a domain and a slash may go before it: `example.com/team`."
        raise InvalidInputError(f"{key!r} is no key of an annotation", detail=detail)
    return key


def _annotations(given: dict[str, str]) -> dict[str, str]:
    size = sum(len(key.encode()) + len(value.encode()) for key, value in given.items())
    if size > LARGEST_ANNOTATIONS:
        detail = f"All keys and values together have {LARGEST_ANNOTATIONS} bytes at most."
        raise InvalidInputError(f"{size} bytes of annotations", detail=detail)
    return given


def _qualified_name(name: str) -> str:
    if not _is_qualified(name):
        detail = f"A name is {QUALIFIED_RULE}; a domain and a slash may go before it: `example.com/proxy`."
        raise InvalidInputError(f"{name!r} is no qualified name", detail=detail)
    return name


PortName = Annotated[str, AfterValidator(_port_name)]
"""An IANA service name: what a port of a pod is named by."""

ServicePortName = Annotated[str, AfterValidator(_service_port_name)]
"""An RFC 1123 label: more names than a pod's port may have."""

QualifiedName = Annotated[str, AfterValidator(_qualified_name)]
"""A name with a domain before it, or without: what application protocols and load balancer classes are named by."""

Labels = dict[Annotated[str, AfterValidator(_label_key)], Annotated[str, AfterValidator(_label_value)]]
"""Labels of an object, or those that a selector asks for."""

Annotations = Annotated[dict[Annotated[str, AfterValidator(_annotation_key)], str], AfterValidator(_annotations)]
"""Notes for programs; nothing is selected by them."""
