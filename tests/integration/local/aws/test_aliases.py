from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, ec2, elbv2
from tests.integration.local.aws.dns import (
    API,
    BARE,
    GUIDE,
    LIST,
    VPC,
    ZONE,
    alias,
    create,
    delete,
    record,
    wrong,
)

ALIAS = f"{API}/API_AliasTarget.html"

WWW = record("www.example.com", "A", "192.0.2.1")


def no_alias(name: str, why: str, zone: str = "$bare") -> tuple[str, str]:
    return wrong(f"Tried to create an alias that targets {name}, type A in zone {zone}, but {why}")


BALANCER = "absent-0123456789abcdef.elb.eu-west-1.amazonaws.com"
OUTSIDE = "the alias target name does not lie within the target zone"
ABSENT = "that target was not found"


CASES = [
    Case(
        "an alias to a record of its zone and type",
        ALIAS,
        ZONE,
        *BARE,
        create(WWW),
        create(alias("example.com", "A", "WWW.example.com")),
        LIST.answers({"ResourceRecordSets[0].[Type, TTL, AliasTarget.DNSName]": ["A", None, "www.example.com."]}),
        LIST.keep(made="ResourceRecordSets[0]"),
        delete("$made"),
    ),
    Case(
        "an alias and its target in one batch",
        ALIAS,
        ZONE,
        *BARE,
        create(alias("example.com", "A", "www.example.com"), WWW),
    ),
    Case(
        "an alias to what isn't there",
        ALIAS,
        ZONE,
        *BARE,
        create(alias("example.com", "A", "www.example.com")).refused(*no_alias("www.example.com.", ABSENT)),
    ),
    Case(
        "an alias to a record of another type",
        ALIAS,
        ZONE,
        *BARE,
        create(record("www.example.com", "AAAA", "2001:db8::1")),
        create(alias("example.com", "A", "www.example.com")).refused(*no_alias("www.example.com.", ABSENT)),
    ),
    Case(
        "an alias to a name outside its target's zone",
        ALIAS,
        ZONE,
        *BARE,
        create(alias("example.com", "A", "www.example.net")).refused(*no_alias("www.example.net.", OUTSIDE)),
    ),
    Case(
        "an alias to a zone that nobody knows",
        ALIAS,
        ZONE,
        create(alias("example.com", "A", "www.example.net", "ZNOBODYS")).refused(
            *no_alias("www.example.net.", OUTSIDE, "ZNOBODYS")
        ),
    ),
    Case(
        "an alias to a load balancer",
        ALIAS,
        VPC,
        ec2.create_subnet(VpcId="$vpc", CidrBlock="10.0.1.0/24").keep(subnet="Subnet.SubnetId"),
        elbv2.create_load_balancer(Name="shop", Type="network", Scheme="internal", Subnets=["$subnet"]).keep(
            name="LoadBalancers[0].DNSName", canonical="LoadBalancers[0].CanonicalHostedZoneId"
        ),
        ZONE,
        create(
            alias("example.com", "A", "$name", "$canonical"),
            alias("www.example.com", "A", "dualstack.$name", "$canonical"),
        ),
    ),
    Case(
        "an alias to a load balancer that isn't there",
        ALIAS,
        ZONE,
        create(alias("example.com", "A", BALANCER, "Z2IFOLAFXWLO4F")).refused(
            *no_alias(f"{BALANCER}.", ABSENT, "Z2IFOLAFXWLO4F")
        ),
    ),
    Case(
        "an alias to a service that isn't embedded",
        ALIAS,
        ZONE,
        create(alias("example.com", "A", "d111111abcdef8.cloudfront.net", "Z2FDTNDATAQYW2")),
    ),
    Case(
        "an alias that delegates",
        f"{GUIDE}/resource-record-sets-choosing-alias-non-alias.html",
        ZONE,
        *BARE,
        create(alias("sub.example.com", "NS", "example.com")).refused(
            *wrong("RRSet of type NS with DNS name sub.example.com. is not permitted as an alias")
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_aliases_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
