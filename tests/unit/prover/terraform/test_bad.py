"""What is no plan or state of Terraform's, is cut off, or has secrets: one clear error, or a named unknown."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from kubewire.cli import app
from kubewire.errors import InvalidInputError
from kubewire.prover.from_terraform.read import from_terraform
from kubewire.prover.prove import prove
from tests.unit.prover.engine import text
from tests.unit.prover.terraform.small import network, read
from tests.unit.prover.terraform.writer import To

SECRET = "hunter2-correct-horse"  # noqa: S105 - it must not be shown
CLUSTER = """
podRanges: [100.64.0.0/16]
nodes: {kind: listed, machines: [{name: node-a, interface: aws_instance.a, podRanges: [100.64.0.0/24]}]}
"""


def refused(content: str) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as caught:
        from_terraform(content)
    assert SECRET not in str(caught.value)
    return caught.value


def state(**values: Any) -> str:
    document = json.loads(network().state())
    return json.dumps({**document, **values})


@pytest.mark.parametrize(
    ("content", "words", "way_out"),
    [
        ("", "this is no JSON at character 0", "It may be cut off"),
        (network().state()[:-20], "this is no JSON at character", "It may be cut off"),
        (network().plan()[:3000], "this is no JSON at character", "It may be cut off"),
        ("[]", "no JSON object", "terraform show -json"),
        ("{}", "neither a plan nor a state of Terraform's", "terraform show -json"),
        (text("create"), "this is a plan of Pulumi's", "--plan"),
        (text("state"), "this is a state of Pulumi's", "--state"),
        (
            '{"version": 4, "terraform_version": "1.9.0", "lineage": "x", "resources": []}',
            "own state file",
            "show -json",
        ),
        (state(format_version="2.0"), "its format_version is 2.0", "1.x"),
        (state(format_version=f"1{SECRET}"), "its format_version is of another kind", "1.x"),
        (state(values={"root_module": {"resources": 3}}), "resources is no list", "terraform show -json"),
        (state(values={"root_module": {"resources": [3]}}), "a resource is no JSON object", "terraform show -json"),
        (state(values={"root_module": {"resources": [{}]}}), "without its address, type and name", "show -json"),
        (
            '{"format_version": "1.2", "planned_values": {}, "resource_changes": [], "errored": true}',
            "the plan failed",
            "",
        ),
        ("[" * 100_000, "this is no JSON", "cut off"),
    ],
)
def test_what_is_no_plan_or_state_is_refused_with_the_way_out(content: str, words: str, way_out: str) -> None:
    error = refused(content)
    assert words in error.summary
    assert way_out in error.detail


@pytest.mark.parametrize("option", ["--plan", "--state"])
def test_terraforms_files_are_known_where_pulumis_are_asked_for(option: str) -> None:
    ran = kubewire("prove", option, "-", stdin=network().state())
    assert (ran.exit_code, "this is Terraform's" in ran.stderr, "--terraform" in ran.stderr) == (2, True, True)


def test_pulumis_files_are_told_apart() -> None:
    assert "Give it with --state." in kubewire("prove", "--plan", "-", stdin=text("state")).stderr
    assert "Give it with --plan." in kubewire("prove", "--state", "-", stdin=text("create")).stderr


@pytest.mark.parametrize(
    ("address", "values", "words"),
    [
        ("aws_subnet.a", {"cidr_block": SECRET}, "cidr_block of aws_subnet.a is no range"),
        ("aws_subnet.a", {"vpc_id": {"x": SECRET}}, "vpc_id of aws_subnet.a is no string"),
        ("aws_security_group.nodes", {"ingress": SECRET}, "ingress of aws_security_group.nodes is no list"),
        ("aws_security_group.nodes", {"ingress": [{"protocol": SECRET}]}, "no protocol that kubewire knows"),
        ("aws_security_group.nodes", {"ingress": [SECRET]}, "ingress of aws_security_group.nodes is no block"),
        ("aws_instance.a", {"source_dest_check": SECRET}, "source_dest_check of aws_instance.a is no boolean"),
        ("aws_instance.a", {"private_ip": SECRET}, "the address of aws_instance.a is no address"),
        ("aws_route.a", {"destination_cidr_block": SECRET}, "destination_cidr_block of aws_route.a is no range"),
    ],
)
def test_values_that_cant_be_are_named_and_not_shown(address: str, values: dict[str, Any], words: str) -> None:
    document = json.loads(network().state())
    (row,) = [one for one in document["values"]["root_module"]["resources"] if one["address"] == address]
    row["values"] |= values
    assert words in refused(json.dumps(document)).summary


def test_types_that_nobody_knows_leave_everything_open_by_name() -> None:
    tf = network()
    tf.add("aws_networkfirewall_firewall.x", vpc_id=To("aws_vpc.main"))
    tf.add("aws_s3_bucket.logs", bucket="logs")
    tf.add("random_password.x", result=SECRET)
    facts = read(tf.state())
    assert facts.strangers == ("aws_networkfirewall_firewall.x",)
    assert {proof.verdict.verdict for proof in prove(facts)} == {"not proven"}


def test_machines_that_others_start_leave_open_what_is_about_nodes() -> None:
    tf = network()
    tf.add("aws_autoscaling_group.more", name="more")
    found = from_terraform(tf.state())
    assert found.beside == ("the machines of aws_autoscaling_group.more",)


def test_a_load_balancer_of_another_kind_is_a_stranger() -> None:
    tf = network()
    tf.add("aws_lb.web", internal=False, load_balancer_type="application", name="web")
    assert read(tf.state()).strangers == ("application load balancer aws_lb.web",)


@pytest.mark.parametrize("form", ["state", "plan"])
def test_what_is_sensitive_isnt_read(form: str) -> None:
    tf = network()
    group = tf.resources["aws_security_group.nodes"]
    group.sensitive = ("ingress",)
    group.values["ingress"][0]["description"] = SECRET
    tf.add("aws_db_instance.shop", sensitive=("password",), password=SECRET, username=SECRET)
    facts = read(getattr(tf, form)())
    assert SECRET not in facts.model_dump_json()
    assert facts.groups["aws_security_group.nodes"].open_ends == ("ingress of aws_security_group.nodes",)


@pytest.mark.parametrize("command", ["prove", "exposed"])
@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_secrets_reach_no_output(command: str, form: str, tmp_path: Path) -> None:
    tf = network()
    tf.resources["aws_security_group.nodes"].sensitive = ("ingress", "egress")
    tf.resources["aws_security_group.nodes"].values["ingress"][0]["description"] = SECRET
    tf.resources["aws_instance.a"].values["user_data"] = SECRET
    tf.resources["aws_instance.a"].values["tags"]["password"] = SECRET
    tf.add("random_password.x", sensitive=("result",), result=SECRET)
    (tmp_path / "cluster.yaml").write_text(CLUSTER)
    (tmp_path / "state.json").write_text(tf.state())
    files = ("--terraform", str(tmp_path / "state.json"), "--cluster", str(tmp_path / "cluster.yaml"))
    ran = kubewire(command, *files, "--format", form)
    assert ran.exit_code in (0, 1), ran.output
    assert SECRET not in ran.output


def test_megabytes_of_secrets_cost_seconds() -> None:
    tf = network()
    for at in range(2_000):
        tf.add(f"random_password.p{at}", sensitive=("result",), result=SECRET * 500)
    content = tf.state()
    assert len(content) > 20_000_000
    begun = time.perf_counter()
    facts = read(content)
    assert time.perf_counter() - begun < 10
    assert SECRET not in facts.model_dump_json()


WHOLE = {"plan": network().plan(), "state": network().state(), "change": network().plan(network())}


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in rows:
        yield (*path, key)
        yield from paths(item, (*path, key))


PLACES = st.sampled_from([(form, path) for form, content in WHOLE.items() for path in paths(json.loads(content))])
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, -3, 0, 70_000, 1.5, SECRET, "", [], {}, [SECRET], {"id": SECRET}, [{}], [None]]
)


@settings(max_examples=600, deadline=None)
@given(PLACES, JUNK)
def test_whatever_is_put_in_a_values_place_there_is_an_answer_or_an_error(
    place: tuple[str, tuple[str | int, ...]], junk: Any
) -> None:
    """Never a traceback, and never what was put there in the error."""
    form, path = place
    document = json.loads(WHOLE[form])
    at: Any = document
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = junk
    said = answer(json.dumps(document))
    assert isinstance(said, set) or SECRET not in said


def answer(content: str) -> set[str] | str:
    """The VPCs that are read, or what the error says."""
    try:
        return set(from_terraform(content).facts.vpcs)
    except InvalidInputError as error:
        return str(error)


def kubewire(*arguments: str, stdin: str | None = None) -> Result:
    ran = CliRunner().invoke(app, arguments, input=stdin)
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran
