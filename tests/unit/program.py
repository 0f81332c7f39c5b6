"""Runs a Pulumi program against an engine that only takes notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

from kubewire import ClusterNetworkArgs
from kubewire.functions.get_namespaces import GetNamespaces
from kubewire.functions.get_proof import GetProof
from kubewire.functions.get_quotas import CODES, GetQuotas, GetQuotasResult
from kubewire.functions.get_services import GetServices

CHOSEN_NODE_PORT = 31000
Wire = dict[str, Any]
DEFAULT_QUOTAS: Wire = {
    GetQuotasResult.model_fields[name].alias or name: {"value": code.default, "source": "default"}
    for name, code in CODES.items()
}
"""What an account has that asked for nothing."""


@dataclass
class Declarations(Mocks):
    """What a program declared, in order; the ids are the names with a mark."""

    resources: list[MockResourceArgs] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    """What the provider's functions answer, by token: an answer, or who gives it for some arguments."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Note a resource, and answer as its provider would."""
        self.resources.append(args)
        state = dict(args.inputs)
        if args.typ == "kubernetes:core/v1:Service" and state["spec"]["type"] != "ExternalName":
            ports = [
                {"nodePort": CHOSEN_NODE_PORT + number, **port}
                for number, port in enumerate(state["spec"].get("ports", []))
            ]
            state["spec"] = {"clusterIP": "10.96.0.10", **state["spec"], "ports": ports}
        state |= _made(args, state)
        return f"{args.name}-id", state

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        """Answer the functions that the program may ask."""
        answers = {
            GetQuotas.token(): DEFAULT_QUOTAS,
            GetProof.token(): {},
            GetServices.token(): {"services": []},
            GetNamespaces.token(): {"namespaces": []},
            **self.answers,
        }
        assert args.token in answers, args.token
        answer: Any = answers[args.token]
        return answer(args.args) if callable(answer) else answer, []

    def of(self, kind: str) -> dict[str, Wire]:
        """Give the inputs of every resource of a kind, by its name in the stack. Left out are those that are None."""
        found = [item for item in self.resources if item.typ.rpartition(":")[2] == kind]
        assert len({item.name for item in found}) == len(found), f"two of one name: {[item.name for item in found]}"
        return {item.name: {key: value for key, value in item.inputs.items() if value is not None} for item in found}

    def one(self, kind: str) -> Wire:
        """Give the inputs of the only resource of a kind."""
        (inputs,) = self.of(kind).values()
        return inputs


def _made(args: MockResourceArgs, state: Wire) -> Wire:
    """Give what AWS adds to a resource of ours, as far as programs use it."""
    match args.typ.rpartition(":")[2]:
        case "NetworkLoadBalancer":
            return {"dnsName": "lb.example.com", "canonicalHostedZoneId": "ZLB"}
        case "Vpc":
            return {"defaultSecurityGroup": f"{args.name}-default-group"}
        case "VpcCidrBlocks":
            return {"ipv6Cidr": "2600:1f18:1234:5600::/56" if state["ipv6"] else None}
        case "GatewayEndpoint":
            return {"prefixList": f"{args.name}-list"}
        case "NetworkInterfaces" | "Instances" as kind:
            rows = state["interfaces" if kind == "NetworkInterfaces" else "instances"]
            ids = {"ids": {name: f"{args.name}.{name}-id" for name in rows}}
            return ids if kind == "Instances" else ids | _addresses(rows)
    return {}


def _addresses(rows: Wire) -> Wire:
    """Give interfaces addresses, one after the other."""
    ipv4 = {name: f"10.0.0.{10 + place}" for place, name in enumerate(sorted(rows))}
    ipv6 = {name: f"2600:1f18:1234:5600::{10 + place:x}" for place, name in enumerate(sorted(rows))}
    return {"addresses": ipv4, "ipv6Addresses": {name: ipv6[name] for name in rows if rows[name].get("ipv6")}}


def declare(
    program: Callable[[], Any], answers: dict[str, Any] | None = None, declarations: Declarations | None = None
) -> Declarations:
    """Run a program and give what it declared; the provider's functions answer it as they are given."""
    declarations = declarations or Declarations()
    declarations.answers |= answers or {}
    pulumi.runtime.set_mocks(declarations, project="shop", stack="test", preview=False)

    def run() -> None:
        # What it returns is of no use to the engine.
        program()

    until_all_is_declared: Any = pulumi.runtime.test
    until_all_is_declared(run)()
    return declarations


def network_args(**changed: Any) -> ClusterNetworkArgs:
    """Describe a small network: two zones, three nodes."""
    described: Wire = {
        "name": "shop",
        "region": "eu-west-1",
        "vpc": {"kind": "new", "cidr": "10.0.0.0/16"},
        "zones": ["eu-west-1a", "eu-west-1b"],
        "nat": "single",
        "pods": {"kind": "routed", "cidr": "100.64.0.0/16"},
        "service_cidr": "10.96.0.0/16",
        "nodes": declared(node(0, "a"), node(1, "b"), node(2, "a")),
        "quotas": {"live": False},
    }
    return ClusterNetworkArgs(**{**described, **changed})


def declared(*machines: Wire) -> Wire:
    """Describe machines of the stack's own."""
    return {"kind": "declared", "machines": machines}


def node(number: int, zone: str) -> Wire:
    """Describe a node, whose pods are in the range with its number."""
    return {
        "name": f"node-{number}",
        "zone": f"eu-west-1{zone}",
        "image": "ami-0123456789abcdef0",
        "pod_cidr": f"100.64.{number}.0/24",
    }
