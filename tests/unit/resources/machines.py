"""Network interfaces and instances, as EC2 keeps them: small, in memory, and cut off at any change if a test says."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from itertools import count
from typing import Any

from kubewire.errors import InUseError, OutcomeUnknownError
from tests.unit.resources.killable import Memory, Row, refused

ENDED = ("shutting-down", "terminated")


def _named(rows: list[Row]) -> dict[str, str]:
    return {row["Key"]: row["Value"] for row in rows}


class MachineMemory(Memory):
    """One account. Each call is done whole or not at all, whichever thread makes it; states move on when seen."""

    def __init__(self) -> None:
        super().__init__()
        self.interfaces: dict[str, Row] = {}
        self.instances: dict[str, Row] = {}
        self.asked: list[str] = []
        self.lost: tuple[int, bool] | None = None
        """Which change gets no answer, and whether it is made all the same."""
        self.dying: set[str] = set()
        """Names of instances that end while they start."""
        self._done: dict[str, Row] = {}
        self._serial = count(1)
        self._lock = threading.RLock()

    def live(self) -> dict[str, Row]:
        """Give the instances that haven't ended."""
        return {key: row for key, row in self.instances.items() if row["State"]["Name"] not in ENDED}

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation.startswith("_"):
            raise AttributeError(operation)
        work = getattr(self, f"_{operation}")

        def call(**asked: Any) -> Any:
            with self._lock:
                self.asked.append(operation)
                if operation.startswith("describe_"):
                    return work(**asked)
                number, done = self.lost or (None, False)
                is_lost = self.changes == number
                self.changing()
                if not is_lost or done:
                    answer = copy.deepcopy(work(**asked))
                if is_lost:
                    raise OutcomeUnknownError("the line went dead", code="NoAnswer", operation=operation)
                return answer

        return call

    def end(self, instance_id: str) -> None:
        """End an instance, and with it what is to go too."""
        self.instances[instance_id]["State"]["Name"] = "terminated"
        self.instances[instance_id]["NetworkInterfaces"] = []
        for key, row in list(self.interfaces.items()):
            held = row.get("Attachment", {})
            if held.get("InstanceId") == instance_id:
                del row["Attachment"]
                if held["DeleteOnTermination"]:
                    del self.interfaces[key]

    def _describe_network_interfaces(
        self,
        Filters: list[Row] | None = None,  # noqa: N803 - as AWS has it
        NetworkInterfaceIds: list[str] | None = None,  # noqa: N803 - AWS's names
    ) -> Row:
        found = [
            row
            for key, row in self.interfaces.items()
            if self._is_meant(row["TagSet"], Filters) and (NetworkInterfaceIds is None or key in NetworkInterfaceIds)
        ]
        return {"NetworkInterfaces": copy.deepcopy(found)}

    def _describe_instances(
        self,
        Filters: list[Row] | None = None,  # noqa: N803 - as AWS has it
        InstanceIds: list[str] | None = None,  # noqa: N803 - as above
    ) -> Row:
        found = {
            key: row
            for key, row in self.instances.items()
            if self._is_meant(row["Tags"], Filters) and (InstanceIds is None or key in InstanceIds)
        }
        answer = {"Reservations": [{"Instances": copy.deepcopy(list(found.values()))}]}
        for key, row in found.items():
            if row["State"]["Name"] == "shutting-down":
                self.end(key)
            elif row["State"]["Name"] == "pending":
                if _named(row["Tags"])["Name"] in self.dying:
                    row["StateReason"] = {"Message": "Client.InternalError: Client error on launch"}
                    self.end(key)
                else:
                    row["State"]["Name"] = "running"
        return answer

    @staticmethod
    def _is_meant(tags: list[Row], filters: list[Row] | None) -> bool:
        return {item["Name"].removeprefix("tag:"): item["Values"][0] for item in filters or []}.items() <= _named(
            tags
        ).items()

    def _create_network_interface(self, **asked: Any) -> Row:
        token = asked["ClientToken"]
        if token in self._done:
            return self._done[token]
        subnet, address = asked["SubnetId"], asked.get("PrivateIpAddress")
        taken = {row["PrivateIpAddress"] for row in self.interfaces.values() if row["SubnetId"] == subnet}
        if address in taken:
            raise InUseError(f"{address} is in use", code="InvalidIPAddress.InUse", operation="ec2")
        row = {
            "NetworkInterfaceId": f"eni-{next(self._serial)}",
            "SubnetId": subnet,
            "PrivateIpAddress": address or next(a for n in range(4, 250) if (a := f"10.0.0.{n}") not in taken),
            "Ipv6Addresses": [{"Ipv6Address": "2001:db8::7"}] * asked.get("Ipv6AddressCount", 0),
            "Groups": [{"GroupId": group} for group in asked["Groups"]],
            "SourceDestCheck": True,
            "TagSet": asked["TagSpecifications"][0]["Tags"],
        }
        self.interfaces[row["NetworkInterfaceId"]] = row
        self._done[token] = {"NetworkInterface": row}
        return self._done[token]

    def _modify_network_interface_attribute(self, NetworkInterfaceId: str, **asked: Any) -> Row:  # noqa: N803 - as above
        row = self._interface(NetworkInterfaceId)
        match asked:
            case {"SourceDestCheck": {"Value": value}}:
                row["SourceDestCheck"] = value
            case {"Groups": groups}:
                row["Groups"] = [{"GroupId": group} for group in groups]
            case {"Attachment": {"AttachmentId": held, "DeleteOnTermination": value}}:
                if row.get("Attachment", {}).get("AttachmentId") != held:
                    raise refused("InvalidAttachmentID.NotFound")
                row["Attachment"]["DeleteOnTermination"] = value
            case _:
                raise AssertionError(asked)
        return {}

    def _assign_ipv6_addresses(self, NetworkInterfaceId: str, Ipv6AddressCount: int) -> Row:  # noqa: N803 - as above
        given = [f"2001:db8::{number}" for number in range(Ipv6AddressCount)]
        self._interface(NetworkInterfaceId)["Ipv6Addresses"] += [{"Ipv6Address": one} for one in given]
        return {"AssignedIpv6Addresses": given}

    def _unassign_ipv6_addresses(self, NetworkInterfaceId: str, Ipv6Addresses: list[str]) -> Row:  # noqa: N803 - as above
        row = self._interface(NetworkInterfaceId)
        row["Ipv6Addresses"] = [one for one in row["Ipv6Addresses"] if one["Ipv6Address"] not in Ipv6Addresses]
        return {}

    def _delete_network_interface(self, NetworkInterfaceId: str) -> Row:  # noqa: N803 - as above
        if "Attachment" in self._interface(NetworkInterfaceId):
            raise refused("InvalidParameterValue", f"Network interface '{NetworkInterfaceId}' is currently in use.")
        del self.interfaces[NetworkInterfaceId]
        return {}

    def _interface(self, interface_id: str) -> Row:
        if interface_id not in self.interfaces:
            raise refused("InvalidNetworkInterfaceID.NotFound")
        return self.interfaces[interface_id]

    def _run_instances(self, **asked: Any) -> Row:
        token = asked["ClientToken"]
        if token in self._done:
            return self._done[token]
        (given,) = asked["NetworkInterfaces"]
        interface = self._interface(given["NetworkInterfaceId"])
        if "Attachment" in interface:
            raise InUseError("in use", code="InvalidNetworkInterface.InUse", operation="ec2:RunInstances")
        key = f"i-{next(self._serial)}"
        held = {"AttachmentId": f"attach-{key}", "InstanceId": key, "DeviceIndex": 0, "Status": "attached"}
        interface["Attachment"] = {**held, "DeleteOnTermination": False}
        self.instances[key] = {
            "InstanceId": key,
            "State": {"Name": "pending"},
            "ImageId": asked["ImageId"],
            "InstanceType": asked["InstanceType"],
            "NetworkInterfaces": [{"NetworkInterfaceId": given["NetworkInterfaceId"], "Attachment": held}],
            "Placement": {"AvailabilityZone": "eu-west-1a"},
            "MetadataOptions": asked["MetadataOptions"],
            "Tags": asked["TagSpecifications"][0]["Tags"],
        }
        self._done[token] = {"Instances": [self.instances[key]]}
        return self._done[token]

    def _terminate_instances(self, InstanceIds: list[str]) -> Row:  # noqa: N803 - as above
        for key in InstanceIds:
            if key not in self.instances:
                raise refused("InvalidInstanceID.NotFound")
        for key in InstanceIds:
            if self.instances[key]["State"]["Name"] not in ENDED:
                self.instances[key]["State"]["Name"] = "shutting-down"
        return {}

    def _create_tags(self, Resources: list[str], Tags: list[Row]) -> Row:  # noqa: N803 - as above
        for key in Resources:
            rows = self._tags(key)
            rows[:] = [{"Key": k, "Value": v} for k, v in {**_named(rows), **_named(Tags)}.items()]
        return {}

    def _delete_tags(self, Resources: list[str], Tags: list[Row]) -> Row:  # noqa: N803 - as above
        for key in Resources:
            rows = self._tags(key)
            rows[:] = [row for row in rows if row["Key"] not in {tag["Key"] for tag in Tags}]
        return {}

    def _tags(self, key: str) -> list[Row]:
        tags: list[Row] = self.interfaces[key]["TagSet"] if key in self.interfaces else self.instances[key]["Tags"]
        return tags
