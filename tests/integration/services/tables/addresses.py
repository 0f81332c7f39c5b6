"""Addresses of Services and the families of these, in clusters with one family and with both."""

from __future__ import annotations

from tests.integration.services.rows import CLIENT_IP, HEADLESS, TCP, Row, balanced, cluster_ip, node_port, selectorless

ADDRESSES: dict[str, Row] = {
    "headless": cluster_ip(clusterIP=HEADLESS),
    "headless without ports": cluster_ip(clusterIP=HEADLESS, ports=[]),
    "headless, sticky": cluster_ip(clusterIP=HEADLESS, sessionAffinity=CLIENT_IP),
    "headless, target port by number": cluster_ip({"port": 80, "targetPort": 8080}, clusterIP=HEADLESS),
    "headless, target port by name": cluster_ip({"port": 80, "targetPort": "http"}, clusterIP=HEADLESS),
    "headless, no selector": selectorless(cluster_ip(clusterIP=HEADLESS)),
    "headless, no selector, dual stack": selectorless(
        cluster_ip(clusterIP=HEADLESS, ipFamilyPolicy="RequireDualStack", ipFamilies=["IPv6", "IPv4"])
    ),
    "headless, no selector, IPv6": selectorless(cluster_ip(clusterIP=HEADLESS, ipFamilies=["IPv6"])),
    "headless in lower case": cluster_ip(clusterIP="none"),
    "headless with a node port": cluster_ip(TCP, clusterIP=HEADLESS),
    "fixed address": cluster_ip(clusterIP="10.96.200.1"),
    "fixed address, as a list": cluster_ip(clusterIP="10.96.200.1", clusterIPs=["10.96.200.1"]),
    "last address": cluster_ip(clusterIP="10.96.255.254"),
    "broadcast address": cluster_ip(clusterIP="10.96.255.255"),
    "network's address": cluster_ip(clusterIP="10.96.0.0"),
    "API server's address": cluster_ip(clusterIP="10.96.0.1"),
    "address outside": cluster_ip(clusterIP="10.97.0.1"),
    "address of the other family": cluster_ip(clusterIP="fd00::1"),
    "address with leading zeros": cluster_ip(clusterIP="10.96.000.77"),
    "address that is none": cluster_ip(clusterIP="web"),
    "two addresses of one family": cluster_ip(clusterIP="10.96.200.1", clusterIPs=["10.96.200.1", "10.96.200.2"]),
    "IPv4": cluster_ip(ipFamilies=["IPv4"]),
    "IPv4, single stack": cluster_ip(ipFamilies=["IPv4"], ipFamilyPolicy="SingleStack"),
    "IPv4, prefers dual stack": cluster_ip(ipFamilies=["IPv4"], ipFamilyPolicy="PreferDualStack"),
    "IPv4, requires dual stack": cluster_ip(ipFamilies=["IPv4"], ipFamilyPolicy="RequireDualStack"),
    "IPv4 twice": cluster_ip(ipFamilies=["IPv4", "IPv4"], ipFamilyPolicy="PreferDualStack"),
    "IPv5": cluster_ip(ipFamilies=["IPv5"]),
    "IPv6 in an IPv4 cluster": cluster_ip(ipFamilies=["IPv6"]),
    "both families in an IPv4 cluster": cluster_ip(ipFamilies=["IPv4", "IPv6"], ipFamilyPolicy="PreferDualStack"),
    "both families, single stack": cluster_ip(ipFamilies=["IPv4", "IPv6"], ipFamilyPolicy="SingleStack"),
    "both families without a policy": cluster_ip(ipFamilies=["IPv4", "IPv6"]),
    "three families": cluster_ip(ipFamilies=["IPv4", "IPv6", "IPv4"], ipFamilyPolicy="PreferDualStack"),
    "prefers dual stack": cluster_ip(ipFamilyPolicy="PreferDualStack"),
    "requires dual stack": cluster_ip(ipFamilyPolicy="RequireDualStack"),
    "unknown policy of families": cluster_ip(ipFamilyPolicy="DualStack"),
    "headless, IPv6 in an IPv4 cluster": cluster_ip(clusterIP=HEADLESS, ipFamilies=["IPv6"]),
    "headless, requires dual stack": cluster_ip(clusterIP=HEADLESS, ipFamilyPolicy="RequireDualStack"),
    "fixed address and its family": cluster_ip(clusterIP="10.96.200.1", ipFamilies=["IPv4"]),
    "fixed address and another family": cluster_ip(clusterIP="10.96.200.1", ipFamilies=["IPv6"]),
}

BOTH = ["IPv4", "IPv6"]
PREFER, REQUIRE = "PreferDualStack", "RequireDualStack"
FOUR, SIX = "10.96.200.1", "fd00:96::c801"
DUAL_STACK: dict[str, Row] = {
    "both, required": cluster_ip(ipFamilies=BOTH, ipFamilyPolicy=REQUIRE),
    "both, preferred": cluster_ip(ipFamilies=BOTH, ipFamilyPolicy=PREFER),
    "IPv6 first": cluster_ip(ipFamilies=["IPv6", "IPv4"], ipFamilyPolicy=REQUIRE),
    "IPv6 alone": cluster_ip(ipFamilies=["IPv6"], ipFamilyPolicy="SingleStack"),
    "both, single stack": cluster_ip(ipFamilies=BOTH, ipFamilyPolicy="SingleStack"),
    "both without a policy": cluster_ip(ipFamilies=BOTH),
    "two addresses": cluster_ip(clusterIP=FOUR, clusterIPs=[FOUR, SIX], ipFamilyPolicy=REQUIRE),
    "two addresses without a policy": cluster_ip(clusterIP=FOUR, clusterIPs=[FOUR, SIX]),
    "two addresses, single stack": cluster_ip(clusterIP=FOUR, clusterIPs=[FOUR, SIX], ipFamilyPolicy="SingleStack"),
    "two addresses, preferred": cluster_ip(clusterIP=FOUR, clusterIPs=[FOUR, SIX], ipFamilyPolicy=PREFER),
    "two addresses, IPv6 first": cluster_ip(clusterIP=SIX, clusterIPs=[SIX, FOUR], ipFamilyPolicy=REQUIRE),
    "two addresses and their families": cluster_ip(
        clusterIP=FOUR, clusterIPs=[FOUR, SIX], ipFamilies=BOTH, ipFamilyPolicy=REQUIRE
    ),
    "two addresses, families the other way round": cluster_ip(
        clusterIP=SIX, clusterIPs=[SIX, FOUR], ipFamilies=BOTH, ipFamilyPolicy=REQUIRE
    ),
    "two addresses, one family": cluster_ip(
        clusterIP=FOUR, clusterIPs=[FOUR, SIX], ipFamilies=["IPv4"], ipFamilyPolicy=REQUIRE
    ),
    "two addresses, the second's family": cluster_ip(
        clusterIP=FOUR, clusterIPs=[FOUR, SIX], ipFamilies=["IPv6"], ipFamilyPolicy=REQUIRE
    ),
    "one address, both families": cluster_ip(clusterIP=FOUR, ipFamilies=BOTH, ipFamilyPolicy=REQUIRE),
    "one address, both families, without a policy": cluster_ip(clusterIP=FOUR, ipFamilies=BOTH),
    "IPv6 address": cluster_ip(clusterIP=SIX),
    "IPv6 address and its family": cluster_ip(clusterIP=SIX, ipFamilies=["IPv6"]),
    "IPv6 address and the other family": cluster_ip(clusterIP=SIX, ipFamilies=["IPv4"]),
    "IPv6 address, dual stack": cluster_ip(clusterIP=SIX, ipFamilyPolicy=REQUIRE),
    "IPv6 address, both families, IPv4 first": cluster_ip(clusterIP=SIX, ipFamilies=BOTH, ipFamilyPolicy=REQUIRE),
    "first IPv6 address": cluster_ip(clusterIP="fd00:96::"),
    "second IPv6 address": cluster_ip(clusterIP="fd00:96::1"),
    "last IPv6 address": cluster_ip(clusterIP="fd00:96::ffff"),
    "IPv6 address outside": cluster_ip(clusterIP="fd00:97::1"),
    "IPv6 address, written at length": cluster_ip(clusterIP="fd00:96:0::c801"),
    "NodePort, dual stack": node_port(ipFamilyPolicy=REQUIRE),
    "LoadBalancer, dual stack": balanced(ipFamilyPolicy=PREFER),
    "headless, dual stack": cluster_ip(clusterIP=HEADLESS, ipFamilies=BOTH, ipFamilyPolicy=REQUIRE),
    "headless, both families, single stack": cluster_ip(
        clusterIP=HEADLESS, ipFamilies=BOTH, ipFamilyPolicy="SingleStack"
    ),
    "headless, both families, without a policy": cluster_ip(clusterIP=HEADLESS, ipFamilies=BOTH),
}
"""In a cluster that has both families. The other rows on addresses are judged there too."""
