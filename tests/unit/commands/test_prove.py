"""`kubewire prove`, `can` and `exposed`, on what the real engine printed."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kubewire.cli import app
from tests.unit.prover.engine import PLANS, Plan, text

CREATE, STATE = str(PLANS / "create.json"), str(PLANS / "state.json")
TABLE = "RouteTable::shop-private-eu-west-1b"


def kubewire(*arguments: str, stdin: str | None = None) -> Result:
    ran = CliRunner().invoke(app, arguments, input=stdin)
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran


@pytest.fixture
def broken(tmp_path: Path) -> str:
    plan = Plan()
    del plan.inputs(TABLE)["routes"]["100.64.0.0/24"]
    (tmp_path / "plan.json").write_text(plan.text())
    return str(tmp_path / "plan.json")


@pytest.fixture
def unsure(tmp_path: Path) -> str:
    plan = Plan()
    del plan.inputs("ClusterNetwork::shop")["nodes"]["node-a"]["maxPods"]
    (tmp_path / "plan.json").write_text(plan.text())
    return str(tmp_path / "plan.json")


class TestProve:
    def test_a_plan_in_which_all_holds_but_what_others_have(self) -> None:
        ran = kubewire("prove", "--plan", CREATE)
        assert ran.exit_code == 0
        first, *rows = ran.stdout.splitlines()
        assert first == "Network shop: 1 not proven, 38 hold"
        assert "39. Every CNAME leads to its own target, which is there: not proven" in rows
        assert "   - whether payments.example.com is there: it is outside of what is known here" in rows
        assert "  1  holds       Nodes' pod ranges are pairwise disjoint" in rows
        assert "\x1b" not in ran.stdout, "no colours in a pipe"

    def test_a_state(self) -> None:
        ran = kubewire("prove", "--state", STATE)
        assert ran.exit_code == 0
        assert ran.stdout.startswith("Network shop: 1 not proven, 38 hold\n")

    @pytest.mark.parametrize(("option", "name"), [("--plan", "create"), ("--state", "state")])
    def test_stdin(self, option: str, name: str) -> None:
        assert kubewire("prove", option, "-", stdin=text(name)).exit_code == 0

    def test_what_is_broken_is_followed_to_where_it_ends(self, broken: str) -> None:
        ran = kubewire("prove", "--plan", broken)
        assert ran.exit_code == 1
        assert "  6  broken      Every table of a node subnet has a route" in ran.stdout
        said = ran.stdout.partition("\n\n6. ")[2]
        assert "What users see: one zone's pods time out." in said
        assert "- table shop-private-eu-west-1b has no route for 100.64.0.0/24 of node-a" in said
        assert "STOPS     route table shop-private-eu-west-1b: 0.0.0.0/0 -> NAT gateway" in said

    def test_what_is_not_proven_fails_only_where_that_is_asked_for(self, unsure: str) -> None:
        ran = kubewire("prove", "--plan", unsure)
        assert ran.exit_code == 0
        assert "5. A node's pod range holds its maximum of pods: not proven" in ran.stdout
        assert "- how many pods node-a runs at most" in ran.stdout
        assert kubewire("prove", "--plan", unsure, "--strict").exit_code == 1

    def test_where_nothing_is_left_open_nothing_fails(self) -> None:
        plan = Plan()
        plan.document["steps"] = [
            step for step in plan.document["steps"] if not step["urn"].endswith("::shop.shop.bank")
        ]
        plan.recount()
        ran = kubewire("prove", "--plan", "-", "--strict", stdin=plan.text())
        assert (ran.exit_code, ran.stdout.splitlines()[0]) == (0, "Network shop: 39 hold")

    def test_json_has_all(self, broken: str) -> None:
        ran = kubewire("prove", "--plan", broken, "--format", "json")
        assert ran.exit_code == 1
        (cluster,) = json.loads(ran.stdout)["clusters"]
        by_number = {one["number"]: one["verdict"] for one in cluster["properties"]}
        assert (cluster["name"], by_number[1]["verdict"], by_number[6]["verdict"]) == ("shop", "holds", "broken")
        assert by_number[6]["witnesses"][0]["hops"][-1]["outcome"] == "STOPS"

    def test_markdown_marks_up_nothing_of_the_plans(self) -> None:
        plan = Plan()
        rules = plan.inputs("SecurityGroupRules::shop-nodes")["rules"]
        del rules["all from pods"], rules["all from nodes"]
        rules["```\n| <b> \x1b[31m"] = {**rules["all to pods"], "direction": "ingress"}
        ran = kubewire("prove", "--plan", "-", "--format", "markdown", stdin=plan.text())
        assert ran.exit_code == 1
        assert "| 13 | Nodes reach each other with all protocols, UDP and ICMP included | **broken** |" in ran.stdout
        assert ran.stdout.count("```") % 2 == 0
        assert "\x1b" not in ran.stdout


class TestQueries:
    @pytest.mark.parametrize(
        ("source", "destination", "code", "answer"),
        [
            ("internet", "lb:shop/frontend:80", 0, "yes"),
            ("internet", "node:node-a:30080", 1, "no"),
            ("pod:node-a", "service:shop/bank:443", 3, "not proven"),
            ("pod:node-z", "node:node-a:1", 2, ""),
        ],
    )
    def test_answers_are_exit_codes(self, source: str, destination: str, code: int, answer: str) -> None:
        ran = kubewire("can", source, destination, "--plan", CREATE)
        assert (ran.exit_code, ran.stdout.partition(":")[0].strip()) == (code, answer)
        as_json = kubewire("can", source, destination, "--plan", CREATE, "--format", "json")
        assert as_json.exit_code == code
        assert json.loads(as_json.stdout or '{"answer": ""}')["answer"] == answer

    def test_why(self) -> None:
        ran = kubewire("can", "internet", "lb:shop/frontend:80", "--plan", CREATE, "--why")
        assert " 1 passes    route table shop-public: 0.0.0.0/0 -> internet gateway shop" in ran.stdout
        marked = kubewire("can", "internet", "lb:shop/frontend:80", "--state", STATE, "--why", "--format", "markdown")
        assert "**yes**" in marked.stdout
        assert marked.stdout.count("```") == 2

    def test_exposed(self) -> None:
        ran = kubewire("exposed", "--plan", CREATE)
        assert ran.exit_code == 0
        assert (
            "  reached     the internet (IPv4) -> load balancer of shop/frontend, tcp/80: 0.0.0.0/0 -> " in ran.stdout
        )
        assert "From other networks\n" in ran.stdout
        marked = kubewire("exposed", "--plan", CREATE, "--format", "markdown").stdout
        assert "| the internet (IPv4) | load balancer of shop/frontend | tcp/80 | reached |" in marked
        found = json.loads(kubewire("exposed", "--plan", CREATE, "--format", "json").stdout)
        assert {one["answer"] for one in found["found"]} == {"yes", "no"}


def secret_range(plan: Plan) -> str:
    plan.inputs("Vpc::shop")["cidr"] = "hunter2"
    return plan.text()


def secret_error(plan: Plan) -> str:
    plan.document["diagnostics"] = [{"severity": "error", "message": "hunter2"}]
    return plan.text()


def without_network(plan: Plan) -> str:
    plan.document["steps"] = [step for step in plan.document["steps"] if "ClusterNetwork::" not in step["urn"]]
    plan.recount()
    return plan.text()


BAD: dict[str, tuple[Callable[[Plan], str], str]] = {
    "cut off": (lambda plan: plan.text()[:-9], "the plan is no JSON"),
    "deep": (lambda _plan: "[" * 100_000, "the plan is no JSON"),
    "secret range": (secret_range, "cidr of Vpc shop is no range of addresses"),
    "secret error": (secret_error, "the preview failed"),
    "no network": (without_network, "there is no ClusterNetwork in it"),
}


@pytest.mark.parametrize("command", [("prove",), ("can", "internet", "node:node-a:1"), ("exposed",)])
@pytest.mark.parametrize(("make", "said"), BAD.values(), ids=BAD.keys())
def test_what_is_no_plan_is_one_error(command: tuple[str, ...], make: Callable[[Plan], str], said: str) -> None:
    ran = kubewire(*command, "--plan", "-", stdin=make(Plan()))
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert "hunter2" not in ran.output


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "No stack is selected here. Give one of --plan"),
        (("--plan", CREATE, "--state", STATE), "Give one of"),
        (("--plan", "/nowhere/plan.json"), "/nowhere/plan.json can't be read: No such file"),
        (("--plan", str(PLANS)), "can't be read: Is a directory"),
        (("--state", CREATE), "this is a plan, not a state"),
        (("--plan", STATE), "this is a state, not a plan"),
        (("--plan", CREATE, "--live", "vpc-1"), "Give one of"),
        (("--plan", CREATE, "--cluster", "cluster.yaml"), "--cluster: it goes with --live and --terraform alone"),
        (("--terraform", "/nowhere/plan.json"), "--terraform: /nowhere/plan.json can't be read"),
    ],
)
def test_what_cannot_be_read_is_one_error(
    given: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = kubewire("prove", *given)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert said in ran.stderr


def engine(folder: Path, script: str) -> None:
    """Put a `pulumi` into a folder."""
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


class TestAPreviewThatIsRunNow:
    def test_is_asked_for_all_that_does_not_change(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        wanted = "preview --json --show-sames --show-reads --non-interactive --stack prod"
        streaming = '[ -z "$PULUMI_ENABLE_STREAMING_JSON_PREVIEW" ]'
        engine(tmp_path, f'[ "$*" = "{wanted}" ] && {streaming} && exec /bin/cat {CREATE}')
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setenv("PULUMI_ENABLE_STREAMING_JSON_PREVIEW", "true")
        assert kubewire("prove", "--stack", "prod").exit_code == 0

    def test_that_fails_is_no_proof(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        engine(tmp_path, "echo hunter2; echo 'error: no stack named prod' >&2; exit 255")
        monkeypatch.setenv("PATH", str(tmp_path))
        ran = kubewire("prove", "--stack", "prod")
        assert ran.exit_code == 2
        assert "the preview of prod failed\n  error: no stack named prod\n  `pulumi preview --stack prod`" in ran.stderr
        assert "hunter2" not in ran.output

    def test_that_finds_mistakes_tells_them(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        said = "error: one mistake in Pulumi.prod.yaml\nnetwork.name: required, but not given\n"
        plan = {"config": {"a": "hunter2"}, "diagnostics": [{"severity": "error", "message": said}]}
        (tmp_path / "plan.json").write_text(json.dumps(plan))
        engine(tmp_path, f"/bin/cat {tmp_path}/plan.json; exit 1")
        monkeypatch.setenv("PATH", str(tmp_path))
        ran = kubewire("prove", "--stack", "prod")
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert ran.stderr == (
            "error: the preview of prod failed\n  one mistake in Pulumi.prod.yaml\n"
            "  network.name: required, but not given\n"
        )

    def test_of_an_unknown_stack_says_which_there_are(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        listed = """[ "$1 $2" = "stack ls" ] && { echo '[{"name": "staging"}, {"name": "dev"}]'; exit 0; }"""
        engine(tmp_path, f"{listed}; echo \"error: no stack named 'de' found\" >&2; exit 6")
        monkeypatch.setenv("PATH", str(tmp_path))
        ran = kubewire("prove", "--stack", "de")
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert ran.stderr.endswith("  error: no stack named 'de' found\n  This project has dev, staging.\n")

    @pytest.mark.parametrize(
        ("who", "whom", "said"),
        [("internt", "lb:a/b:80", "error: WHO: internt is nobody"), ("internet", "lb:a/b", "error: WHOM: lb:a/b has")],
    )
    def test_comes_after_the_question_is_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str, whom: str, said: str
    ) -> None:
        engine(tmp_path, f": > {tmp_path}/asked; exit 1")
        monkeypatch.setenv("PATH", str(tmp_path))
        ran = kubewire("can", who, whom, "--stack", "prod")
        assert (ran.exit_code, ran.stderr.startswith(said)) == (2, True)
        assert not (tmp_path / "asked").exists()

    def test_needs_an_engine(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        ran = kubewire("prove", "--stack", "prod")
        assert (ran.exit_code, "there is no `pulumi` on PATH" in ran.stderr) == (2, True)

    def test_is_of_the_selected_stack_where_nothing_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        selected = '[ "$1" = stack ] && { echo prod; exit 0; }'
        engine(tmp_path, f'{selected}; case "$*" in preview*" --stack prod") exec /bin/cat {CREATE};; esac; exit 1')
        (tmp_path / "Pulumi.yaml").write_text("name: mine")
        (tmp_path / "below").mkdir()
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.chdir(tmp_path / "below")
        ran = kubewire("prove")
        assert (ran.exit_code, ran.stdout.startswith("Network shop: ")) == (0, True)

    def test_is_of_no_stack_where_none_is_selected(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        engine(tmp_path, "echo 'error: no stack selected' >&2; exit 255")
        (tmp_path / "Pulumi.yaml").write_text("name: mine")
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.chdir(tmp_path)
        ran = kubewire("prove")
        assert (ran.exit_code, "it must be clear what is asked about" in ran.stderr) == (2, True)
