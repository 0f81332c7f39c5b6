"""Launches and ends of the instances of a set."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from kubewire.errors import InUseError, NotFoundError, RefusedError
from kubewire.resources.abreast import abreast
from kubewire.resources.instance_rows import SHUTTING_DOWN, TERMINATED, instance_rows, is_held
from kubewire.resources.instance_sets import ROWS
from kubewire.resources.members import in_batches, member_tags, member_token, on_member
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from kubewire.resources.base import Cloud, Owner
    from kubewire.resources.instance_rows import InstanceRow
    from kubewire.resources.instance_sets import InstancesArgs, Machine


class InstanceChanges:
    """What is done to the instances of one set, in one run.

    Args:
        cloud: AWS.
        owner: whose they are.
        object_id: the set.
        run: what client tokens are drawn from.
    """

    def __init__(self, cloud: Cloud, owner: Owner, object_id: str, run: str) -> None:
        self._cloud = cloud
        self._owner = owner
        self._object_id = object_id
        self._run = run

    def launch(self, machines: Mapping[str, Machine], args: InstancesArgs) -> dict[str, str]:
        """Launch instances, each as soon as its interface is free; give their ids."""
        steps = {name: partial(self._launched, name, machine, args) for name, machine in machines.items()}
        return abreast(self._cloud.clock, ROWS, steps)

    def _launched(self, name: str, machine: Machine, args: InstancesArgs) -> str:
        def launched() -> str | None:
            try:
                return self._launch(name, machine, args)
            except InUseError:
                # AWS lets go of an interface a moment after the end of the instance that had it.
                if is_held(self._cloud, machine.interface.id):
                    raise
                return None

        return wait_for(self._cloud.clock, f"the interface of instance {name} to come free", launched)

    def _launch(self, name: str, machine: Machine, args: InstancesArgs) -> str:
        tags = member_tags(self._object_id, name, args, self._owner)
        made = self._cloud.ec2.run_instances(
            ImageId=machine.image,
            InstanceType=machine.instance_type,  # type: ignore[arg-type]  # the stub lists today's types; AWS adds more
            MinCount=1,
            MaxCount=1,
            ClientToken=member_token(self._run, name, machine.image, machine.instance_type, machine.interface.id),
            NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": machine.interface.id}],
            # Session tokens alone, one hop: a pod must not be able to ask for its node's credentials.
            MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
            TagSpecifications=[on_member("instance", tags), on_member("volume", tags)],
        )
        return made["Instances"][0]["InstanceId"]

    def started(self, set_name: str, ids: Mapping[str, str]) -> dict[str, InstanceRow]:
        """Wait until every instance has started, and give them. A target group refuses one that isn't running.

        Raises:
            RefusedError: one ended instead; the others are left as they are, and the next run makes it anew.
        """

        def up() -> dict[str, InstanceRow] | None:
            found = {row.id: row for row in instance_rows(self._cloud, self._object_id)}
            for name, instance_id in ids.items():
                row = found.get(instance_id)
                if row and not row.is_live:
                    message = f"instance {name} did not start: {row.reason}"
                    detail = "`pulumi up` tries anew."
                    path = f'{ROWS}["{name}"]'
                    raise RefusedError(
                        message, code="NotStarted", operation="ec2:RunInstances", detail=detail, path=path
                    )
            # A new instance may take a moment to be listed.
            are_up = all(one in found and found[one].state != "pending" for one in ids.values())
            return {name: found[one] for name, one in ids.items()} if are_up else None

        return wait_for(self._cloud.clock, f"the instances of {set_name} to start", up)

    def end(self, set_name: str, kept: frozenset[str]) -> None:
        """Terminate every instance but those that are kept, and wait until they have ended."""

        def ended() -> bool | None:
            going = [row for row in instance_rows(self._cloud, self._object_id) if row.id not in kept]
            going = [row for row in going if row.state != TERMINATED]
            for some in in_batches([row.id for row in going if row.state != SHUTTING_DOWN]):
                try:
                    self._cloud.ec2.terminate_instances(InstanceIds=some)
                except NotFoundError:
                    # One of them is forgotten by now, and then AWS ends none: the next look tells which.
                    continue
            return None if going else True

        wait_for(self._cloud.clock, f"instances of {set_name} to terminate", ended)
