"""Services that are reached from outside the cluster."""

from __future__ import annotations

from dataclasses import replace

from tests.integration.services.reasons import NO_SCTP, ONE_LISTENER, TAKES_TRAFFIC, UNREACHABLE
from tests.integration.services.rows import CLIENT_IP, HEADLESS, LOCAL, TCP, UDP, Row, affinity, balanced, node_port

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
    "LoadBalancer, two protocols of one port": balanced(TCP, UDP),
    "LoadBalancer, two node ports of one port": balanced(TCP, {**UDP, "nodePort": 30081}, stricter=ONE_LISTENER),
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
