from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, advance, config, elbv2
from tests.integration.local.aws.elbv2_steps import (
    API,
    BALANCER,
    DELETE_BALANCER,
    GATEWAY,
    GROUP,
    LISTENER,
    NLB,
    NO_BALANCER,
    PLACE,
    balancer,
)

CREATE = f"{API}/API_CreateLoadBalancer.html"
DELETE = f"{API}/API_DeleteLoadBalancer.html"
DESCRIBE = f"{API}/API_DescribeLoadBalancers.html"
LIMITS = f"{NLB}/load-balancer-limits.html"
STATE = elbv2.describe_load_balancers(LoadBalancerArns=["$balancer"])
NOT_FOUND = ("LoadBalancerNotFound", "One or more load balancers not found")
DUPLICATE = (
    "DuplicateLoadBalancerName",
    "A load balancer with the same name 'shop' exists, but with different settings",
)


def named(name: str, words: str) -> Case:
    said = f"The load balancer name '{name}' {words}"
    return Case(f"a load balancer named {name}", CREATE, *PLACE, balancer(name).refused("ValidationError", said))


CASES = [
    named("a" * 33, "cannot be longer than '32' characters"),
    named("my_shop", "can only contain characters that are alphanumeric characters and hyphens(-)"),
    named("-shop", "cannot begin or end with '-'"),
    named("shop-", "cannot begin or end with '-'"),
    named("internal-shop", "cannot begin with 'internal-'"),
    Case("a load balancer's name of 32 characters", CREATE, *PLACE, balancer("a" * 32)),
    Case("a load balancer's name that has internal- inside", CREATE, *PLACE, balancer("my-internal-shop")),
    Case(
        "a load balancer of the same name and settings is the same",
        CREATE,
        *PLACE,
        BALANCER,
        BALANCER.answers({"LoadBalancers[].LoadBalancerArn": ["$balancer"]}),
        balancer(Subnets=["$b", "$a"]).answers({"LoadBalancers[].LoadBalancerArn": ["$balancer"]}),
        elbv2.describe_load_balancers().answers({"length(LoadBalancers)": 1}),
    ),
    Case(
        "a load balancer of the same name with other subnets",
        CREATE,
        *PLACE,
        BALANCER,
        balancer(Subnets=["$a"]).refused(*DUPLICATE),
    ),
    Case(
        "a load balancer of the same name with another scheme",
        CREATE,
        *PLACE,
        *GATEWAY,
        BALANCER,
        balancer(Scheme=None).refused(*DUPLICATE),
    ),
    Case(
        "a load balancer of the same name and another type",
        CREATE,
        *PLACE,
        BALANCER,
        balancer(Type=None).refused(*DUPLICATE),
    ),
    Case(
        "an application load balancer of the same name and settings is the same",
        CREATE,
        *PLACE,
        balancer(Type="application"),
        balancer(Type="application").answers({"LoadBalancers[].LoadBalancerArn": ["$balancer"]}),
    ),
    Case(
        "a network load balancer's ARN, DNS name and hosted zone",
        f"{NLB}/network-load-balancers.html",
        *PLACE,
        BALANCER.answers(
            {
                "contains(LoadBalancers[0].LoadBalancerArn, ':loadbalancer/net/shop/')": True,
                "starts_with(LoadBalancers[0].DNSName, 'shop-')": True,
                "ends_with(LoadBalancers[0].DNSName, '.elb.eu-west-1.amazonaws.com')": True,
                "LoadBalancers[0].CanonicalHostedZoneId": "Z2IFOLAFXWLO4F",
                "LoadBalancers[0].Type": "network",
                "LoadBalancers[0].Scheme": "internal",
                "LoadBalancers[0].IpAddressType": "ipv4",
                "LoadBalancers[0].SecurityGroups": None,
                "LoadBalancers[0].VpcId": "$vpc",
                "LoadBalancers[0].AvailabilityZones[].ZoneName": ["eu-west-1a", "eu-west-1b"],
            }
        ),
    ),
    Case(
        "an internal application load balancer's DNS name",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
        *PLACE,
        balancer(Type="application").answers(
            {
                "contains(LoadBalancers[0].LoadBalancerArn, ':loadbalancer/app/shop/')": True,
                "starts_with(LoadBalancers[0].DNSName, 'internal-shop-')": True,
                "ends_with(LoadBalancers[0].DNSName, '.eu-west-1.elb.amazonaws.com')": True,
            }
        ),
    ),
    Case(
        "an internet-facing network load balancer is the default",
        CREATE,
        *PLACE,
        *GATEWAY,
        balancer(Scheme=None).answers({"LoadBalancers[].Scheme": ["internet-facing"]}),
    ),
    Case(
        "a load balancer is provisioned, and active after a while",
        f"{NLB}/network-load-balancers.html#load-balancer-state",
        config(durations={"load-balancer.active": 120}),
        *PLACE,
        BALANCER.answers({"LoadBalancers[].State.Code": ["provisioning"]}),
        advance(119),
        STATE.answers({"LoadBalancers[].State.Code": ["provisioning"]}),
        advance(1),
        STATE.answers({"LoadBalancers[].State.Code": ["active"]}),
    ),
    Case(
        "a load balancer is active at once where nobody asks for time",
        f"{NLB}/network-load-balancers.html#load-balancer-state",
        *PLACE,
        BALANCER.answers({"LoadBalancers[].State.Code": ["provisioning"]}),
        STATE.answers({"LoadBalancers[].State.Code": ["active"]}),
    ),
    Case(
        "as many network load balancers as the quota says",
        LIMITS,
        config(quotas={"network-load-balancers": 1}),
        *PLACE,
        BALANCER,
        BALANCER,
        balancer("two").refused("TooManyLoadBalancers", "The maximum number of load balancers has been reached"),
        balancer("three", Type="application"),
        DELETE_BALANCER,
    ),
    Case(
        "the quotas of network load balancers",
        f"{API}/API_DescribeAccountLimits.html",
        elbv2.describe_account_limits().answers(
            {
                "Limits[?Name=='network-load-balancers'].Max": ["50"],
                "Limits[?Name=='listeners-per-network-load-balancer'].Max": ["50"],
                "Limits[?Name=='target-groups'].Max": ["3000"],
                "Limits[?Name=='targets-per-network-load-balancer'].Max": ["3000"],
            }
        ),
    ),
    Case(
        "a deleted load balancer is gone with its listeners",
        DELETE,
        *PLACE,
        BALANCER,
        GROUP,
        LISTENER,
        DELETE_BALANCER,
        STATE.refused(*NOT_FOUND),
        elbv2.describe_listeners(ListenerArns=["$listener"]).refused(
            "ListenerNotFound", "One or more listeners not found"
        ),
        elbv2.delete_target_group(TargetGroupArn="$group"),
    ),
    Case("a load balancer deleted twice", DELETE, *PLACE, BALANCER, DELETE_BALANCER, DELETE_BALANCER),
    Case(
        "a load balancer's name is free once it is deleted",
        DELETE,
        *PLACE,
        BALANCER,
        DELETE_BALANCER,
        balancer(Subnets=["$a"]),
    ),
    Case(
        "a protected load balancer isn't deleted",
        f"{NLB}/network-load-balancers.html#deletion-protection",
        *PLACE,
        BALANCER,
        elbv2.modify_load_balancer_attributes(
            LoadBalancerArn="$balancer", Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}]
        ),
        DELETE_BALANCER.refused(
            "OperationNotPermitted",
            "Load balancer '$balancer' cannot be deleted because deletion protection is enabled",
        ),
        elbv2.modify_load_balancer_attributes(
            LoadBalancerArn="$balancer", Attributes=[{"Key": "deletion_protection.enabled", "Value": "false"}]
        ),
        DELETE_BALANCER,
    ),
    Case(
        "load balancers by ARNs that aren't there",
        DESCRIBE,
        elbv2.describe_load_balancers(LoadBalancerArns=[NO_BALANCER]).refused(*NOT_FOUND),
    ),
    Case(
        "load balancers by names of which one isn't there",
        DESCRIBE,
        *PLACE,
        BALANCER,
        elbv2.describe_load_balancers(Names=["shop", "none"]).refused(
            "LoadBalancerNotFound", "Load balancers '[none]' not found"
        ),
        elbv2.describe_load_balancers(Names=["shop"]).answers({"LoadBalancers[].LoadBalancerArn": ["$balancer"]}),
    ),
    Case(
        "load balancers by names and ARNs at once",
        DESCRIBE,
        *PLACE,
        BALANCER,
        elbv2.describe_load_balancers(Names=["shop"], LoadBalancerArns=["$balancer"]).refused(
            "ValidationError", "Load balancer names and load balancer ARNs cannot be specified at the same time"
        ),
    ),
    Case(
        "load balancers by what is no ARN",
        DESCRIBE,
        elbv2.describe_load_balancers(LoadBalancerArns=["shop"]).refused(
            "ValidationError", "'shop' is not a valid load balancer ARN"
        ),
    ),
    Case(
        "pages of load balancers",
        DESCRIBE,
        *PLACE,
        *[balancer(f"shop-{number}", Subnets=["$a"]) for number in range(3)],
        elbv2.describe_load_balancers(PageSize=2).keep(marker="NextMarker").answers({"length(LoadBalancers)": 2}),
        elbv2.describe_load_balancers(PageSize=2, Marker="$marker").answers(
            {"LoadBalancers[].LoadBalancerName": ["shop-2"], "NextMarker": None}
        ),
    ),
    Case(
        "a page of more load balancers than moto gives at once",
        DESCRIBE,
        config(quotas={"network-load-balancers": 60}),
        *PLACE,
        *[balancer(f"shop-{number}", Subnets=["$a"]) for number in range(51)],
        elbv2.describe_load_balancers().answers({"length(LoadBalancers)": 51, "NextMarker": None}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_load_balancers_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
