"""Load balancers that Services share, and what becomes of one that is replaced: each row, on what the engine made."""

from __future__ import annotations

import re
from typing import Any

import lightkube
import pytest
from lightkube.resources.core_v1 import Service

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws, made_by, named
from tests.e2e.features.networks import Rule, mistaken, network, rules
from tests.e2e.projects import IMAGE, Config, Project, Projects, declared
from tests.e2e.proxy import Proxy, proxy
from tests.e2e.pulumi import Stack

REGION = "eu-west-3"
STACK = "sharing/dev"
NODES = "sharing-nodes"
EDGE = "sharing-load-balancer-edge"
# Node ports belong to the whole cluster; no other test has these.
WEB, DNS, NTP, API, MORE = 31460, 31461, 31462, 31463, 31464
PROXY = 10256
CALL = re.compile(rb"Action=(\w+)&|(POST) /2013-04-01/hostedzone/\w+/rrset")


def balanced(name: str, node_port: int, *, behind: str = "edge", **more: Any) -> Config:
    port = {"name": name, "port": more.pop("port"), "nodePort": node_port, "protocol": more.pop("protocol", "TCP")}
    return {
        "type": "LoadBalancer",
        "namespace": "sharing",
        "name": name,
        "selector": {"app": name},
        "scheme": "internal",
        "sources": ["10.8.0.0/16"],
        "loadBalancer": {"kind": "shared", "name": behind} if behind else {"kind": "own"},
        "ports": [port],
        **more,
    }


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module")
def sharing(projects: Projects) -> Project:
    described = network(
        "sharing",
        REGION,
        balanced("web", WEB, port=80),
        balanced("dns", DNS, port=53, protocol="UDP"),
        balanced("ntp", NTP, port=123, protocol="UDP"),
        balanced("api", API, behind="", port=443, dns=[{"kind": "cname", "name": "api", "ttl": 60}]),
        domain="sharing.internal",
        nodes=declared(
            *(
                {"name": f"node-{zone}", "zone": f"{REGION}{zone}", "podCidr": f"100.64.{place}.0/24", "image": IMAGE}
                for place, zone in enumerate("ab")
            )
        ),
    )
    described["cluster:loadBalancers"] = [{"name": name, "scheme": "internal"} for name in ("edge", "inner")]
    made = projects.make("sharing", described)
    made.up().ok()
    return made


def changed(project: Project, name: str, **fields: Any) -> Config:
    config = project.config
    next(item for item in config["cluster:services"] if item["name"] == name).update(fields)
    return config


def balancers(aws: Aws) -> dict[str, Any]:
    """The stack's load balancers as they are, by name."""
    found = list(named(aws, STACK, "load-balancer").values())
    described = aws.elbv2.describe_load_balancers(LoadBalancerArns=found)["LoadBalancers"]
    return {item["LoadBalancerName"]: item for item in described}


def listeners(aws: Aws, balancer: str) -> dict[int, str]:
    """The ports of a load balancer, to their listeners' ARNs."""
    arn = balancers(aws)[balancer]["LoadBalancerArn"]
    return {
        item["Port"]: item["ListenerArn"] for item in aws.elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    }


def admitted(aws: Aws, group: str) -> list[Rule]:
    """What nodes let in from a group."""
    groups = named(aws, STACK, "security-group")
    return sorted(rule for rule in rules(aws, groups[NODES]) if rule[3] == groups[group])


def shown(kubernetes: lightkube.Client, name: str) -> list[str | None]:
    """The host names that `kubectl get service` shows."""
    status = kubernetes.get(Service, name, namespace="sharing").status
    assert status is not None
    assert status.loadBalancer is not None
    return [item.hostname for item in status.loadBalancer.ingress or []]


def calls(aws: Proxy) -> list[str]:
    """The calls that went by, in their order."""
    found = (CALL.search(request) for request in aws.heard)
    return [(match[1] or b"ChangeResourceRecordSets").decode() for match in found if match]


def orphans(project: Stack, aws: Aws) -> list[str]:
    state = str(project.state())
    things = [thing for thing in made_by(aws, STACK) if thing.kind != "security-group-rule"]
    return [thing.id for thing in things if thing.id not in state]


def leads_to(aws: Aws) -> str:
    """What the record says."""
    zone = named(aws, STACK, "zone")["sharing.internal"]
    found = aws.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    (record,) = [row for row in found if (row["Name"], row["Type"]) == ("api.sharing.internal.", "CNAME")]
    return record["ResourceRecords"][0]["Value"]


@pytest.mark.usefixtures("sharing")
def test_row_62_one_nlb_for_many_services(aws: Aws, kubernetes: lightkube.Client) -> None:
    assert balancers(aws).keys() == {"sharing-edge", "sharing-inner", "sharing-sharing-api"}
    assert listeners(aws, "sharing-edge").keys() == {80, 53, 123}
    host = balancers(aws)["sharing-edge"]["DNSName"]
    assert [shown(kubernetes, name) for name in ("web", "dns", "ntp")] == [[host]] * 3
    group = named(aws, STACK, "security-group")[EDGE]
    # Two Services ask nodes' proxies; the way there is opened once.
    assert admitted(aws, EDGE) == [
        ("in", "tcp", (PROXY, PROXY), group),
        ("in", "tcp", (WEB, WEB), group),
        ("in", "udp", (DNS, DNS), group),
        ("in", "udp", (NTP, NTP), group),
    ]
    assert {rule[:3] for rule in rules(aws, group) if rule[0] == "in"} == {
        ("in", "tcp", (80, 80)),
        ("in", "udp", (53, 53)),
        ("in", "udp", (123, 123)),
        ("in", "icmp", (3, 4)),
    }


def test_row_62_a_service_moves_and_its_new_listener_is_there_first(
    sharing: Project, aws: Aws, cloud: Cloud, kubernetes: lightkube.Client
) -> None:
    sharing.configure(changed(sharing, "web", loadBalancer={"kind": "shared", "name": "inner"}))
    with proxy(cloud.aws_endpoint) as between:
        run = sharing.up(AWS_ENDPOINT_URL=between.endpoint).ok()
        made = calls(between)
    assert made.index("CreateListener") < made.index("DeleteListener")
    assert run.warnings == []
    # The way from the old one is closed when it is left.
    assert made.index("DeleteListener") < made.index("RevokeSecurityGroupIngress")
    assert not [step for step in run.done if step.op not in ("same", "read") and re.search(r"dns|ntp|api", step.name)]
    assert listeners(aws, "sharing-inner").keys() == {80}
    assert listeners(aws, "sharing-edge").keys() == {53, 123}
    assert shown(kubernetes, "web") == [balancers(aws)["sharing-inner"]["DNSName"]]
    assert [rule[2] for rule in admitted(aws, "sharing-load-balancer-inner")] == [(WEB, WEB)]


def test_row_62_a_port_goes_to_another_service_without_a_gap(sharing: Project, aws: Aws) -> None:
    listener = listeners(aws, "sharing-inner")[80]
    config = sharing.config
    others = [item for item in config["cluster:services"] if item["name"] != "web"]
    sharing.configure({**config, "cluster:services": [*others, balanced("shop", MORE, behind="inner", port=80)]})
    run = sharing.up().ok()
    assert listeners(aws, "sharing-inner") == {80: listener}
    assert not [step for step in run.done if step.op not in ("same", "read") and re.search(r"dns|ntp|api", step.name)]
    assert [rule[2] for rule in admitted(aws, "sharing-load-balancer-inner")] == [(MORE, MORE)]
    assert orphans(sharing, aws) == []


def test_row_67_targets_are_summed_over_the_services_of_a_load_balancer(sharing: Project) -> None:
    run = mistaken(sharing, quotas={"live": False, "targetsPerZoneOfLoadBalancer": 3})
    assert "services[1].ports: 4 targets" in run.errors[0]


def test_row_66_the_new_load_balancer_is_in_use_before_the_old_one_goes(
    sharing: Project, aws: Aws, cloud: Cloud, kubernetes: lightkube.Client
) -> None:
    before = leads_to(aws)
    assert before == balancers(aws)["sharing-sharing-api"]["DNSName"]
    sharing.configure(changed(sharing, "api", scheme="internet-facing"))
    with proxy(cloud.aws_endpoint) as between:
        sharing.up(AWS_ENDPOINT_URL=between.endpoint).ok()
        made = calls(between)
    order = ["CreateLoadBalancer", "CreateListener", "ChangeResourceRecordSets", "DeleteListener", "DeleteLoadBalancer"]
    assert [call for call in made if call in order] == order
    after = balancers(aws)["sharing-sharing-api-public"]
    assert leads_to(aws) == after["DNSName"] != before
    assert shown(kubernetes, "api") == [after["DNSName"]]


def test_row_73_a_cutover_that_is_killed_at_its_record_leaves_nothing_behind(
    sharing: Project, aws: Aws, cloud: Cloud
) -> None:
    sharing.configure(changed(sharing, "api", scheme="internal"))
    with proxy(cloud.aws_endpoint) as between:
        running = sharing.start("up", "--skip-preview", AWS_ENDPOINT_URL=between.endpoint)
        between.when("/rrset", answered=running.kill)
        assert running.end().code < 0
        assert not running.left_behind()
    # Both are there, and the record leads to the new one.
    assert len([name for name in balancers(aws) if "api" in name]) == 2
    sharing.said("cancel", "--yes")
    # Whoever changes his mind now gets the old one's name again.
    sharing.configure(changed(sharing, "api", scheme="internet-facing"))
    sharing.up().ok()
    assert orphans(sharing, aws) == []
    assert sharing.up("--expect-no-changes").ok().changes == set()
    (left,) = [item for name, item in balancers(aws).items() if "api" in name]
    assert left["Scheme"] == "internet-facing"
    assert leads_to(aws) == left["DNSName"]


def test_row_63_a_protected_load_balancer_stops_a_destroy_before_it_begins(sharing: Project, aws: Aws) -> None:
    config = sharing.config
    config["cluster:loadBalancers"][0]["deletionProtection"] = True
    sharing.configure(config)
    sharing.up().ok()
    before = {thing.id for thing in made_by(aws, STACK)}
    # The engine previews a destroy before it begins, and there it stops.
    asked = sharing.asked("destroy", "--yes", "--stack", sharing.name)
    assert asked.returncode > 0
    assert "NetworkLoadBalancer::sharing.edge" in asked.stdout + asked.stderr
    assert "protect" in asked.stdout + asked.stderr
    assert {thing.id for thing in made_by(aws, STACK)} == before
    config["cluster:loadBalancers"][0]["deletionProtection"] = False
    sharing.configure(config)
    sharing.up().ok()
    sharing.destroy().ok()
    assert made_by(aws, STACK) == []
