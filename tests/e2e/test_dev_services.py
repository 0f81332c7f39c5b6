"""The dev environment's Services, as the Kubernetes API and plain boto3 find them."""

from __future__ import annotations

import lightkube
import pytest
from lightkube.models.core_v1 import ServicePort
from lightkube.resources.core_v1 import Service

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Aws, named
from tests.e2e.kubectl import get_services
from tests.e2e.projects import Project

STACK = "cluster/dev"
PORTS = {
    "frontend": ("LoadBalancer", 80, 8080, 30080),
    "frontend-admin": ("NodePort", 8080, 8080, 30081),
    "adservice": ("ClusterIP", 9555, 9555, None),
    "cartservice": ("ClusterIP", 7070, 7070, None),
    "checkoutservice": ("ClusterIP", 5050, 5050, None),
    "currencyservice": ("ClusterIP", 7000, 7000, None),
    "emailservice": ("ClusterIP", 5000, 8080, None),
    "paymentservice": ("ClusterIP", 50051, 50051, None),
    "productcatalogservice": ("ClusterIP", 3550, 3550, None),
    "recommendationservice": ("ClusterIP", 8080, 8080, None),
    "redis-cart": ("ClusterIP", 6379, 6379, None),
    "shippingservice": ("ClusterIP", 50051, 50051, None),
}

pytestmark = pytest.mark.usefixtures("dev")


@pytest.fixture(scope="module")
def services(dev: Project, kubernetes: lightkube.Client) -> dict[str, Service]:
    del dev
    found = kubernetes.list(Service, namespace="shop")
    return {item.metadata.name: item for item in found if item.metadata and item.metadata.name}


def port_of(service: Service) -> ServicePort:
    assert service.spec is not None
    assert service.spec.ports is not None
    (port,) = service.spec.ports
    return port


def test_every_service_has_its_type_and_ports(services: dict[str, Service]) -> None:
    assert services.keys() == {*PORTS, "bank"}
    found = {}
    for name in PORTS:
        spec, port = services[name].spec, port_of(services[name])
        assert spec is not None
        found[name] = (spec.type, port.port, port.targetPort, port.nodePort)
    assert found == PORTS


def test_services_select_their_pods(services: dict[str, Service]) -> None:
    selectors = {name: service.spec.selector for name, service in services.items() if service.spec}
    assert selectors.pop("bank") is None
    assert selectors.pop("frontend") == selectors.pop("frontend-admin") == {"app": "frontend"}
    assert selectors == {name: {"app": name} for name in selectors}


def test_external_name_is_a_name_and_nothing_else(services: dict[str, Service]) -> None:
    spec = services["bank"].spec
    assert spec is not None
    assert (spec.type, spec.externalName) == ("ExternalName", "payments.example.com")
    assert (spec.ports, spec.clusterIP, spec.selector) == (None, None, None)


def test_kubectl_shows_the_load_balancer_s_name(cloud: Cloud, aws: Aws) -> None:
    arn = named(aws, STACK, "load-balancer")["shop-shop-frontend-public"]
    host = aws.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]["DNSName"]
    shown = get_services(cloud, "shop")["frontend"]
    assert shown["Type"] == "LoadBalancer"
    assert shown["External-IP"] == host
    assert shown["Port(s)"] == "80:30080/TCP"


def test_no_controller_of_the_cluster_takes_the_load_balancer_for_its_own(services: dict[str, Service]) -> None:
    spec = services["frontend"].spec
    assert spec is not None
    assert spec.loadBalancerClass == "kubewire.dev/nlb"


def test_load_balancer_stands_in_the_public_subnets_behind_its_group(aws: Aws) -> None:
    arn = named(aws, STACK, "load-balancer")["shop-shop-frontend-public"]
    (balancer,) = aws.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    assert (balancer["Type"], balancer["Scheme"]) == ("network", "internet-facing")
    subnets = named(aws, STACK, "subnet")
    public = {subnet for name, subnet in subnets.items() if name.startswith("shop-public-")}
    assert {zone["SubnetId"] for zone in balancer["AvailabilityZones"]} == public
    assert balancer["SecurityGroups"] == [named(aws, STACK, "security-group")["shop-shop-frontend"]]


def test_every_node_is_a_target_at_the_node_port(aws: Aws) -> None:
    (group,) = named(aws, STACK, "target-group").values()
    described = aws.elbv2.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]
    assert (described["Protocol"], described["Port"], described["TargetType"]) == ("TCP", 30080, "instance")
    health = aws.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    targets = {(item["Target"]["Id"], item["Target"]["Port"]) for item in health}
    assert targets == {(node, 30080) for node in named(aws, STACK, "instance").values()}


def test_listener_leads_to_the_targets(aws: Aws) -> None:
    arn = named(aws, STACK, "load-balancer")["shop-shop-frontend-public"]
    (listener,) = aws.elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    assert (listener["Protocol"], listener["Port"]) == ("TCP", 80)
    (group,) = named(aws, STACK, "target-group").values()
    assert [(action["Type"], action["TargetGroupArn"]) for action in listener["DefaultActions"]] == [("forward", group)]
