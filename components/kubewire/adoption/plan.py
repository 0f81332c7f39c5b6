"""What taking a load balancer over does: what is imported, and what the next `pulumi up` makes of each thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kubewire.adoption.found import FoundBalancer
from kubewire.adoption.makers import RULES_OF_PROVIDER, is_own_group
from kubewire.adoption.stack import COMPONENT, Stack
from kubewire.errors import InvalidInputError
from kubewire.services.adopting import KUBERNETES_SERVICE
from kubewire.services.load_balancer.addresses import ChosenAddresses
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.load_balancer.options import OwnLoadBalancer

BALANCER = "kubewire:index:NetworkLoadBalancer"
GROUP = "kubewire:index:SecurityGroup"
TARGETS = "kubewire:index:TargetGroup"
LISTENER = "kubewire:index:Listener"
CHANGED = "kept; `up` changes its tags"
REPLACED = "`up` makes a new one, then deletes it"


@dataclass(frozen=True)
class Taken:
    """A thing that is imported.

    Attributes:
        kind: its type, as Pulumi has it.
        name: what the stack calls it.
        id: its id; None of a component.
        shown: what a reader calls it.
        becomes: what the next `pulumi up` makes of it.
        urn: as the program will register it.
        is_there: whether the stack has it already.
    """

    kind: str
    name: str
    id: str | None
    shown: str
    becomes: str
    urn: str
    is_there: bool


@dataclass(frozen=True)
class Plan:
    """What taking a load balancer over does.

    Attributes:
        args: the Service that the program is to have.
        component: the Service's component.
        aws: what is imported of AWS, parents first.
        service: the Kubernetes Service, which is imported when its controller has let go of it.
        left: what stays as it is, nobody's.
        warnings: what won't be as it was.
    replaces: whether another load balancer takes its place.
    """

    args: LoadBalancerServiceArgs
    component: Taken
    aws: tuple[Taken, ...]
    service: Taken
    left: tuple[str, ...]
    warnings: tuple[str, ...]
    replaces: bool


def plan(
    args: LoadBalancerServiceArgs, found: FoundBalancer, stack: Stack, warnings: list[str], *, replace: bool
) -> Plan:
    """Plan it.

    Args:
        args: the Service.
        found: its load balancer.
        stack: who takes it over.
        warnings: what is known already.
        replace: whether another load balancer takes its place.

    Raises:
        InvalidInputError: it can't be taken over.
    """
    _check(args, found, stack, replace=replace)
    name = stack.service(args.namespace, args.name)
    urn = stack.component(args.namespace, args.name)
    component = Taken(COMPONENT, name, None, args.label, "", urn, urn in stack.ids)

    def taken(kind: str, logical: str, object_id: str, shown: str, becomes: str) -> Taken:
        part = stack.part(kind, logical)
        return Taken(kind, logical, object_id, shown, becomes, part, part in stack.ids)

    left: list[str] = []
    aws = [taken(BALANCER, name, found.arn, f"load balancer {found.name}", REPLACED if replace else CHANGED)]
    for group in found.guards:
        if group["GroupId"] in stack.ids.values():
            # An `up` has been there already.
            continue
        shown = f"security group {group['GroupName']} ({group['GroupId']})"
        users = _users(found, group["GroupId"])
        if not is_own_group(group, args.label):
            left.append(f"{shown}: others use it; the load balancer gets one of its own instead")
        elif users:
            left.append(f"{shown}: rules on {', '.join(users)} name it; remove them after `pulumi up`, and then it")
        else:
            aws.append(taken(GROUP, name, group["GroupId"], shown, REPLACED))
    seen: set[str] = set()
    for port in args.listened:
        number = port.main.port
        listener, targets = found.listeners.get(number), found.group_of(number)
        if targets and targets.arn not in seen:
            seen.add(targets.arn)
            shown = f"target group {targets.row['TargetGroupName']}"
            aws.append(taken(TARGETS, f"{name}.{port.main.key}", targets.arn, shown, REPLACED))
        if listener:
            becomes = REPLACED if replace else "kept; `up` sends it to the new target group"
            shown = f"listener {listener['Protocol']} {number}"
            aws.append(taken(LISTENER, f"{name}.{number}", listener["ListenerArn"], shown, becomes))
        if listener and not targets:
            left.append(
                f"target groups of listener {number}: it has {len(found.sent[number])}; `up` sends to a new one"
            )
    ports = {port.main.port for port in args.listened}
    left += [f"listener {port}: no port of the Service's" for port in found.listeners if port not in ports]
    left += _rules_left(found)
    return Plan(
        args=args,
        component=component,
        aws=tuple(aws),
        service=taken(KUBERNETES_SERVICE, name, args.label, f"Service {args.label}", "kept; `up` changes its notes"),
        left=tuple(left),
        warnings=(*warnings, *_warnings(found, stack, replace=replace)),
        replaces=replace,
    )


def _check(args: LoadBalancerServiceArgs, found: FoundBalancer, stack: Stack, *, replace: bool) -> None:
    vpc = found.row.get("VpcId")
    if vpc != stack.vpc:
        detail = f"Load balancer {found.name} is in {vpc}, network {stack.network} of the stack in {stack.vpc}."
        raise InvalidInputError("its load balancer is in another VPC", detail=detail, path=args.label)
    if not found.row.get("SecurityGroups") and not replace:
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
        detail = (
            "AWS gives none to a load balancer that was made without any, and kubewire makes none without. With "
            "--replace the next `pulumi up` makes another one beside it, leads the Service and its names of Route53 "
            "there, and then deletes this one: its DNS name changes."
        )
        raise InvalidInputError(f"load balancer {found.name} has no security groups", detail=detail, path=args.label)
    if replace and isinstance(args.load_balancer, OwnLoadBalancer):
        if args.load_balancer.deletion_protection:
            detail = "Turn deletion protection off first (`aws elbv2 modify-load-balancer-attributes`)."
            raise InvalidInputError(f"{found.name} is protected from deletion", detail=detail, path=args.label)
        if not isinstance(args.load_balancer.addresses, ChosenAddresses):
            detail = "Two load balancers can't have the same addresses. Make one with others, and delete this one."
            raise InvalidInputError(f"{found.name} has addresses of its own", detail=detail, path=args.label)


def _warnings(found: FoundBalancer, stack: Stack, *, replace: bool) -> Iterator[str]:
    subnets = {zone["SubnetId"] for zone in found.row["AvailabilityZones"]}
    if not replace and (others := sorted(subnets - stack.subnets)):
        yield f"its subnets {', '.join(others)} aren't the network's: `up` moves it to those of the network"
    if replace:
        yield "its DNS name changes with `up`: names outside of the stack must follow, before the old one is deleted"


def _users(found: FoundBalancer, group: str) -> list[str]:
    """Give the groups whose rules name a group."""
    return [
        one["GroupId"]
        for one in found.security_groups.values()
        if one["GroupId"] != group
        and any(
            pair.get("GroupId") == group
            for rule in (*one.get("IpPermissions", []), *one.get("IpPermissionsEgress", []))
            for pair in rule.get("UserIdGroupPairs", [])
        )
    ]


def _rules_left(found: FoundBalancer) -> Iterator[str]:
    """Give the rules that cloud-provider-aws has put on the nodes' groups: it takes them off no more."""
    for group in found.security_groups.values():
        for rule in group.get("IpPermissions", []):
            for one in rule.get("IpRanges", []):
                note = one.get("Description", "")
                if note.startswith(RULES_OF_PROVIDER) and note.endswith(f"={found.name}"):
                    ports = f"{rule['IpProtocol']} {rule.get('FromPort')}-{rule.get('ToPort')}"
                    what = f"rule on {group['GroupId']}: {ports} from {one['CidrIp']} ({note})"
                    yield f"{what}; remove it after `pulumi up`"
