from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.errors import KubewireError
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.flow_log import FlowLog, FlowLogArgs, Traffic
from kubewire.resources.gateway_endpoint import GatewayEndpoint
from kubewire.resources.interface_endpoint import InterfaceEndpoint
from kubewire.resources.network_acl import NetworkAcl, NetworkAclArgs
from tests.integration.resources.ec2.around import (
    entries,
    flow_log,
    gateway_endpoint,
    interface_endpoint,
    made_around,
    network_acl,
)
from tests.integration.resources.ec2.described import NOBODY, World, differences

BUCKET = "records"


def subnet(ec2: Any, world: World, zone: str) -> Ref:
    made = ec2.create_subnet(VpcId=world.vpc.id, CidrBlock="10.0.32.0/20", AvailabilityZone=f"eu-west-1{zone}")
    return Ref(name=f"private-{zone}", id=made["Subnet"]["SubnetId"])


def users(ec2: Any, subnet_id: str) -> str:
    found = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet_id]}])
    return str(found["NetworkAcls"][0]["NetworkAclId"])


def test_a_gateway_endpoints_tables_come_and_go(run: Any, world: World, ec2: Any) -> None:
    args = gateway_endpoint(world)
    made, state = run(GatewayEndpoint).create(args, NOBODY)
    other = world.table()
    wanted = args.model_copy(update={"route_tables": {other.name: other.id}})
    run(GatewayEndpoint).update(made, state, wanted)
    (route,) = [
        (table["RouteTableId"], row["DestinationPrefixListId"])
        for table in ec2.describe_route_tables()["RouteTables"]
        for row in table["Routes"]
        if row.get("GatewayId") == made
    ]
    assert route == (other.id, state.prefix_list)
    assert differences(GatewayEndpoint, run(GatewayEndpoint).read(made, wanted), wanted) == set()


def test_a_table_that_somebody_added_unseen_is_no_mistake(run: Any, world: World, ec2: Any) -> None:
    args = gateway_endpoint(world)
    made, state = run(GatewayEndpoint).create(args, NOBODY)
    other = world.table()
    ec2.modify_vpc_endpoint(VpcEndpointId=made, AddRouteTableIds=[other.id])
    wanted = args.model_copy(update={"route_tables": {**args.route_tables, other.name: other.id}})
    run(GatewayEndpoint).update(made, state, wanted)
    assert differences(GatewayEndpoint, run(GatewayEndpoint).read(made, wanted), wanted) == set()


def test_a_table_of_another_endpoint_is_said_and_the_endpoint_keeps_its_id(
    run: Any, world: World, ec2: Any, cloud: AwsCloud
) -> None:
    args = gateway_endpoint(world)
    run(GatewayEndpoint).create(args, NOBODY)
    other = Lifecycle(GatewayEndpoint(cloud, Owner(stack="shop/dev", resource="other")))
    with pytest.raises(KubewireError, match="already has a route") as refused:
        other.create(args, NOBODY)
    assert "Another endpoint to this service uses the table" in refused.value.detail
    assert len(made_around(ec2)["endpoints"]) == 2


def test_an_interface_endpoint_moves_and_has_a_name_in_each_zone(run: Any, world: World, ec2: Any) -> None:
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=world.vpc.id, **{name: {"Value": True}})
    args = interface_endpoint(world)
    made, state = run(InterfaceEndpoint).create(args, NOBODY)
    assert [name.startswith(made) for name in state.dns_names] == [True, True]
    other = subnet(ec2, world, "b")
    group = ec2.create_security_group(GroupName="new", Description="new", VpcId=world.vpc.id)["GroupId"]
    fields = {"subnets": {other.name: other.id}, "security_groups": {"new": group}, "private_dns": True}
    wanted = args.model_copy(update=fields)
    state = run(InterfaceEndpoint).update(made, state, wanted)
    assert state.dns_names[1:] == (
        state.dns_names[0].replace(".sts", "-eu-west-1b.sts"),
        "sts.eu-west-1.amazonaws.com",
    )
    assert run(InterfaceEndpoint).read(made, wanted) == state
    own = [{"Name": "interface-type", "Values": ["vpc_endpoint"]}]
    (interface,) = ec2.describe_network_interfaces(Filters=own)["NetworkInterfaces"]
    assert (interface["SubnetId"], interface["Groups"][0]["GroupId"]) == (other.id, group)


def test_a_deleted_interface_endpoint_lets_its_subnet_go(run: Any, world: World, ec2: Any) -> None:
    place = subnet(ec2, world, "c")
    args = interface_endpoint(world).model_copy(update={"subnets": {place.name: place.id}})
    made, state = run(InterfaceEndpoint).create(args, NOBODY)
    run(InterfaceEndpoint).delete(made, state)
    ec2.delete_subnet(SubnetId=place.id)


def test_a_flow_log_to_a_bucket_reads_as_declared(run: Any, world: World, boto: Callable[[str], Any]) -> None:
    boto("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    args = FlowLogArgs(name="main", vpc=world.vpc, destination=f"arn:aws:s3:::{BUCKET}/shop/")
    made, state = run(FlowLog).create(args, NOBODY)
    assert run(FlowLog).read(made, args) == state
    assert differences(FlowLog, state, args) == set()


def test_a_bucket_that_is_not_there_is_said_and_nothing_is_left(run: Any, world: World, ec2: Any) -> None:
    args = FlowLogArgs(name="main", vpc=world.vpc, destination=f"arn:aws:s3:::{BUCKET}")
    with pytest.raises(KubewireError, match="Access Denied for LogDestination: records") as refused:
        run(FlowLog).create(args, NOBODY)
    assert "delivery.logs.amazonaws.com" in refused.value.detail
    assert made_around(ec2)["flow logs"] == set()


def test_a_flow_log_of_other_traffic_is_made_after_the_old_one_is_gone(run: Any, world: World) -> None:
    args = flow_log(world)
    made, state = run(FlowLog).create(args, NOBODY)
    wanted = args.model_copy(update={"traffic": Traffic.ALL})
    assert compare(FlowLogArgs, state.to_wire(), wanted.to_wire()).delete_before_replace
    run(FlowLog).delete(made, state)
    _, state = run(FlowLog).create(wanted, frozenset({made}))
    assert differences(FlowLog, state, wanted) == set()


def test_entries_come_change_and_go(run: Any, world: World) -> None:
    args = network_acl(world)
    made, state = run(NetworkAcl).create(args, NOBODY)
    https = {"protocol": "tcp", "ports": {"first": 443, "last": 443}, "cidr": "10.0.0.0/8"}
    new = entries({"number": 100, **https}, {"number": 7, "cidr": "2001:db8::/56", "direction": "egress"})
    wanted = args.model_copy(update={"entries": new})
    run(NetworkAcl).update(made, state, wanted)
    read = run(NetworkAcl).read(made, wanted)
    assert read.entries == new
    assert differences(NetworkAcl, read, wanted) == set()


def test_what_others_changed_unseen_does_not_stop_it(run: Any, world: World, ec2: Any) -> None:
    args = network_acl(world)
    made, state = run(NetworkAcl).create(args, NOBODY)
    ec2.delete_network_acl_entry(NetworkAclId=made, RuleNumber=100, Egress=False)
    ec2.delete_network_acl_entry(NetworkAclId=made, RuleNumber=101, Egress=False)
    theirs = {"Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}
    ec2.create_network_acl_entry(NetworkAclId=made, RuleNumber=9, Egress=False, **theirs)
    kept = {key: entry for key, entry in args.entries.items() if key != "ingress 101"}
    changed = entries({"number": 100, "cidr": "10.0.0.0/8"}, {"number": 9, "cidr": "10.0.0.0/8"})
    wanted = args.model_copy(update={"entries": {**kept, **changed}})
    run(NetworkAcl).update(made, state, wanted)
    assert differences(NetworkAcl, run(NetworkAcl).read(made, wanted), wanted) == set()


def test_an_entry_that_somebody_made_shows_and_goes(run: Any, world: World, ec2: Any) -> None:
    args = network_acl(world)
    made, _ = run(NetworkAcl).create(args, NOBODY)
    open_to_all = {"Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}
    ec2.create_network_acl_entry(NetworkAclId=made, RuleNumber=1, Egress=False, **open_to_all)
    read = run(NetworkAcl).read(made, args)
    assert differences(NetworkAcl, read, args) == {'entries["ingress 1"]'}
    run(NetworkAcl).update(made, read, args)
    assert differences(NetworkAcl, run(NetworkAcl).read(made, args), args) == set()


def test_a_full_acl_makes_room_before_it_takes_more(run: Any, world: World) -> None:
    def full(first: int) -> NetworkAclArgs:
        rows = [{"number": first + number, "cidr": f"10.{number}.0.0/16"} for number in range(19)]
        return network_acl(world).model_copy(update={"entries": entries(*rows)})

    made, state = run(NetworkAcl).create(full(100), NOBODY)
    run(NetworkAcl).update(made, state, full(200))
    assert differences(NetworkAcl, run(NetworkAcl).read(made, full(200)), full(200)) == set()


def test_a_subnet_that_leaves_uses_the_default_acl_again(run: Any, world: World, ec2: Any) -> None:
    default = users(ec2, world.subnet.id)
    args = network_acl(world)
    made, state = run(NetworkAcl).create(args, NOBODY)
    assert users(ec2, world.subnet.id) == made
    run(NetworkAcl).update(made, state, args.model_copy(update={"subnets": {}}))
    assert users(ec2, world.subnet.id) == default


@pytest.mark.parametrize("first", [0, 1])
def test_a_subnet_moves_from_one_acl_to_another_in_either_order(
    first: int, cloud: AwsCloud, world: World, ec2: Any
) -> None:
    acls: list[Any] = [Lifecycle(NetworkAcl(cloud, Owner(stack="shop/dev", resource=name))) for name in ("a", "b")]
    both = [
        NetworkAclArgs(name=name, vpc=world.vpc, subnets=subnets)
        for name, subnets in (("a", {"s": world.subnet.id}), ("b", {}))
    ]
    made = [acl.create(args, NOBODY) for acl, args in zip(acls, both, strict=True)]
    wanted = [args.model_copy(update={"subnets": both[1 - index].subnets}) for index, args in enumerate(both)]
    for index in (first, 1 - first):
        acls[index].update(*made[index], wanted[index])
    assert users(ec2, world.subnet.id) == made[1][0]
