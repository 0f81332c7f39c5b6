"""Names of Services in Route53: in the network's own zone, and in a platform team's that others write to as well."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any

import pytest

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws, named
from tests.e2e.features.networks import network
from tests.e2e.projects import NODE_PORTS, Config, Project, Projects, declared, node
from tests.e2e.proxy import proxy

REGION = "ca-central-1"
STACK = "names/dev"
DOMAIN = "names.example"
THEIRS = "heritage=external-dns,external-dns/owner=default,external-dns/resource=ingress/web/front"
FRONT, ADMIN = next(NODE_PORTS), next(NODE_PORTS)
Row = dict[str, Any]


def ours(service: str) -> str:
    """How a mark of the stack's begins and ends."""
    return f"external-dns/resource=service/names/{service}"


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module")
def zone(aws: Aws) -> str:
    """A public zone with what external-dns and people have put there."""
    made = aws.route53.create_hosted_zone(Name=DOMAIN, CallerReference="names: a platform team's")["HostedZone"]["Id"]
    put(aws, made, "grafana", "A", "192.0.2.10")
    put(aws, made, "a-grafana", "TXT", f'"{THEIRS}"')
    put(aws, made, "mail", "A", "192.0.2.11")
    return made.removeprefix("/hostedzone/")


def put(aws: Aws, zone: str, name: str, kind: Any, value: str, action: Any = "UPSERT") -> None:
    record: Any = {"Name": f"{name}.{DOMAIN}", "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}
    changes = [{"Action": action, "ResourceRecordSet": record}]
    aws.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})  # type: ignore[typeddict-item]


def listed(aws: Aws, zone: str) -> dict[str, Row]:
    """What is in a zone but its own records: name, type and identifier to the record."""
    pages = aws.route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone)
    records: list[Any] = pages.build_full_result()["ResourceRecordSets"]
    return {
        " ".join(
            [row["Name"].removesuffix("."), row["Type"], *([row["SetIdentifier"]] if "SetIdentifier" in row else [])]
        ): row
        for row in records
        if row["Type"] not in ("NS", "SOA")
    }


def values(row: Row) -> set[str]:
    return {item["Value"] for item in row["ResourceRecords"]}


def services(zone: str) -> list[Config]:
    public = {"domain": DOMAIN, "id": zone}
    common = {"namespace": "names", "sources": ["10.8.0.0/16"]}
    return [
        {
            **common,
            "type": "LoadBalancer",
            "name": "front",
            "selector": {"app": "front"},
            "scheme": "internal",
            "ports": [{"name": "http", "port": 80, "nodePort": FRONT}],
            "dns": [
                {"kind": "alias", "name": "www"},
                {"kind": "alias", "name": "@", "zone": public},
                {"kind": "cname", "name": "old", "zone": public, "ttl": 60},
                {
                    "kind": "alias",
                    "name": "shared",
                    "zone": public,
                    "routing": {"kind": "weighted", "setIdentifier": "here", "weight": 10},
                },
            ],
        },
        {
            **common,
            "type": "NodePort",
            "name": "admin",
            "selector": {"app": "admin"},
            "ports": [{"name": "http", "port": 8080, "nodePort": ADMIN}],
            "dns": [{"name": "admin", "addresses": "private", "ttl": 30}],
        },
        {
            "namespace": "names",
            "type": "ExternalName",
            "name": "bank",
            "externalName": "payments.example.net.",
            "cname": {"name": "bank", "zone": public},
        },
    ]


def configured(zone: str) -> Config:
    nodes = declared(node("names-a", f"{REGION}a", "100.64.0.0/24"), node("names-b", f"{REGION}b", "100.64.1.0/24"))
    return network("names", REGION, *services(zone), nodes=nodes, domain="names.internal")


@pytest.fixture(scope="module")
def project(projects: Projects, zone: str) -> Project:
    made = projects.make("names", configured(zone))
    made.preview().ok()
    made.up().ok()
    return made


@pytest.fixture(scope="module")
def own_zone(aws: Aws, project: Project) -> str:
    del project
    return named(aws, STACK, "zone")["names.internal"]


def with_dns(project: Project, *more: Config) -> Config:
    """The project's configuration with more names of its load balancer."""
    config = copy.deepcopy(project.config)
    config["cluster:services"][0]["dns"] += more
    return config


def test_row_47_dns_records_for_node_addresses(project: Project, aws: Aws, own_zone: str) -> None:
    del project
    rows = listed(aws, own_zone)
    interfaces = aws.ec2.describe_network_interfaces(
        NetworkInterfaceIds=list(named(aws, STACK, "network-interface").values())
    )
    addresses = {item["PrivateIpAddress"] for item in interfaces["NetworkInterfaces"]}
    assert len(addresses) == 2
    admin = rows["admin.names.internal A"]
    assert (values(admin), admin["TTL"]) == (addresses, 30)
    assert ours("admin") in values(rows["a-admin.names.internal TXT"]).pop()


def test_row_68_external_name_to_cname(project: Project, aws: Aws, zone: str) -> None:
    del project
    rows = listed(aws, zone)
    assert values(rows[f"bank.{DOMAIN} CNAME"]) == {"payments.example.net"}
    assert ours("bank") in values(rows[f"cname-bank.{DOMAIN} TXT"]).pop()


def test_row_70_alias_to_the_nlb(project: Project, aws: Aws, zone: str, own_zone: str) -> None:
    del project
    (arn,) = named(aws, STACK, "load-balancer").values()
    (balancer,) = aws.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    target = {
        "DNSName": f"{balancer['DNSName'].lower()}.",
        "HostedZoneId": balancer["CanonicalHostedZoneId"],
        "EvaluateTargetHealth": True,
    }
    assert listed(aws, own_zone)["www.names.internal A"]["AliasTarget"] == target
    rows = listed(aws, zone)
    assert rows[f"{DOMAIN} A"]["AliasTarget"] == target
    assert values(rows[f"old.{DOMAIN} CNAME"]) == {balancer["DNSName"].lower()}
    shared = rows[f"shared.{DOMAIN} A here"]
    assert (shared["AliasTarget"], shared["Weight"]) == (target, 10)


def test_row_71_ownership_of_records(project: Project, aws: Aws, zone: str) -> None:
    """Each record has its mark, chosen as it is; what external-dns has marked is as it was."""
    del project
    rows = listed(aws, zone)
    marks = {key: values(row).pop() for key, row in rows.items() if " TXT" in key}
    assert {key for key, text in marks.items() if ours("front") in text} == {
        f"a-_apex.{DOMAIN} TXT",
        f"cname-old.{DOMAIN} TXT",
        f"a-shared.{DOMAIN} TXT here",
    }
    owners = {text.split("external-dns/owner=")[1].split(",")[0] for text in marks.values()}
    assert len(owners) == 2
    assert [owner for owner in owners if owner.startswith("kubewire-names/dev-")]
    assert marks[f"a-grafana.{DOMAIN} TXT"] == f'"{THEIRS}"'
    assert values(rows[f"grafana.{DOMAIN} A"]) == {"192.0.2.10"}


def test_row_71_a_second_run_and_a_refresh_change_nothing(project: Project) -> None:
    assert project.refresh().ok().changes == set()
    assert project.up("--expect-no-changes").ok().changes == set()


def test_row_69_cname_conflict_and_apex_checked_before_apply(project: Project, aws: Aws, zone: str) -> None:
    before, former, public = listed(aws, zone), project.config, {"domain": DOMAIN, "id": zone}
    tried: list[tuple[list[Config], list[str]]] = [
        (
            [{"kind": "alias", "name": "grafana", "adopt": True}, {"kind": "alias", "name": "mail"}],
            [
                f"grafana.{DOMAIN} A: it belongs to default (ingress/web/front)",
                f"mail.{DOMAIN} A: there is one already that nobody's mark is on",
            ],
        ),
        ([{"kind": "cname", "name": "mail"}], [f"mail.{DOMAIN} CNAME: mail.{DOMAIN} A is there"]),
        ([{"kind": "cname", "name": "@"}], ["services[0].dns[4].name: no CNAME at a zone's apex"]),
    ]
    for names, words in tried:
        project.configure(with_dns(project, *({**name, "zone": public} for name in names)))
        run = project.preview()
        project.configure(former)
        assert run.code > 0
        assert "Traceback" not in run.said
        assert [word for word in words if word not in run.said] == []
    assert listed(aws, zone) == before


@dataclass(frozen=True)
class Grown:
    """A stack that got sixty more names in its own zone, and a person's in the other; and then gave them up.

    Attributes:
        changes: how many changes of records each of the two runs asked for.
        own: what was in its own zone after each.
        public: what was in the other one.
    """

    changes: list[int]
    own: list[dict[str, Row]]
    public: list[dict[str, Row]]


@pytest.fixture(scope="module")
def grown(project: Project, aws: Aws, zone: str, own_zone: str, cloud: Cloud) -> Grown:
    former, seen = project.config, Grown([], [], [])
    names = [{"kind": "cname", "name": f"n{number}"} for number in range(60)]
    mail = {"kind": "alias", "name": "mail", "zone": {"domain": DOMAIN, "id": zone}, "adopt": True}
    for config in (with_dns(project, *names, mail), former):
        project.configure(config)
        with proxy(cloud.aws_endpoint) as between:
            project.up(AWS_ENDPOINT_URL=between.endpoint).ok()
            changes = [request for request in between.heard if re.match(rb"POST /[^ ]*/rrset", request)]
        seen.changes.append(len(changes))
        seen.own.append(listed(aws, own_zone))
        seen.public.append(listed(aws, zone))
    put(aws, zone, "mail", "A", "192.0.2.11")
    return seen


def test_row_71_a_persons_record_is_taken_over_where_that_is_written(grown: Grown) -> None:
    then, now = grown.public
    assert "AliasTarget" in then[f"mail.{DOMAIN} A"]
    assert ours("front") in values(then[f"a-mail.{DOMAIN} TXT"]).pop()
    assert not {key for key in now if "mail" in key}


def test_row_72_record_changes_in_batches(grown: Grown) -> None:
    """Sixty names and their marks are one change of their zone, whole or not at all, as they come and as they go."""
    assert grown.changes == [2, 2]
    for rows, number in zip(grown.own, (60, 0), strict=True):
        assert sum(key.startswith("n") and key.endswith(" CNAME") for key in rows) == number
        assert sum(key.startswith("cname-n") for key in rows) == number


def test_row_76_a_record_that_somebody_changed_is_put_right(project: Project, aws: Aws, zone: str) -> None:
    before = listed(aws, zone)
    put(aws, zone, "bank", "CNAME", "evil.example.net")
    mark = before[f"cname-old.{DOMAIN} TXT"]
    changes: Any = [{"Action": "DELETE", "ResourceRecordSet": mark}]
    aws.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    assert project.refresh().ok().changes != set()
    project.up().ok()
    assert listed(aws, zone) == before


def test_a_service_that_changes_its_type_keeps_its_names(project: Project, aws: Aws, zone: str, own_zone: str) -> None:
    """Its old component goes after its new one came, and takes no record along that the new one has written."""
    config, public = project.config, {"domain": DOMAIN, "id": zone}
    front, admin, bank = config["cluster:services"]
    front |= {"type": "NodePort", "dns": [{"name": "www", "addresses": "private"}]}
    front["dns"] += [{"name": "@", "addresses": "private", "zone": public}]
    del front["scheme"]
    bank |= {**admin, "name": "bank", "ports": [{"port": 80}], "dns": [{**front["dns"][1], "name": "bank"}]}
    del bank["externalName"], bank["cname"]
    leaves = {"type": "ExternalName", "namespace": "names", "name": "admin", "externalName": "admin.example.net"}
    config["cluster:services"][1] = {**leaves, "cname": {"name": "admin"}}
    project.configure(config)
    project.up().ok()
    own, rows = listed(aws, own_zone), listed(aws, zone)
    assert len(values(own["www.names.internal A"])) == 2
    assert values(own["admin.names.internal CNAME"]) == {"admin.example.net"}
    assert values(rows[f"{DOMAIN} A"]) == values(rows[f"bank.{DOMAIN} A"]) == values(own["www.names.internal A"])
    assert {key for key in own | rows if " TXT" in key} == {
        "a-www.names.internal TXT",
        "cname-admin.names.internal TXT",
        f"a-_apex.{DOMAIN} TXT",
        f"a-bank.{DOMAIN} TXT",
        f"a-grafana.{DOMAIN} TXT",
    }
    assert project.refresh().ok().changes == set()
    assert project.up("--expect-no-changes").ok().changes == set()


def test_row_74_a_destroy_leaves_others_records(project: Project, aws: Aws, zone: str) -> None:
    """The last test: nothing of the stack is left, and all that others put there is."""
    project.destroy().ok()
    assert set(listed(aws, zone)) == {
        f"grafana.{DOMAIN} A",
        f"a-grafana.{DOMAIN} TXT",
        f"mail.{DOMAIN} A",
    }
