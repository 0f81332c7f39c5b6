"""Resource types of Terraform: those that are read, those that a network doesn't depend on, and all others."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Sort(StrEnum):
    """What is referred to."""

    VPC = "VPC"
    SUBNET = "subnet"
    TABLE = "route table"
    GROUP = "security group"
    ACL = "network ACL"
    INTERFACE = "network interface"
    MACHINE = "instance"
    GATEWAY = "gateway"
    NAT = "NAT gateway"
    OUTWARD = "egress-only internet gateway"
    BALANCER = "load balancer"
    TARGET_GROUP = "target group"
    ZONE = "hosted zone"
    LIST = "prefix list"


SORTS: Final = {
    "aws_vpc": Sort.VPC,
    "aws_default_vpc": Sort.VPC,
    "aws_subnet": Sort.SUBNET,
    "aws_default_subnet": Sort.SUBNET,
    "aws_route_table": Sort.TABLE,
    "aws_default_route_table": Sort.TABLE,
    "aws_security_group": Sort.GROUP,
    "aws_default_security_group": Sort.GROUP,
    "aws_network_acl": Sort.ACL,
    "aws_default_network_acl": Sort.ACL,
    "aws_network_interface": Sort.INTERFACE,
    "aws_instance": Sort.MACHINE,
    "aws_internet_gateway": Sort.GATEWAY,
    "aws_vpn_gateway": Sort.GATEWAY,
    "aws_nat_gateway": Sort.NAT,
    "aws_egress_only_internet_gateway": Sort.OUTWARD,
    "aws_lb": Sort.BALANCER,
    "aws_alb": Sort.BALANCER,
    "aws_lb_target_group": Sort.TARGET_GROUP,
    "aws_alb_target_group": Sort.TARGET_GROUP,
    "aws_route53_zone": Sort.ZONE,
    "aws_ec2_managed_prefix_list": Sort.LIST,
    "aws_prefix_list": Sort.LIST,
}
"""Types that others refer to."""

PARTS: Final = frozenset(
    {
        "aws_vpc_ipv4_cidr_block_association",
        "aws_vpc_ipv6_cidr_block_association",
        "aws_route",
        "aws_route_table_association",
        "aws_main_route_table_association",
        "aws_vpn_gateway_route_propagation",
        "aws_security_group_rule",
        "aws_vpc_security_group_ingress_rule",
        "aws_vpc_security_group_egress_rule",
        "aws_network_acl_rule",
        "aws_network_acl_association",
        "aws_network_interface_attachment",
        "aws_network_interface_sg_attachment",
        "aws_eip",
        "aws_eip_association",
        "aws_lb_listener",
        "aws_alb_listener",
        "aws_lb_target_group_attachment",
        "aws_alb_target_group_attachment",
        "aws_autoscaling_attachment",
        "aws_route53_record",
        "aws_route53_zone_association",
        "aws_ec2_managed_prefix_list_entry",
    }
)
"""Types that say more of another object."""

BESIDE: Final = (
    "aws_autoscaling_group",
    "aws_eks_node_group",
    "aws_eks_fargate_profile",
    "aws_eks_cluster",
    "aws_spot_fleet_request",
    "aws_spot_instance_request",
    "aws_ec2_fleet",
)
"""Types that start machines which no resource lists: they may be nodes."""

HARMLESS: Final = frozenset(
    {
        # They act by the routes to them, or are addresses of a subnet like any other.
        "aws_vpc_endpoint",
        "aws_vpc_endpoint_service",
        "aws_vpc_endpoint_subnet_association",
        "aws_vpc_endpoint_security_group_association",
        "aws_vpc_endpoint_route_table_association",
        "aws_vpc_endpoint_policy",
        "aws_vpc_peering_connection",
        "aws_vpc_peering_connection_accepter",
        "aws_vpc_peering_connection_options",
        "aws_vpc_dhcp_options",
        "aws_vpc_dhcp_options_association",
        "aws_default_vpc_dhcp_options",
        "aws_internet_gateway_attachment",
        "aws_vpn_gateway_attachment",
        "aws_customer_gateway",
        "aws_vpn_connection",
        "aws_vpn_connection_route",
        "aws_flow_log",
        "aws_key_pair",
        "aws_ami",
        "aws_ami_copy",
        "aws_launch_template",
        "aws_launch_configuration",
        "aws_placement_group",
        "aws_volume_attachment",
        "aws_lb_listener_certificate",
        "aws_lb_trust_store",
        # They take away what isn't listed, and what is listed is there.
        "aws_vpc_security_group_rules_exclusive",
        "aws_security_group_rules_exclusive",
        "aws_route53_health_check",
        "aws_route53_delegation_set",
        "aws_route53_query_log",
        "aws_ram_resource_share",
        "aws_ram_resource_association",
        "aws_ram_principal_association",
        "aws_ram_resource_share_accepter",
        "aws_service_discovery_service",
    }
)
HARMLESS_FAMILIES: Final = tuple(
    f"aws_{family}"
    for family in (
        "acm",
        "acmpca_",
        "api_gateway",
        "apigatewayv2_",
        "appautoscaling_",
        "athena_",
        "autoscaling_lifecycle_hook",
        "autoscaling_notification",
        "autoscaling_policy",
        "autoscaling_schedule",
        "backup_",
        "budgets_",
        "cloudfront_",
        "cloudtrail",
        "cloudwatch_",
        "cognito_",
        "config_",
        "db_",
        "docdb_",
        "dynamodb_",
        "ebs_",
        "ec2_transit_gateway",
        "ecr",
        "ecs_",
        "efs_",
        "eks_access_",
        "eks_addon",
        "eks_identity_provider_config",
        "eks_pod_identity_association",
        "elasticache_",
        "elasticsearch_",
        "glue_",
        "guardduty_",
        "iam_",
        "inspector",
        "kinesis_",
        "kms_",
        "lambda_",
        "mq_",
        "msk_",
        "opensearch_",
        "organizations_",
        "rds_",
        "redshift",
        "resourcegroups_",
        "s3",
        "secretsmanager_",
        "securityhub_",
        "servicequotas_",
        "ses",
        "sfn_",
        "signer_",
        "sns_",
        "sqs_",
        "ssm_",
        "wafv2_",
        "xray_",
    )
)
"""Services that put at most interfaces of their own into subnets, with security groups that are listed."""
OUTSIDE: Final = ("kubernetes_service", "kubernetes_manifest", "kubernetes_ingress", "kubectl_manifest", "helm_release")
"""What may have controllers in the cluster make load balancers and rules, types of other providers."""


def changes_networks(kind: str) -> bool:
    """Whether a type that nobody here reads may change a network. Unknown types of AWS may."""
    if not kind.startswith(("aws_", "awscc_")):
        return kind.startswith(OUTSIDE)
    return kind not in HARMLESS and not kind.startswith(HARMLESS_FAMILIES)
