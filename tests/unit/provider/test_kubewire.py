from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import pytest

from kubewire.deferred import UNKNOWN
from kubewire.errors import InvalidInputError, PartlyCreatedError, RefusedError
from kubewire.functions.base import Function
from kubewire.model import Model
from kubewire.provider.kubewire import KubewireProvider
from kubewire.provider.protocol import Subject
from kubewire.resources.base import Owner
from kubewire.seen import SeenResource
from tests.unit.provider.boxes import Box, FakeClock, Warehouse, resource_in

URN = "urn:pulumi:dev::shop::kubewire:index:Box::main"
OWNER = Owner("shop/dev", "kubewire:index:Box/main")
NEW = Subject(URN)


@pytest.fixture
def warehouse() -> Warehouse:
    return Warehouse()


@pytest.fixture
def start(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Callable[[], KubewireProvider]:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    kind = resource_in(warehouse)
    return lambda: KubewireProvider({kind.token(): kind}, FakeClock())


@pytest.fixture
def provider(start: Callable[[], KubewireProvider]) -> KubewireProvider:
    return start()


def test_check_gives_defaults(provider: KubewireProvider) -> None:
    assert provider.check(NEW, {}, {"shape": "cube"}) == ({"shape": "cube", "colour": "none", "label": "none"}, [])


def test_check_names_every_fault_and_gives_the_inputs_back(provider: KubewireProvider) -> None:
    inputs, failures = provider.check(NEW, {}, {"shape": UNKNOWN, "color": "red"})
    assert inputs == {"shape": UNKNOWN, "color": "red"}
    assert [failure.path for failure in failures] == ["shape", "color"]


def test_an_unknown_type_is_told_with_those_that_there_are(provider: KubewireProvider) -> None:
    with pytest.raises(InvalidInputError, match="no resource type kubewire:index:Moon\n  It has kubewire:index:Box"):
        provider.check(Subject("urn:pulumi:dev::shop::kubewire:index:Moon::main"), {}, {})


def test_the_type_is_the_last_of_the_chain() -> None:
    assert Subject("urn:pulumi:dev::shop::a:b:C$kubewire:index:Box::x::y").token == resource_in(Warehouse()).token()


def test_a_preview_makes_nothing(provider: KubewireProvider, warehouse: Warehouse) -> None:
    made = provider.create(NEW, {"shape": UNKNOWN}, preview=True)
    assert made == ("", {"shape": UNKNOWN, "weight": UNKNOWN})
    provider.update(Subject(URN, "box-0"), {"shape": "cube", "weight": 7}, {"shape": "cube"}, preview=True)
    assert warehouse.calls == []


def test_what_was_unknown_in_the_check_is_validated_at_the_apply(
    provider: KubewireProvider, warehouse: Warehouse
) -> None:
    with pytest.raises(InvalidInputError, match="shape: Input should be a valid string"):
        provider.create(NEW, {"shape": 7}, preview=False)
    assert warehouse.calls == []


class TestReplacement:
    """The old object and the new one have one owner."""

    def test_never_takes_the_old_object(self, provider: KubewireProvider, warehouse: Warehouse) -> None:
        old = warehouse.add(Box(OWNER, "cube"))
        provider.check(NEW, {"shape": "cube"}, {"shape": "cube"})
        provider.diff(Subject(URN, old), {"shape": "cube"}, {"shape": "cube"})
        new, _ = provider.create(NEW, {"shape": "cube"}, preview=False)
        assert warehouse.boxes.keys() == {old, new}
        provider.delete(Subject(URN, old), {"shape": "cube", "weight": 7})
        assert warehouse.boxes.keys() == {new}

    def test_takes_no_object_where_the_old_one_s_id_is_not_known(
        self, provider: KubewireProvider, warehouse: Warehouse
    ) -> None:
        """A replacement trigger, or another provider: the engine asks for no diff."""
        old = warehouse.add(Box(OWNER, "cube"))
        provider.check(NEW, {"shape": "cube"}, {"shape": "cube"})
        new, _ = provider.create(NEW, {"shape": "cube"}, preview=False)
        assert new != old

    def test_forced_after_a_refresh_replaces(self, provider: KubewireProvider, warehouse: Warehouse) -> None:
        old = warehouse.add(Box(OWNER, "cube"))
        provider.read(Subject(URN, old), {"shape": "cube", "weight": 7}, {"shape": "cube"})
        new, _ = provider.create(NEW, {"shape": "cube"}, preview=False)
        assert new != old

    def test_forced_without_one_keeps_the_object_and_says_so(
        self, provider: KubewireProvider, warehouse: Warehouse, caplog: pytest.LogCaptureFixture
    ) -> None:
        """`pulumi up --replace` shows nothing of the state: neither old inputs nor an id."""
        old = warehouse.add(Box(OWNER, "cube"))
        new, _ = provider.create(NEW, {"shape": "cube"}, preview=False)
        provider.delete(Subject(URN, old), {"shape": "cube", "weight": 7})
        assert new == old
        assert old in warehouse.boxes
        assert "add --refresh to --replace" in caplog.text

    def test_an_unfinished_new_object_is_not_deleted_as_the_old_one(
        self, provider: KubewireProvider, warehouse: Warehouse
    ) -> None:
        old = warehouse.add(Box(OWNER, "cube"))
        warehouse.before[3] = RefusedError("no such colour", code="InvalidColour", operation="boxes:Paint")
        with pytest.raises(PartlyCreatedError):
            provider.create(NEW, {"shape": "cube", "colour": "red"}, preview=False)
        provider.delete(Subject(URN, old), {"shape": "cube", "weight": 7})
        assert old in warehouse.boxes

    def test_what_one_run_made_the_next_may_delete(self, provider: KubewireProvider, warehouse: Warehouse) -> None:
        """A plugin that a debugger holds serves several runs; each begins with its configuration."""
        box, state = provider.create(NEW, {"shape": "cube"}, preview=False)
        provider.configure({})
        provider.delete(Subject(URN, box), state)
        assert warehouse.boxes == {}


class TestOldStates:
    def test_one_with_fields_of_a_newer_kubewire_is_read(
        self, provider: KubewireProvider, warehouse: Warehouse
    ) -> None:
        box = warehouse.add(Box(OWNER, "cube"))
        state = {"shape": "cube", "weight": 7, "smell": "fresh"}
        found = provider.read(Subject(URN, box), state, {"shape": "cube", "smell": "fresh"})
        assert found is not None
        assert found.inputs == {"shape": "cube", "colour": "none", "label": "none"}

    def test_one_without_what_we_know_today_is_looked_up(
        self, provider: KubewireProvider, warehouse: Warehouse
    ) -> None:
        box = warehouse.add(Box(OWNER, "cube", "red"))
        provider.update(Subject(URN, box), {"shape": "cube"}, {"shape": "cube", "colour": "red"}, preview=False)
        assert "paint" not in warehouse.calls
        provider.delete(Subject(URN, box), {"shape": "cube"})
        assert warehouse.boxes == {}

    def test_one_that_can_not_be_told_is_left_alone(self, provider: KubewireProvider, warehouse: Warehouse) -> None:
        box = warehouse.add(Box(OWNER, "cube"))
        with pytest.raises(InvalidInputError, match="can't be read by this kubewire"):
            provider.delete(Subject(URN, box), {"form": "cube"})
        with pytest.raises(InvalidInputError, match="pulumi state delete"):
            provider.read(Subject(URN, box), {"form": "cube", "weight": 7}, {"form": "cube"})
        assert box in warehouse.boxes


class TestRead:
    def test_of_an_import_knows_nothing(self, provider: KubewireProvider, warehouse: Warehouse) -> None:
        found = provider.read(Subject(URN, warehouse.add(Box(OWNER, "cube", "red"))), {}, {})
        assert found is not None
        assert found.inputs == {"shape": "cube", "colour": "red", "label": "none"}
        assert found.state == {**found.inputs, "weight": 7}

    def test_of_a_get_may_know_a_little(self, provider: KubewireProvider, warehouse: Warehouse) -> None:
        box = warehouse.add(Box(OWNER, "cube"))
        assert provider.read(Subject(URN, box), {"colour": "red"}, {"colour": "red"}) is not None

    def test_of_what_is_gone_is_none(self, provider: KubewireProvider) -> None:
        assert provider.read(Subject(URN, "box-9"), {}, {}) is None


STATE = {"stateId": "0123456789abcdef"}


class TestConfiguration:
    def test_draws_the_id_of_a_new_state_once(self, provider: KubewireProvider) -> None:
        first, failures = provider.check_config({}, {"region": "eu-west-1"})
        assert failures == []
        assert provider.check_config(first, {"region": "eu-west-1"})[0] == first
        assert provider.check_config({}, {"region": "eu-west-1"})[0] != first

    def test_takes_json_in_strings(self, provider: KubewireProvider) -> None:
        assert provider.check_config(STATE, {"defaultTags": '{"team": "shop"}', "version": "1.0"})[1] == []

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({"defaultTags": '{"team":'}, "defaultTags: not JSON"),
            ({"defaultTags": "team"}, "pulumi config set --path kubewire:defaultTags.KEY VALUE"),
            ({"defaultTags": '["a"]'}, "defaultTags: Input should be a valid dictionary"),
            ({"region": "moon"}, "region: "),
            ({"regoin": "eu-west-1"}, "regoin: unknown key"),
        ],
    )
    def test_says_what_is_wrong(self, provider: KubewireProvider, config: dict[str, Any], said: str) -> None:
        (failure,) = provider.check_config(STATE, config)[1]
        assert said in str(failure)

    def test_says_that_there_is_no_such_profile(
        self, provider: KubewireProvider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("AWS_REGION")
        (failure,) = provider.check_config(STATE, {"profile": "[odd"})[1]
        assert str(failure).startswith("profile: The config profile ([odd) could not be found\n  Correct")

    def test_records_the_region_that_it_takes_from_the_environment(self, provider: KubewireProvider) -> None:
        assert provider.check_config(STATE, {"profile": "x"})[0] == {"profile": "x", "region": "eu-west-1", **STATE}
        assert provider.check_config(STATE, {"region": "us-east-1"})[0] == {"region": "us-east-1", **STATE}

    def test_may_be_partly_unknown(self, provider: KubewireProvider) -> None:
        config = {"region": UNKNOWN, "defaultTags": {"a": UNKNOWN}, "assumeRole": UNKNOWN}
        assert provider.check_config(STATE, config) == ({**config, **STATE}, [])

    def test_another_region_replaces_everything(self, provider: KubewireProvider) -> None:
        assert provider.diff_config({"region": "eu-west-1"}, {"region": "us-east-1"}).replaces == {"region"}

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ({}, {"region": "eu-west-1"}),
            ({"region": "eu-west-1"}, {"region": "eu-west-1", "profile": "x"}),
            ({"region": "eu-west-1", "defaultTags": '{"a": "b"}'}, {"region": "eu-west-1", "defaultTags": {"a": "c"}}),
        ],
    )
    def test_nothing_else_does(self, provider: KubewireProvider, old: dict[str, Any], new: dict[str, Any]) -> None:
        assert not provider.diff_config(old, new).replaces

    def test_is_compared_by_its_meaning(self, provider: KubewireProvider) -> None:
        assert not provider.diff_config({"defaultTags": '{"a": "b"}'}, {"defaultTags": {"a": "b"}}).changes

    def test_that_was_not_checked_is_refused(self, provider: KubewireProvider) -> None:
        with pytest.raises(InvalidInputError, match="regoin: unknown key"):
            provider.configure({"regoin": "x"})


def test_many_requests_at_a_time_make_one_object_each(provider: KubewireProvider, warehouse: Warehouse) -> None:
    urns = [f"{URN}-{number}" for number in range(200)]

    def make(urn: str) -> str:
        provider.check(Subject(urn), {}, {"shape": "cube"})
        provider.diff(Subject(urn, "box-none"), {"shape": "cube"}, {"shape": "cube"})
        return provider.create(Subject(urn), {"shape": "cube"}, preview=False)[0]

    with ThreadPoolExecutor(32) as pool:
        made = list(pool.map(make, urns))
    assert len(set(made)) == len(warehouse.boxes) == 200


def test_cancel_ends_every_wait(warehouse: Warehouse) -> None:
    clock = FakeClock()
    kind = resource_in(warehouse)
    KubewireProvider({kind.token(): kind}, clock).cancel()
    with pytest.raises(InterruptedError):
        clock.sleep(1)


class Look(Function[Model, Model]):
    """Gives what was shown, as this test asks for it."""

    Args, Result = Model, Model
    shown: ClassVar[list[SeenResource]] = []

    def run(self, args: Model) -> Model:
        self.shown[:] = self.seen.of([URN, "urn:of:nobody::known"])
        return args


def test_functions_see_what_the_engine_has_shown(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    kind = resource_in(warehouse)
    provider = KubewireProvider({kind.token(): kind}, FakeClock(), {Look.token(): Look})

    def seen() -> list[SeenResource]:
        provider.invoke(Look.token(), {})
        return list(Look.shown)

    provider.check(NEW, {}, {"shape": 1})
    assert seen() == []
    inputs, _ = provider.check(NEW, {}, {"shape": "cube"})
    assert seen() == [SeenResource(URN, inputs)]
    provider.create(NEW, inputs, preview=True)
    assert seen() == [SeenResource(URN, inputs)]
    object_id, state = provider.create(NEW, inputs, preview=False)
    assert seen() == [SeenResource(URN, inputs, object_id, state)]
    # The next run: what is about to change has no state that is sure.
    held = Subject(URN, object_id)
    inputs, _ = provider.check(NEW, state, {"shape": "cube"})
    provider.diff(held, state, inputs)
    assert seen() == [SeenResource(URN, inputs, object_id, state)]
    changed, _ = provider.check(NEW, state, {"shape": "cube", "colour": "red"})
    provider.diff(held, state, changed)
    assert seen() == [SeenResource(URN, changed, object_id, {})]
    assert seen()[0].outputs == {}
    now = provider.update(held, state, changed, preview=False)
    assert seen() == [SeenResource(URN, changed, object_id, now)]
    provider.configure({})
    assert seen() == []
