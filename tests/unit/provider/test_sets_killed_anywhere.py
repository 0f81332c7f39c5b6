"""An engine that is killed at any call of any run, and run again, against interfaces and the instances on them.

As in `test_killed_anywhere`, but of two sets, the second of which stands on the first; and their calls are made by
several threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from kubewire.errors import KubewireError
from kubewire.provider.kubewire import KubewireProvider
from kubewire.provider.protocol import Wire
from kubewire.resources.base import Cloud, Owner, Resource
from kubewire.resources.instances import Instances
from kubewire.resources.network_interfaces import NetworkInterfaces
from tests.unit.provider.boxes import FakeClock
from tests.unit.provider.engine import Engine
from tests.unit.resources.killable import Killed
from tests.unit.resources.machines import MachineMemory

IMAGES = {"old": "ami-0123456789abcdef0", "new": "ami-0123456789abcdef1"}


class MemoryCloud:
    """A cloud whose EC2 is in memory."""

    def __init__(self, memory: MachineMemory, cloud: Cloud) -> None:
        self.ec2, self.clock = memory, cloud.clock


def engine_of(kind: type[Resource[Any, Any]], memory: MachineMemory) -> Engine:
    def enter(resource: Any, cloud: Cloud, owner: Owner) -> None:
        super(kept, resource).__init__(MemoryCloud(memory, cloud), owner)

    kept: Any = type(kind.__name__, (kind,), {"__init__": enter})

    def started() -> KubewireProvider:
        provider = KubewireProvider({kind.token(): kept}, FakeClock())
        provider.configure({"stateId": "5eed5eed5eed5eed"})
        return provider

    return Engine(f"urn:pulumi:dev::shop::{kind.token()}::main", started)


NODES = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.tuples(st.sampled_from(["subnet-1", "subnet-2"]), st.sampled_from(["old", "new"]), st.booleans()),
)
CUTS = st.integers(min_value=0, max_value=12)


class SetsKilledAnywhere(RuleBasedStateMachine):
    """Whatever is cut off, a run that gets through leaves one interface and one instance for each node."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = MachineMemory()
        self.interfaces = engine_of(NetworkInterfaces, self.memory)
        self.instances = engine_of(Instances, self.memory)
        self.nodes: dict[str, tuple[str, str, bool]] = {"a": ("subnet-1", "old", False)}
        self.tags = {"team": "shop"}
        self.groups = {"nodes": "sg-1"}

    @rule(nodes=NODES, team=st.sampled_from(["shop", "web", None]), group=st.sampled_from(["sg-1", "sg-2"]))
    def edit(self, nodes: dict[str, tuple[str, str, bool]], team: str | None, group: str) -> None:
        self.nodes, self.tags, self.groups = nodes, {"team": team} if team else {}, {"nodes": group}

    @rule(cut=CUTS)
    def killed_up(self, cut: int) -> None:
        self._killed(self._up, cut)

    @rule(subnet=st.sampled_from(["subnet-1", "subnet-2"]), cut=CUTS)
    def killed_up_of_a_change_that_is_taken_back(self, subnet: str, cut: int) -> None:
        self.up()
        before = self.nodes
        self.nodes = {name: (subnet, image, ipv6) for name, (_, image, ipv6) in before.items()}
        self._killed(self._up, cut)
        self.nodes = before
        self.up()

    @rule(cut=CUTS)
    def killed_destroy(self, cut: int) -> None:
        self._killed(self._destroy, cut)

    @rule(cut=CUTS, done=st.booleans())
    def up_with_a_lost_answer(self, cut: int, done: bool) -> None:  # noqa: FBT001 - hypothesis gives it by name
        self._recover()
        self.memory.lost = (self.memory.changes + cut, done)
        self._up()
        self._is_right()

    @rule()
    def up(self) -> None:
        self._recover()
        self._up()
        self._is_right()

    @rule()
    def up_twice_changes_nothing(self) -> None:
        self.up()
        before = self.memory.changes
        for engine in (self.interfaces, self.instances):
            engine.refresh()
        self._up()
        assert self.memory.changes == before

    @precondition(lambda self: self.nodes)
    @rule()
    def one_ended_by_hand_is_made_again(self) -> None:
        self.up()
        self.memory.end(next(iter(self.memory.live())))
        self.instances.refresh()
        self._up()
        self._is_right()

    @rule()
    def up_then_destroy(self) -> None:
        self.up()
        self._destroy()
        assert not self.memory.interfaces
        assert not self.memory.live()

    def _up(self) -> None:
        rows = {
            name: {"subnet": {"name": subnet, "id": subnet}, "ipv6": ipv6}
            for name, (subnet, _, ipv6) in self.nodes.items()
        }
        self.interfaces.up(self._set(interfaces=rows, securityGroups=self.groups, sourceDestCheck=False))
        ids = self.interfaces.state[0].outputs["ids"]
        machines = {
            name: {"image": IMAGES[image], "instanceType": "t3.medium", "interface": {"name": name, "id": ids[name]}}
            for name, (_, image, _) in self.nodes.items()
        }
        self.instances.up(self._set(instances=machines))

    def _destroy(self) -> None:
        self.instances.destroy()
        self.interfaces.destroy()

    def _set(self, **rows: Any) -> Wire:
        return {"name": "nodes", "tags": self.tags, **rows}

    def _is_right(self) -> None:
        names = {self._name(row["Tags"]): row for row in self.memory.live().values()}
        assert names.keys() == self.nodes.keys()
        assert len(self.memory.live()) == len(self.memory.interfaces) == len(self.nodes)
        for row in self.memory.interfaces.values():
            name = self._name(row["TagSet"])
            subnet, image, ipv6 = self.nodes[name]
            assert (row["SubnetId"], bool(row["Ipv6Addresses"]), row["SourceDestCheck"]) == (subnet, ipv6, False)
            assert [group["GroupId"] for group in row["Groups"]] == [self.groups["nodes"]]
            assert names[name]["ImageId"] == IMAGES[image]
            assert row["Attachment"]["InstanceId"] == names[name]["InstanceId"]
            assert not row["Attachment"]["DeleteOnTermination"]
            for tags in (row["TagSet"], names[name]["Tags"]):
                assert {tag["Key"]: tag["Value"] for tag in tags}.get("team") == self.tags.get("team")

    @staticmethod
    def _name(tags: list[Wire]) -> str:
        (name,) = [tag["Value"] for tag in tags if tag["Key"] == "Name"]
        return str(name)

    def _recover(self) -> None:
        """Refresh what a cut run was at, as users are told to."""
        self.memory.killed_at = self.memory.lost = None
        for engine in (self.instances, self.interfaces):
            if engine.in_doubt:
                engine.refresh()
            engine.in_doubt = False

    def _killed(self, run: Callable[[], None], cut: int) -> None:
        self.memory.lost, self.memory.killed_at = None, self.memory.changes + cut
        try:
            run()
        except (Killed, KubewireError):
            # On a state that a cut run left, one without a refresh may be refused, by what it doesn't know of say.
            pass
        finally:
            self.memory.killed_at = None


TestSetsKilledAnywhere = SetsKilledAnywhere.TestCase
TestSetsKilledAnywhere.settings = settings(max_examples=150, stateful_step_count=20, deadline=None)
