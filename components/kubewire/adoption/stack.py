"""The stack that takes a load balancer over: its network, and what it has already."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kubewire.errors import InvalidInputError

NETWORK = "kubewire:network:ClusterNetwork"
COMPONENT = "kubewire:services:LoadBalancerService"
KUBEWIRE = "pulumi:providers:kubewire::"
KUBERNETES = "pulumi:providers:kubernetes::"


@dataclass(frozen=True)
class Stack:
    """What a stack's state says.

    Attributes:
        prefix: how its URNs begin, `urn:pulumi:dev::shop::`.
        network: its network's name.
        vpc: the id of its network's VPC.
        subnets: the ids of its network's subnets.
        ids: URNs of all of its resources to their ids; components have none.
        provider: the URN of the provider that its network is made by, where that isn't the default one.
        kubernetes: the URN of the provider of its cluster, where the program names one.
        settings: what that first provider is configured with.
    """

    prefix: str
    network: str
    vpc: str
    subnets: frozenset[str]
    ids: Mapping[str, str]
    provider: str | None
    kubernetes: str | None
    settings: Mapping[str, Any]

    @classmethod
    def read(cls, exported: str, network: str | None) -> Stack:
        """Read a state.

        Args:
            exported: what `pulumi stack export` printed.
            network: the name of the network; None: the only one.

        Raises:
            InvalidInputError: there is no such network, or not one alone.
        """
        resources = json.loads(exported)["deployment"].get("resources") or []
        networks = {_name(row["urn"]): row for row in resources if row["type"] == NETWORK}
        if network is None and len(networks) == 1:
            network = next(iter(networks))
        if network not in networks:
            there = f"It has {', '.join(sorted(networks))}. Name one with --network." if networks else ""
            detail = there or "Deploy the cluster's network first, without the Service: `pulumi up`."
            message = f"the stack has no network {network}" if network else "it must be clear which network it is in"
            if not networks:
                message = "the stack has no network yet"
            raise InvalidInputError(message, detail=detail, path="--network")
        outputs = networks[network].get("outputs") or {}
        subnets = {*outputs.get("privateSubnetIds", {}).values(), *outputs.get("publicSubnetIds", {}).values()}
        urn = networks[network]["urn"]
        parts = [row for row in resources if row.get("parent") == urn and row.get("provider")]
        provider = parts[0]["provider"].rpartition("::")[0] if parts else ""
        settings: Mapping[str, Any] = next((row.get("inputs", {}) for row in resources if row["urn"] == provider), {})
        return cls(
            prefix="::".join(urn.split("::")[:2]) + "::",
            network=network,
            vpc=outputs.get("vpcId", ""),
            subnets=frozenset(subnets),
            ids={row["urn"]: row.get("id", "") for row in resources if not row.get("delete")},
            provider=None if _is_default(provider) else provider,
            kubernetes=next(
                (row["urn"] for row in resources if KUBERNETES in row["urn"] and _name(row["urn"]) == network), None
            ),
            settings=settings,
        )

    def service(self, namespace: str, name: str) -> str:
        """Give what the stack calls a Service."""
        return f"{self.network}.{namespace}.{name}"

    def component(self, namespace: str, name: str) -> str:
        """Give the URN of a Service's component."""
        return f"{self.prefix}{COMPONENT}::{self.service(namespace, name)}"

    def part(self, kind: str, name: str) -> str:
        """Give the URN of a part of a Service's component.

        Args:
            kind: its type, as Pulumi has it.
            name: its name.
        """
        return f"{self.prefix}{COMPONENT}${kind}::{name}"


def _name(urn: str) -> str:
    return urn.split("::")[3]


def _is_default(provider: str) -> bool:
    return not provider or _name(provider).startswith("default")
