"""What a network costs grows with its nodes in a straight line, and not at all in the engine."""

from __future__ import annotations

from collections import Counter
from functools import cache

from kubewire import ClusterNetwork
from kubewire.resources.catalogue import BY_TOKEN
from tests.unit.program import declare, network_args

ZONES = [f"us-east-1{letter}" for letter in "abcdef"]


@cache
def grown(nodes: int) -> tuple[int, Counter[str]]:
    """Give the engine's resources of a network with so many slots, and AWS's calls that make it."""
    share, rest = divmod(nodes, len(ZONES))
    args = network_args(
        region="us-east-1",
        zones=ZONES,
        nat="per-zone",
        pods={"kind": "routed", "cidr": "100.64.0.0/10"},
        nodes={"kind": "slots", "zones": {zone: share + (place < rest) for place, zone in enumerate(ZONES)}},
        quotas={"live": False, "routes_per_table": 1000, "elastic_addresses": 6},
    )
    made = [item for item in declare(lambda: ClusterNetwork(args)).resources if item.typ in BY_TOKEN]
    calls: Counter[str] = Counter()
    for item in made:
        kind = BY_TOKEN[item.typ]
        names = {field.alias or name for name, field in kind.Args.model_fields.items()}
        given = {key: value for key, value in item.inputs.items() if key in names and value is not None}
        calls += kind.calls(None, kind.Args.model_validate(given))
    return len(made), calls


def test_five_nodes_and_five_hundred_are_as_many_resources() -> None:
    assert grown(5)[0] == grown(500)[0]


def test_each_node_takes_as_many_calls_as_any_other() -> None:
    few, some, many = (grown(nodes)[1] for nodes in (10, 100, 500))
    # An interface, the check that is switched off, and a route in each zone's table and in the public one.
    assert some - few == Counter(
        {
            "ec2:CreateNetworkInterface": 90,
            "ec2:ModifyNetworkInterfaceAttribute": 90,
            "ec2:CreateRoute": 90 * (len(ZONES) + 1),
        }
    )
    assert {action: number * 90 / 400 for action, number in (many - some).items()} == some - few
