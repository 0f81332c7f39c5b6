from __future__ import annotations

from datetime import date

import pytest

from kubewire.errors import InvalidInputError
from kubewire.report.policy import Policy
from kubewire.report.policy_file import read_policy
from kubewire.report.review import ClusterReview, Conclusion, ExposureState
from tests.unit.prover.difference.test_words import FRONTEND, PUBLIC, balanced, opened
from tests.unit.prover.nets import facts, within
from tests.unit.report.reviews import of_facts

BEFORE = facts(**PUBLIC)
WORLD = facts(**PUBLIC, **opened("0.0.0.0/0"))
SOME = facts(**PUBLIC, **opened("198.51.100.0/24", "192.0.2.0/24"))


def entry(who: str, whom: str = "nodes", traffic: str = "30080/tcp", expires: str = "2026-12-31") -> str:
    return f"  - {{who: {who}, whom: {whom}, traffic: {traffic}, reason: the shop's front, expires: {expires}}}\n"


def judged(policy: str | None, before: object = BEFORE, after: object = WORLD) -> tuple[Conclusion, ClusterReview]:
    made = of_facts(before, after, policy).review  # type: ignore[arg-type]  # facts, both
    return made.conclusion, made.clusters[0]


def states(policy: str | None, after: object = WORLD) -> list[tuple[str, str]]:
    _, cluster = judged(policy, after=after)
    return [(one.state.value, one.text) for one in cluster.exposures]


FOUND = "internet => node port of shop/frontend (nodes:30080/tcp)"
BESIDE = "the rest of the VPC => node port of shop/frontend (nodes and pods:30080/tcp)"


def test_without_a_policy_new_exposures_are_named_and_nothing_fails() -> None:
    conclusion, cluster = judged(None)
    assert conclusion is Conclusion.FINE
    assert {one.state for one in cluster.exposures} == {ExposureState.NO_POLICY}


def test_an_empty_policy_asks_for_the_internet_and_for_undeclared_sources() -> None:
    assert states("") == [("denied", FOUND), ("denied", BESIDE)]
    assert judged("")[0] is Conclusion.REFUSED


def test_declared_sources_need_no_entry_but_the_internet_does() -> None:
    declared = FRONTEND.model_copy(update={"sources": (within("10.0.0.0/16"), within("0.0.0.0/0"))})
    after = facts(**{**PUBLIC, "services": (declared,)}, **opened("0.0.0.0/0"))
    assert states("", after) == [("denied", FOUND)]
    assert states("exposures: {sources: [undeclared]}", after) == []


def test_a_policy_says_which_outsiders_count() -> None:
    assert states("exposures: {sources: [internet]}") == [("denied", FOUND)]
    assert states("exposures: {sources: [vpc]}") == [("denied", BESIDE)]
    assert states("exposures: {sources: []}") == []


@pytest.mark.parametrize(
    "allowing",
    [
        entry("internet"),
        entry("anyone", "any", "any"),
        entry("0.0.0.0/0", "service:shop/frontend", "30000-32767/tcp"),
        entry("internet", "[node:a, node:b, node:c]"),
        entry("[0.0.0.0/1, 128.0.0.0/1]"),
    ],
)
def test_an_entry_allows_it(allowing: str) -> None:
    policy = f"exposures: {{sources: [internet]}}\nallow:\n{allowing}"
    assert states(policy) == [("allowed", FOUND)]
    conclusion, cluster = judged(policy)
    assert conclusion is Conclusion.FINE
    assert cluster.exposures[0].sentence == "the shop's front (until 2026-12-31)"


@pytest.mark.parametrize(
    ("allowing", "left"),
    [
        (entry("internet", "node:a"), "internet => node port of shop/frontend (nodes b, c:30080/tcp)"),
        (entry("internet", "pods"), FOUND),
        (entry("internet", "nodes", "30081/tcp"), FOUND),
        (entry("internet", "nodes", "30080/udp"), FOUND),
        (entry("internet", "lb:shop/frontend"), FOUND),
        (entry("internet", "service:shop/backend"), FOUND),
        (entry("10.0.0.0/8"), FOUND),
    ],
)
def test_what_an_entry_leaves_over_is_denied(allowing: str, left: str) -> None:
    conclusion, cluster = judged(f"exposures: {{sources: [internet]}}\nallow:\n{allowing}")
    assert conclusion is Conclusion.REFUSED
    assert cluster.exposures[0].left == (left,)


def test_a_part_of_the_sources_may_be_allowed() -> None:
    policy = "exposures: {sources: [internet]}\nallow:\n" + entry("198.51.100.0/24")
    _, cluster = judged(policy, after=SOME)
    (one,) = cluster.exposures
    assert one.state is ExposureState.DENIED
    assert one.left == ("192.0.2.0/24 => node port of shop/frontend (nodes:30080/tcp)",)
    both = policy + entry("192.0.2.0/25") + entry("192.0.2.128/25")
    assert judged(both, after=SOME)[0] is Conclusion.FINE


def test_an_expired_entry_fails_with_a_sentence() -> None:
    policy = "exposures: {sources: [internet]}\nallow:\n" + entry("internet", expires="2026-11-22")
    conclusion, cluster = judged(policy)
    assert conclusion is Conclusion.REFUSED
    (one,) = cluster.exposures
    assert one.state is ExposureState.EXPIRED
    assert one.sentence == ("the entry for internet => nodes: 30080/tcp (the shop's front) expired on 2026-11-22")
    last_day = policy.replace("2026-11-22", "2026-11-23")
    assert judged(last_day)[0] is Conclusion.FINE


def test_unused_entries_are_named() -> None:
    policy = "allow:\n" + entry("anyone", "any", "any") + entry("10.1.0.0/16", "pods", "53/udp")
    assert of_facts(BEFORE, WORLD, policy).review.unused == ("10.1.0.0/16 => pods: 53/udp",)


def test_load_balancers_are_exposures_too() -> None:
    without = facts(**balanced(load_balancers=()))
    policy = "exposures: {sources: [internet]}\nallow:\n"
    denied = of_facts(without, facts(**balanced()), policy + entry("internet", "nodes", "443/tcp")).review
    assert [one.state for one in denied.clusters[0].exposures] == [ExposureState.DENIED]
    for whom in ("lb:shop/frontend", "service:shop/frontend", "any"):
        allowed = of_facts(without, facts(**balanced()), policy + entry("internet", whom, "443/tcp")).review
        assert [one.state for one in allowed.clusters[0].exposures] == [ExposureState.ALLOWED]


WRONG = {
    "allow:\n- who: internet\n": ("policy.yaml:2 allow[0].whom", "required"),
    "allow:\n" + entry("internets"): ("policy.yaml:2 allow[0].who", "'internets' is nobody"),
    "allow:\n" + entry("internet", "node"): ("policy.yaml:2 allow[0].whom", "says of nobody who they are"),
    "allow:\n" + entry("internet", traffic="http"): ("policy.yaml:2 allow[0].traffic", "'http' is no traffic"),
    "allow:\n" + entry("internet", traffic="9-3/tcp"): ("policy.yaml:2", "'9-3/tcp' is no traffic"),
    "allow:\n" + entry("internet", expires="soon"): ("policy.yaml:2 allow[0].expires", "date"),
    "allow: []\nexposures:\n  sources: [moon]\n": ("policy.yaml:3 exposures.sources[0]", "internet"),
    "\n\nallowed: []\n": ("policy.yaml:3 allowed", "unknown key"),
    "allow: [\n": ("policy.yaml:2", "this is no YAML"),
    "- a\n": ("policy.yaml:1", "Input should be a valid dictionary"),
}


@pytest.mark.parametrize(("written", "said"), WRONG.items(), ids=range(len(WRONG)))
def test_a_mistake_says_its_line(written: str, said: tuple[str, str]) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read_policy(written, "policy.yaml")
    text = str(raised.value)
    assert said[0] in text
    assert said[1] in text


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(InvalidInputError) as raised:
        read_policy("allow:\n" + entry("x") + entry("internet", "y"), "policy.yaml")
    assert "policy.yaml:2 allow[0].who" in str(raised.value)
    assert "policy.yaml:3 allow[1].whom" in str(raised.value)


def test_nothing_is_a_policy() -> None:
    assert read_policy("", "policy.yaml") == Policy()
    assert read_policy("# nothing yet\n", "policy.yaml") == Policy()
    assert read_policy("allow:\n" + entry("internet"), "p").allow[0].expires == date(2026, 12, 31)
