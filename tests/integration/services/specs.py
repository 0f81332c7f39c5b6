"""Services of every kind, right and wrong: our verdict on each has to be the API server's.

A row says what a Service is; whether it's taken stands nowhere: the API server says it.
https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
"""

from __future__ import annotations

from dataclasses import replace

from tests.integration.services.rows import (
    SELECTOR,
    Row,
    Wire,
    about,
    balanced,
    cluster_ip,
    named,
    node_port,
    ported,
    selecting,
)

LOCAL = "Local"
HEADLESS = "None"
TCP: Wire = {"port": 80, "nodePort": 30080}
UDP: Wire = {"port": 80, "nodePort": 30080, "protocol": "UDP"}
CLIENT_IP = "ClientIP"

OLDER_SERVERS = "API servers of Kubernetes 1.34 and older take an RFC 1035 label alone, and would refuse it in an apply"
FORGOTTEN = "an empty selector is a forgotten one: `none` says that somebody else writes the endpoints"
BARE_NAME = "an ExternalName is a CNAME and nothing else: what the API server takes besides, nobody reads"
NO_LABEL = "a label of a DNS name has 63 characters at most: it could never be resolved"
NO_ADDRESS = "it's answered as a CNAME, and a CNAME can't lead to an address; nor is a top-level domain a number"
TAKES_TRAFFIC = "whoever may write it takes the traffic of any address (CVE-2020-8554)"
NO_SCTP = "a security group knows no ports of SCTP: its rule would open those of every other Service"
ONE_LISTENER = "a network load balancer listens once on a port"
UNREACHABLE = "the load balancer reaches pods by node ports, and nobody would choose one"
SPELLED = "the API server takes an empty value for a field that is left out; here it's left out"


def affinity(seconds: int) -> Wire:
    return {"sessionAffinity": CLIENT_IP, "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": seconds}}}


def selectorless(row: Row) -> Row:
    """The same without a selector, which is written out here."""
    ours = {**row.ours, "selector": "none"}
    return replace(row, ours=ours, spec={key: value for key, value in row.spec.items() if key != "selector"})


NAMES: dict[str, Row] = {
    "name": about(name="frontend"),
    "name of one letter": about(name="a"),
    "name with digits and hyphens": about(name="a-1--b2"),
    "name of 63": about(name="a" * 63),
    "name of 64": about(name="a" * 64),
    "name with a digit first": about(name="1web", stricter=OLDER_SERVERS),
    "name of a digit": about(name="9", stricter=OLDER_SERVERS),
    "name with a dot": about(name="web.a"),
    "name with an underscore": about(name="web_a"),
    "name in upper case": about(name="Web"),
    "name with a hyphen first": about(name="-a"),
    "name with a hyphen last": about(name="a-"),
}

LABELS: dict[str, Row] = {
    "label": about(labels={"app": "web", "App_2": "A.b_c-1", "empty": ""}),
    "label with a domain": about(labels={"app.kubernetes.io/name": "web"}),
    "label, value of 63": about(labels={"a": "x" * 63}),
    "label, value of 64": about(labels={"a": "x" * 64}),
    "label, value with a space": about(labels={"a": "two words"}),
    "label, value that is a hyphen": about(labels={"a": "-"}),
    "label, value that ends in a dot": about(labels={"a": "x."}),
    "label, key of 63": about(labels={"a" * 63: ""}),
    "label, key of 64": about(labels={"a" * 64: ""}),
    "label, key with a hyphen first": about(labels={"-a": ""}),
    "label, key without a name": about(labels={"a/": ""}),
    "label, key without its domain": about(labels={"/b": ""}),
    "label, key with two slashes": about(labels={"a/b/c": ""}),
    "label, key with an upper-case domain": about(labels={"A.b/c": "x"}),
    "label, key with a domain of 253 in one label": about(labels={"a" * 253 + "/b": ""}),
    "label, key with a domain of 254": about(labels={"a" * 254 + "/b": ""}),
    "label, empty key": about(labels={"": "x"}),
    "annotation": about(annotations={"example.com/team": "any thing, at all\n"}),
    "annotation with an upper-case domain": about(annotations={"A.B/c": "x"}),
    "annotation, key with a hyphen first": about(annotations={"-a": ""}),
    "annotation, key without a name": about(annotations={"a/": ""}),
    "annotation, key of 64": about(annotations={"a" * 64: ""}),
    "annotations of 256 KiB": about(annotations={"a": "x" * (256 * 1024 - 40)}),
    "annotations above 256 KiB": about(annotations={"a": "x" * (256 * 1024)}),
    "selector": selecting({"app.kubernetes.io/name": "web", "tier": ""}),
    "selector, key that is none": selecting({"-app": "x"}),
    "selector, value that is none": selecting({"app": "two words"}),
    "selector that is empty": selecting({}, stricter=FORGOTTEN),
}

PORTS: dict[str, Row] = {
    "port 1": cluster_ip({"port": 1}),
    "port 65535": cluster_ip({"port": 65535}),
    "port 0": cluster_ip({"port": 0}),
    "port 65536": cluster_ip({"port": 65536}),
    "port below 0": cluster_ip({"port": -1}),
    "no port": cluster_ip(ports=[]),
    "port name": cluster_ip({"port": 80, "name": "http"}),
    "port name of digits": cluster_ip({"port": 80, "name": "8080"}),
    "port name with two hyphens": cluster_ip({"port": 80, "name": "a--b"}),
    "port name of 16": cluster_ip({"port": 80, "name": "a" * 16}),
    "port name of 63": cluster_ip({"port": 80, "name": "a" * 63}),
    "port name of 64": cluster_ip({"port": 80, "name": "a" * 64}),
    "port name in upper case": cluster_ip({"port": 80, "name": "Http"}),
    "port name with a dot": cluster_ip({"port": 80, "name": "a.b"}),
    "port name with an underscore": cluster_ip({"port": 80, "name": "a_b"}),
    "port name with a hyphen first": cluster_ip({"port": 80, "name": "-a"}),
    "port name that is empty": cluster_ip({"port": 80, "name": ""}, stricter=SPELLED),
    "target port by number": cluster_ip({"port": 80, "targetPort": 8080}),
    "target port by name": cluster_ip({"port": 80, "targetPort": "http"}),
    "target port 0": cluster_ip({"port": 80, "targetPort": 0}, stricter=SPELLED),
    "target port of 65536": cluster_ip({"port": 80, "targetPort": 65536}),
    "target port below 0": cluster_ip({"port": 80, "targetPort": -1}),
    "target port named by digits": cluster_ip({"port": 80, "targetPort": "8080"}),
    "target port, digits first": cluster_ip({"port": 80, "targetPort": "80-a"}),
    "target port name of 15": cluster_ip({"port": 80, "targetPort": "a" * 15}),
    "target port name of 16": cluster_ip({"port": 80, "targetPort": "a" * 16}),
    "target port name with two hyphens": cluster_ip({"port": 80, "targetPort": "a--b"}),
    "target port name in upper case": cluster_ip({"port": 80, "targetPort": "Http"}),
    "target port name with a hyphen last": cluster_ip({"port": 80, "targetPort": "a-"}),
    "target port name with a dot": cluster_ip({"port": 80, "targetPort": "a.b"}),
    "TCP": cluster_ip({"port": 80, "protocol": "TCP"}),
    "UDP": cluster_ip({"port": 80, "protocol": "UDP"}),
    "SCTP": cluster_ip({"port": 80, "protocol": "SCTP"}),
    "protocol in lower case": cluster_ip({"port": 80, "protocol": "tcp"}),
    "protocol that is none of the three": cluster_ip({"port": 80, "protocol": "ICMP"}),
    "application protocol": cluster_ip({"port": 80, "appProtocol": "http"}),
    "application protocol with a domain": cluster_ip({"port": 80, "appProtocol": "kubernetes.io/h2c"}),
    "application protocol in upper case": cluster_ip({"port": 80, "appProtocol": "A_b.c"}),
    "application protocol of 64": cluster_ip({"port": 80, "appProtocol": "a" * 64}),
    "application protocol with a space": cluster_ip({"port": 80, "appProtocol": "my own"}),
    "application protocol, upper-case domain": cluster_ip({"port": 80, "appProtocol": "Ex.com/x"}),
    "application protocol, no name": cluster_ip({"port": 80, "appProtocol": "https/"}),
    "application protocol that is empty": cluster_ip({"port": 80, "appProtocol": ""}),
    "two ports": cluster_ip({"port": 80}, {"port": 81}),
    "two ports without names": cluster_ip(ports=[{"port": 80}, {"port": 81}]),
    "two ports, one without a name": cluster_ip(ports=[{"name": "a", "port": 80}, {"port": 81}]),
    "two ports of one name": cluster_ip({"name": "a", "port": 80}, {"name": "a", "port": 81}),
    "one port twice": cluster_ip({"port": 80}, {"port": 80}),
    "one port for three protocols": cluster_ip(
        {"port": 53}, {"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "SCTP"}
    ),
    "two ports to one target": cluster_ip({"port": 80, "targetPort": 8080}, {"port": 81, "targetPort": 8080}),
    "a hundred ports": cluster_ip(*({"port": number} for number in range(1, 101))),
    "node port of a ClusterIP Service": cluster_ip(TCP),
}

NODE_PORTS: dict[str, Row] = {
    "NodePort": node_port(),
    "NodePort without a port": node_port(ports=[]),
    "node port": node_port(TCP),
    "first node port": node_port({"port": 80, "nodePort": 30000}),
    "last node port": node_port({"port": 80, "nodePort": 32767}),
    "node port below the range": node_port({"port": 80, "nodePort": 29999}),
    "node port above the range": node_port({"port": 80, "nodePort": 32768}),
    "node port 80": node_port({"port": 80, "nodePort": 80}),
    "node port twice": node_port(TCP, {**TCP, "port": 81}),
    "node port for two protocols of one port": node_port(TCP, UDP),
    "node port for two protocols of two ports": node_port(TCP, {**UDP, "port": 81}),
    "node port of one protocol alone": node_port(TCP, {"port": 80, "protocol": "UDP"}),
    "NodePort for SCTP": node_port({"port": 80, "protocol": "SCTP"}, stricter=NO_SCTP),
    "NodePort, headless": node_port(clusterIP=HEADLESS),
    "NodePort, external policy Local": node_port(externalTrafficPolicy=LOCAL),
    "NodePort, external policy Cluster": node_port(externalTrafficPolicy="Cluster"),
    "NodePort, external policy in lower case": node_port(externalTrafficPolicy="local"),
    "NodePort, internal policy Local": node_port(internalTrafficPolicy=LOCAL),
    "NodePort, health check port": node_port(externalTrafficPolicy=LOCAL, healthCheckNodePort=30090),
    "NodePort, load balancer class": node_port(loadBalancerClass="example.com/own"),
    "NodePort, allocated node ports": node_port(allocateLoadBalancerNodePorts=True),
    "NodePort, source ranges of a load balancer": node_port(loadBalancerSourceRanges=["10.0.0.0/8"]),
    "NodePort, external addresses": node_port(externalIPs=["80.11.12.10"], stricter=TAKES_TRAFFIC),
    "NodePort, sticky": node_port(sessionAffinity=CLIENT_IP),
    "NodePort, fixed address": node_port(clusterIP="10.96.200.1"),
}

LOAD_BALANCERS: dict[str, Row] = {
    "LoadBalancer": balanced(),
    "LoadBalancer without a port": balanced(ports=[]),
    "LoadBalancer, headless": balanced(clusterIP=HEADLESS),
    "LoadBalancer, node port twice": balanced(TCP, {**TCP, "port": 81}),
    "LoadBalancer, node port 80": balanced({"port": 80, "nodePort": 80}),
    "LoadBalancer, two protocols of one port": balanced(TCP, UDP, stricter=ONE_LISTENER),
    "LoadBalancer for SCTP": balanced({"port": 80, "protocol": "SCTP"}, stricter=NO_SCTP),
    "LoadBalancer, external policy Local": balanced(externalTrafficPolicy=LOCAL),
    "LoadBalancer, internal policy Local": balanced(internalTrafficPolicy=LOCAL),
    "health check port": balanced(externalTrafficPolicy=LOCAL, healthCheckNodePort=30090),
    "health check port without Local": balanced(healthCheckNodePort=30090),
    "health check port with Cluster": balanced(externalTrafficPolicy="Cluster", healthCheckNodePort=30090),
    "health check port outside the range": balanced(externalTrafficPolicy=LOCAL, healthCheckNodePort=90),
    "health check port that is a node port": balanced(TCP, externalTrafficPolicy=LOCAL, healthCheckNodePort=30080),
    "load balancer class": balanced(loadBalancerClass="example.com/own"),
    "load balancer class without a domain": balanced(loadBalancerClass="own"),
    "load balancer class that is none": balanced(loadBalancerClass="-own"),
    "load balancer class that is empty": balanced(loadBalancerClass=""),
    "load balancer class of 64": balanced(loadBalancerClass="a" * 64),
    "node ports not allocated, but written": balanced(TCP, allocateLoadBalancerNodePorts=False),
    "node ports neither allocated nor written": balanced(allocateLoadBalancerNodePorts=False, stricter=UNREACHABLE),
    "node ports allocated": balanced(allocateLoadBalancerNodePorts=True),
    "LoadBalancer, external addresses": balanced(externalIPs=["80.11.12.10"], stricter=TAKES_TRAFFIC),
    "LoadBalancer, one address": balanced(
        loadBalancerIP="10.0.0.1", stricter="given up in Kubernetes 1.24; a network load balancer has one for each zone"
    ),
    "LoadBalancer, sticky": balanced(**affinity(600)),
    "LoadBalancer, PreferClose": balanced(trafficDistribution="PreferClose"),
    "LoadBalancer, publishes pods that aren't ready": balanced(publishNotReadyAddresses=True),
    "source ranges that are wrong": replace(
        balanced(loadBalancerSourceRanges=["ten"]), ours={**balanced().ours, "sources": ["ten"]}
    ),
    "source ranges with host bits": replace(
        balanced(loadBalancerSourceRanges=["10.0.0.1/8"]), ours={**balanced().ours, "sources": ["10.0.0.1/8"]}
    ),
    "source ranges": replace(
        balanced(loadBalancerSourceRanges=["10.0.0.0/16", "10.9.0.0/24"]),
        ours={**balanced().ours, "sources": ["10.0.0.0/16", "10.9.0.0/24"]},
    ),
}

INSIDE: dict[str, Row] = {
    "sticky": cluster_ip(sessionAffinity=CLIENT_IP),
    "not sticky": cluster_ip(sessionAffinity="None"),
    "sticky for a second": cluster_ip(**affinity(1)),
    "sticky for a day": cluster_ip(**affinity(86400)),
    "sticky for more than a day": cluster_ip(**affinity(86401)),
    "sticky for no time": cluster_ip(**affinity(0)),
    "sticky by another word": cluster_ip(sessionAffinity="clientip"),
    "internal policy Local": cluster_ip(internalTrafficPolicy=LOCAL),
    "internal policy Cluster": cluster_ip(internalTrafficPolicy="Cluster"),
    "internal policy in lower case": cluster_ip(internalTrafficPolicy="local"),
    "external policy of a ClusterIP Service": cluster_ip(externalTrafficPolicy=LOCAL),
    "external policy Cluster of a ClusterIP Service": cluster_ip(externalTrafficPolicy="Cluster"),
    "PreferClose": cluster_ip(trafficDistribution="PreferClose"),
    "PreferSameZone": cluster_ip(trafficDistribution="PreferSameZone"),
    "PreferSameNode": cluster_ip(trafficDistribution="PreferSameNode"),
    "another distribution": cluster_ip(trafficDistribution="PreferFar"),
    "publishes pods that aren't ready": cluster_ip(publishNotReadyAddresses=True),
    "external addresses": cluster_ip(externalIPs=["80.11.12.10"], stricter=TAKES_TRAFFIC),
    "load balancer class of a ClusterIP Service": cluster_ip(loadBalancerClass="example.com/own"),
    "health check port of a ClusterIP Service": cluster_ip(healthCheckNodePort=30090),
    "allocated node ports of a ClusterIP Service": cluster_ip(allocateLoadBalancerNodePorts=True),
    "no selector": selectorless(cluster_ip()),
    "no selector, sticky": selectorless(cluster_ip(sessionAffinity=CLIENT_IP)),
    "NodePort, no selector": selectorless(node_port()),
    "LoadBalancer, no selector": selectorless(balanced()),
    "unknown type": replace(cluster_ip(type="Headless"), ours={**cluster_ip().ours, "type": "Headless"}),
    "unknown field": cluster_ip(clusterAddress="10.96.200.1"),
}

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
