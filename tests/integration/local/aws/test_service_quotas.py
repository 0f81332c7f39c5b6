from __future__ import annotations

from collections.abc import Callable

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.cloud.config import CloudConfig
from kubewire.functions.get_quotas import GetQuotas, GetQuotasArgs, QuotaSource
from tests.integration.local.aws.case import Case, Service, config, ec2
from tests.integration.local.aws.conftest import REGION, Server

API = "https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference"
TYPES = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html"
ROUTES, PEERINGS = "L-93826ACB", "L-7E9ECCDB"
quotas = Service("service-quotas")

CASES = [
    Case(
        "what is set is what is applied, and what is enforced",
        f"{API}/API_GetServiceQuota.html",
        quotas.get_service_quota(ServiceCode="vpc", QuotaCode=ROUTES).answers({"Quota.Value": 500.0}),
        config(quotas={"routes-per-route-table": 2}),
        quotas.get_service_quota(ServiceCode="vpc", QuotaCode=ROUTES).answers(
            {
                "Quota.Value": 2.0,
                "Quota.QuotaName": "Routes per route table",
                "Quota.QuotaArn": f"arn:aws:servicequotas:eu-west-1:123456789012:vpc/{ROUTES}",
            }
        ),
        quotas.list_service_quotas(ServiceCode="vpc").answers({f"Quotas[?QuotaCode=='{ROUTES}'].Value": [2.0]}),
    ),
    Case(
        "a default doesn't change with what is applied",
        f"{API}/API_GetAWSDefaultServiceQuota.html",
        config(quotas={"routes-per-route-table": 2}),
        quotas.get_aws_default_service_quota(ServiceCode="vpc", QuotaCode=ROUTES).answers({"Quota.Value": 500.0}),
        quotas.list_aws_default_service_quotas(ServiceCode="vpc").answers(
            {f"Quotas[?QuotaCode=='{ROUTES}'].Value": [500.0], "length(Quotas)": 25}
        ),
    ),
    Case(
        "what nothing is applied of is not in the list",
        f"{API}/API_ListServiceQuotas.html",
        quotas.list_service_quotas(ServiceCode="vpc").answers({f"Quotas[?QuotaCode=='{PEERINGS}']": []}),
        quotas.get_service_quota(ServiceCode="vpc", QuotaCode=PEERINGS).refused(
            "NoSuchResourceException",
            f"The request failed because the specified quota {PEERINGS} does not exist for service vpc.",
            status=400,
        ),
        quotas.get_aws_default_service_quota(ServiceCode="vpc", QuotaCode=PEERINGS).answers({"Quota.Value": 50.0}),
    ),
    Case(
        "one quota of the list, and those of single resources",
        f"{API}/API_ListServiceQuotas.html",
        quotas.list_service_quotas(ServiceCode="ec2", QuotaCode="L-0263D0A3").answers({"Quotas[].Value": [5.0]}),
        quotas.list_service_quotas(ServiceCode="ec2", QuotaAppliedAtLevel="RESOURCE").answers({"Quotas": []}),
    ),
    Case(
        "quotas come in pages",
        f"{API}/API_ListServiceQuotas.html",
        quotas.list_service_quotas(ServiceCode="elasticloadbalancing", MaxResults=5)
        .keep(token="NextToken")  # noqa: S106 - a page's
        .answers({"length(Quotas)": 5}),
        quotas.list_service_quotas(ServiceCode="elasticloadbalancing", MaxResults=5, NextToken="$token").answers(
            {"length(Quotas)": 2, "NextToken": None}
        ),
        quotas.list_service_quotas(ServiceCode="elasticloadbalancing", NextToken="nosuchtoken").refused(
            "InvalidPaginationTokenException", "Invalid token was used."
        ),
        quotas.list_service_quotas(ServiceCode="elasticloadbalancing", MaxResults=101).refused(
            "IllegalArgumentException",
            "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: "
            "Member must have value less than or equal to 100",
        ),
    ),
    Case(
        "a service that isn't there",
        f"{API}/API_ListServiceQuotas.html",
        quotas.list_service_quotas(ServiceCode="moonbase").refused(
            "NoSuchResourceException", "The request failed because the specified service does not exist."
        ),
        quotas.list_service_quotas().refused(
            "IllegalArgumentException",
            "1 validation error detected: Value null at 'serviceCode' failed to satisfy constraint: "
            "Member must not be null",
        ),
    ),
    Case(
        "a key that AWS doesn't know",
        f"{API}/CommonErrors.html",
        config(rejected_keys=["kubewire-local"]),
        quotas.list_service_quotas(ServiceCode="vpc").refused(
            "UnrecognizedClientException", "The security token included in the request is invalid.", status=400
        ),
    ),
    Case(
        "what moto hasn't",
        f"{API}/API_ListServices.html",
        quotas.list_services().refused(
            "NotImplemented",
            "The embedded AWS does not have this of service-quotas's ListServices: ListServices",
            status=501,
        ),
    ),
    Case(
        "types of instances",
        TYPES,
        ec2.describe_instance_types(InstanceTypes=["m5.large", "m5.large", "m4.large"]).answers(
            {
                "length(InstanceTypes)": 2,
                "InstanceTypes[?InstanceType=='m5.large'].Hypervisor": ["nitro"],
                "InstanceTypes[?InstanceType=='m5.large'].NetworkInfo.MaximumNetworkInterfaces": [3],
                "InstanceTypes[?InstanceType=='m4.large'].Hypervisor": ["xen"],
            }
        ),
        ec2.describe_instance_types(InstanceTypes=["m5.large", "m0.huge", "x.y"]).refused(
            "InvalidInstanceType", "The following supplied instance types do not exist: [m0.huge, x.y]"
        ),
        ec2.describe_instance_types(InstanceTypes=["m5.large"] * 101).refused(
            "InvalidParameterValue", "The number of instance types (101) exceeds the maximum of 100."
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_quotas(case: Case, run: Callable[[Case], None]) -> None:
    run(case)


@pytest.fixture
def look_up(world: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[[], GetQuotas]:
    """Makes the function, with a client of its own."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "kubewire-local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "kubewire-local")
    return lambda: GetQuotas(AwsCloud(CloudConfig(region=REGION, endpoint=world.url)))


def test_a_program_sees_what_is_set(look_up: Callable[[], GetQuotas], world: Server) -> None:
    world.control("config", quotas={"routes-per-route-table": 2, "elastic-ips-per-region": 7, "target-groups": 12})
    found = look_up().run(GetQuotasArgs())
    assert (found.routes_per_table.value, found.routes_per_table.source) == (2, QuotaSource.LIVE)
    assert (found.elastic_ips_per_region.value, found.target_groups_per_region.value) == (7, 12)
    assert found.listeners_per_load_balancer.value == 50
    assert found.reason == ""


def test_a_program_whose_key_is_refused_gets_defaults_and_the_reason(
    look_up: Callable[[], GetQuotas], world: Server
) -> None:
    world.control("config", quotas={"routes-per-route-table": 2}, rejected_keys=["kubewire-local"])
    found = look_up().run(GetQuotasArgs())
    assert (found.routes_per_table.value, found.routes_per_table.source) == (500, QuotaSource.DEFAULT)
    assert "The security token included in the request is invalid" in found.reason
