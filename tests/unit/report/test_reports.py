"""Markdown, JSON, SARIF, JUnit and plain text of reviews."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from kubewire.errors import InvalidInputError
from kubewire.prover.difference.delta import Turn
from kubewire.prover.from_plan.values import HIDDEN as PRINTED
from kubewire.prover.from_plan.values import SIGNATURE_KEY
from kubewire.report.changes import Verb, changes
from kubewire.report.files import written
from kubewire.report.forecast import forecast
from kubewire.report.form import ReportFormat
from kubewire.report.junit import junit
from kubewire.report.markdown import MOST_CHARACTERS, markdown
from kubewire.report.review import Conclusion, Review
from kubewire.report.sarif import sarif
from tests.unit.prover.engine import Plan
from tests.unit.report.reviews import DENYING, FORECAST, OPENED, broken, broken_plan, change, of_plan

FILE = "infra/environments/Pulumi.dev.yaml"
SCHEMA = json.loads((Path(__file__).parent / "sarif_schema.json").read_text())
ADMIN = "the rest of the VPC => node port of shop/frontend-admin (nodes and pods:30081/tcp)"


class TestReview:
    def test_the_difference_is_the_review(self) -> None:
        review = change().review
        (cluster,) = review.clusters
        gained = [line.text for line in cluster.lines if line.turn is Turn.GAINED]
        assert "pods 100.64.5.0/24 of node-c => other nodes and pods, all traffic" in gained
        assert any("frontend-admin" in line for line in gained)
        assert review.counts == {Verb.UPDATE: 5}
        assert (cluster.new, cluster.gone, cluster.newly_broken) == (False, False, ())

    def test_a_new_stack_has_nothing_before(self) -> None:
        review = of_plan(Plan("create").text()).review
        (cluster,) = review.clusters
        assert cluster.new
        assert {line.turn for line in cluster.lines} == {Turn.GAINED}
        assert set(review.counts) == {Verb.CREATE}

    def test_what_the_change_breaks_is_told_from_what_was_broken(self) -> None:
        (cluster,) = broken().review.clusters
        assert {6, 14} <= set(cluster.newly_broken)
        plan = Plan("change")
        for step in plan.document["steps"]:
            if step["urn"].endswith("RouteTable::shop-private-eu-west-1b"):
                for side in ("oldState", "newState"):
                    del step[side]["inputs"]["routes"]["100.64.0.0/24"]
        (cluster,) = of_plan(plan.text()).review.clusters
        said = {proof.number: proof.verdict.verdict for proof in cluster.properties}
        assert said[6] == "broken"
        assert 6 not in cluster.newly_broken

    def test_a_broken_property_refuses_whatever_the_policy_says(self) -> None:
        review = of_plan(broken_plan().text(), "exposures: {sources: []}").review
        assert review.conclusion is Conclusion.REFUSED
        assert any("property 6 is broken" in reason for reason in review.reasons)

    def test_strict_refuses_what_is_not_proven(self) -> None:
        plan = Plan("change")
        del plan.inputs("ClusterNetwork::shop")["nodes"]["node-a"]["maxPods"]
        assert of_plan(plan.text()).review.conclusion is Conclusion.FINE
        assert of_plan(plan.text(), strict=True).review.conclusion is Conclusion.REFUSED

    def test_resources_have_verbs_and_fields_and_no_values(self) -> None:
        found = {change.name: change for change in changes(Plan("change").text())}
        table = found["shop-private-eu-west-1b"]
        assert table.fields == ('-routes["100.64.2.0/24"]', '+routes["100.64.5.0/24"]')
        assert "eni-" not in str(found)

    @pytest.mark.parametrize(
        ("operations", "verb"),
        [
            (["create-replacement", "replace", "delete-replaced"], Verb.REPLACE),
            (["delete"], Verb.DELETE),
            (["discard"], Verb.DELETE),
            (["import"], Verb.IMPORT),
        ],
    )
    def test_replacing_is_one_change(self, operations: list[str], verb: Verb) -> None:
        plan = Plan("change")
        state = plan.state(OPENED)
        urn = state["urn"]
        plan.document["steps"] = [
            {"op": one, "urn": urn, **({"newState": state} if "delete" not in one else {}), "oldState": state}
            for one in operations
        ]
        (only,) = changes(plan.text())
        assert only.verb is verb

    def test_time_and_quotas_are_those_of_the_preview(self) -> None:
        told = change().review.forecast
        assert told.least_time == "11 min 30 s"
        assert told.sentence == FORECAST.partition(" Quotas")[0]
        assert [(one.what, one.used, one.most, one.origin) for one in told.quotas] == [
            ("elastic addresses", 1, 5, "live"),
            ("routes per table", 4, 500, "default"),
            ("subnets per VPC", 6, 1200, "declared"),
        ]
        assert forecast('{"steps": [], "diagnostics": [{"severity": "info", "message": "hello"}]}').sentence == ""


class TestMarkdown:
    def test_the_verdict_is_first(self) -> None:
        text = markdown(change().review)
        assert text.splitlines()[0].startswith("## ❌ Refused: ")
        assert f"- `{ADMIN}`" in text
        assert "| **denied** |" in text
        assert "| routes per table | 4 | 500 | default |" in text
        assert text.index("Newly reachable") < text.index("### Resources") < text.index("11 min 30 s")

    def test_a_witness_is_folded_hop_by_hop(self) -> None:
        text = markdown(broken().review)
        assert "#### 6. Every table of a node subnet" in text
        assert "STOPS" in text
        assert text.count("<details>") == text.count("</details>")
        assert text.count("```") % 2 == 0

    @pytest.mark.parametrize("length", [10, 2_000])
    def test_it_fits_a_comment(self, length: int) -> None:
        review = change().review
        (cluster,) = review.clusters
        line = cluster.lines[0].model_copy(update={"text": "x" * length})
        many = cluster.model_copy(update={"lines": (line,) * 5_000})
        text = markdown(review.model_copy(update={"clusters": (many,)}))
        assert len(text) <= MOST_CHARACTERS
        assert "Newly reachable" in text
        assert "more" in text

    def test_names_of_others_mark_nothing_up(self) -> None:
        plan = Plan("change")
        rules = plan.inputs(OPENED)["rules"]
        rules["<b>`|\n# @everyone \x1b[31m"] = next(iter(rules.values()))
        text = markdown(of_plan(plan.text(), DENYING).review)
        assert "<b>`" not in text
        assert "\x1b" not in text
        assert "\n# @" not in text


class TestMachines:
    def test_json_is_the_model(self) -> None:
        text = written(change(), ReportFormat.JSON, FILE)
        assert Review.model_validate_json(text) == change().review
        jsonschema.validate(json.loads(text), Review.model_json_schema(mode="serialization", by_alias=False))

    @pytest.mark.parametrize("made", [change, broken])
    def test_sarif_is_valid(self, made: Any) -> None:
        document = sarif(made().review, FILE)
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        jsonschema.validate(document, SCHEMA)
        run = document["runs"][0]
        ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert len(ids) == len(set(ids)) == len(made().review.clusters[0].properties) + 1
        for result in run["results"]:
            assert ids[result["ruleIndex"]] == result["ruleId"]
            assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == FILE
        prints = [json.dumps(result["partialFingerprints"]) for result in run["results"]]
        assert len(prints) == len(set(prints))

    def test_sarif_says_what_is_wrong(self) -> None:
        found = sarif(broken().review, FILE)["runs"][0]["results"]
        (first, *_) = [one for one in found if one["ruleId"] == "kubewire/06"]
        assert first["level"] == "error"
        assert "has no route for 100.64.0.0/24 of node-a" in first["message"]["text"]
        denied = [
            one for one in sarif(change().review, FILE)["runs"][0]["results"] if one["ruleId"] == "kubewire/exposure"
        ]
        assert [ADMIN in one["message"]["text"] for one in denied] == [True]

    def test_the_schema_refuses_what_is_no_sarif(self) -> None:
        document = sarif(change().review, FILE)
        document["runs"][0]["results"][0]["level"] = "bad"
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document, SCHEMA)

    def test_junit_has_a_case_a_property(self) -> None:
        root = ET.fromstring(junit(broken().review))  # noqa: S314 - our own
        (suite,) = root
        cases = suite.findall("testcase")
        (cluster,) = broken().review.clusters
        assert len(cases) == len(cluster.properties) + len(cluster.exposures)
        failed = {case.get("name", "").partition(".")[0] for case in cases if case.find("failure") is not None}
        assert {"6", "14"} <= failed
        assert int(suite.get("failures", "0")) == int(root.get("failures", "0")) == len(failed)
        assert "STOPS" in "".join(suite.itertext())

    def test_junit_is_xml_whatever_names_there_are(self) -> None:
        review = change().review
        (cluster,) = review.clusters
        worst = cluster.model_copy(update={"name": 'a\x00<b>&"\x1b'})
        assert ET.fromstring(junit(review.model_copy(update={"clusters": (worst,)}))) is not None  # noqa: S314 - our own


HIDDEN = "hunter2"
MARK = {SIGNATURE_KEY: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": HIDDEN, "plaintext": f'"{HIDDEN}"'}
KINDS = sorted({step["urn"].split("::")[-2].split("$")[-1] for step in Plan("change").document["steps"]})


def hide(value: Any, secret: object) -> Any:
    """Put a secret in the place of every value, and leave what holds them."""
    if isinstance(value, dict):
        return {key: hide(item, secret) for key, item in value.items()}
    if isinstance(value, list):
        return [hide(item, secret) for item in value]
    return secret


CASES = [
    *((kind, MARK, True) for kind in KINDS),
    *(("", secret, deep) for secret in (MARK, PRINTED) for deep in (True, False)),
]


def reports(plan: str) -> list[str]:
    """Give all that is said of a plan, or of why nothing can be."""
    try:
        reviewed = of_plan(plan, DENYING)
    except InvalidInputError as error:
        return [str(error)]
    return [written(reviewed, form, FILE) for form in ReportFormat]


@pytest.mark.parametrize(("kind", "secret", "deep"), CASES)
def test_secrets_everywhere_are_in_no_report(kind: str, secret: object, deep: bool) -> None:  # noqa: FBT001 - a test's case
    plan = Plan("change")
    plan.document["config"] = {"cluster:password": HIDDEN}
    plan.document["diagnostics"] = [{"severity": "info", "message": HIDDEN}, {"severity": "warning", "message": HIDDEN}]
    hidden = 0
    for step in plan.document["steps"]:
        if not step["urn"].split("::")[-2].endswith(kind):
            continue
        for side in ("oldState", "newState"):
            for part in ("inputs", "outputs"):
                held = step.get(side, {}).get(part, {})
                for key, value in held.items():
                    held[key] = hide(value, secret) if deep else secret
                    hidden += 1
        step["detailedDiff"] = {f'rules["{HIDDEN}"]': {"kind": "add"}}
    assert hidden or kind == "pulumi:pulumi:Stack"
    assert not [text for text in reports(plan.text()) if HIDDEN in text]


@pytest.mark.parametrize("name", ["change", "vpc-pods"])
def test_reports_do_not_depend_on_the_order_in_which_the_engine_worked(name: str) -> None:
    plan, other = Plan(name), Plan(name)
    other.document["steps"].reverse()
    one, two = (of_plan(each.text(), DENYING) for each in (plan, other))
    for form in ReportFormat:
        assert written(one, form, FILE) == written(two, form, FILE), form


def test_resources_are_listed_by_type_and_name() -> None:
    listed = [str(one) for one in change().review.changes]
    assert listed == sorted(listed)
    assert len(listed) > 1
