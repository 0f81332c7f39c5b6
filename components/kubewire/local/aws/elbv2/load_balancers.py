"""Load balancers: made once by name and settings, active after a while, gone with their listeners."""

from __future__ import annotations

from typing import Any, Final

from moto.elbv2.models import FakeLoadBalancer
from moto.moto_api._internal import mock_random
from moto.utilities.utils import get_partition

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.elbv2.addresses import must_be_free
from kubewire.local.aws.elbv2.attributes import balancer_defaults
from kubewire.local.aws.elbv2.described import described
from kubewire.local.aws.elbv2.interfaces import attach, nodes_of, release
from kubewire.local.aws.elbv2.limits import APPLICATION_BALANCERS, GATEWAY_BALANCERS, NETWORK_BALANCERS
from kubewire.local.aws.elbv2.subnets import must_have_space, placed
from kubewire.local.aws.elbv2.usage import relink
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers, before

_STATES: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html"
ACTIVE: Final = duration("load-balancer.active", aws=120.0, page=f"{_STATES}#load-balancer-state")

_QUOTAS: Final = {
    "application": APPLICATION_BALANCERS,
    "network": NETWORK_BALANCERS,
    "gateway": GATEWAY_BALANCERS,
}
_IN_ARNS: Final = {"application": "app", "network": "net", "gateway": "gwy"}


class Balancer(FakeLoadBalancer):
    """A load balancer that becomes active in its time, not when it is looked at."""

    def activate(self) -> None:
        """Nothing: moto calls this whenever somebody looks."""


@answers("elbv2", "CreateLoadBalancer")
def created(call: Call, _proceed: Proceed) -> Answer:
    """Make one, or answer with the one that is there already with the same name and settings.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    """
    name, kind = call.parameters["Name"], call.parameters.get("Type", "application")
    present = next((one for one in call.elbv2.load_balancers.values() if one.name == name), None)
    if present is not None:
        if _settings(call, present) != _wanted(call):
            what = f"A load balancer with the same name '{name}' exists, but with different settings"
            raise Refusal("DuplicateLoadBalancerName", what)
        return {"LoadBalancers": [described(call, present)]}
    if sum(one.type == kind for one in call.elbv2.load_balancers.values()) >= call.limit(_QUOTAS[kind]):
        raise Refusal("TooManyLoadBalancers", "The maximum number of load balancers has been reached")
    mappings = {one["SubnetId"]: one for one in call.parameters.get("SubnetMappings", ())}
    subnets = placed(call)
    must_have_space(call, subnets)
    must_be_free(call, mappings.values())
    balancer = _made(call, kind)
    if kind != "gateway":
        for subnet in subnets:
            attach(call, balancer, subnet, mappings.get(subnet.id, {}))
    call.later(ACTIVE, lambda: setattr(balancer, "state", "active"))
    return {"LoadBalancers": [described(call, balancer)]}


@before("elbv2", "DeleteLoadBalancer")
def protected(call: Call) -> None:
    """Refuse to delete what is protected.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#deletion-protection
    """
    arn = call.parameters["LoadBalancerArn"]
    balancer = call.elbv2.load_balancers.get(arn)
    if balancer is not None and balancer.attrs.get("deletion_protection.enabled") == "true":
        raise Refusal(
            "OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        )


@answers("elbv2", "DeleteLoadBalancer")
def deleted(call: Call, proceed: Proceed) -> Answer:
    """Delete one with its listeners at once, and its interfaces some time later.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
    """
    arn = call.parameters["LoadBalancerArn"]
    balancer = call.elbv2.load_balancers.get(arn)
    answer = proceed(call)
    if balancer is not None:
        for one in (arn, *balancer.listeners):
            call.elbv2.tagging_service.delete_all_tags_for_resource(one)
        release(call, nodes_of(call, arn))
        relink(call)
    return answer


def _made(call: Call, kind: str) -> Balancer:
    name, scheme = call.parameters["Name"], call.parameters.get("Scheme", "internet-facing")
    identity = mock_random.get_random_hex(16)
    where = f"arn:{get_partition(call.region)}:elasticloadbalancing:{call.region}:{call.account}"
    subnets = placed(call)
    # moto's classes leave what CloudFormation needs abstract, and make instances all the same.
    balancer = Balancer(  # type: ignore[abstract]
        name=name,
        security_groups=_groups(call, kind, subnets[0].vpc_id),
        subnets=subnets,
        vpc_id=subnets[0].vpc_id,
        arn=f"{where}:loadbalancer/{_IN_ARNS[kind]}/{name}/{identity}",
        dns_name=_dns_name(call, kind, scheme, identity),
        state="provisioning",
        scheme=scheme,
        loadbalancer_type=kind,
        ip_address_type=call.parameters.get("IpAddressType", "ipv4"),
    )
    created_time: Any = call.emulator.clock.date
    balancer.created_time = created_time
    if kind == "network":
        balancer.canonical_hosted_zone_id = ZONES.get(call.region, balancer.canonical_hosted_zone_id)
        balancer.attrs = balancer_defaults(balancer)
    call.elbv2.load_balancers[balancer.arn] = balancer
    call.elbv2.tagging_service.tag_resource(balancer.arn, call.parameters.get("Tags"))
    return balancer


def _groups(call: Call, kind: str, vpc_id: str) -> list[str]:
    """Its groups: an application load balancer has the VPC's default one, if none is asked for.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html
    """
    given = call.parameters.get("SecurityGroups")
    default = call.ec2.get_default_security_group(vpc_id) if kind == "application" and not given else None
    return [default.id] if default else list(given or ())


def _dns_name(call: Call, kind: str, scheme: str, identity: str) -> str:
    """The name in DNS, which can't be foretold.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html (DNS name)
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
    """
    name = call.parameters["Name"]
    if kind != "application":
        return f"{name}-{identity}.elb.{call.region}.amazonaws.com"
    prefix = "internal-" if scheme == "internal" else ""
    return f"{prefix}{name}-{int(identity, 16) % 10**10}.{call.region}.elb.amazonaws.com"


def _wanted(call: Call) -> dict[str, Any]:
    given = call.parameters
    mappings = given.get("SubnetMappings", ())
    return {
        "type": given.get("Type", "application"),
        "scheme": given.get("Scheme", "internet-facing"),
        "addresses": given.get("IpAddressType", "ipv4"),
        "groups": set(_groups(call, given.get("Type", "application"), placed(call)[0].vpc_id)),
        "subnets": {one.id for one in placed(call)},
        "elastic": {one["AllocationId"] for one in mappings if "AllocationId" in one},
        "private": {one["PrivateIPv4Address"] for one in mappings if "PrivateIPv4Address" in one},
    }


def _settings(call: Call, balancer: FakeLoadBalancer) -> dict[str, Any]:
    nodes = nodes_of(call, balancer.arn)
    return {
        "type": balancer.type,
        "scheme": balancer.scheme,
        "addresses": balancer.ip_address_type,
        "groups": set(balancer.security_groups),
        "subnets": {one.id for one in balancer.subnets},
        "elastic": {one.allocation_id for one in nodes if one.allocation_id},
        "private": {one.address for one in nodes if one.chosen},
    }


# https://docs.aws.amazon.com/general/latest/gr/elb.html (Route 53 hosted zone ID, network load balancers)
ZONES: Final = {
    "ap-northeast-1": "Z31USIVHYNEOWT",
    "ap-northeast-2": "ZIBE1TIR4HY56",
    "ap-south-1": "ZVDDRBQ08TROA",
    "ap-southeast-1": "ZKVM4W9LS7TM",
    "ap-southeast-2": "ZCT6FZBF4DROD",
    "ca-central-1": "Z2EPGBW3API2WT",
    "eu-central-1": "Z3F0SRJ5LGBH90",
    "eu-north-1": "Z1UDT6IFJ4EJM",
    "eu-west-1": "Z2IFOLAFXWLO4F",
    "eu-west-2": "ZD4D7Y8KGAS4G",
    "eu-west-3": "Z1CMS0P5QUZ6D5",
    "sa-east-1": "ZTK26PT1VY4CU",
    "us-east-1": "Z26RNL4JYFTOTI",
    "us-east-2": "ZLMOA37VPKANP",
    "us-west-1": "Z24FKFUX50B4VW",
    "us-west-2": "Z18D5FSROUN65G",
}
