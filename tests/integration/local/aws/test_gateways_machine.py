"""Random sequences of calls: what refers to something refers to something that is there, and all of it can go."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.integration.local.aws.conftest import Server
from tests.integration.local.aws.network import IMAGE

RESERVED = 5
SERVER_ERROR = 500
PICK = st.integers(min_value=0, max_value=5)
WAIT = st.sampled_from([0.0, 1.0, 20.0, 60.0, 200.0])


class Gateways(RuleBasedStateMachine):
    """One VPC of one small subnet. Whatever AWS refuses is no harm: it must leave everything as it was."""

    world: Server

    @initialize(pace=st.sampled_from(["instant", "aws"]))
    def begin(self, pace: str) -> None:
        self.world.control("reset")
        self.world.control("config", clock="manual", pace=pace)
        self.ec2 = self.world.client("ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.0.0.0/28", AvailabilityZone="eu-west-1a")
        self.subnet = made["Subnet"]["SubnetId"]
        self.free = 16 - RESERVED
        # Without these most sequences would end before anything refers to anything.
        self.make_gateway()
        self.attach_gateway(0)
        for _ in range(2):
            self.make_interface()
            self.allocate()
        self.associate(0, 0, force=False)

    def attempt(self, verb: str, **parameters: Any) -> None:
        """Call; a refusal is an answer, a failure is not."""
        try:
            getattr(self.ec2, verb)(**parameters)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= SERVER_ERROR:
                raise

    def interfaces(self) -> list[dict[str, Any]]:
        where = [{"Name": "subnet-id", "Values": [self.subnet]}]
        found: list[dict[str, Any]] = self.ec2.describe_network_interfaces(Filters=where)["NetworkInterfaces"]
        return found

    def addresses(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ec2.describe_addresses()["Addresses"]
        return found

    def instances(self) -> list[dict[str, Any]]:
        reservations = self.ec2.describe_instances()["Reservations"]
        return [instance for reservation in reservations for instance in reservation["Instances"]]

    def nat_gateways(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ec2.describe_nat_gateways()["NatGateways"]
        return found

    def one(self, found: list[dict[str, Any]], number: int, name: str) -> str | None:
        return str(found[number % len(found)][name]) if found else None

    @rule()
    def make_gateway(self) -> None:
        self.attempt("create_internet_gateway")

    @rule(number=PICK)
    def attach_gateway(self, number: int) -> None:
        gateway = self.one(self.ec2.describe_internet_gateways()["InternetGateways"], number, "InternetGatewayId")
        self.attempt("attach_internet_gateway", InternetGatewayId=gateway or "igw-0", VpcId=self.vpc)

    @rule(number=PICK)
    def detach_gateway(self, number: int) -> None:
        gateway = self.one(self.ec2.describe_internet_gateways()["InternetGateways"], number, "InternetGatewayId")
        self.attempt("detach_internet_gateway", InternetGatewayId=gateway or "igw-0", VpcId=self.vpc)

    @rule()
    def make_interface(self) -> None:
        self.attempt("create_network_interface", SubnetId=self.subnet)

    @rule(number=PICK)
    def delete_interface(self, number: int) -> None:
        interface = self.one(self.interfaces(), number, "NetworkInterfaceId")
        self.attempt("delete_network_interface", NetworkInterfaceId=interface or "eni-0")

    @rule(number=PICK, count=st.integers(min_value=1, max_value=3))
    def further_addresses(self, number: int, count: int) -> None:
        interface = self.one(self.interfaces(), number, "NetworkInterfaceId")
        self.attempt(
            "assign_private_ip_addresses",
            NetworkInterfaceId=interface or "eni-0",
            SecondaryPrivateIpAddressCount=count,
        )

    @rule()
    def allocate(self) -> None:
        self.attempt("allocate_address", Domain="vpc")

    @rule(number=PICK, other=PICK, force=st.booleans())
    def associate(self, number: int, other: int, *, force: bool) -> None:
        self.attempt(
            "associate_address",
            AllocationId=self.one(self.addresses(), number, "AllocationId") or "eipalloc-0",
            NetworkInterfaceId=self.one(self.interfaces(), other, "NetworkInterfaceId") or "eni-0",
            AllowReassociation=force,
        )

    @rule(number=PICK)
    def disassociate(self, number: int) -> None:
        associated = [one for one in self.addresses() if "AssociationId" in one]
        association = self.one(associated, number, "AssociationId")
        self.attempt("disassociate_address", AssociationId=association or "eipassoc-0")

    @rule(number=PICK)
    def release(self, number: int) -> None:
        self.attempt("release_address", AllocationId=self.one(self.addresses(), number, "AllocationId") or "eipalloc-0")

    @rule(number=PICK)
    def make_nat_gateway(self, number: int) -> None:
        allocation = self.one(self.addresses(), number, "AllocationId")
        self.attempt("create_nat_gateway", SubnetId=self.subnet, AllocationId=allocation or "eipalloc-0")

    @rule(number=PICK)
    def delete_nat_gateway(self, number: int) -> None:
        gateway = self.one(self.nat_gateways(), number, "NatGatewayId")
        self.attempt("delete_nat_gateway", NatGatewayId=gateway or "nat-0")

    @rule(public=st.booleans())
    def launch(self, *, public: bool) -> None:
        interface = {"DeviceIndex": 0, "SubnetId": self.subnet, "AssociatePublicIpAddress": public}
        self.attempt(
            "run_instances",
            ImageId=IMAGE,
            InstanceType="t3.medium",
            MinCount=1,
            MaxCount=1,
            NetworkInterfaces=[interface],
        )

    @rule(number=PICK)
    def launch_with_an_interface(self, number: int) -> None:
        interface = self.one(self.interfaces(), number, "NetworkInterfaceId") or "eni-0"
        self.attempt(
            "run_instances",
            ImageId=IMAGE,
            InstanceType="t3.medium",
            MinCount=1,
            MaxCount=1,
            NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": interface}],
        )

    @rule(number=PICK, verb=st.sampled_from(["start_instances", "stop_instances", "terminate_instances"]))
    def change_instance(self, number: int, verb: str) -> None:
        self.attempt(verb, InstanceIds=[self.one(self.instances(), number, "InstanceId") or "i-0"])

    @rule(number=PICK, other=PICK, index=st.integers(min_value=0, max_value=3))
    def attach_interface(self, number: int, other: int, index: int) -> None:
        self.attempt(
            "attach_network_interface",
            InstanceId=self.one(self.instances(), number, "InstanceId") or "i-0",
            NetworkInterfaceId=self.one(self.interfaces(), other, "NetworkInterfaceId") or "eni-0",
            DeviceIndex=index,
        )

    @rule(number=PICK)
    def detach_interface(self, number: int) -> None:
        attached = [one["Attachment"] for one in self.interfaces() if "Attachment" in one]
        attachment = self.one(attached, number, "AttachmentId")
        self.attempt("detach_network_interface", AttachmentId=attachment or "eni-attach-0")

    @rule(seconds=WAIT)
    def wait(self, seconds: float) -> None:
        self.world.control("clock", advance=seconds)

    @precondition(lambda self: hasattr(self, "vpc"))
    @invariant()
    def nothing_dangles(self) -> None:
        interfaces = {one["NetworkInterfaceId"]: one for one in self.interfaces()}
        instances = {one["InstanceId"]: one for one in self.instances()}
        associated = {one["PublicIp"]: one for one in self.addresses() if "AssociationId" in one}
        for address in associated.values():
            interface = interfaces[address["NetworkInterfaceId"]]
            assert interface["Association"]["AllocationId"] == address["AllocationId"]
        for interface in interfaces.values():
            elastic = interface.get("Association", {}).get("AllocationId")
            assert elastic is None or elastic in {one["AllocationId"] for one in associated.values()}
            holder = interface.get("Attachment", {}).get("InstanceId")
            assert holder is None or instances[holder]["State"]["Name"] != "terminated"
            assert (interface["Status"] == "available") == ("Attachment" not in interface)
        for instance in instances.values():
            for one in instance["NetworkInterfaces"]:
                assert interfaces[one["NetworkInterfaceId"]]["Attachment"]["InstanceId"] == instance["InstanceId"]
        taken = [one["PrivateIpAddress"] for it in interfaces.values() for one in it["PrivateIpAddresses"]]
        assert len(taken) == len(set(taken))
        left = self.ec2.describe_subnets(SubnetIds=[self.subnet])["Subnets"][0]["AvailableIpAddressCount"]
        assert left == self.free - len(taken)
        assert not self.world.complaints()

    def teardown(self) -> None:
        """Delete everything in the order of its dependencies, waiting as long as AWS takes."""
        if not hasattr(self, "vpc"):
            return
        for gateway in self.nat_gateways():
            self.attempt("delete_nat_gateway", NatGatewayId=gateway["NatGatewayId"])
        for instance in self.instances():
            self.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
        self.world.control("clock", advance=600)
        for address in self.addresses():
            if "AssociationId" in address:
                self.ec2.disassociate_address(AssociationId=address["AssociationId"])
            self.ec2.release_address(AllocationId=address["AllocationId"])
        for interface in self.interfaces():
            self.ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
        for gateway in self.ec2.describe_internet_gateways()["InternetGateways"]:
            if gateway["Attachments"]:
                self.ec2.detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=self.vpc)
            self.ec2.delete_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"])
        self.ec2.delete_subnet(SubnetId=self.subnet)
        self.ec2.delete_vpc(VpcId=self.vpc)
        self.world.control("clock", advance=7200)
        assert not self.nat_gateways()
        assert not self.instances()
        assert not self.ec2.describe_tags()["Tags"]


@pytest.mark.timeout(300)
def test_nothing_dangles_and_everything_can_go(server: Server) -> None:
    class Here(Gateways):
        world = server

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
