"""Whatever is asked of Route53 in whatever order: nothing in it ever points at what isn't there."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from tests.integration.local.aws.conftest import REGION, Server
from tests.integration.local.aws.dns import alias, record

VPCS = 2
NAMES = st.sampled_from(["example.com", "a.example.com", "*.example.com"])
TYPES = st.sampled_from(["A", "AAAA", "CNAME", "TXT", "NS"])
VALUES = {"A": "192.0.2.1", "AAAA": "2001:db8::1", "CNAME": "b.example.net", "TXT": '"text"', "NS": "ns1.example.net."}
WEIGHTS = st.sampled_from([None, 1, 2])
ACTIONS = st.sampled_from(["CREATE", "UPSERT", "DELETE"])


class Route53Machine(RuleBasedStateMachine):
    """Random calls; those that AWS refuses change nothing."""

    zones: Bundle[str] = Bundle("zones")
    server: Server

    def __init__(self) -> None:
        super().__init__()
        self.server.control("reset")
        self.route53 = self.server.client("route53")
        ec2 = self.server.client("ec2")
        self.vpcs = [ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"] for number in range(VPCS)]
        self.references = 0

    @rule(
        target=zones, name=st.sampled_from(["example.com", "a.example.com"]), vpc=st.none() | st.integers(0, VPCS - 1)
    )
    def create_zone(self, name: str, vpc: int | None) -> str:
        self.references += 1
        private = {} if vpc is None else {"VPC": self._at(vpc)}
        made = self._tried("create_hosted_zone", Name=name, CallerReference=str(self.references), **private)
        return made["HostedZone"]["Id"].removeprefix("/hostedzone/") if made else "ZNOBODYS"

    @rule(zone=zones, vpc=st.integers(0, VPCS - 1), joins=st.booleans())
    def change_vpcs(self, zone: str, vpc: int, joins: bool) -> None:  # noqa: FBT001 - hypothesis names it
        verb = "associate_vpc_with_hosted_zone" if joins else "disassociate_vpc_from_hosted_zone"
        self._tried(verb, HostedZoneId=zone, VPC=self._at(vpc))

    @rule(zone=zones, action=ACTIONS, name=NAMES, kind=TYPES, weight=WEIGHTS)
    def change_record(self, zone: str, action: str, name: str, kind: str, weight: int | None) -> None:
        chosen = {} if weight is None else {"SetIdentifier": f"w{weight}", "Weight": weight}
        self._change(zone, action, record(name, kind, VALUES[kind], **chosen))

    @rule(zone=zones, action=ACTIONS, name=NAMES, points_at=NAMES)
    def change_alias(self, zone: str, action: str, name: str, points_at: str) -> None:
        self._change(zone, action, alias(name, "A", points_at, zone))

    @rule(zone=zones, key=st.sampled_from(["a", "b"]))
    def tag(self, zone: str, key: str) -> None:
        tags = [{"Key": key, "Value": ""}]
        self._tried("change_tags_for_resource", ResourceType="hostedzone", ResourceId=zone, AddTags=tags)

    @rule(zone=consumes(zones))
    def delete_zone(self, zone: str) -> None:
        if self._tried("delete_hosted_zone", Id=zone) is None and zone != "ZNOBODYS":
            self._empty(zone)
            self.route53.delete_hosted_zone(Id=zone)

    @invariant()
    def nothing_dangles(self) -> None:
        """Zones have their own records, VPCs that are there, and no CNAME beside anything."""
        zones = self.route53.list_hosted_zones()["HostedZones"]
        of_vpcs = {summary["HostedZoneId"] for vpc in self.vpcs for summary in self._of_vpc(vpc)}
        private = {zone["Id"].removeprefix("/hostedzone/") for zone in zones if zone["Config"]["PrivateZone"]}
        assert of_vpcs == private
        for zone in zones:
            records = self._records(zone["Id"])
            assert len(records) == zone["ResourceRecordSetCount"]
            own = [one["Type"] for one in records if one["Name"] == zone["Name"]]
            assert own.count("NS") == own.count("SOA") == 1
            keys = [(one["Name"], one["Type"], one.get("SetIdentifier")) for one in records]
            assert len(set(keys)) == len(keys)
            for name in {one["Name"] for one in records if one["Type"] == "CNAME"}:
                assert {one["Type"] for one in records if one["Name"] == name} == {"CNAME"}

    def teardown(self) -> None:
        """Deleting everything in its order ends at nothing."""
        for zone in self.route53.list_hosted_zones()["HostedZones"]:
            self._empty(zone["Id"])
            self.route53.delete_hosted_zone(Id=zone["Id"])
        assert self.route53.list_hosted_zones()["HostedZones"] == []
        assert self.route53.list_reusable_delegation_sets()["DelegationSets"] == []
        assert all(self._of_vpc(vpc) == [] for vpc in self.vpcs)

    def _empty(self, zone: str) -> None:
        apex = self.route53.get_hosted_zone(Id=zone)["HostedZone"]["Name"]
        for one in self._records(zone):
            if not (one["Name"] == apex and one["Type"] in ("NS", "SOA")):
                self.route53.change_resource_record_sets(
                    HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": one}]}
                )

    def _change(self, zone: str, action: str, written: dict[str, Any]) -> None:
        before = self._records(zone) if zone != "ZNOBODYS" else []
        changes = [{"Action": action, "ResourceRecordSet": written}]
        made = self._tried("change_resource_record_sets", HostedZoneId=zone, ChangeBatch={"Changes": changes})
        if made is None and before:
            assert self._records(zone) == before

    def _records(self, zone: str) -> list[Any]:
        return list(self.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"])

    def _of_vpc(self, vpc: str) -> list[Any]:
        answer = self.route53.list_hosted_zones_by_vpc(VPCId=vpc, VPCRegion=REGION)
        return list(answer["HostedZoneSummaries"])

    def _at(self, vpc: int) -> dict[str, str]:
        return {"VPCId": self.vpcs[vpc], "VPCRegion": REGION}

    def _tried(self, verb: str, **parameters: Any) -> Any:
        """What a call answers; None where AWS refuses it, which it must do with a client's error."""
        try:
            return getattr(self.route53, verb)(**parameters)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert status in range(400, 500)
        return None


@pytest.mark.timeout(300)
def test_nothing_ever_dangles_in_route53(world: Server) -> None:
    machine = type("Machine", (Route53Machine,), {"server": world})
    budget = settings(
        max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(machine, settings=budget)
    assert world.complaints() == []
