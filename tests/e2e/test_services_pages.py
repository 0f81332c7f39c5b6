"""The programs of `docs/services`, deployed as its README says: what AWS and the cluster have then is what is drawn.

All four have the same network, so one stack gets one program after the other: what one left behind would be seen.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import lightkube
import pytest
from lightkube.models.core_v1 import ServiceSpec
from lightkube.resources.core_v1 import Service

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws, made_by, named
from tests.e2e.examples import make_certificate
from tests.e2e.features.networks import rules
from tests.e2e.projects import CHECKOUT
from tests.e2e.pulumi import Stack
from tests.pictures.pages import PAGES, declared, page, program
from tests.pictures.parts import OURS, SERVICE, Parts
from tests.pictures.story import picture

REGION = "eu-central-2"
STACK = "mine/dev"
FIRST, *REST = PAGES
ORDER = (FIRST, *(name for name in REST if name != "load-balancer"), "load-balancer")
"""The one with more to try is the last."""
CERTIFICATE = re.compile(r"^CERTIFICATE = .+$", re.MULTILINE)
QUESTION = re.compile(r"^    (kubewire can .+?) +# (yes|no|not proven)$", re.MULTILINE)
CODES = {"yes": 0, "no": 1, "not proven": 3}


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@dataclass(frozen=True)
class Reader:
    """Somebody who does what the pages say, in a folder beside a clone of kubewire."""

    stack: Stack

    def typed(self, commands: str) -> subprocess.CompletedProcess[str]:
        """Run what stands on a page, in the shell of `eval "$(make env)"`; an `up` neither previews nor asks again."""
        return subprocess.run(  # noqa: S603 - a shell, as the reader's
            ["/bin/sh", "-ec", commands],
            cwd=self.stack.folder,
            env={**self.stack.environment, "PULUMI_OPTION_YES": "true", "PULUMI_OPTION_SKIP_PREVIEW": "true"},
            capture_output=True,
            text=True,
            check=False,
        )

    def take(self, program: str) -> None:
        """Make a page's program one's own."""
        (self.stack.folder / "__main__.py").write_text(program)


@pytest.fixture(scope="module")
def reader(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The reader, who has typed the commands of docs/services/README.md with the first page's program."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "kubewire").symlink_to(CHECKOUT)
    (folder / "mine").mkdir()
    (settings,) = re.findall(r"```yaml\n(.*?)```", (CHECKOUT / "docs" / "own-program.md").read_text(), re.DOTALL)
    (folder / "mine" / "Pulumi.yaml").write_text(settings)
    environment = cloud.environment()
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    made = Reader(Stack(folder / "mine", "dev", environment))
    made.take(program(FIRST))
    commands = re.findall(r"^    (.+)$", page("README"), re.MULTILINE)
    assert commands[-1] == "pulumi up"
    ran = made.typed("\n".join(commands))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return made


@cache
def parts_of(name: str) -> Parts:
    """What a page's program declares, as its picture is drawn from."""
    return Parts(declared(program(name)))


@dataclass(frozen=True)
class Deployed:
    """A page's program after its deployment.

    Attributes:
        name: the page's.
        state: what the stack holds, as `pulumi stack export` writes it.
    """

    name: str
    reader: Reader
    state: Path

    @property
    def parts(self) -> Parts:
        return parts_of(self.name)


@pytest.fixture(scope="module", params=ORDER)
def deployed(request: pytest.FixtureRequest, reader: Reader) -> Deployed:
    if request.param != FIRST:
        reader.take(program(request.param))
        reader.stack.up().ok()
    exported = reader.typed("pulumi stack export > state.json")
    assert exported.returncode == 0, exported.stderr
    return Deployed(request.param, reader, reader.stack.folder / "state.json")


def spec_of(kubernetes: lightkube.Client, label: str) -> ServiceSpec:
    namespace, name = label.split("/")
    spec = kubernetes.get(Service, name, namespace=namespace).spec
    assert spec is not None
    return spec


def test_what_the_picture_lists_is_made_and_no_more(deployed: Deployed) -> None:
    """Names of kinds, as `pulumi preview` shows them: the Services' alone, for the network is not what pages are of."""
    resources = json.loads(deployed.state.read_text())["deployment"]["resources"]
    parents = {item["urn"]: item.get("parent", "") for item in resources}
    kinds = {item["urn"]: item["type"] for item in resources}
    made: Counter[str] = Counter()
    for urn, kind in kinds.items():
        above = urn
        while above and not kinds[above].startswith("kubewire:services:"):
            above = parents[above]
        if above and kind.startswith((OURS, SERVICE)):
            made[kind.rpartition(":")[2]] += 1
    listed = sorted(f"{kind} ×{many}" if many > 1 else kind for kind, many in made.items())  # noqa: RUF001 - times
    assert listed == sorted(kind for kinds in picture(deployed.parts).made.values() for kind in kinds)


def test_the_cluster_has_the_service_as_drawn(deployed: Deployed, kubernetes: lightkube.Client) -> None:
    drawn, live = deployed.parts.spec, spec_of(kubernetes, deployed.parts.label)
    assert (live.type, live.selector, live.externalName) == (
        drawn["type"],
        drawn.get("selector"),
        drawn.get("externalName"),
    )
    found = [(port.protocol, port.port, port.targetPort, port.nodePort) for port in live.ports or ()]
    assert found == [
        (port["protocol"], int(port["port"]), int(port["targetPort"]), port.get("nodePort"))
        for port in deployed.parts.ports
    ]
    in_cluster = {item.metadata.name for item in kubernetes.list(Service, namespace="default") if item.metadata}
    others = {parts_of(name).metadata["name"] for name in PAGES if name != deployed.name}
    assert in_cluster.isdisjoint(others)


def test_the_firewall_is_as_drawn(deployed: Deployed, aws: Aws) -> None:
    groups = named(aws, STACK, "security-group")
    names = {group: name for name, group in groups.items()}
    live = {
        (name, names.get(peer, peer), f"{direction}: {traffic(protocol, ports)}")
        for name, group in groups.items()
        for direction, protocol, ports, peer in rules(aws, group)
    }
    drawn = {(rule.group, rule.peer, str(rule)) for rule in deployed.parts.rules}
    assert drawn <= live
    # The rest is the network's, and the same whatever the Service is: nodes and pods among themselves.
    nodes = deployed.parts.node_group
    assert {rule for rule in live - drawn if rule[0] != nodes} == set()
    assert {rule[1] for rule in live - drawn if rule[2].startswith("in: ")} <= {nodes, "100.64.0.0/16"}


def traffic(protocol: str, ports: tuple[int, int]) -> str:
    first, last = ports
    both = f"{first}/{last}" if protocol.startswith("icmp") else f"{first}-{last}"
    return f"{protocol} {first if first == last else both}"


def test_the_names_are_as_drawn(deployed: Deployed, aws: Aws) -> None:
    (zone,) = named(aws, STACK, "zone").values()
    rows: Any = aws.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    live = {(row["Name"].rstrip("."), row["Type"]): row for row in rows}
    ours = {key: row for key, row in live.items() if key[1] not in ("NS", "SOA", "TXT")}
    assert ours.keys() == {(record.name, record.type) for record in deployed.parts.records}
    for record in deployed.parts.records:
        assert points(ours[record.name, record.type]) == meant(deployed, aws)
        # Its mark, of which the pages' README tells.
        assert [row for (name, kind), row in live.items() if kind == "TXT" and name.endswith(record.name)]


def points(row: Any) -> set[str]:
    """What a name in Route53 leads to."""
    if "AliasTarget" in row:
        return {row["AliasTarget"]["DNSName"].rstrip(".")}
    return {item["Value"].rstrip(".") for item in row["ResourceRecords"]}


def meant(deployed: Deployed, aws: Aws) -> set[str]:
    """What the picture's arrow from a name leads to."""
    if deployed.parts.balancer:
        return {balancer(aws)["DNSName"].lower()}
    if "externalName" in deployed.parts.spec:
        return {deployed.parts.spec["externalName"]}
    return {item["PrivateIpAddress"] for item in machines(aws).values()}


def balancer(aws: Aws, name: str = "shop-default-frontend-public") -> Any:
    """A load balancer, and its listeners."""
    arn = named(aws, STACK, "load-balancer")[name]
    found: Any = aws.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    return {**found, "Listeners": aws.elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]}


def machines(aws: Aws) -> dict[str, Any]:
    """The nodes by their ids."""
    ids = list(named(aws, STACK, "instance").values())
    found: Any = aws.ec2.describe_instances(InstanceIds=ids)["Reservations"]
    return {item["InstanceId"]: item for reservation in found for item in reservation["Instances"]}


def test_the_nodes_are_as_drawn(deployed: Deployed, aws: Aws) -> None:
    live = {tag["Value"] for item in machines(aws).values() for tag in item["Tags"] if tag["Key"] == "Name"}
    assert live == set(deployed.parts.nodes)


def test_the_load_balancer_is_as_drawn_and_is_there_where_it_is_drawn_alone(
    deployed: Deployed, aws: Aws, kubernetes: lightkube.Client
) -> None:
    if deployed.parts.balancer is None:
        found = {thing.kind for thing in made_by(aws, STACK)}
        assert found.isdisjoint({"load-balancer", "listener", "target-group"})
        return
    assert len(named(aws, STACK, "load-balancer")) == 1
    live = balancer(aws)
    assert (live["Type"], live["Scheme"]) == ("network", deployed.parts.balancer["scheme"])
    assert hosts(kubernetes, "frontend") == [live["DNSName"]]
    assert {(item["Protocol"], item["Port"]) for item in live["Listeners"]} == {
        (item["protocol"], int(item["port"])) for item in deployed.parts.listeners
    }
    (group,) = (item["DefaultActions"][0]["TargetGroupArn"] for item in live["Listeners"])
    health = aws.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    (port,) = deployed.parts.ports
    assert {(item["Target"]["Id"], item["Target"]["Port"]) for item in health} == {
        (node, int(port["nodePort"])) for node in machines(aws)
    }


def hosts(kubernetes: lightkube.Client, name: str) -> list[str | None]:
    """What `kubectl get service` shows as a Service's external address."""
    status = kubernetes.get(Service, name, namespace="default").status
    assert status is not None
    assert status.loadBalancer is not None
    return [item.hostname for item in status.loadBalancer.ingress or ()]


def test_again_nothing_changes_and_questions_are_answered_as_the_page_says(deployed: Deployed) -> None:
    """The question with `--why` is asked as it stands, of the selected stack; the others of its state, to be quick.

    All are asked meanwhile: a preview takes no lock, and an `up` without changes changes no answer.
    """
    asked = QUESTION.findall(page(deployed.name))
    assert asked
    assert len(asked) == page(deployed.name).count("kubewire can ")
    again = deployed.reader.stack.start("up", "--skip-preview", "--expect-no-changes")
    of_state = f" --state {deployed.state}"
    answers = [deployed.reader.typed(command + ("" if "--why" in command else of_state)) for command, _ in asked]
    assert again.end().ok().changes == set()
    for ran, (_, answer) in zip(answers, asked, strict=True):
        assert ran.stdout.startswith(f"{answer}: "), ran.stdout + ran.stderr
        assert ran.returncode == CODES[answer]


def test_the_shared_load_balancer_ends_tls(
    reader: Reader, cloud: Cloud, aws: Aws, kubernetes: lightkube.Client
) -> None:
    """The page's second program, after its first."""
    first, second = re.findall(r"```python\n(.*?)```", page("load-balancer"), re.DOTALL)
    certificate = make_certificate(cloud.environment(), REGION, "services-pages")
    reader.take(first + CERTIFICATE.sub(f'CERTIFICATE = "{certificate}"', second))
    reader.stack.up().ok()
    edge = balancer(aws, "shop-edge-public")
    assert sorted((item["Protocol"], item["Port"]) for item in edge["Listeners"]) == [("TLS", 443), ("TLS", 8443)]
    assert {one["CertificateArn"] for item in edge["Listeners"] for one in item["Certificates"]} == {certificate}
    assert hosts(kubernetes, "shop") == hosts(kubernetes, "api") == [edge["DNSName"]]
    assert hosts(kubernetes, "frontend") == [balancer(aws)["DNSName"]] != [edge["DNSName"]]


def test_destroy_leaves_nothing(reader: Reader, aws: Aws, kubernetes: lightkube.Client) -> None:
    reader.stack.destroy().ok()
    assert reader.stack.state() == []
    assert made_by(aws, STACK) == []
    left = {item.metadata.name for item in kubernetes.list(Service, namespace="default") if item.metadata}
    names = {parts_of(name).metadata["name"] for name in PAGES}
    assert left.isdisjoint({*names, "shop", "api"})
