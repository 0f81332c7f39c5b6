"""The checks of interfaces that others made, on a strict AWS."""

from __future__ import annotations

from typing import Any

from kubewire.resources.source_dest_checks import SourceDestChecks, SourceDestChecksArgs
from tests.integration.resources.ec2.described import NOBODY, World, differences


def checks(ec2: Any, *interfaces: str) -> list[bool]:
    rows = ec2.describe_network_interfaces(NetworkInterfaceIds=list(interfaces))["NetworkInterfaces"]
    found = {row["NetworkInterfaceId"]: row["SourceDestCheck"] for row in rows}
    return [found[interface] for interface in interfaces]


def test_a_node_that_leaves_is_checked_again_and_one_that_comes_is_not(run: Any, world: World, ec2: Any) -> None:
    first, second, third = (world.machine().id for _ in range(3))
    args = SourceDestChecksArgs(interfaces={"a": first, "b": second})
    made, state = run(SourceDestChecks).create(args, NOBODY)
    assert checks(ec2, first, second, third) == [False, False, True]
    run(SourceDestChecks).update(made, state, SourceDestChecksArgs(interfaces={"b": second, "c": third}))
    assert checks(ec2, first, second, third) == [True, False, False]


def test_one_that_somebody_switched_on_shows_and_is_switched_off(run: Any, world: World, ec2: Any) -> None:
    interface = world.machine().id
    args = SourceDestChecksArgs(interfaces={"a": interface})
    made, _ = run(SourceDestChecks).create(args, NOBODY)
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, SourceDestCheck={"Value": True})
    read = run(SourceDestChecks).read(made, args)
    assert differences(SourceDestChecks, read, args) == {"interfaces.a"}
    run(SourceDestChecks).update(made, read, args)
    assert checks(ec2, interface) == [False]


def test_a_machine_that_is_gone_is_in_nobody_s_way(run: Any, world: World, ec2: Any) -> None:
    gone, stays = world.machine().id, world.machine().id
    args = SourceDestChecksArgs(interfaces={"gone": gone, "stays": stays})
    made, state = run(SourceDestChecks).create(args, NOBODY)
    held = ec2.describe_network_interfaces(NetworkInterfaceIds=[gone])["NetworkInterfaces"][0]["Attachment"]
    ec2.terminate_instances(InstanceIds=[held["InstanceId"]])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[held["InstanceId"]], WaiterConfig={"Delay": 1})
    assert differences(SourceDestChecks, run(SourceDestChecks).read(made, args), args) == {"interfaces.gone"}
    run(SourceDestChecks).delete(made, state)
    assert checks(ec2, stays) == [True]
