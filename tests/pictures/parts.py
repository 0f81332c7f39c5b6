"""What a program with one Service declared, in the words of its picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.pictures.picture import Owner
from tests.unit.program import Declarations, Wire

SERVICE = "kubernetes:core/v1:Service"
OURS = "kubewire:index:"
IN_KUBERNETES = {"LoadBalancerStatus"}
"""What of ours is written into the cluster."""


@dataclass(frozen=True)
class Rule:
    """A firewall rule of the Service.

    Attributes:
        group: the name of the security group that has it.
        peer: the other side: a range, or a group's name.
        ingress: whether it lets in; out otherwise.
        traffic: what passes, `tcp 443`.
    """

    group: str
    peer: str
    ingress: bool
    traffic: str

    def __str__(self) -> str:
        return f"{'in' if self.ingress else 'out'}: {self.traffic}"


@dataclass(frozen=True)
class Record:
    """A name in Route53: its type, its zone, and whether it is an alias of something in AWS."""

    name: str
    type: str
    zone: str
    is_alias: bool


class Parts:
    """The resources of a program's only Service, and what they refer to.

    Attributes:
        spec, metadata: of the Kubernetes object.
        label: its namespace and name.
        nodes: the names of the cluster's nodes.
        node_group: the name of their security group.
    """

    def __init__(self, declared: Declarations) -> None:
        (service,) = (item for item in declared.resources if item.typ == SERVICE)
        self._declared = declared
        self._own = [
            item
            for item in declared.resources
            if item.name.startswith(service.name) and not item.typ.startswith("kubewire:services:")
        ]
        self.spec: Wire = service.inputs["spec"]
        self.metadata: Wire = service.inputs["metadata"]
        self.label = f"{self.metadata['namespace']}/{self.metadata['name']}"
        interfaces = declared.one("NetworkInterfaces")
        self.nodes = sorted(interfaces["interfaces"])
        (self.node_group,) = interfaces["securityGroups"]

    @property
    def ports(self) -> list[Wire]:
        """Give the Service's ports."""
        return list(self.spec.get("ports", []))

    @property
    def balancer(self) -> Wire | None:
        """Give its load balancer."""
        return next(self._of("NetworkLoadBalancer"), None)

    @property
    def listeners(self) -> list[Wire]:
        """Give the load balancer's listeners."""
        return list(self._of("Listener"))

    def target_group(self, listener: Wire) -> Wire:
        """Give what a listener leads to."""
        (group,) = (one for one in self._of("TargetGroup") if one["name"] == listener["targetGroup"]["name"])
        return group

    @property
    def rules(self) -> list[Rule]:
        """Give its firewall rules, ports before what goes along with them."""
        found = [
            _rule(put["group"]["name"], rule)
            for put in self._of("SecurityGroupRules")
            for rule in put["rules"].values()
        ]
        return sorted(found, key=lambda rule: (rule.traffic.startswith("icmp"), rule.ingress, rule.traffic))

    @property
    def records(self) -> list[Record]:
        """Give its names in Route53."""
        return [
            Record(name, kind, put["zone"]["name"], record["kind"] == "alias")
            for put in self._of("Records")
            for key, record in sorted(put["records"].items())
            for name, kind in [key.split(" ")]
        ]

    def is_private(self, zone: str) -> bool:
        """Say whether the program makes a zone for its VPC alone."""
        return any(made["domain"] == zone and made["private"] for made in self._declared.of("HostedZone").values())

    def made(self) -> dict[Owner, tuple[str, ...]]:
        """Give the kinds of resources that the Service has of each owner."""
        found: dict[Owner, Counter[str]] = {Owner.AWS: Counter(), Owner.KUBERNETES: Counter()}
        for item in self._own:
            kind = item.typ.rpartition(":")[2]
            inside = item.typ == SERVICE or kind in IN_KUBERNETES
            found[Owner.KUBERNETES if inside else Owner.AWS][kind] += 1
        return {
            owner: tuple(f"{kind} ×{many}" if many > 1 else kind for kind, many in sorted(kinds.items()))  # noqa: RUF001 - times
            for owner, kinds in found.items()
        }

    def _of(self, kind: str) -> Iterator[Wire]:
        yield from (item.inputs for item in self._own if item.typ == f"{OURS}{kind}")


def _rule(group: str, rule: Wire) -> Rule:
    peer: Wire = rule["peer"]
    first, last = int(rule["ports"]["first"]), int(rule["ports"]["last"])
    # Of ICMP these are a type and a code: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    both = f"{first}/{last}" if rule["protocol"].startswith("icmp") else f"{first}-{last}"
    ports = str(first) if first == last else both
    other: Any = peer["cidr"] if peer["kind"] == "cidr" else peer["name"]
    return Rule(group, other, rule["direction"] == "ingress", f"{rule['protocol']} {ports}")
