from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import InUseError, NotFoundError, PartlyCreatedError, RefusedError
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import GONE, Owner
from kubewire.resources.gateway_endpoint import GatewayEndpoint, GatewayEndpointArgs, GatewayEndpointState
from kubewire.resources.interface_endpoint import InterfaceEndpoint, InterfaceEndpointArgs, InterfaceEndpointState
from tests.unit.resources.conftest import FakeCloud
from tests.unit.resources.endpoint_memory import EndpointMemory, is_gone
from tests.unit.resources.killable import Killed

OWNER = Owner(stack="shop/dev", resource="kubewire:index:GatewayEndpoint/a")
VPC = Ref(name="shop", id="vpc-1")
S3, STS = "com.amazonaws.eu-west-1.s3", "com.amazonaws.eu-west-1.sts"

tables = st.sets(st.sampled_from(["rtb-1", "rtb-2", "rtb-3"]))
subnets = st.sets(st.sampled_from(["subnet-1", "subnet-2", "subnet-3"]))
groups = st.sets(st.sampled_from(["sg-1", "sg-2"]), min_size=1)


def named(ids: set[str]) -> dict[str, str]:
    return {one: one for one in sorted(ids)}


def gateway(ids: set[str]) -> GatewayEndpointArgs:
    return GatewayEndpointArgs(name="unnamed", vpc=VPC, service=S3, route_tables=named(ids))


def interface(places: set[str], guards: set[str], *, private: bool = False) -> InterfaceEndpointArgs:
    return InterfaceEndpointArgs(
        name="unnamed",
        vpc=VPC,
        service=STS,
        subnets=named(places),
        security_groups=named(guards),
        private_dns=private,
    )


def running(kind: Any, memory: Any) -> Any:
    cloud: Any = FakeCloud()
    cloud.ec2 = memory
    return Lifecycle(kind(cloud, OWNER))


def differences(kind: Any, memory: EndpointMemory, args: Any) -> Any:
    return compare(kind.Args, running(kind, memory).read("vpce-1", args).to_wire(), args.to_wire()).changes


@given(before=tables, seen=tables, after=tables)
def test_any_tables_become_any_others_whatever_was_seen_last(before: set[str], seen: set[str], after: set[str]) -> None:
    memory = EndpointMemory(ServiceName=S3, RouteTableIds=sorted(before))
    old = GatewayEndpointState(**dict(gateway(seen)), prefix_list="pl-1")
    running(GatewayEndpoint, memory).update("vpce-1", old, gateway(after))
    assert differences(GatewayEndpoint, memory, gateway(after)) == {}
    changes = memory.changes
    running(GatewayEndpoint, memory).update("vpce-1", None, gateway(after))
    assert memory.changes == changes


@given(
    before=st.tuples(subnets, groups, st.booleans()),
    after=st.tuples(subnets, groups, st.booleans()),
    killed_at=st.integers(0, 1),
)
def test_any_interfaces_become_any_others_and_killed_the_next_run_ends_right(
    before: Any, after: Any, killed_at: int
) -> None:
    memory = EndpointMemory(
        ServiceName=STS, SubnetIds=sorted(before[0]), SecurityGroupIds=sorted(before[1]), PrivateDnsEnabled=before[2]
    )
    args = interface(after[0], after[1], private=after[2])
    memory.killed_at = killed_at
    with suppress(Killed):
        running(InterfaceEndpoint, memory).update("vpce-1", None, args)
    memory.killed_at = None
    state = running(InterfaceEndpoint, memory).update("vpce-1", None, args)
    assert differences(InterfaceEndpoint, memory, args) == {}
    assert set(state.dns_names) == {f"vpce-1-{subnet}.sts" for subnet in after[0]}


def test_a_change_that_was_done_before_its_answer_was_lost_is_done() -> None:
    memory: Any = EndpointMemory(ServiceName=S3)
    once = memory.modify_vpc_endpoint

    def twice(**change: Any) -> None:
        once(**change)
        memory.waits = 0
        once(**change)

    memory.modify_vpc_endpoint = twice
    running(GatewayEndpoint, memory).update("vpce-1", None, gateway({"rtb-1"}))
    assert differences(GatewayEndpoint, memory, gateway({"rtb-1"})) == {}


def test_a_zones_one_subnet_is_left_before_the_other_is_entered() -> None:
    memory = EndpointMemory(one_by_one=True, ServiceName=STS, SubnetIds=["subnet-1"], SecurityGroupIds=["sg-1"])
    args = interface({"subnet-2"}, {"sg-2"})
    running(InterfaceEndpoint, memory).update("vpce-1", None, args)
    assert differences(InterfaceEndpoint, memory, args) == {}


def test_two_subnets_in_one_zone_are_refused() -> None:
    memory = EndpointMemory(one_by_one=True, ServiceName=STS, SubnetIds=["subnet-1"], SecurityGroupIds=["sg-1"])
    with pytest.raises(PartlyCreatedError, match="DuplicateSubnetsInSameZone"):
        running(InterfaceEndpoint, memory).update("vpce-1", None, interface({"subnet-1", "subnet-2"}, {"sg-1"}))


def test_an_endpoint_of_another_kind_is_not_imported() -> None:
    with pytest.raises(RefusedError, match="vpce-1 is an endpoint of type Gateway, not Interface"):
        running(InterfaceEndpoint, EndpointMemory(ServiceName=S3)).read("vpce-1", None)


def test_a_table_that_another_endpoint_has_is_said(cloud: Any, owner: Owner) -> None:
    cloud.ec2 = EndpointMemory(ServiceName=S3)

    def taken(**_: Any) -> None:
        raise RefusedError("taken", code="RouteAlreadyExists", operation="ec2:ModifyVpcEndpoint")

    cloud.ec2.modify_vpc_endpoint = taken
    old = GatewayEndpointState(**dict(gateway(set())), prefix_list="pl-1")
    with pytest.raises(RefusedError) as refused:
        GatewayEndpoint(cloud, owner).converge("vpce-1", old, gateway({"rtb-1"}))
    assert (refused.value.path, "Another endpoint" in refused.value.detail) == ("routeTables", True)


@given(killed_at=st.integers(0, 1), looks=st.integers(0, 5))
def test_delete_waits_until_it_is_gone_and_may_be_cut_off(killed_at: int, looks: int) -> None:
    memory = EndpointMemory(looks, ServiceName=STS, SecurityGroupIds=["sg-1"])
    state = running(InterfaceEndpoint, memory).read("vpce-1", None)
    memory.killed_at = killed_at
    try:
        running(InterfaceEndpoint, memory).delete("vpce-1", state)
    except Killed:
        memory.killed_at = None
        running(InterfaceEndpoint, memory).delete("vpce-1", state)
    assert is_gone(memory)
    memory.killed_at = None
    running(InterfaceEndpoint, memory).delete("vpce-1", state)


@pytest.mark.parametrize(
    ("code", "error"),
    [("DependencyViolation", InUseError), ("InvalidVpcEndpoint.NotFound", NotFoundError), ("Other", RefusedError)],
)
def test_what_could_not_be_deleted_is_an_error(code: str, error: type[Exception], cloud: Any, owner: Owner) -> None:
    item = {"ResourceId": "vpce-1", "Error": {"Code": code, "Message": "because"}}
    cloud.ec2.answers["delete_vpc_endpoints"] = {"Unsuccessful": [item]}
    state = GatewayEndpointState(**dict(gateway(set())), prefix_list="pl-1")
    with pytest.raises(error, match="ec2:DeleteVpcEndpoints was refused for vpce-1: because"):
        GatewayEndpoint(cloud, owner).delete("vpce-1", state)
    assert cloud.ec2.operations == ["delete_vpc_endpoints"]


def test_one_that_fails_is_deleted_and_said(cloud: Any, owner: Owner) -> None:
    failed = {"VpcEndpointId": "vpce-1", "State": "failed", "LastError": {"Message": "no capacity"}}
    cloud.ec2.answers["describe_vpc_endpoints"] = {"VpcEndpoints": [failed]}
    old = InterfaceEndpointState(**dict(interface(set(), {"sg-1"})), dns_names=())
    with pytest.raises(NotFoundError, match="endpoint unnamed did not come up: no capacity") as refused:
        InterfaceEndpoint(cloud, owner).converge("vpce-1", old, interface({"subnet-1"}, {"sg-1"}))
    assert refused.value.code == GONE
    assert cloud.ec2.operations == ["describe_vpc_endpoints", "delete_vpc_endpoints"]


@pytest.mark.parametrize("state", ["deleting", "Deleted", "failed"])
def test_one_that_is_going_is_neither_found_nor_read(state: str, cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["describe_vpc_endpoints"] = {"VpcEndpoints": [{"VpcEndpointId": "vpce-1", "State": state}]}
    for kind, args in ((GatewayEndpoint, gateway(set())), (InterfaceEndpoint, interface(set(), {"sg-1"}))):
        endpoint: Any = kind(cloud, owner)
        assert endpoint.find(args) == []
        assert endpoint.read("vpce-1", args) is None


def test_each_is_made_in_one_call_with_tags_and_token(cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["create_vpc_endpoint"] = {"VpcEndpoint": {"VpcEndpointId": "vpce-1"}}
    standing = InterfaceEndpoint(cloud, owner)
    assert standing.create(interface({"subnet-1"}, {"sg-1"}, private=True)) == "vpce-1"
    assert GatewayEndpoint(cloud, owner).create(gateway({"rtb-1"})) == "vpce-1"
    (_, first), (_, second) = cloud.ec2.asked
    assert first["TagSpecifications"][0]["ResourceType"] == "vpc-endpoint"
    assert first["ClientToken"] == standing.client_token
    assert (first["SubnetIds"], first["SecurityGroupIds"], first["PrivateDnsEnabled"]) == (["subnet-1"], ["sg-1"], True)
    assert (second["VpcEndpointType"], "RouteTableIds" in second) == ("Gateway", False)


def test_the_name_of_s3_leads_everybody_to_its_interface_whatever_gateways_there_are(cloud: Any, owner: Owner) -> None:
    cloud.ec2.answers["create_vpc_endpoint"] = {"VpcEndpoint": {"VpcEndpointId": "vpce-1"}}
    for private in (True, False):
        args = interface({"subnet-1"}, {"sg-1"}, private=private).model_copy(update={"service": S3})
        InterfaceEndpoint(cloud, owner).create(args)
    (_, on), (_, off) = cloud.ec2.asked
    assert on["DnsOptions"] == {"PrivateDnsOnlyForInboundResolverEndpoint": False}
    assert "DnsOptions" not in off
    memory = EndpointMemory(
        ServiceName=S3, VpcEndpointType="Interface", SubnetIds=["subnet-1"], SecurityGroupIds=["sg-1"]
    )
    args = interface({"subnet-1"}, {"sg-1"}, private=True).model_copy(update={"service": S3})
    running(InterfaceEndpoint, memory).update("vpce-1", None, args)
    assert memory.options == {"PrivateDnsOnlyForInboundResolverEndpoint": False}


def test_names_in_dns_change_with_zones_and_private_dns() -> None:
    args = interface({"subnet-1"}, {"sg-1"})
    old = InterfaceEndpointState(**dict(args), dns_names=("a",)).to_wire()
    assert InterfaceEndpoint.foresee(old, args.to_wire()) == {"dnsNames": ["a"]}
    assert InterfaceEndpoint.foresee(None, args.to_wire()) == {"dnsNames": UNKNOWN}
    for changed in (interface({"subnet-2"}, {"sg-1"}), interface({"subnet-1"}, {"sg-1"}, private=True)):
        assert InterfaceEndpoint.foresee(old, changed.to_wire()) == {"dnsNames": UNKNOWN}


@pytest.mark.parametrize("service", ["s3", "com.amazonaws.eu-west-1", "com.amazonaws.vpce.eu west.x", S3.upper()])
def test_a_service_has_its_whole_name(service: str) -> None:
    with pytest.raises(ValidationError, match="service"):
        GatewayEndpointArgs(name="a", vpc=VPC, service=service)


def test_a_gateway_leads_to_two_services_alone() -> None:
    for service in (STS, "com.amazonaws.eu-west-1.s3.tables"):
        with pytest.raises(ValidationError, match="has no gateway endpoint"):
            GatewayEndpointArgs(name="a", vpc=VPC, service=service)
    assert GatewayEndpointArgs(name="a", vpc=VPC, service=S3.replace("s3", "dynamodb")).service.endswith("dynamodb")


def test_an_interface_has_a_group() -> None:
    with pytest.raises(ValidationError, match="security_groups"):
        interface({"subnet-1"}, set())


@pytest.mark.parametrize("field", ["vpc", "service"])
def test_another_vpc_or_service_replaces_it(field: str) -> None:
    old = gateway({"rtb-1"})
    new = {"vpc": Ref(name="new", id="vpc-2"), "service": S3.replace("s3", "dynamodb")}[field]
    changed = old.model_copy(update={field: new})
    assert compare(GatewayEndpointArgs, old.to_wire(), changed.to_wire()).replaces == {field}


def test_what_aws_never_finishes_is_given_up_in_words() -> None:
    memory = EndpointMemory(10**6, ServiceName=S3)
    with pytest.raises(PartlyCreatedError, match="waited 15 minutes for endpoint unnamed to become available"):
        running(GatewayEndpoint, memory).update("vpce-1", None, gateway({"rtb-1"}))
