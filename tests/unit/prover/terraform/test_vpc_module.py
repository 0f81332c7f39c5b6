"""A network as the most used VPC module of Terraform makes it, and what Terraform itself printed of references."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kubewire.cli import app
from kubewire.prover.declared.cluster_file import read_cluster_file
from kubewire.prover.declared.clusters import with_clusters
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Via
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.from_terraform.configuration import Configuration
from kubewire.prover.from_terraform.document import read_document
from kubewire.prover.from_terraform.read import from_terraform
from kubewire.prover.from_terraform.values import Block
from kubewire.prover.prove import prove
from kubewire.prover.verdict import NotProven

FIXTURES = Path(__file__).parents[3] / "fixtures" / "terraform"
CLUSTER = FIXTURES / "cluster.yaml"
VPC = "module.vpc.aws_vpc.this[0]"
PRIVATE = "module.vpc.aws_route_table.private[0]"
SECRET = "hunter2-correct-horse"  # noqa: S105 - it must not be shown
SERVICES = ("the Services of the cluster, which Terraform doesn't know",)


def read(name: str) -> Facts:
    file = read_cluster_file(CLUSTER.read_text(), "cluster.yaml")
    return with_clusters(from_terraform((FIXTURES / f"vpc-module.{name}.json").read_text()), file)


def kubewire(*arguments: str) -> Result:
    ran = CliRunner().invoke(app, arguments)
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran


def test_the_network_that_is_there_is_proved() -> None:
    facts = read("state")
    assert facts.strangers == ()
    left_open = {proof.number: proof.verdict for proof in prove(facts) if proof.verdict.verdict != "holds"}
    assert {one.unknowns if isinstance(one, NotProven) else one for one in left_open.values()} == {SERVICES}
    assert {6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 18, 28, 31, 32} & left_open.keys() == set()


def test_its_tables_groups_and_names_are_the_modules() -> None:
    facts = read("state")
    assert facts.vpcs[VPC].main_table == "module.vpc.aws_default_route_table.default[0]"
    assert facts.subnets["module.vpc.aws_subnet.private[1]"].table == PRIVATE
    assert facts.subnets["module.vpc.aws_subnet.public[0]"].acl == "module.vpc.aws_default_network_acl.this[0]"
    default = facts.groups["module.vpc.aws_default_security_group.this[0]"]
    assert (default.rules, default.open_ends) == ((), ()), "adopted, and emptied"
    assert {(route.via, route.target) for route in facts.tables[PRIVATE].routes} == {
        (Via.NAT_GATEWAY, "module.vpc.aws_nat_gateway.this[0]"),
        (Via.INTERFACE, 'aws_instance.node["a"]'),
        (Via.INTERFACE, 'aws_instance.node["b"]'),
    }
    assert {rule.name for rule in facts.groups["aws_security_group.plane"].rules} == {"kubelets", "the API"}
    (balancer,) = facts.load_balancers
    assert (balancer.internet_facing, len(balancer.subnets)) == (True, 2)
    group = facts.target_groups["aws_lb_target_group.front"]
    assert [target.name for target in group.targets] == ["node-a", "node-b"]
    (zone,) = facts.zones
    assert [(record.name, record.balancer) for record in zone.records] == [("www.shop.internal", "aws_lb.front")]


def test_before_the_first_apply_what_cant_be_told_is_open_and_the_rest_is_told() -> None:
    facts = read("plan")
    assert facts.vpcs.keys() == {VPC}
    # The module passes its VPC's id by a local, of which a plan says nothing: it can be no other.
    assert {subnet.vpc for subnet in facts.subnets.values()} == {VPC}
    # Two links of one resource, two subnets that they may be about, one table that both lead to.
    assert facts.subnets["module.vpc.aws_subnet.private[1]"].table == PRIVATE
    assert facts.vpcs[VPC].main_table == "module.vpc.aws_default_route_table.default[0]"
    # `module.vpc.private_subnets[each.key]` may be either.
    assert isinstance(facts.interfaces['aws_instance.node["a"]'].subnet, Unknown)
    assert {proof.verdict.verdict for proof in prove(facts)} == {"holds", "not proven"}


def test_a_plan_that_removes_a_route_is_broken_before_it_is_applied() -> None:
    ran = kubewire(
        "prove", "--terraform", str(FIXTURES / "vpc-module.change.json"), "--cluster", str(CLUSTER)
    )  # fmt: skip
    assert ran.exit_code == 1
    assert f"table {PRIVATE} has no route for 100.64.1.0/24 of node-b" in ran.stdout


def test_questions_are_answered_from_it() -> None:
    state = ("--terraform", str(FIXTURES / "vpc-module.state.json"), "--cluster", str(CLUSTER))
    assert kubewire("can", "pod:node-a", "pod:node-b:53/udp", *state).exit_code == 0
    exposed = kubewire("exposed", *state)
    assert "load balancer of aws_lb.front, tcp/443" in exposed.stdout


@pytest.mark.parametrize("name", ["state", "plan", "change"])
@pytest.mark.parametrize("command", ["prove", "exposed"])
@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_its_password_is_nowhere(name: str, command: str, form: str) -> None:
    file = FIXTURES / f"vpc-module.{name}.json"
    assert SECRET in file.read_text()
    assert SECRET not in kubewire(command, "--terraform", str(file), "--format", form).output


REFERENCES = {
    "terraform_data.first": ["terraform_data.many[0]"],
    "terraform_data.paired[0]": ["terraform_data.many[0]", "terraform_data.many[1]"],
    "terraform_data.many[1]": ["terraform_data.one"],
    'terraform_data.each["x"]': ["terraform_data.one"],
    "terraform_data.listed": ["terraform_data.many[0]", "terraform_data.many[1]"],
    "terraform_data.localed": None,
    "terraform_data.of_child": ["module.child.terraform_data.inner"],
    "terraform_data.of_kid": ["module.kids[1].terraform_data.inner"],
    "module.child.terraform_data.inner": ["terraform_data.one"],
    "module.kids[0].terraform_data.inner": ["terraform_data.many[0]"],
}


@pytest.mark.parametrize(("address", "origins"), REFERENCES.items())
def test_references_are_followed_as_terraform_writes_them(address: str, origins: list[str] | None) -> None:
    document = read_document((FIXTURES / "references.plan.json").read_text())
    (resource,) = [one for one in document.resources if one.address == address]
    found = Configuration(document).origins(Block.of(resource), "input")
    assert (None if found is None else [one.resource.address for one in found]) == origins


def test_terraforms_own_output_is_read() -> None:
    for name in ("plan", "state"):
        content = (FIXTURES / f"references.{name}.json").read_text()
        addresses = {resource.address for resource in read_document(content).resources}
        assert {"module.kids[1].terraform_data.inner", 'terraform_data.each["x"]'} <= addresses
        assert json.loads(content)["format_version"].startswith("1.")
