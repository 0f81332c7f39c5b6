"""What must hold, one property a file; each yields what is wrong and what isn't known.

property.py   what a property is
ranges.py, passing.py, packets.py   questions that several of them ask
"""

from __future__ import annotations

from kubewire.prover.properties import (
    accidental_exposure,
    answers_return,
    checks_admitted,
    clients_admitted,
    control_plane,
    disjoint_networks,
    disjoint_pod_ranges,
    hidden_services,
    known_tables,
    masquerade_outside,
    no_shadow,
    nodes_reach_nodes,
    own_source,
    pods_and_nodes,
    pods_reach_pods,
    reserved_range,
    right_node_ports,
    right_target,
    room_for_pods,
    route_for_each,
    routes_quota,
    stays_inside,
    subnets_of_pods,
    unchecked_interfaces,
)

PROPERTIES = (
    disjoint_pod_ranges.PROPERTY,
    disjoint_networks.PROPERTY,
    subnets_of_pods.PROPERTY,
    reserved_range.PROPERTY,
    room_for_pods.PROPERTY,
    route_for_each.PROPERTY,
    right_target.PROPERTY,
    no_shadow.PROPERTY,
    stays_inside.PROPERTY,
    unchecked_interfaces.PROPERTY,
    routes_quota.PROPERTY,
    known_tables.PROPERTY,
    nodes_reach_nodes.PROPERTY,
    pods_reach_pods.PROPERTY,
    pods_and_nodes.PROPERTY,
    own_source.PROPERTY,
    masquerade_outside.PROPERTY,
    answers_return.PROPERTY,
    control_plane.PROPERTY,
    hidden_services.PROPERTY,
    accidental_exposure.PROPERTY,
    right_node_ports.PROPERTY,
    clients_admitted.PROPERTY,
    checks_admitted.PROPERTY,
)
"""All of them, by number."""
