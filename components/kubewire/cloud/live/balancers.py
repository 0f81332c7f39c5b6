"""Load balancers of a VPC, with their listeners, target groups and targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from kubewire.cloud.live.keys import Keys
from kubewire.net.kinds import IpProtocol
from kubewire.prover.facts.services import HealthCheck, Listener, LoadBalancer, Target, TargetGroup, TargetType
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.facts.written import TRANSPORTS
from kubewire.resources.elb_tags import tags_of

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import NetworkInterfaceTypeDef
    from types_boto3_elbv2.type_defs import (
        ListenerTypeDef,
        LoadBalancerTypeDef,
        TargetGroupTypeDef,
        TargetHealthDescriptionTypeDef,
    )

    from kubewire.resources.base import Cloud

GONE = ("draining",)
LEAVING = "use_load_balancer_configuration"
CLASSIC = "ELB "
"""How AWS describes the interfaces of its load balancers; those of newer kinds go on with `net/`, `app/` or `gwy/`."""
NEWER = ("ELB net/", "ELB app/", "ELB gwy/")


@dataclass(frozen=True)
class Balancing:
    """What is before the machines of a VPC.

    Attributes:
        balancers: network load balancers.
        cross_zone: by ARN, whether they send to targets of other zones.
        listeners: by ARN of their load balancers.
        groups: target groups that listeners send to.
        settings: by ARN, what target groups are set to.
        targets: by ARN, what they send to.
        strangers: load balancers of other kinds.
    """

    balancers: Sequence[LoadBalancerTypeDef]
    cross_zone: Mapping[str, bool]
    listeners: Mapping[str, Sequence[ListenerTypeDef]]
    groups: Sequence[TargetGroupTypeDef]
    settings: Mapping[str, Mapping[str, str]]
    targets: Mapping[str, Sequence[TargetHealthDescriptionTypeDef]]
    strangers: tuple[str, ...]


def balancer_rows(cloud: Cloud, vpc: str, interfaces: Sequence[NetworkInterfaceTypeDef], keys: Keys) -> Balancing:
    """Read them: three calls, two for each network load balancer, two for each target group that it uses."""
    elbv2 = cloud.elbv2
    there = [row for row in elbv2.describe_load_balancers()["LoadBalancers"] if row.get("VpcId") == vpc]
    rows = [row for row in there if row["Type"] == "network"]
    listeners: dict[str, list[ListenerTypeDef]] = {}
    cross_zone = {}
    for row in rows:
        arn = row["LoadBalancerArn"]
        listeners[arn] = elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
        set_to = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        cross_zone[arn] = any(
            item["Key"] == "load_balancing.cross_zone.enabled" and item.get("Value") == "true" for item in set_to
        )
    used = {group for of_one in listeners.values() for listener in of_one for group in forwarded(listener)}
    groups = [row for row in elbv2.describe_target_groups()["TargetGroups"] if row["TargetGroupArn"] in used]
    settings, targets = {}, {}
    for group in groups:
        arn = group["TargetGroupArn"]
        attributes = elbv2.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
        settings[arn] = {item["Key"]: item.get("Value", "") for item in attributes if "Key" in item}
        targets[arn] = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    arns = {row["LoadBalancerArn"]: row["LoadBalancerName"] for row in rows}
    group_arns = {row["TargetGroupArn"]: row["TargetGroupName"] for row in groups}
    for sort in (arns, group_arns):
        tags = tags_of(cloud, list(sort))
        keys.add({arn: tags.get(arn, {}).get("Name") or name for arn, name in sort.items()})
    others = [f"{row['Type']} load balancer {row['LoadBalancerName']}" for row in there if row["Type"] != "network"]
    classic = {
        row["Description"].removeprefix(CLASSIC)
        for row in interfaces
        if row.get("Description", "").startswith(CLASSIC) and not row["Description"].startswith(NEWER)
    }
    unread = {
        f"listener {listener['ListenerArn'].rpartition(':')[2]} of protocol {listener['Protocol']}"
        for of_one in listeners.values()
        for listener in of_one
        if listener["Protocol"] not in TRANSPORTS
    }
    strangers = (*others, *(f"classic load balancer {name}" for name in sorted(classic)), *sorted(unread))
    return Balancing(rows, cross_zone, listeners, groups, settings, targets, strangers)


def forwarded(listener: ListenerTypeDef) -> list[str]:
    """Give the ARNs of the target groups that a listener sends to."""
    found: dict[str, None] = {}
    for action in listener.get("DefaultActions", []):
        if "TargetGroupArn" in action:
            found[action["TargetGroupArn"]] = None
        weighted = action.get("ForwardConfig", {}).get("TargetGroups", [])
        found |= {item["TargetGroupArn"]: None for item in weighted if "TargetGroupArn" in item}
    return list(found)


def target_groups_of(read: Balancing, nodes: Mapping[str, str], keys: Keys) -> Iterator[TargetGroup]:
    """Read target groups.

    Args:
        read: what AWS says.
        nodes: ids of instances, and addresses of their interfaces, to the names of nodes.
        keys: the names of everything else.
    """
    for row in read.groups:
        arn = row["TargetGroupArn"]
        set_to = read.settings[arn]
        by_address = row.get("TargetType") == "ip"
        check = row.get("HealthCheckPort", "traffic-port")
        crossing = set_to.get("load_balancing.cross_zone.enabled", LEAVING)
        yield TargetGroup(
            name=keys.of(arn),
            protocols=TRANSPORTS.get(row["Protocol"], ()),
            type=TargetType.IP if by_address else TargetType.INSTANCE,
            targets=tuple(
                Target(
                    name=nodes.get(item["Target"]["Id"], keys.of(item["Target"]["Id"])),
                    port=item["Target"].get("Port", row.get("Port", 0)),
                    address=ip_address(item["Target"]["Id"]) if by_address else None,
                    every_zone=item["Target"].get("AvailabilityZone") == "all",
                )
                for item in read.targets[arn]
                if item.get("TargetHealth", {}).get("State") not in GONE
            ),
            health_check=HealthCheck(
                protocol=IpProtocol.TCP,
                http=row.get("HealthCheckProtocol", "TCP").startswith("HTTP"),
                port=None if check == "traffic-port" else int(check),
            ),
            preserves_client=set_to.get("preserve_client_ip.enabled", "true") == "true",
            proxy_protocol=set_to.get("proxy_protocol_v2.enabled") == "true",
            cross_zone=None if crossing == LEAVING else crossing == "true",
        )


def load_balancers_of(
    read: Balancing, services: Mapping[str, Mapping[tuple[int, int], str]], keys: Keys
) -> Iterator[LoadBalancer]:
    """Read load balancers.

    Args:
        read: what AWS says.
        services: by DNS name, the Services whose status names it, by port and protocol.
        keys: the names of everything else.
    """
    for row in read.balancers:
        arn, dns_name = row["LoadBalancerArn"], row.get("DNSName", "").lower()
        asked = services.get(dns_name, {})
        labels = set(asked.values())
        by_listener: defaultdict[str, str | None] = defaultdict(lambda: None)
        if len(labels) > 1:
            for listener in read.listeners[arn]:
                port = listener.get("Port", 0)
                meant = {asked.get((port, protocol)) for protocol in TRANSPORTS.get(listener["Protocol"], ())} - {None}
                by_listener[listener["ListenerArn"]] = meant.pop() if len(meant) == 1 else None
        yield LoadBalancer(
            name=keys.of(arn),
            internet_facing=row["Scheme"] != "internal",
            subnets=tuple(
                keys.known(zone.get("SubnetId"), "subnet")
                # AWS lists them in no order.
                for zone in sorted(row["AvailabilityZones"], key=lambda one: one.get("ZoneName", ""))
            ),
            groups=tuple(keys.of(group) for group in row.get("SecurityGroups", [])),
            cross_zone=read.cross_zone[arn],
            dual_stack=row.get("IpAddressType", "ipv4") != "ipv4",
            dns_name=dns_name,
            service=labels.pop() if len(labels) == 1 else None,
            listeners=tuple(
                Listener(
                    name=f"{listener['Protocol']} {listener.get('Port')}",
                    port=listener["Port"],
                    protocols=TRANSPORTS.get(listener["Protocol"], ()),
                    tls=listener["Protocol"] == "TLS",
                    target_group=_target_group(listener, keys),
                    service=by_listener[listener["ListenerArn"]],
                )
                for listener in read.listeners[arn]
                if "Port" in listener
            ),
        )


def _target_group(listener: ListenerTypeDef, keys: Keys) -> Known[str]:
    found = forwarded(listener)
    if len(found) == 1:
        return keys.of(found[0])
    return Unknown(comes_from=f"which target group listener {listener.get('Port')} sends to: it has {len(found)}")
