"""Annotations of the AWS Load Balancer Controller (those of its NLBs) and of cloud-provider-aws, and what each is here.

https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
https://github.com/kubernetes/cloud-provider-aws/blob/master/docs/service_controller.md

The attributes in values of three of them:
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ListenerAttribute.html
"""

from __future__ import annotations

from kubewire.manifests.annotations.rows import implied, mapped, refused, warned

PREFIX = "service.beta.kubernetes.io/"
BALANCER = "aws-load-balancer-"
OURS = (f"{PREFIX}{BALANCER}", f"{PREFIX}load-balancer-source-ranges", f"{PREFIX}actions.")
"""What annotations begin with that are read as one of these, or refused."""

NO_LOGS = "access logs of load balancers are not kubewire's"
LOGS = "Set them on the load balancer, or have the network's flow logs (`flowLogs`)."
SOURCES = "Write who may connect as `sources`."
OVERRIDE = "Leave it out (`without`)"

ANNOTATIONS = (
    mapped("load-balancer-source-ranges", "sources"),
    refused(
        "aws-load-balancer-security-group-prefix-lists",
        "it doesn't say how many entries a list can have, and each counts as a rule",
        "Write the lists as `sources`: `PrefixListSource(prefix_list=…, entries=…)`.",
    ),
    mapped("aws-load-balancer-type", "scheme, targets"),
    mapped("aws-load-balancer-nlb-target-type", "targets"),
    mapped("aws-load-balancer-name", "loadBalancer.name"),
    mapped("aws-load-balancer-internal", "scheme"),
    mapped("aws-load-balancer-scheme", "scheme"),
    mapped("aws-load-balancer-proxy-protocol", "proxyProtocol"),
    mapped("aws-load-balancer-proxy-protocol-per-target-group", "proxyProtocol"),
    mapped("aws-load-balancer-ip-address-type", "loadBalancer.ipAddressType"),
    warned("aws-load-balancer-access-log-enabled", NO_LOGS, LOGS, fine=("false",)),
    warned("aws-load-balancer-access-log-emit-interval", NO_LOGS, LOGS),
    warned("aws-load-balancer-access-log-s3-bucket-name", NO_LOGS, LOGS),
    warned("aws-load-balancer-access-log-s3-bucket-prefix", NO_LOGS, LOGS),
    mapped("aws-load-balancer-cross-zone-load-balancing-enabled", "loadBalancer.crossZone"),
    mapped("aws-load-balancer-ssl-cert", "ports[].tls.certificate"),
    mapped("aws-load-balancer-ssl-ports", "ports[].tls"),
    mapped("aws-load-balancer-ssl-negotiation-policy", "ports[].tls.policy"),
    mapped("aws-load-balancer-backend-protocol", "ports[].tls.backend"),
    mapped("aws-load-balancer-alpn-policy", "ports[].tls.alpn"),
    warned(
        "aws-load-balancer-additional-resource-tags",
        "tags are the whole network's",
        "Write them as the network's `tags`, or as `kubewire:defaultTags`.",
    ),
    mapped("aws-load-balancer-healthcheck-protocol", "healthCheck.protocol"),
    mapped("aws-load-balancer-healthcheck-port", "healthCheck.port"),
    mapped("aws-load-balancer-healthcheck-path", "healthCheck.path"),
    mapped("aws-load-balancer-healthcheck-healthy-threshold", "healthCheck.healthyThreshold"),
    mapped("aws-load-balancer-healthcheck-unhealthy-threshold", "healthCheck.unhealthyThreshold"),
    mapped("aws-load-balancer-healthcheck-interval", "healthCheck.intervalSeconds"),
    mapped("aws-load-balancer-healthcheck-timeout", "healthCheck.timeoutSeconds"),
    mapped("aws-load-balancer-healthcheck-success-codes", "healthCheck.matcher"),
    mapped("aws-load-balancer-eip-allocations", "loadBalancer.addresses"),
    mapped("aws-load-balancer-private-ipv4-addresses", "loadBalancer.addresses"),
    refused(
        "aws-load-balancer-ipv6-addresses",
        "AWS chooses the IPv6 addresses",
        f"{OVERRIDE}: clients find it by its name.",
    ),
    mapped("aws-load-balancer-target-group-attributes", "see the attributes"),
    mapped("aws-load-balancer-target-group-attributes.*", "see the attributes"),
    mapped("aws-load-balancer-attributes", "see the attributes"),
    mapped("aws-load-balancer-listener-attributes.*", "see the attributes"),
    warned("aws-load-balancer-subnets", "it stands in the network's own subnets, in each of its zones"),
    warned("aws-load-balancer-target-node-labels", "every node of the network is a target"),
    refused(
        "aws-load-balancer-security-groups", "it has a group of its own, which admits the Service's `sources`", SOURCES
    ),
    refused(
        "aws-load-balancer-extra-security-groups",
        "it has a group of its own, which admits the Service's `sources`",
        SOURCES,
    ),
    refused(
        "aws-load-balancer-manage-backend-security-group-rules",
        "the nodes always admit the load balancer",
        f"{OVERRIDE}: rules of your own are not in the way.",
        fine=("true",),
    ),
    refused(
        "aws-load-balancer-inbound-sg-rules-on-private-link-traffic",
        "`sources` hold for clients over PrivateLink too",
        f"{OVERRIDE}, and write their ranges as `sources`.",
        fine=("on",),
    ),
    refused(
        "aws-load-balancer-multi-cluster-target-group",
        "target groups are one cluster's",
        f"{OVERRIDE}, and share traffic by weighted records (`dns`).",
        fine=("false",),
    ),
    refused(
        "aws-load-balancer-enable-prefix-for-ipv6-source-nat",
        "UDP is listened for on IPv4",
        f"{OVERRIDE}: clients use IPv4.",
        fine=("off",),
    ),
    refused("aws-load-balancer-source-nat-ipv6-prefixes", "UDP is listened for on IPv4", f"{OVERRIDE}."),
    warned(
        "aws-load-balancer-minimum-load-balancer-capacity",
        "capacity isn't reserved: a load balancer grows with its traffic",
        "Reserve it on the load balancer.",
        fine=("CapacityUnits=0",),
    ),
    implied("aws-load-balancer-enable-icmp-for-path-mtu-discovery", "path MTU discovery is always let in"),
    implied("aws-load-balancer-enable-tcp-udp-listener", "TCP and UDP on one port are always one listener"),
    refused(
        "aws-load-balancer-disable-nlb-sg",
        "a load balancer without a group is open to everybody who reaches it",
        f"{OVERRIDE}, and write who may connect as `sources`.",
        fine=("false",),
    ),
    refused(
        "aws-load-balancer-quic-enabled-ports", "no listener speaks QUIC", f"{OVERRIDE}: UDP passes it on as it is."
    ),
    mapped("aws-load-balancer-connection-draining-enabled", "deregistrationDelaySeconds"),
    mapped("aws-load-balancer-connection-draining-timeout", "deregistrationDelaySeconds"),
    warned("aws-load-balancer-connection-idle-timeout", "a network load balancer's is 350 seconds", fine=("350",)),
    refused(
        "actions.*",
        "a listener forwards to its own Service alone",
        "Share traffic by weighted records (`dns`) instead.",
    ),
)

BALANCER_ATTRIBUTES = (
    mapped("deletion_protection.enabled", "loadBalancer.deletionProtection"),
    mapped("load_balancing.cross_zone.enabled", "loadBalancer.crossZone"),
    warned("access_logs.s3.enabled", NO_LOGS, LOGS, fine=("false",)),
    warned("access_logs.s3.bucket", NO_LOGS, LOGS),
    warned("access_logs.s3.prefix", NO_LOGS, LOGS),
    warned(
        "dns_record.client_routing_policy",
        "its name leads to every zone",
        "Set it on the load balancer.",
        fine=("any_availability_zone",),
    ),
    warned("ipv6.deny_all_igw_traffic", "an internal one's subnets decide that", fine=("false",)),
    warned(
        "zonal_shift.config.enabled", "zonal shifts are not kubewire's", "Set it on the load balancer.", fine=("false",)
    ),
    warned("secondary_ips.auto_assigned.per_subnet", "it has one address in each zone", fine=("0",)),
)
"""Of `aws-load-balancer-attributes`."""

TARGET_ATTRIBUTES = (
    mapped("deregistration_delay.timeout_seconds", "deregistrationDelaySeconds"),
    mapped("preserve_client_ip.enabled", "preserveClientIp"),
    mapped("proxy_protocol_v2.enabled", "proxyProtocol"),
    mapped("stickiness.enabled", "sessionAffinity"),
    implied("stickiness.type", "a network load balancer knows `source_ip` alone"),
    warned(
        "deregistration_delay.connection_termination.enabled",
        "connections may end by themselves while a target leaves",
        fine=("false",),
    ),
    warned(
        "load_balancing.cross_zone.enabled",
        "that is the load balancer's to say",
        "Write `loadBalancer.crossZone`.",
        fine=("use_load_balancer_configuration",),
    ),
    warned("target_health_state.unhealthy.connection_termination.enabled", "connections end", fine=("true",)),
    warned("target_health_state.unhealthy.draining_interval_seconds", "connections end at once", fine=("0",)),
    warned("target_group_health.*", "one healthy target in a zone keeps it in use", fine=("1", "off")),
    warned(
        "proxy_protocol_v2.client_to_server.header_placement",
        "the header comes with the first data",
        fine=("on_first_ack_with_payload",),
    ),
)
"""Of `aws-load-balancer-target-group-attributes`."""

LISTENER_ATTRIBUTES = (warned("tcp.idle_timeout.seconds", "a network load balancer's is 350 seconds", fine=("350",)),)
"""Of `aws-load-balancer-listener-attributes`."""
