from __future__ import annotations

from typing import Any

import pytest

from kubewire.resources.base import Owner
from tests.integration.resources.ec2.described import EVERY, NOBODY, TAGGED, World, differences, made_in, tags


@pytest.mark.parametrize("name", EVERY)
def test_what_was_made_reads_without_a_difference(name: str, run: Any, world: World) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    object_id, state = run(kind).create(args, NOBODY)
    read = run(kind).read(object_id, args)
    assert read == state
    assert differences(kind, read, args) == set()


@pytest.mark.parametrize("name", TAGGED)
def test_it_bears_its_name_and_its_owner(name: str, run: Any, world: World, ec2: Any, owner: Owner) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    object_id, _ = run(kind).create(args.model_copy(update={"tags": {"team": "shop"}}), NOBODY)
    assert tags(ec2, object_id) == {"Name": "main", "team": "shop", **owner.tags()}


@pytest.mark.parametrize("name", TAGGED)
def test_a_tag_that_somebody_changed_shows_and_comes_back(name: str, run: Any, world: World, ec2: Any) -> None:
    kind = EVERY[name][0]
    args = EVERY[name][1](world).model_copy(update={"tags": {"team": "shop"}})
    object_id, _ = run(kind).create(args, NOBODY)
    ec2.create_tags(Resources=[object_id], Tags=[{"Key": "team", "Value": "web"}, {"Key": "odd", "Value": "1"}])
    read = run(kind).read(object_id, args)
    assert differences(kind, read, args) == {"tags.team", "tags.odd"}
    run(kind).update(object_id, read, args)
    assert differences(kind, run(kind).read(object_id, args), args) == set()


@pytest.mark.parametrize("name", EVERY)
def test_what_a_run_made_and_could_not_report_is_taken_over(name: str, run: Any, world: World, ec2: Any) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    first, state = run(kind).create(args, NOBODY)
    there = made_in(ec2)
    assert run(kind).create(args, NOBODY) == (first, state)
    assert made_in(ec2) == there


@pytest.mark.parametrize("name", EVERY)
def test_deleted_twice_it_leaves_nothing(name: str, run: Any, world: World, ec2: Any) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    before = made_in(ec2)
    object_id, state = run(kind).create(args, NOBODY)
    assert made_in(ec2) != before
    run(kind).delete(object_id, state)
    run(kind).delete(object_id, state)
    assert made_in(ec2) == before


@pytest.mark.parametrize("name", TAGGED)
def test_it_is_imported_by_its_id_as_it_was_declared(name: str, run: Any, world: World) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    object_id, _ = run(kind).create(args, NOBODY)
    imported = run(kind).read(object_id, None)
    declared = {**args.to_wire(), **imported.to_wire()}
    # An import knows ids, and no names for them; and it pins the address that AWS chose.
    changed = differences(kind, imported, kind.Args.model_validate({key: declared[key] for key in args.to_wire()}))
    assert changed <= {"address"}


@pytest.mark.parametrize(
    "name",
    [
        "Vpc",
        "Subnet",
        "InternetGateway",
        "EgressOnlyInternetGateway",
        "RouteTable",
        "GatewayEndpoint",
        "InterfaceEndpoint",
        "FlowLog",
        "NetworkAcl",
        "SecurityGroup",
    ],
)
def test_one_that_somebody_deleted_reads_as_gone(name: str, run: Any, world: World) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    object_id, state = run(kind).create(args, NOBODY)
    run(kind).delete(object_id, state)
    assert run(kind).read(object_id, args) is None
