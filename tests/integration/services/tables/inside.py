"""What Services say of their traffic."""

from __future__ import annotations

from dataclasses import replace

from tests.integration.services.reasons import TAKES_TRAFFIC
from tests.integration.services.rows import (
    CLIENT_IP,
    LOCAL,
    Row,
    affinity,
    balanced,
    cluster_ip,
    node_port,
    selectorless,
)

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
