"""The annotations of a Service, sorted: those that become fields, those that are told of, and those that stay."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kubewire.manifests.annotations import aws_table, dns_table
from kubewire.manifests.annotations.aws import read_aws
from kubewire.manifests.annotations.dns import read_dns
from kubewire.manifests.annotations.rows import Row, find
from kubewire.manifests.annotations.values import Annotated, told
from kubewire.manifests.draft import ANNOTATIONS, Draft
from kubewire.manifests.exported import LAST_APPLIED
from kubewire.manifests.specs import LOAD_BALANCER
from kubewire.network.args import ClusterNetworkArgs
from kubewire.resources.network_load_balancer import Scheme
from kubewire.services.common import SKIP_AWAIT
from kubewire.services.dns.zones import HostedZoneRef
from kubewire.services.naming import shortened

DROPPED = (LAST_APPLIED, *SKIP_AWAIT)
"""Notes that `kubectl apply` and kubewire itself make."""
LONGEST_SHOWN = 60
"""Characters of a value in an error."""


@dataclass(frozen=True)
class Surroundings:
    """What annotations are read with.

    Attributes:
        scheme: of load balancers of which nothing says it.
        network: of the cluster; None where it isn't known.
        zones: hosted zones that names may be in, beside the network's own.
        without: whole names of annotations that are passed over.
        keep_dns: whether external-dns goes on to read its own.
    """

    scheme: Scheme | None
    network: ClusterNetworkArgs | None
    zones: Sequence[HostedZoneRef]
    without: Collection[str]
    keep_dns: bool


def read_annotations(found: Draft, given: Surroundings) -> None:
    """Read the annotations of a Service whose spec is read."""
    aws: dict[str, str] = {}
    dns: dict[str, str] = {}
    keys: dict[str, str] = {}
    kept = {}
    for key, value in found.annotations.items():
        if key in DROPPED or key in given.without:
            continue
        prefix = next((prefix for prefix in dns_table.PREFIXES if key.startswith(prefix)), None)
        if key.startswith(aws_table.OURS):
            _sort(found, key, aws_table.PREFIX, aws_table.ANNOTATIONS, aws, keys)
        elif prefix and not given.keep_dns:
            _sort(found, key, prefix, dns_table.ANNOTATIONS, dns, keys)
        else:
            kept[key] = value
    if kept:
        found.wire["annotations"] = kept
    if found.wire["type"] == LOAD_BALANCER:
        zones = given.network.zones if given.network else ()
        read_aws(Annotated(found, aws, keys), given.scheme, zones)
    else:
        for name in aws:
            path = (*ANNOTATIONS, keys[name])
            found.warn(path, f"it means nothing on a {found.wire['type']} Service; left out")
    read_dns(Annotated(found, dns, keys), given.network.domain if given.network else None, given.zones)


def _sort(
    found: Draft, key: str, prefix: str, rows: tuple[Row, ...], into: dict[str, str], keys: dict[str, str]
) -> None:
    path = (*ANNOTATIONS, key)
    name, value = key.removeprefix(prefix), found.annotations[key] or ""
    row = find(rows, name)
    if row is None:
        detail = f"No controller of it reads this one. Remove it, correct its spelling, or list it in `without`: {key}."
        found.refuse(path, "unknown annotation", detail)
    elif told(found, path, row, repr(shortened(value, LONGEST_SHOWN)), value):
        into[name] = value
        keys[name] = key
