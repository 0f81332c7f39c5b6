"""Whatever is in a plan, it is read, or refused in one clear error that shows no value; and then it is proved."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kubewire.errors import InvalidInputError
from kubewire.prover.facts.facts import Facts
from kubewire.prover.from_plan.facts import from_plan, from_state
from kubewire.prover.prove import prove
from tests.unit.prover.engine import UNKNOWN, Plan, text, verdicts

SECRET = "hunter2"  # noqa: S105 - what must not be shown
JUNK = st.one_of(
    st.just(SECRET),
    st.just(UNKNOWN),
    st.sampled_from(
        [None, True, -1, 1.5, 10**30, float("inf"), "", [], {}, [SECRET], {SECRET: SECRET}, [None], {"id": SECRET}]
    ),
    st.just({"4dabf18193072939515e22adb298388d": "x", "ciphertext": SECRET}),
)
PLACED = st.lists(st.tuples(st.integers(0, 10**6), JUNK), min_size=1, max_size=3)
SETTINGS = settings(max_examples=100, deadline=None, phases=[Phase.generate], derandomize=True)
PLAN, STATE = text("create"), text("state")
Path = tuple[Any, ...]


def paths(value: Any, above: Path = ()) -> list[Path]:
    """Give the way to every place in a document."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [path for key in keys for path in ((*above, key), *paths(value[key], (*above, key)))]


PLACES = {whole: paths(json.loads(whole)) for whole in (PLAN, STATE)}


def spoiled(whole: str, at: list[tuple[int, Any]]) -> str:
    """Put junk into some places."""
    document = json.loads(whole)
    for number, junk in at:
        *way, last = PLACES[whole][number % len(PLACES[whole])]
        holder = document
        for key in way:
            holder = holder[key] if isinstance(holder, dict | list) and key in _keys(holder) else {}
        if isinstance(holder, dict) or (isinstance(holder, list) and last in _keys(holder)):
            holder[last] = junk
    return json.dumps(document)


def _keys(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else range(len(holder))


def read(reader: Callable[[str], Facts], given_text: str) -> None:
    """Read and prove; or be told why not, without a value."""
    try:
        facts = reader(given_text)
    except InvalidInputError as error:
        told = str(error)
    else:
        told = ""
        prove(facts)
    assert SECRET not in told


@SETTINGS
@given(PLACED)
def test_a_spoiled_plan(at: list[tuple[int, Any]]) -> None:
    read(from_plan, spoiled(PLAN, at))


@SETTINGS
@given(PLACED)
def test_a_spoiled_state(at: list[tuple[int, Any]]) -> None:
    read(from_state, spoiled(STATE, at))


def test_a_number_without_end() -> None:
    plan = Plan()
    plan.inputs("SecurityGroupRules::shop.shop.frontend-admin.nodes")["rules"] = {
        "all": {
            "direction": "ingress",
            "protocol": "tcp",
            "ports": {"first": float("inf"), "last": 80},
            "peer": {"kind": "cidr", "cidr": "0.0.0.0/0"},
        }
    }
    with pytest.raises(InvalidInputError, match="value that can't be"):
        plan.facts()


def test_a_plan_without_a_step_that_it_counts() -> None:
    plan = Plan()
    del plan.document["steps"][-1]
    with pytest.raises(InvalidInputError, match="leaves out 1 resources"):
        plan.facts()


@pytest.mark.parametrize("kind", ["ServicePatch", "ServiceList"])
def test_services_in_other_words(kind: str) -> None:
    plan = Plan()
    plan.add(f"kubernetes:core/v1:{kind}", "frontend", {})
    assert "holds" not in verdicts(plan.facts()).values()


RULES = "SecurityGroupRules::shop.shop.frontend-admin.nodes"


@pytest.mark.parametrize("op", ["delete", "replace"])
def test_what_the_apply_leaves_there(op: str) -> None:
    plan = Plan("change")
    step = next(one for one in plan.document["steps"] if one["urn"].endswith(RULES))
    step["op"], step["oldState"]["retainOnDelete"] = op, True
    plan.recount()
    facts = plan.facts()
    assert any("whose former object the apply leaves there" in one for one in facts.strangers)
    assert "holds" not in verdicts(facts).values()


@pytest.mark.parametrize("mark", ["delete", "pendingReplacement"])
def test_a_state_of_which_a_run_broke_off(mark: str) -> None:
    document = json.loads(STATE)
    document["deployment"]["resources"] += [
        {**row, mark: True} for row in document["deployment"]["resources"] if row["urn"].endswith(RULES)
    ]
    assert "holds" not in verdicts(from_state(json.dumps(document))).values()


def test_a_state_with_a_pending_operation() -> None:
    document = json.loads(STATE)
    row = next(row for row in document["deployment"]["resources"] if row["urn"].endswith(RULES))
    document["deployment"]["pending_operations"] = [{"resource": row, "type": "creating"}]
    facts = from_state(json.dumps(document))
    assert any(one.endswith("with which a run broke off") for one in facts.strangers)


@SETTINGS
@given(st.integers(0, len(PLAN) - 2))
def test_a_plan_that_is_cut_off(length: int) -> None:
    with pytest.raises(InvalidInputError, match="cut off"):
        from_plan(PLAN[:length])


BALANCER, SERVICE = "NetworkLoadBalancer::shop.shop.frontend", "core/v1:Service::shop.shop.frontend"
LISTENER, TARGETS = "Listener::shop.shop.frontend.80", "TargetGroup::shop.shop.frontend.http"


@pytest.mark.parametrize(
    ("of", "path"),
    [
        (BALANCER, ("scheme",)),
        (BALANCER, ("ipAddressType",)),
        (LISTENER, ("port",)),
        (LISTENER, ("protocol",)),
        (TARGETS, ("targetType",)),
        (TARGETS, ("preserveClientIp",)),
        ("SecurityGroupRules::shop-default", ("exclusive",)),
        (SERVICE, ("spec", "type")),
        (SERVICE, ("spec", "ports")),
        (SERVICE, ("spec", "externalTrafficPolicy")),
        (SERVICE, ("spec", "loadBalancerSourceRanges")),
        (SERVICE, ("metadata", "name")),
    ],
    ids=str,
)
def test_nothing_holds_without_a_value_that_decides_what_else_is_read(of: str, path: Path) -> None:
    plan = Plan()
    *above, key = path
    inputs = plan.inputs(of)
    for part in above:
        inputs = inputs[part]
    inputs[key] = UNKNOWN
    facts = plan.facts()
    assert any(one.startswith(f"{key} of ") for one in facts.strangers)
    assert "holds" not in verdicts(facts).values()


def test_external_ips_are_not_followed() -> None:
    plan = Plan()
    plan.inputs(SERVICE)["spec"]["externalIPs"] = ["10.0.0.9"]
    said = verdicts(plan.facts())
    assert (said[27], said[36], said[14]) == ("not proven", "not proven", "holds")


def test_targets_that_only_the_apply_makes_known() -> None:
    plan = Plan()
    plan.inputs(TARGETS)["targets"] = UNKNOWN
    assert verdicts(plan.facts())[30] == "not proven"


def test_objects_of_one_name_in_resources_of_one_name() -> None:
    plan = Plan()
    step = next(one for one in plan.document["steps"] if one["urn"].endswith("NetworkInterfaces::shop"))
    urn = step["urn"].replace("ClusterNetwork$", "Other$")
    plan.document["steps"].append({**step, "urn": urn, "newState": {**step["newState"], "urn": urn}})
    before, after = Plan().facts(), plan.facts()
    assert len(after.interfaces) == 2 * len(before.interfaces)
