"""Services of every kind, right and wrong: our verdict on each has to be the API server's.

A row says what a Service is; whether it's taken stands nowhere: the API server says it.
https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
"""

from __future__ import annotations

from tests.integration.services.rows import Row
from tests.integration.services.tables.addresses import ADDRESSES, DUAL_STACK
from tests.integration.services.tables.external_names import EXTERNAL_NAMES
from tests.integration.services.tables.inside import INSIDE
from tests.integration.services.tables.metadata import LABELS, NAMES
from tests.integration.services.tables.outside import LOAD_BALANCERS, NODE_PORTS
from tests.integration.services.tables.ports import PORTS

ROWS: dict[str, Row] = {
    **NAMES,
    **LABELS,
    **PORTS,
    **NODE_PORTS,
    **LOAD_BALANCERS,
    **INSIDE,
    **ADDRESSES,
    **EXTERNAL_NAMES,
}
"""For a cluster with one family of Service addresses."""

ROWS_WITH_BOTH_FAMILIES: dict[str, Row] = {**ADDRESSES, **DUAL_STACK}
"""For a cluster with both."""
