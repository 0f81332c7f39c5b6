"""The load balancer of a Service, and what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubewire.adoption.found import FoundBalancer, FoundGroup
from kubewire.cloud.live.balancers import forwarded
from kubewire.resources.elb_tags import tags_of
from kubewire.resources.tagging import where

if TYPE_CHECKING:
    from types_boto3_elbv2.type_defs import LoadBalancerTypeDef

    from kubewire.resources.base import Cloud


def by_host_name(cloud: Cloud, names: tuple[str, ...]) -> LoadBalancerTypeDef | None:
    """Find a load balancer by one of the names that a Service's status has; None if none of elbv2's has it."""
    wanted = {name.lower().removeprefix("dualstack.") for name in names}
    rows = cloud.elbv2.describe_load_balancers()["LoadBalancers"]
    return next((row for row in rows if row.get("DNSName", "").lower() in wanted), None)


def by_arn(cloud: Cloud, arn: str) -> LoadBalancerTypeDef | None:
    """Find a load balancer by its ARN; None if it's gone."""
    rows = cloud.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    return rows[0] if rows else None


def read_balancer(cloud: Cloud, row: LoadBalancerTypeDef) -> FoundBalancer:
    """Read what belongs to a load balancer: five calls, and one for each target group."""
    elbv2, arn = cloud.elbv2, row["LoadBalancerArn"]
    described = elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    listeners = {listener["Port"]: listener for listener in described if "Port" in listener}
    sent = {port: forwarded(listener) for port, listener in listeners.items()}
    attributes = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    used = {group for groups in sent.values() for group in groups}
    groups = elbv2.describe_target_groups(LoadBalancerArn=arn)["TargetGroups"]
    security_groups = cloud.ec2.describe_security_groups(Filters=where({"vpc-id": row["VpcId"]}))["SecurityGroups"]
    return FoundBalancer(
        row=row,
        settings={item["Key"]: item.get("Value", "") for item in attributes},
        tags=tags_of(cloud, [arn]).get(arn, {}),
        listeners=listeners,
        sent=sent,
        groups={
            group["TargetGroupArn"]: FoundGroup(group, _settings(cloud, group["TargetGroupArn"]))
            for group in groups
            if group["TargetGroupArn"] in used
        },
        security_groups={group["GroupId"]: group for group in security_groups},
    )


def _settings(cloud: Cloud, arn: str) -> dict[str, str]:
    attributes = cloud.elbv2.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    return {item["Key"]: item.get("Value", "") for item in attributes}
