"""An instance of a set, as AWS shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kubewire.resources.members import in_set, read_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_ec2.type_defs import InstanceTypeDef

    from kubewire.resources.base import Cloud

SHUTTING_DOWN, TERMINATED = "shutting-down", "terminated"
ENDED = (SHUTTING_DOWN, TERMINATED)
"""States that an instance doesn't come back from.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html"""


@dataclass(frozen=True)
class InstanceRow:
    """One instance.

    Attributes:
        id: `i-…`.
        state: `pending`, `running`, …
        reason: why it is in that state, in AWS's words.
        image: the AMI that it booted.
        instance_type: its size.
        interface: its primary interface; empty where it has none, as when it has ended.
        zone: where it is.
        tags: all of its tags.
    """

    id: str
    state: str
    reason: str
    image: str
    instance_type: str
    interface: str
    zone: str
    tags: Mapping[str, str]

    @property
    def is_live(self) -> bool:
        """Whether it runs, or can run again."""
        return self.state not in ENDED


def instance_rows(cloud: Cloud, object_id: str) -> list[InstanceRow]:
    """Give the instances of a set, with those that ended within the last hour: one call for each thousand."""
    reservations = cloud.ec2.describe_instances(Filters=in_set(object_id))["Reservations"]
    return [_read(instance) for reservation in reservations for instance in reservation["Instances"]]


def is_held(cloud: Cloud, interface: str) -> bool:
    """Whether an interface belongs to an instance that hasn't ended."""
    found = cloud.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"]
    holder = found[0].get("Attachment", {}).get("InstanceId") if found else None
    if not holder:
        return False
    reservations = cloud.ec2.describe_instances(InstanceIds=[holder])["Reservations"]
    return any(_read(instance).is_live for reservation in reservations for instance in reservation["Instances"])


def _read(instance: InstanceTypeDef) -> InstanceRow:
    state = instance["State"]["Name"]
    primary = [item for item in instance.get("NetworkInterfaces", []) if item["Attachment"]["DeviceIndex"] == 0]
    return InstanceRow(
        id=instance["InstanceId"],
        state=state,
        reason=instance.get("StateReason", {}).get("Message", state),
        image=instance["ImageId"],
        instance_type=instance["InstanceType"],
        interface=primary[0]["NetworkInterfaceId"] if primary else "",
        zone=instance["Placement"]["AvailabilityZone"],
        tags=read_tags(instance.get("Tags", [])),
    )
