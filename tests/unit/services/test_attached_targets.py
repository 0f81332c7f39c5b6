"""What load balancers are made with where the nodes' Auto Scaling group registers its machines itself."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire import ClusterNetwork, InvalidInputError, LoadBalancerService, LoadBalancerServiceArgs
from kubewire.functions.get_endpoints import GetEndpoints
from kubewire.services.load_balancer.shared import LoadBalancer
from kubewire.services.load_balancer.shared_args import LoadBalancerArgs
from tests.unit.network.answers import answers, existing_machine
from tests.unit.program import Declarations, Wire, declare, network_args

HTTP = {"name": "http", "port": 80, "nodePort": 30080}
HTTPS = {"name": "https", "port": 443, "nodePort": 30443}
NODES: Wire = {"kind": "auto-scaling-group", "group": "workers", "attach": True}


def service(**more: Any) -> LoadBalancerServiceArgs:
    usual: Wire = {"name": "web", "selector": {"app": "web"}, "scheme": "internal", "sources": ["192.168.0.0/16"]}
    return LoadBalancerServiceArgs.model_validate({**usual, "ports": [HTTP, HTTPS], **more})


def deployed(
    args: LoadBalancerServiceArgs, nodes: Wire, *others: LoadBalancerServiceArgs, shared: bool = False, **more: Any
) -> Declarations:
    pods = {"kind": "vpc"}
    given = answers({"zones": ["eu-west-1a"], "vpc": {"kind": "new"}, "pods": pods})
    pod = {"address": "10.0.1.9", "port": 8080, "portName": "http", "protocol": "TCP", "pod": "web-0"}
    given |= {GetEndpoints.token(): {"endpoints": [pod], "notReady": 0}}

    def program() -> None:
        network = ClusterNetwork(network_args(nodes=nodes, pods=pods, **more))
        balancer = LoadBalancerArgs.model_validate({"name": "front", "scheme": "internal"})
        made = LoadBalancer(balancer, network, [args]) if shared else None
        LoadBalancerService(args, network, load_balancer=made)
        for other in others:
            LoadBalancerService(other, network)

    return declare(program, given)


@pytest.mark.parametrize("shared", [False, True])
def test_every_target_group_is_attached_before_its_listener_is_there(shared: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    more: Wire = {"loadBalancer": {"kind": "shared", "name": "front"}} if shared else {}
    found = deployed(service(**more), NODES, shared=shared)
    for name, group in found.of("TargetGroup").items():
        assert (group["autoScalingGroup"], group["targets"], group["targetType"]) == ("workers", {}, "instance")
        attachment = found.of("AutoScalingAttachment")[name]
        assert attachment == {"group": "workers", "targetGroup": {"name": group["name"], "id": f"{name}-id"}}
    assert len(found.of("TargetGroup")) == len(found.of("AutoScalingAttachment")) == 2
    order = [(item.typ.rpartition(":")[2], item.name) for item in found.resources]
    for at, listener in found.of("Listener").items():
        group = listener["targetGroup"]
        (before,) = [key for key, one in found.of("AutoScalingAttachment").items() if one["targetGroup"] == group]
        assert order.index(("AutoScalingAttachment", before)) < order.index(("Listener", at))
    assert found.of("PodPlaces")["shop"]["expected"]["group"] == "workers"


def test_those_that_are_waited_for_are_whichever_it_registers() -> None:
    found = deployed(service(waitForHealthyTargets=60), NODES)
    for waited in found.of("HealthyTargets").values():
        assert (waited["autoScalingGroup"], waited["targets"]) == ("workers", {})


def test_without_it_machines_are_listed_as_ever() -> None:
    found = deployed(service(), {**NODES, "attach": False})
    assert found.of("AutoScalingAttachment") == {}
    listed = {existing_machine(n, "")["instance"] for n in range(3)}
    for group in found.of("TargetGroup").values():
        assert "autoScalingGroup" not in group
        assert {target["id"] for target in group["targets"].values()} == listed
    assert "group" not in found.of("PodPlaces")["shop"]["expected"]


def test_pods_as_targets_are_nothing_that_a_group_registers() -> None:
    found = deployed(service(targets={"kind": "pods"}), NODES)
    assert found.of("AutoScalingAttachment") == {}
    assert not any("autoScalingGroup" in group for group in found.of("TargetGroup").values())


def test_more_than_an_auto_scaling_group_takes_are_refused() -> None:
    def ports(first: int, number: int) -> list[Wire]:
        return [{"name": f"p{at}", "port": 1000 + at, "nodePort": 30000 + first + at} for at in range(number)]

    def two(number: int, nodes: Wire) -> Declarations:
        """Services with 25 ports, and with so many."""
        more = service(name="more", ports=ports(100, number))
        return deployed(service(ports=ports(0, 25)), nodes, more, quotas={"live": False, "rules_per_group": 1000})

    assert len(two(25, NODES).of("AutoScalingAttachment")) == 50
    with pytest.raises(InvalidInputError, match="51 target groups are too many for Auto Scaling group workers") as said:
        two(26, NODES)
    assert said.value.path == "default/more: ports"
    two(26, {**NODES, "attach": False})
