"""Network load balancers, with their listeners, target groups and targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from kubewire.errors import InvalidInputError
from kubewire.net.kinds import IpProtocol
from kubewire.prover.facts.services import HealthCheck, Listener, LoadBalancer, Target, TargetGroup, TargetType
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.facts.written import TRANSPORTS
from kubewire.prover.from_terraform.index import Index
from kubewire.prover.from_terraform.kinds import Sort
from kubewire.prover.from_terraform.owners import Owner, owner
from kubewire.prover.from_terraform.values import Block

NETWORK: Final = "network"
LISTENERS: Final = ("aws_lb_listener", "aws_alb_listener")
ATTACHMENTS: Final = ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")
TRAFFIC_PORT: Final = "traffic-port"
LEAVING: Final = "use_load_balancer_configuration"


def load_balancers(index: Index) -> Iterator[LoadBalancer]:
    """Give the network load balancers."""
    listeners: defaultdict[str, list[Listener]] = defaultdict(list)
    for block in index.parts(*LISTENERS):
        whose, port, protocol = _of(index, block), block.number("port"), block.text("protocol")
        if whose.key is not None and isinstance(port, int) and isinstance(protocol, str):
            listeners[whose.key].append(_listener(index, block, port, protocol))
    for key, block in index.of(Sort.BALANCER):
        if block.text("load_balancer_type") != NETWORK:
            continue
        mappings = block.blocks("subnet_mapping")
        mapped: list[Known[str] | None] = (
            [mappings]
            if isinstance(mappings, Unknown)
            else [index.key(one, "subnet_id", Sort.SUBNET) for one in mappings]
        )
        subnets = [item for item in mapped if item is not None] or list(index.keys(block, "subnets", Sort.SUBNET))
        yield LoadBalancer(
            name=key,
            internet_facing=block.flag("internal", default=False) is not True,
            subnets=tuple(subnets),
            groups=index.keys(block, "security_groups", Sort.GROUP),
            cross_zone=block.flag("enable_cross_zone_load_balancing", default=False),
            dual_stack=block.text("ip_address_type") not in (None, "ipv4"),
            dns_name=block.chosen("dns_name") or Unknown(comes_from=f"the DNS name of {key}"),
            listeners=tuple(listeners[key]),
        )


def target_groups(index: Index) -> Iterator[TargetGroup]:
    """Give the target groups."""
    targets: defaultdict[str, list[Block]] = defaultdict(list)
    for block in index.parts(*ATTACHMENTS):
        key = owner(index, block, "target_group_arn", Sort.TARGET_GROUP).key
        if key is not None:
            targets[key].append(block)
    for key, block in index.of(Sort.TARGET_GROUP):
        protocol, kind = block.text("protocol"), block.text("target_type")
        by_address = kind == "ip"
        keeps = block.chosen("preserve_client_ip")
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
        natural = not by_address or protocol in ("UDP", "TCP_UDP")
        crossing = block.text("load_balancing_cross_zone_enabled")
        yield TargetGroup(
            name=key,
            protocols=TRANSPORTS.get(str(protocol), ()),
            type=TargetType.IP if by_address else TargetType.INSTANCE,
            targets=tuple(_target(index, one, block, by_address=by_address) for one in targets[key]),
            open_ends=(
                *(one.says("target_id") for one in targets[key] if _is_unknown(index, one)),
                *([f"the targets of {key}, which is only looked up"] if block.resource.is_data else []),
            ),
            health_check=_health_check(block),
            preserves_client=natural if keeps not in ("true", "false") else keeps == "true",
            proxy_protocol=block.flag("proxy_protocol_v2", default=False) is True,
            cross_zone=crossing
            if isinstance(crossing, Unknown)
            else None
            if crossing in (None, LEAVING)
            else crossing == "true",
        )


def strangers(index: Index) -> Iterator[str]:
    """Give the load balancers of other kinds, and what isn't known of network load balancers and whose it is."""
    networks = {key for key, one in index.of(Sort.BALANCER) if one.text("load_balancer_type") == NETWORK}
    for key, block in index.of(Sort.BALANCER):
        kind = block.text("load_balancer_type") or "application"
        if kind != NETWORK:
            yield f"{kind if isinstance(kind, str) else 'a'} load balancer {key}"
        if block.resource.is_data:
            yield f"the listeners of {key}, which is only looked up"
        yield from _open(block.flag("internal", default=False), block.text("ip_address_type"))
    for block in index.parts(*LISTENERS):
        protocol = block.text("protocol")
        yield from _open(_of(index, block).unknown, block.number("port"), protocol)
        if _of(index, block).key in networks and isinstance(protocol, str) and protocol not in TRANSPORTS:
            yield f"the protocol of {block}"
    for block in index.parts(*ATTACHMENTS):
        yield from _open(owner(index, block, "target_group_arn", Sort.TARGET_GROUP).unknown)
    for _, block in index.of(Sort.TARGET_GROUP):
        yield from _open(*(block.text(name) for name in ("protocol", "target_type", "preserve_client_ip")))


def _open(*values: object) -> Iterator[str]:
    return (value.comes_from for value in values if isinstance(value, Unknown))


def _of(index: Index, block: Block) -> Owner:
    return owner(index, block, "load_balancer_arn", Sort.BALANCER)


def _listener(index: Index, block: Block, port: int, protocol: str) -> Listener:
    return Listener(
        name=block.resource.address,
        port=port,
        protocols=TRANSPORTS.get(protocol, ()),
        tls=protocol == "TLS",
        target_group=_sent_to(index, block),
    )


def _sent_to(index: Index, block: Block) -> Known[str]:
    """Give the target group of a listener that sends to one alone."""
    unknown = Unknown(comes_from=f"which target group {block} sends to")
    actions = block.blocks("default_action")
    if isinstance(actions, Unknown):
        return actions
    found: list[Known[str]] = []
    for action in actions:
        key = index.key(action, "target_group_arn", Sort.TARGET_GROUP)
        found += [] if key is None else [key]
        forward = action.blocks("forward")
        for one in [] if isinstance(forward, Unknown) else forward:
            groups = one.blocks("target_group")
            found += [groups] if isinstance(groups, Unknown) else [
                index.key(group, "arn", Sort.TARGET_GROUP) or unknown for group in groups
            ]  # fmt: skip
    named = list(dict.fromkeys(found))
    return named[0] if len(named) == 1 else unknown


def _is_unknown(index: Index, block: Block) -> bool:
    value = block.text("target_id")
    return isinstance(value, Unknown) and isinstance(index.told(block, "target_id", Sort.MACHINE, value), Unknown)


def _target(index: Index, block: Block, group: Block, *, by_address: bool) -> Target:
    port = block.number("port") or group.number("port") or Unknown(comes_from=f"the port of {block}")
    value = block.text("target_id")
    if by_address:
        address: Known[str] = value or Unknown(comes_from=f"the address of {block}")
        every_zone = block.text("availability_zone") == "all"
        if isinstance(address, Unknown):
            return Target(name=block.resource.address, port=port, address=address, every_zone=every_zone)
        try:
            return Target(name=address, port=port, address=ip_address(address), every_zone=every_zone)
        except ValueError:
            raise InvalidInputError(f"{block.says('target_id')} is no address") from None
    key = index.key(block, "target_id", Sort.MACHINE)
    return Target(name=key if isinstance(key, str) else block.resource.address, port=port)


def _health_check(block: Block) -> HealthCheck:
    checks = block.blocks("health_check")
    unknown = Unknown(comes_from=f"the health check of {block}")
    if isinstance(checks, Unknown):
        return HealthCheck(protocol=IpProtocol.TCP, port=unknown)
    for check in checks:
        port, protocol = check.text("port"), check.text("protocol")
        number = port if isinstance(port, Unknown) else None if port in (None, TRAFFIC_PORT) else check.number("port")
        return HealthCheck(protocol=IpProtocol.TCP, http=str(protocol).startswith("HTTP"), port=number)
    return HealthCheck(protocol=IpProtocol.TCP)
