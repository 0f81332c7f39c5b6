"""An instance that is a node of the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from kubewire.errors import InUseError, NotFoundError
from kubewire.model import REPLACE, UNIQUE, Ref
from kubewire.resources.base import GONE, NamedArgs, Resource
from kubewire.resources.references import named
from kubewire.resources.tagging import named_fields, on_create, owned_by, retag
from kubewire.resources.waiting import wait_for

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import InstanceTypeDef

ENDED = ("shutting-down", "terminated")


class InstanceArgs(NamedArgs):
    """Inputs of an instance."""

    image: Annotated[str, Field(pattern=r"^ami-[0-9a-f]{8,17}$"), REPLACE]
    """The AMI that it boots, `ami-0123456789abcdef0`."""
    instance_type: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$"), REPLACE]
    """Its size, `t3.medium`."""
    interface: Annotated[Ref, REPLACE, UNIQUE]
    """Its primary network interface, which can be attached to one instance at a time."""


class InstanceState(InstanceArgs):
    """An instance as it is."""

    zone: str
    """The availability zone that its interface put it in."""


class Instance(Resource[InstanceArgs, InstanceState]):
    """A machine. Its interface is declared apart, and stays when the machine is replaced."""

    Args, State = InstanceArgs, InstanceState

    def find(self, args: InstanceArgs) -> list[str]:
        reservations = self.cloud.ec2.describe_instances(Filters=owned_by(self.owner))["Reservations"]
        found = [instance for reservation in reservations for instance in reservation["Instances"]]
        return [instance["InstanceId"] for instance in found if instance["State"]["Name"] not in ENDED]

    def create(self, args: InstanceArgs) -> str:
        def launched() -> str | None:
            try:
                return self._launch(args)
            except InUseError:
                # AWS lets go of an interface a moment after the end of the instance that had it.
                if self._is_held(args.interface.id):
                    raise
                return None

        return wait_for(self.cloud.clock, f"the interface of instance {args.name} to come free", launched)

    def _launch(self, args: InstanceArgs) -> str:
        made = self.cloud.ec2.run_instances(
            ImageId=args.image,
            InstanceType=args.instance_type,  # type: ignore[arg-type]  # the stub lists today's types; AWS adds more
            MinCount=1,
            MaxCount=1,
            ClientToken=self.client_token,
            NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": args.interface.id}],
            # Session tokens alone, one hop: a pod must not be able to ask for its node's credentials.
            MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
            TagSpecifications=[
                *on_create("instance", args, self.owner),
                *on_create("volume", args, self.owner),
            ],
        )
        return made["Instances"][0]["InstanceId"]

    def read(self, object_id: str, known: InstanceArgs | None) -> InstanceState | None:
        instance = self._describe(object_id)
        if instance is None or instance["State"]["Name"] in ENDED:
            return None
        primary = [item for item in instance["NetworkInterfaces"] if item["Attachment"]["DeviceIndex"] == 0]
        return InstanceState(
            **named_fields(instance.get("Tags", [])),
            image=instance["ImageId"],
            instance_type=instance["InstanceType"],
            interface=named(primary[0]["NetworkInterfaceId"] if primary else "", known.interface if known else None),
            zone=instance["Placement"]["AvailabilityZone"],
        )

    def converge(self, object_id: str, old: InstanceState, new: InstanceArgs) -> InstanceState:
        def started() -> bool | None:
            instance = self._describe(object_id)
            state = instance["State"]["Name"] if instance else "gone"
            if state in (*ENDED, "gone"):
                reason = instance.get("StateReason", {}).get("Message", state) if instance else state
                message = f"instance {new.name} did not start: {reason}"
                detail = "`pulumi up --refresh` tries anew."
                raise NotFoundError(message, code=GONE, operation="ec2:RunInstances", detail=detail)
            return None if state == "pending" else True

        # A target group refuses an instance that isn't running.
        wait_for(self.cloud.clock, f"instance {new.name} to start", started)
        retag(self.cloud, object_id, old, new, self.owner)
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: InstanceState) -> None:
        def terminated() -> bool | None:
            instance = self._describe(object_id)
            return True if instance is None or instance["State"]["Name"] == "terminated" else None

        self.cloud.ec2.terminate_instances(InstanceIds=[object_id])
        # Its interface can't be deleted before.
        wait_for(self.cloud.clock, f"instance {state.name} to terminate", terminated)

    def _is_held(self, interface: str) -> bool:
        """Whether an interface belongs to an instance that hasn't ended."""
        found = self.cloud.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"]
        holder = found[0].get("Attachment", {}).get("InstanceId") if found else None
        instance = self._describe(holder) if holder else None
        return instance is not None and instance["State"]["Name"] not in ENDED

    def _describe(self, object_id: str) -> InstanceTypeDef | None:
        reservations = self.cloud.ec2.describe_instances(InstanceIds=[object_id])["Reservations"]
        found = [instance for reservation in reservations for instance in reservation["Instances"]]
        return found[0] if found else None
