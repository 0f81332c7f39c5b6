"""TLS at a listener: security policies, and what is agreed on beside the encryption.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html#alpn-policies
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator

from kubewire.errors import InvalidInputError


class AlpnPolicy(StrEnum):
    """Which application protocol a listener agrees on with clients that offer some (RFC 7301)."""

    HTTP1_ONLY = "HTTP1Only"
    """HTTP/1.1 and 1.0 alone."""
    HTTP2_ONLY = "HTTP2Only"
    """HTTP/2 alone."""
    HTTP2_OPTIONAL = "HTTP2Optional"
    """HTTP/1 before HTTP/2."""
    HTTP2_PREFERRED = "HTTP2Preferred"
    """HTTP/2 before HTTP/1."""


NO_ALPN: Final = "None"
"""What AWS calls it when clients' offers aren't answered."""

TLS_POLICIES: Final = (
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Ext1-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Ext2-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-1-2021-06",
    "ELBSecurityPolicy-TLS13-1-0-2021-06",
    "ELBSecurityPolicy-TLS13-1-0-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-FS-1-2-Res-2020-10",
    "ELBSecurityPolicy-FS-1-2-Res-2019-08",
    "ELBSecurityPolicy-FS-1-2-2019-08",
    "ELBSecurityPolicy-FS-1-1-2019-08",
    "ELBSecurityPolicy-FS-2018-06",
    "ELBSecurityPolicy-TLS-1-2-Ext-2018-06",
    "ELBSecurityPolicy-TLS-1-2-2017-01",
    "ELBSecurityPolicy-TLS-1-1-2017-01",
    "ELBSecurityPolicy-2016-08",
)
"""Those that AWS has; it takes no others, and nobody can make one."""
TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-2021-06"
"""TLS 1.3 and 1.2 alone; the API's own default still takes TLS 1.0."""

# https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (server-certificate)
_CERTIFICATE = re.compile(
    r"arn:aws[a-z-]*:(acm:[a-z0-9-]+:\d{12}:certificate/[A-Za-z0-9-]+|iam::\d{12}:server-certificate/[\w+=,.@/-]+)"
)


def checked_policy(policy: str, path: str = "") -> str:
    """Give a security policy. Raises InvalidInputError for what isn't one.

    Args:
        policy: its name.
        path: the field that has it.
    """
    if policy not in TLS_POLICIES:
        detail = f"AWS's are, with others: {TLS_POLICY}, {TLS_POLICIES[0]}, {TLS_POLICIES[3]}."
        raise InvalidInputError(f"{policy!r} is no security policy of TLS", detail=detail, path=path)
    return policy


def _checked_certificate(arn: str) -> str:
    if not _CERTIFICATE.fullmatch(arn):
        detail = "Write the ARN of a certificate of ACM, `arn:aws:acm:eu-west-1:123456789012:certificate/…`, or of IAM."
        raise InvalidInputError(f"{arn!r} is no certificate's ARN", detail=detail)
    return arn


def region_of(arn: str) -> str | None:
    """Give the region of a certificate; None for IAM's, which are in all."""
    return arn.split(":")[3] or None


TlsPolicyName = Annotated[str, AfterValidator(checked_policy)]
"""The name of one of AWS's security policies."""
CertificateArn = Annotated[str, AfterValidator(_checked_certificate)]
"""The ARN of a server certificate, in ACM or in IAM."""
