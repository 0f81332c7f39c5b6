"""Target groups whose targets an Auto Scaling group registers: its machines, those that come later too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from kubewire.prover.facts.cluster import Cluster
from kubewire.prover.facts.services import Target, TargetGroup
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.index import Index, Sort
from kubewire.prover.from_plan.values import Values


def attached(
    index: Index, groups: Mapping[str, TargetGroup], attachments: Iterable[Listed], clusters: Iterable[Cluster]
) -> dict[str, TargetGroup]:
    """Give target groups with the nodes that Auto Scaling groups register in them.

    Args:
        index: what attachments refer to.
        groups: with the targets that they list.
        attachments: what attaches a target group to an Auto Scaling group.
        clusters: whose nodes may be an Auto Scaling group's machines.
    """
    by_group: defaultdict[str, list[Known[str]]] = defaultdict(list)
    for listed in attachments:
        values = Values(str(listed), listed.inputs)
        key = index.key(Sort.TARGET_GROUP, values.pointer("targetGroup"), listed)
        if not isinstance(key, Unknown):
            by_group[key].append(values.text("group"))
    by_others = {key for key, entry in index.of(Sort.TARGET_GROUP) if entry.values.fields.get("autoScalingGroup")}
    whose = list(clusters)
    return {
        key: _with(group, by_group[key], whose) if key in by_group or key in by_others else group
        for key, group in groups.items()
    }


def _with(group: TargetGroup, registering: list[Known[str]], clusters: list[Cluster]) -> TargetGroup:
    """Add the targets that Auto Scaling groups register: at the group's port, which nobody else gives them.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
    """
    names = tuple(one for one in registering if not isinstance(one, Unknown))
    port = Unknown(comes_from=f"the port of target group {group.name}") if group.port is None else group.port
    nodes = [node.name for cluster in clusters if cluster.group in names for node in cluster.nodes if not node.expected]
    return group.model_copy(
        update={
            "targets": (*group.targets, *(Target(name=name, port=port) for name in dict.fromkeys(nodes))),
            "registering": names,
            "open_ends": (*group.open_ends, *_open_ends(group, registering, clusters)),
        }
    )


def _open_ends(group: TargetGroup, registering: list[Known[str]], clusters: list[Cluster]) -> Iterator[str]:
    """Say whose machines may be targets that aren't known here."""
    if not registering:
        yield f"who registers targets in target group {group.name}: nothing here attaches it to an Auto Scaling group"
    for one in registering:
        if isinstance(one, Unknown):
            yield one.comes_from
        elif one not in {cluster.group for cluster in clusters}:
            yield f"the machines of Auto Scaling group {one}, in target group {group.name}"
