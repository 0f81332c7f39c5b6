"""Whose an object is that lies where a new one is to be made."""

from __future__ import annotations

from typing import Any

from kubewire.local.kubernetes_plugin.objects import Address
from kubewire.local.kubernetes_plugin.ownership import Ledger, Standing, field_manager, own_field_manager
from kubewire.provider.protocol import Subject

WEB = Subject("urn:pulumi:dev::shop::kubernetes:core/v1:Service::web")
OTHER = Subject("urn:pulumi:prod::shop::kubernetes:core/v1:Service::web")


def live(manager: str = own_field_manager(WEB), uid: str = "1") -> dict[str, Any]:
    return {"metadata": {"name": "web", "uid": uid, "managedFields": [{"manager": manager, "operation": "Apply"}]}}


def test_what_an_earlier_run_made_and_no_state_holds_is_a_leftover() -> None:
    assert Ledger().standing(WEB, live()) is Standing.LEFTOVER


def test_what_others_made_is_foreign() -> None:
    assert Ledger().standing(WEB, live("kubectl")) is Standing.FOREIGN
    assert Ledger().standing(WEB, live(own_field_manager(OTHER))) is Standing.FOREIGN
    assert Ledger().standing(WEB, {"metadata": {"name": "web"}}) is Standing.FOREIGN


def test_what_a_diff_showed_is_held() -> None:
    ledger = Ledger()
    ledger.note_held(WEB, live())

    assert ledger.standing(WEB, live()) is Standing.HELD


def test_a_successor_whose_predecessor_is_gone_already_is_a_leftover() -> None:
    ledger = Ledger()
    ledger.note_inputs(WEB)
    ledger.note_held(WEB, live(uid="deleted before the engine was killed"))

    assert ledger.standing(WEB, live()) is Standing.LEFTOVER


def test_where_the_state_holds_something_unseen_nothing_is_taken_over() -> None:
    ledger = Ledger()
    ledger.note_inputs(WEB)

    assert ledger.standing(WEB, live()) is Standing.HELD


def test_addresses_and_ports_of_what_is_held_become_free() -> None:
    ledger = Ledger()
    ledger.note_held(WEB, {**live(), "spec": {"clusterIP": "10.96.0.1", "ports": [{"nodePort": 30080}]}})

    assert ledger.occupied(WEB) == {"10.96.0.1", 30080}
    assert not ledger.occupied(OTHER)


def test_what_this_run_made_is_remembered() -> None:
    ledger = Ledger()
    ledger.note_made(WEB, Address("web", "shop"))

    assert ledger.was_made(WEB, Address("web", "shop"))
    assert not ledger.was_made(WEB, Address("web"))


def test_the_program_names_the_field_manager_then_the_state_then_the_resource() -> None:
    chosen = {"metadata": {"annotations": {"pulumi.com/patchFieldManager": "mine"}}}

    assert field_manager(WEB, chosen, "noted") == "mine"
    assert field_manager(WEB, {}, "noted") == "noted"
    assert field_manager(WEB, {}) == own_field_manager(WEB)
    assert own_field_manager(WEB) != own_field_manager(OTHER)
