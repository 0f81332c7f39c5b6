"""What a listener of TLS needs, and no other may have."""

from __future__ import annotations

import re
from typing import Any, Final

from moto.elbv2.ssl_policies import SSL_POLICIES

from kubewire.local.aws.call import Call
from kubewire.local.aws.refusal import Refusal

# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
DEFAULT_POLICY: Final = "ELBSecurityPolicy-2016-08"
# moto knows none of FIPS, and one alone of those for forward secrecy.
_UNKNOWN_TO_MOTO: Final = re.compile(
    r"ELBSecurityPolicy-(TLS13-1-(3|2|2-Res|2-Ext[012]|0)-FIPS-(2023-04|PQ-2025-09)|TLS13-1-1-FIPS-2023-04"
    r"|FS-(1-2-Res-2019-08|1-2-2019-08|1-1-2019-08|2018-06))"
)
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html (AlpnPolicy)
_ALPN: Final = ("HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None")


def must_be_secured(call: Call, protocol: str, certificates: list[dict[str, Any]], policy: str | None) -> None:
    """Make sure that TLS has one certificate, that it exists, and its policy too; and that others have neither.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html (Certificates)

    Raises:
        Refusal: they don't.
    """
    if protocol != "TLS":
        if certificates:
            raise Refusal("ValidationError", f"A certificate cannot be specified for {protocol} listeners")
        if policy:
            raise Refusal("ValidationError", f"An SSL policy cannot be specified for {protocol} listeners")
        return
    if not certificates:
        raise Refusal("ValidationError", "A certificate must be specified for TLS listeners")
    if len(certificates) > 1:
        message = "You must provide a list containing exactly one certificate if the listener protocol is TLS."
        raise Refusal("ValidationError", message)
    arn = certificates[0].get("CertificateArn", "")
    if not call.elbv2._certificate_exists(arn):  # noqa: SLF001 - moto looks in ACM and in IAM
        raise Refusal("CertificateNotFound", f"Certificate '{arn}' not found")
    if policy is not None and policy not in SSL_POLICIES and not _UNKNOWN_TO_MOTO.fullmatch(policy):
        raise Refusal("SSLPolicyNotFound", f"SSL policy '{policy}' not found")


def must_agree(protocol: str, policies: list[str]) -> None:
    """Make sure that only TLS agrees on application protocols, and by one of AWS's policies. The words are ours.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html (AlpnPolicy)

    Raises:
        Refusal: it isn't so.
    """
    if not policies:
        return
    if protocol != "TLS":
        raise Refusal("ValidationError", f"An ALPN policy cannot be specified for {protocol} listeners")
    if len(policies) > 1:
        raise Refusal("ValidationError", "You can specify only one ALPN policy")
    if policies[0] not in _ALPN:
        raise Refusal("ALPNPolicyNotSupported", f"ALPN policy '{policies[0]}' is not supported")
