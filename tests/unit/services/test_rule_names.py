from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kubewire import NodePortServiceArgs
from kubewire.model import Ref
from kubewire.resources.security_group_rules import SecurityGroupRulesArgs
from kubewire.resources.traffic import CidrPeer
from kubewire.services.naming import shortened
from kubewire.services.node_access import port_rules

long_names = st.from_regex(r"[a-z][a-z0-9-]{40,61}[a-z0-9]", fullmatch=True)


@settings(max_examples=50)
@given(
    name=long_names,
    namespace=long_names,
    ports=st.lists(st.from_regex(r"[a-z]{50,63}", fullmatch=True), min_size=1, max_size=6, unique=True),
    apart=st.booleans(),
)
def test_rules_of_ports_with_long_names_have_descriptions_that_ec2_takes(
    name: str, namespace: str, ports: list[str], *, apart: bool
) -> None:
    """Neighbouring ports are one rule, named by both its ends; ports apart have a rule each, and each its own name."""
    on_nodes = {port: 30000 + number * (2 if apart else 1) for number, port in enumerate(ports)}
    listed = [{"name": port, "port": number + 1, "node_port": on_nodes[port]} for number, port in enumerate(ports)]
    args = NodePortServiceArgs(
        name=name, namespace=namespace, selector={"app": "web"}, sources=["10.8.0.0/16"], ports=listed
    )
    peers = [CidrPeer.model_validate({"cidr": f"{first}.255.255.255/32"}) for first in (254, 255)]
    made = port_rules(args, on_nodes, {str(peer.cidr): peer for peer in peers})
    assert len(made) == 2 * (len(ports) if apart else 1)
    assert SecurityGroupRulesArgs(group=Ref(name="nodes", id="sg-1"), rules=made).rules == made


def test_texts_that_begin_alike_are_cut_apart() -> None:
    one, other = shortened("x" * 300, 255), shortened("x" * 301, 255)
    assert one != other
    assert len(one) == len(other) == 255
    assert shortened("short", 255) == "short"
