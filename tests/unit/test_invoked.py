from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pulumi
import pytest
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

from kubewire.errors import InvalidInputError, KubewireError
from kubewire.functions.get_subnets import GetSubnets, GetSubnetsArgs, SubnetsById
from kubewire.functions.get_vpc import GetVpc, GetVpcArgs, GetVpcResult, VpcById
from kubewire.invoked import UnansweredError, invoke

ARGS = GetVpcArgs(select=VpcById(id="vpc-00000001"))
ANSWER = {
    "id": "vpc-00000001",
    "name": "shop",
    "cidrs": ["10.0.0.0/16"],
    "ipv6Cidrs": [],
    "mainRouteTable": "rtb-1",
    "defaultSecurityGroup": "sg-1",
    "dnsSupport": True,
    "dnsHostnames": True,
}


class EngineError(grpc.RpcError):
    """What gRPC raises where the engine answers with an error."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return str(self)


class Answering(Mocks):
    """An engine whose provider answers as a test says."""

    def __init__(self, answer: Callable[[], Any]) -> None:
        self.answer = answer
        self.asked: list[MockCallArgs] = []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        self.asked.append(args)
        answer: tuple[dict[Any, Any], list[tuple[str, str]]] = self.answer()
        return answer


def run(program: Callable[[], Any], answer: Callable[[], Any]) -> Answering:
    """Run a program against such an engine."""
    engine = Answering(answer)
    pulumi.runtime.set_mocks(engine, project="shop", stack="test", preview=True)

    def declared() -> None:
        program()

    until_all_is_declared: Any = pulumi.runtime.test
    until_all_is_declared(declared)()
    return engine


def failing(answer: Callable[[], Any]) -> BaseException:
    """Give what a program meets that asks for a VPC."""
    with pytest.raises(KubewireError) as caught:
        run(lambda: invoke(GetVpc, ARGS), answer)
    return caught.value


def failure(reason: str, path: str) -> Callable[[], Any]:
    return lambda: ({}, [(path, reason)])


def test_the_answer_is_there_at_once_and_typed() -> None:
    found: list[GetVpcResult] = []
    engine = run(lambda: found.append(invoke(GetVpc, ARGS)), lambda: (ANSWER, []))
    assert found == [GetVpcResult.model_validate(ANSWER)]
    (asked,) = engine.asked
    assert (asked.token, asked.provider) == ("kubewire:index:getVpc", "")
    assert asked.args == {"select": {"by": "id", "id": "vpc-00000001"}}


def test_tuples_go_out_as_lists() -> None:
    args = GetSubnetsArgs(vpc="vpc-00000001", select=SubnetsById(ids=("subnet-0000000a", "subnet-0000000b")))
    engine = run(lambda: invoke(GetSubnets, args), lambda: ({"subnets": []}, []))
    assert engine.asked[0].args["select"]["ids"] == ["subnet-0000000a", "subnet-0000000b"]


class Main(pulumi.ComponentResource):
    """A component that asks in its own name."""

    def __init__(self, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Main", "main", None, opts)
        invoke(GetVpc, ARGS, pulumi.InvokeOptions(parent=self))


class Kubewire(pulumi.ProviderResource):
    """A provider of the program's own."""

    def __init__(self, name: str) -> None:
        super().__init__("kubewire", name)


@pytest.mark.parametrize("way", ["parent", "provider"])
def test_the_right_provider_is_asked(way: str) -> None:
    def program() -> None:
        provider = Kubewire("mine")
        if way == "parent":
            Main(pulumi.ResourceOptions(providers=[provider]))
        else:
            invoke(GetVpc, ARGS, pulumi.InvokeOptions(provider=provider))

    engine = run(program, lambda: (ANSWER, []))
    (asked,) = engine.asked
    assert asked.provider.endswith("pulumi:providers:kubewire::mine::mine-id")


def test_a_component_without_a_provider_asks_the_default_one() -> None:
    engine = run(Main, lambda: (ANSWER, []))
    assert engine.asked[0].provider == ""


@pytest.mark.parametrize(
    ("path", "summary", "detail"),
    [
        ("select.id", "there is no VPC vpc-00000001", "Region eu-west-1 was asked (by its id)."),
        ('select.tags["a (b)"]', "one (of two)", ""),
        ("", "nothing fits", "Two lines,\n  even three ()."),
        ("", "a (b)", ""),
    ],
)
def test_a_failure_is_the_user_s_mistake_with_its_path(path: str, summary: str, detail: str) -> None:
    given = InvalidInputError(summary, detail=detail, path=path)
    error = failing(failure(str(given), path))
    assert isinstance(error, InvalidInputError)
    assert (error.path, error.summary, error.detail) == (path, summary, detail)


def test_an_api_s_refusal_ends_the_program_quietly() -> None:
    def refused() -> Any:
        raise EngineError("ec2:DescribeVpcs was refused: no\n  AWS says UnauthorizedOperation.")

    error = failing(refused)
    assert isinstance(error, UnansweredError)
    assert isinstance(error, pulumi.RunError)
    assert error.summary.endswith("ec2:DescribeVpcs was refused: no")
    assert error.detail == "AWS says UnauthorizedOperation."


def test_another_kubewire_s_answer_is_told() -> None:
    error = failing(lambda: ({**ANSWER, "moons": 2}, []))
    assert isinstance(error, UnansweredError)
    assert "moons: unknown key" in error.summary
    assert "kubewire:index:getVpc" in error.summary
