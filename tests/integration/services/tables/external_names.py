"""Services that stand for a name."""

from __future__ import annotations

from tests.integration.services.reasons import BARE_NAME, NO_ADDRESS, NO_LABEL, TAKES_TRAFFIC
from tests.integration.services.rows import CLIENT_IP, HEADLESS, LOCAL, SELECTOR, Row, cluster_ip, named, ported

EXTERNAL_NAMES: dict[str, Row] = {
    "ExternalName": named("pay.example.com"),
    "ExternalName with a dot last": named("pay.example.com."),
    "ExternalName with two dots last": named("pay.example.com.."),
    "ExternalName of one label": named("pay"),
    "ExternalName with digits first": named("1.example.com"),
    "ExternalName in punycode": named("xn--bcher-kva.example"),
    "ExternalName that is missing": named(None),
    "ExternalName that is empty": named(""),
    "ExternalName that is a dot": named("."),
    "ExternalName in upper case": named("Pay.example.com"),
    "ExternalName with an underscore": named("_pay.example.com"),
    "ExternalName with an empty label": named("pay..example"),
    "ExternalName with a hyphen first": named("-pay.example.com"),
    "ExternalName with a port": named("pay.example.com:443"),
    "ExternalName that is a URL": named("https://pay.example.com"),
    "ExternalName with a wildcard": named("*.example.com"),
    "ExternalName of 253": named(".".join(["a" * 62] * 4)[:251] + ".a"),
    "ExternalName of 254 and more": named(".".join(["a" * 63] * 4)),
    "ExternalName, IPv4 address": named("203.0.113.7", stricter=NO_ADDRESS),
    "ExternalName, mistaken IPv4 address": named("203.0.113.256", stricter=NO_ADDRESS),
    "ExternalName, IPv6 address": named("2001:db8::1"),
    "ExternalName, label of 64": named("a" * 64 + ".example.com", stricter=NO_LABEL),
    "ExternalName with ports": named("pay.example.com", ports=ported({"port": 443}), stricter=BARE_NAME),
    "ExternalName with a selector": named("pay.example.com", selector=SELECTOR, stricter=BARE_NAME),
    "ExternalName, sticky": named("pay.example.com", sessionAffinity=CLIENT_IP, stricter=BARE_NAME),
    "ExternalName, internal policy": named("pay.example.com", internalTrafficPolicy=LOCAL, stricter=BARE_NAME),
    "ExternalName, PreferClose": named("pay.example.com", trafficDistribution="PreferClose", stricter=BARE_NAME),
    "ExternalName with external addresses": named("pay.example.com", externalIPs=["1.2.3.4"], stricter=TAKES_TRAFFIC),
    "ExternalName, headless": named("pay.example.com", clusterIP=HEADLESS),
    "ExternalName, fixed address": named("pay.example.com", clusterIP="10.96.200.1"),
    "ExternalName, external policy": named("pay.example.com", externalTrafficPolicy=LOCAL),
    "ExternalName with families": named("pay.example.com", ipFamilies=["IPv4"]),
    "ExternalName, policy of families": named("pay.example.com", ipFamilyPolicy="SingleStack"),
    "ExternalName, load balancer class": named("pay.example.com", loadBalancerClass="example.com/own"),
    "external name of a ClusterIP Service": cluster_ip(
        externalName="pay.example.com", stricter="the API server keeps it, and nobody reads it"
    ),
}
