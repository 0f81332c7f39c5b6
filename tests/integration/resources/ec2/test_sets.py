"""Interfaces and the instances on them, on a strict AWS: what stands, what changes do, and how many calls they take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.errors import PartlyCreatedError
from kubewire.model import Ref
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.instance_sets import InstancesArgs, InstancesState, Machine
from kubewire.resources.instances import Instances
from kubewire.resources.interface_sets import Interface, NetworkInterfacesState
from kubewire.resources.network_interfaces import NetworkInterfaces
from tests.integration.resources.ec2.described import (
    IMAGE,
    NOBODY,
    World,
    differences,
    instances,
    made_in,
    network_interfaces,
    tags,
)

MANY = 500
PAGE = 1000


class Killed(BaseException):
    """What a SIGKILL is to the code that it ends: nothing catches it."""


@contextmanager
def requests(cloud: AwsCloud, killed_at: int | None = None) -> Iterator[Counter[str]]:
    """Count requests by operation, each page for itself; end the run before the one with a number."""
    made: Counter[str] = Counter()
    events: Any = cloud.ec2._client.meta.events  # type: ignore[attr-defined]  # noqa: SLF001 - below the wrapper

    def asked(model: Any, **_: Any) -> None:
        if killed_at is not None and made.total() >= killed_at:
            raise Killed
        made[model.name] += 1

    events.register("before-call.ec2", asked)
    try:
        yield made
    finally:
        events.unregister("before-call.ec2", asked)


def dies(run: Callable[[], object], cloud: AwsCloud, call: int) -> bool:
    """Run, and tell whether it lasted until the call with a number, at which it is killed."""
    with requests(cloud, killed_at=call):
        try:
            run()
        except Killed:
            return True
    return False


def second_subnet(world: World, ec2: Any) -> Ref:
    made = ec2.create_subnet(VpcId=world.vpc.id, CidrBlock="10.0.32.0/20", AvailabilityZone="eu-west-1a")
    return Ref(name="other", id=made["Subnet"]["SubnetId"])


def on(state: NetworkInterfacesState, image: str = IMAGE) -> InstancesArgs:
    """Describe an instance on each interface."""
    rows = {
        name: Machine(image=image, instance_type="t3.medium", interface=Ref(name=name, id=made))
        for name, made in state.ids.items()
    }
    return InstancesArgs(name="main", instances=rows)


@pytest.fixture
def pair(cloud: AwsCloud) -> Callable[[], tuple[Any, Any]]:
    """Give the lifecycles of interfaces and instances, new ones each time."""
    owners = [
        Owner("shop/dev", f"kubewire:index:{kind}/main", "0123456789abcdef") for kind in ("Interfaces", "Machines")
    ]
    return lambda: (
        Lifecycle(NetworkInterfaces(cloud, owners[0])),
        Lifecycle(Instances(cloud, owners[1])),
    )


def attached(ec2: Any) -> dict[str, str]:
    """Give the primary interface of each instance that hasn't ended, by the instance's Name."""
    found = [item for group in ec2.describe_instances()["Reservations"] for item in group["Instances"]]
    return {
        next(tag["Value"] for tag in item["Tags"] if tag["Key"] == "Name"): item["NetworkInterfaces"][0][
            "NetworkInterfaceId"
        ]
        for item in found
        if item["State"]["Name"] != "terminated"
    }


@pytest.mark.parametrize(("kind", "described"), [(NetworkInterfaces, network_interfaces), (Instances, instances)])
def test_each_bears_its_own_name_and_its_owner(
    kind: Any, described: Any, run: Any, world: World, ec2: Any, owner: Owner
) -> None:
    made, state = run(kind).create(described(world).model_copy(update={"tags": {"team": "shop"}}), NOBODY)
    for name, one in state.ids.items():
        own = {"kubewire:set": made, "kubewire:member": name}
        assert tags(ec2, one) == {"Name": name, "team": "shop", **owner.tags(), **own}


@pytest.mark.parametrize(("kind", "described"), [(NetworkInterfaces, network_interfaces), (Instances, instances)])
def test_a_tag_that_somebody_changed_shows_and_comes_back(
    kind: Any, described: Any, run: Any, world: World, ec2: Any
) -> None:
    args = described(world).model_copy(update={"tags": {"team": "shop"}})
    made, state = run(kind).create(args, NOBODY)
    by_hand = [{"Key": "team", "Value": "web"}, {"Key": "odd", "Value": "1"}]
    ec2.create_tags(Resources=[state.ids["node-a"]], Tags=by_hand)
    read = run(kind).read(made, args)
    assert differences(kind, read, args) == {"tags.team", "tags.odd"}
    run(kind).update(made, read, args)
    assert run(kind).read(made, args) == state


def test_a_check_that_somebody_switched_on_shows_and_goes(run: Any, world: World, ec2: Any) -> None:
    args = network_interfaces(world)
    made, state = run(NetworkInterfaces).create(args, NOBODY)

    def checked() -> set[bool]:
        ids = list(state.ids.values())
        found = ec2.describe_network_interfaces(NetworkInterfaceIds=ids)["NetworkInterfaces"]
        return {one["SourceDestCheck"] for one in found}

    assert checked() == {False}
    ec2.modify_network_interface_attribute(NetworkInterfaceId=state.ids["node-b"], SourceDestCheck={"Value": True})
    read = run(NetworkInterfaces).read(made, args)
    assert differences(NetworkInterfaces, read, args) == {"sourceDestCheck"}
    run(NetworkInterfaces).update(made, read, args)
    assert checked() == {False}


def test_one_that_somebody_deleted_shows_and_comes_back(run: Any, world: World, ec2: Any) -> None:
    args = network_interfaces(world)
    made, state = run(NetworkInterfaces).create(args, NOBODY)
    ec2.delete_network_interface(NetworkInterfaceId=state.ids["node-a"])
    read = run(NetworkInterfaces).read(made, args)
    assert differences(NetworkInterfaces, read, args) == {'interfaces["node-a"]'}
    again = run(NetworkInterfaces).update(made, read, args)
    assert again.ids["node-b"] == state.ids["node-b"]
    assert again.ids["node-a"] in made_in(ec2)["interfaces"]


def test_an_ipv6_address_comes_and_goes(run: Any, world: World, ec2: Any) -> None:
    ec2.associate_vpc_cidr_block(VpcId=world.vpc.id, AmazonProvidedIpv6CidrBlock=True)
    (vpc,) = ec2.describe_vpcs(VpcIds=[world.vpc.id])["Vpcs"]
    whole = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    part = f"{whole.removesuffix('/56')}/64"
    ec2.associate_subnet_cidr_block(SubnetId=world.subnet.id, Ipv6CidrBlock=part)
    with_it = Interface(subnet=world.subnet, ipv6=True)
    args = network_interfaces(world).model_copy(update={"interfaces": {"node-a": with_it}})
    made, state = run(NetworkInterfaces).create(args, NOBODY)
    assert state.ipv6_addresses["node-a"].startswith(whole.split("::")[0][:9])
    assert run(NetworkInterfaces).read(made, args) == state
    without = args.model_copy(update={"interfaces": {"node-a": Interface(subnet=world.subnet)}})
    bare = run(NetworkInterfaces).update(made, state, without)
    assert (bare.ids, bare.ipv6_addresses) == (state.ids, {})
    again = run(NetworkInterfaces).update(made, bare, args)
    assert run(NetworkInterfaces).read(made, args) == again
    assert again.ipv6_addresses.keys() == {"node-a"}


def test_an_instance_stands_on_its_interface_which_outlives_it(run: Any, world: World, ec2: Any) -> None:
    made, state = run(Instances).create(instances(world), NOBODY)
    (found,) = ec2.describe_instances(InstanceIds=[state.ids["node-a"]])["Reservations"][0]["Instances"]
    assert [item["NetworkInterfaceId"] for item in found["NetworkInterfaces"]] == [world.interface.id]
    assert (found["ImageId"], found["InstanceType"], found["State"]["Name"]) == (IMAGE, "t3.medium", "running")
    assert (found["MetadataOptions"]["HttpTokens"], found["MetadataOptions"]["HttpPutResponseHopLimit"]) == (
        "required",
        1,
    )
    assert state.zones == {"node-a": "eu-west-1a"}
    run(Instances).delete(made, state)
    assert world.interface.id in made_in(ec2)["interfaces"]
    assert made_in(ec2)["instances"] == set()


def test_a_node_gets_another_size_on_the_same_interface(run: Any, world: World, ec2: Any) -> None:
    args = instances(world)
    made, state = run(Instances).create(args, NOBODY)
    larger = args.instances["node-a"].model_copy(update={"instance_type": "t3.large"})
    after = run(Instances).update(made, state, args.model_copy(update={"instances": {"node-a": larger}}))
    assert after.ids != state.ids
    assert made_in(ec2)["instances"] == set(after.ids.values())
    assert attached(ec2) == {"node-a": world.interface.id}


def test_nodes_move_to_another_subnet_and_their_old_interfaces_go_with_their_instances(
    pair: Any, world: World, ec2: Any
) -> None:
    args = network_interfaces(world)
    interfaces, machines = pair()
    made, state = interfaces.create(args, NOBODY)
    set_of_machines, running = machines.create(on(state), NOBODY)
    there = made_in(ec2)["interfaces"]
    rows = {"node-a": Interface(subnet=second_subnet(world, ec2)), "node-b": args.interfaces["node-b"]}
    wanted = args.model_copy(update={"interfaces": rows})
    interfaces, machines = pair()
    moved = interfaces.update(made, state, wanted)
    assert made_in(ec2)["interfaces"] == there | {moved.ids["node-a"]}
    after = machines.update(set_of_machines, running, on(moved))
    assert made_in(ec2)["interfaces"] == (there | {moved.ids["node-a"]}) - {state.ids["node-a"]}
    assert attached(ec2) == moved.ids
    assert after.ids["node-b"] == running.ids["node-b"]
    assert interfaces.read(made, wanted) == moved
    machines.delete(set_of_machines, after)
    interfaces.delete(made, moved)
    assert made_in(ec2)["interfaces"] == {world.interface.id}


def test_an_address_that_is_passed_on_too_early_is_refused(pair: Any, world: World) -> None:
    first, second = (Interface.model_validate({"subnet": world.subnet, "address": f"10.0.1.{n}"}) for n in (7, 8))
    args = network_interfaces(world).model_copy(update={"interfaces": {"node-a": first, "node-b": second}})
    interfaces, machines = pair()
    made, state = interfaces.create(args, NOBODY)
    assert state.addresses == {"node-a": "10.0.1.7", "node-b": "10.0.1.8"}
    machines.create(on(state), NOBODY)
    swapped = args.model_copy(update={"interfaces": {"node-a": second, "node-b": first}})
    with pytest.raises(PartlyCreatedError, match=r"10\.0\.1\.8 is still the address of node-b") as caught:
        interfaces.update(made, state, swapped)
    assert caught.value.path == 'interfaces["node-a"].address'
    assert interfaces.read(made, args) == state


@pytest.mark.parametrize("kind", [NetworkInterfaces, Instances])
def test_a_run_that_is_killed_at_any_call_is_finished_and_nothing_is_doubled(
    kind: Any, pair: Any, world: World, ec2: Any, cloud: AwsCloud
) -> None:
    before = made_in(ec2)
    args = network_interfaces(world)
    interfaces, _ = pair()
    made, state = interfaces.create(args, NOBODY)
    one: dict[Any, tuple[int, Any]] = {NetworkInterfaces: (0, args), Instances: (1, on(state))}
    place, described = one[kind]
    kills = 0
    while dies(lambda: pair()[place].create(described, NOBODY), cloud, kills):
        kills += 1
        finished, after = pair()[place].create(described, NOBODY)
        assert after.ids.keys() == {"node-a", "node-b"}
        assert made_in(ec2)["interfaces"] == before["interfaces"] | set(interfaces.read(made, args).ids.values())
        if kind is Instances:
            assert made_in(ec2)["instances"] == set(after.ids.values())
        pair()[place].delete(finished, after)
    assert kills > 4


def test_many_take_few_calls(pair: Any, world: World, ec2: Any, cloud: AwsCloud) -> None:
    rows = {f"node-{number}": Interface(subnet=world.subnet) for number in range(MANY)}
    args = network_interfaces(world).model_copy(update={"interfaces": rows})
    with requests(cloud) as made:
        object_id, state = pair()[0].create(args, NOBODY)
    assert made.pop("CreateNetworkInterface") == MANY
    assert made.pop("ModifyNetworkInterfaceAttribute") == MANY
    assert made.keys() == {"DescribeNetworkInterfaces"}
    assert made.total() <= 4 * (1 + MANY // PAGE)
    with requests(cloud) as made:
        assert pair()[0].read(object_id, args) == state
    assert made == {"DescribeNetworkInterfaces": 1}
    with requests(cloud) as made:
        pair()[0].update(object_id, state, args.model_copy(update={"tags": {"team": "shop"}}))
    assert made == {"DescribeNetworkInterfaces": 1, "CreateTags": 3}
    with requests(cloud) as made:
        pair()[0].delete(object_id, state)
    assert made == {"DescribeNetworkInterfaces": 1, "DeleteNetworkInterface": MANY}
    assert made_in(ec2)["interfaces"] == {world.interface.id}


def test_many_instances_are_waited_for_and_ended_together(pair: Any, world: World, cloud: AwsCloud) -> None:
    rows = {f"node-{number}": Interface(subnet=world.subnet) for number in range(20)}
    interfaces, machines = pair()
    _, state = interfaces.create(network_interfaces(world).model_copy(update={"interfaces": rows}), NOBODY)
    with requests(cloud) as made:
        object_id, running = machines.create(on(state), NOBODY)
    assert made.pop("RunInstances") == len(rows)
    assert made.keys() == {"DescribeInstances"}
    assert made.total() <= 6
    assert isinstance(running, InstancesState)
    with requests(cloud) as made:
        machines.delete(object_id, running)
    assert made["TerminateInstances"] == 1
