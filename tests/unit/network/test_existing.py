"""VPCs and subnets that others made, as the provider finds them."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire import ClusterNetwork
from kubewire.errors import InvalidInputError
from tests.unit.network.answers import VPC, answers, existing_subnet, existing_vpc
from tests.unit.network.strategies import Wire
from tests.unit.program import Declarations, declare, declared, network_args

ZONES = ["eu-west-1a", "eu-west-1b"]
GET_VPC, GET_SUBNETS = "kubewire:index:getVpc", "kubewire:index:getSubnets"
PRIVATE: Wire = {"kind": "existing", "private": {"kind": "tags", "tags": {"tier": "private"}}}
BOTH: Wire = {**PRIVATE, "public": {"kind": "tags", "tags": {"tier": "public"}}}


def network(answered: dict[str, Any] | None = None, **changed: Any) -> Declarations:
    """Declare a network in an existing VPC."""
    described: Wire = {"vpc": {"kind": "id", "id": VPC, "cidr": "10.0.0.0/16"}, "nat": "none", **changed}
    given = answers({"zones": ZONES, "vpc": described["vpc"], "pods": {"kind": "vpc"}})
    return declare(lambda: ClusterNetwork(network_args(**described)), {**given, **(answered or {})})


def refused(answered: dict[str, Any], **changed: Any) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as caught:
        network(answered, **changed)
    return caught.value


class TestVpc:
    def test_neither_it_nor_its_gateway_is_made(self) -> None:
        found = network()
        assert found.of("Vpc") == {}
        assert found.of("InternetGateway") == {}
        assert found.of("RouteTable")["shop-public"]["routes"]["0.0.0.0/0"]["id"].startswith("igw-")
        assert {subnet["vpc"]["id"] for subnet in found.of("Subnet").values()} == {VPC}

    def test_its_default_group_is_left_alone(self) -> None:
        assert network().of("SecurityGroupRules").keys() == {"shop-nodes"}

    def test_it_is_asked_for_by_id_or_by_tags(self) -> None:
        asked: list[Wire] = []

        def answer(args: Wire) -> Wire:
            asked.append(args["select"])
            return existing_vpc(cidrs=["10.0.0.0/16"])

        network({GET_VPC: answer})
        network({GET_VPC: answer}, vpc={"kind": "tags", "tags": {"a": "b"}, "cidr": "10.0.0.0/16"})
        assert asked == [{"by": "id", "id": VPC}, {"by": "tags", "tags": {"a": "b"}}]

    def test_a_part_that_it_does_not_have_is_refused(self) -> None:
        error = refused({GET_VPC: existing_vpc(cidrs=["10.1.0.0/16"])})
        assert error.path == "shop: vpc.cidr"
        assert "10.1.0.0/16" in error.detail

    def test_one_that_the_network_has_made_is_not_somebody_elses(self) -> None:
        found = existing_vpc(cidrs=["10.0.0.0/16"])
        resource = "kubewire:network:ClusterNetwork/kubewire:index:Vpc/shop"
        error = refused({GET_VPC: {**found, "declaredBy": f"shop/test {resource}"}})
        assert (error.path, "pulumi state delete" in error.detail) == ("shop: vpc.kind", True)
        for other in (f"shop/prod {resource}", "shop/test kubewire:index:Vpc/shop", f"shop/test {resource}-2"):
            assert network({GET_VPC: {**found, "declaredBy": other}}).of("Vpc") == {}

    def test_a_part_of_its_second_range_is_taken(self) -> None:
        vpc = {"kind": "id", "id": VPC, "cidr": "10.1.4.0/22"}
        found = network({GET_VPC: existing_vpc(cidrs=["10.0.0.0/16", "10.1.0.0/16"])}, vpc=vpc)
        assert found.of("Subnet")["shop-private-eu-west-1a"]["cidr"] == "10.1.4.0/26"

    def test_an_ipv6_part_that_it_does_not_have_is_refused(self) -> None:
        vpc = {"kind": "id", "id": VPC, "cidr": "10.0.0.0/16", "ipv6_cidr": "2600:1f18::/56"}
        error = refused({GET_VPC: existing_vpc(cidrs=["10.0.0.0/16"])}, vpc=vpc)
        assert (error.path, "has none" in error.detail) == ("shop: vpc.ipv6Cidr", True)

    @pytest.mark.parametrize(
        ("own", "path"),
        [("100.64.0.0/20", "pods.cidr"), ("10.96.0.0/12", "serviceCidr"), ("192.168.0.0/24", "links[0]")],
    )
    def test_what_overlaps_a_range_that_it_has_is_refused(self, own: str, path: str) -> None:
        link = {"kind": "peering", "name": "hq", "cidrs": ["192.168.0.0/16"], "connection": "pcx-01234567"}
        error = refused({GET_VPC: existing_vpc(cidrs=["10.0.0.0/16", own])}, links=[link])
        assert error.path.startswith(f"shop: {path}")
        assert own in error.summary

    def test_a_secondary_range_of_ours_may_be_there_already(self) -> None:
        vpc = {"kind": "id", "id": VPC, "cidr": "10.0.0.0/16", "secondary": [{"cidr": "100.96.0.0/20"}]}
        found = network({GET_VPC: existing_vpc(cidrs=["10.0.0.0/16", "100.96.0.0/20"])}, vpc=vpc)
        assert found.one("VpcCidrBlocks")["cidrs"] == ["100.96.0.0/20"]

    def test_but_not_over_one_of_theirs(self) -> None:
        vpc = {"kind": "id", "id": VPC, "cidr": "10.0.0.0/16", "secondary": [{"cidr": "100.96.0.0/20"}]}
        error = refused({GET_VPC: existing_vpc(cidrs=["10.0.0.0/16", "100.96.0.0/16"])}, vpc=vpc)
        assert error.path == "shop: vpc.secondary[0].cidr"

    def test_nor_may_it_be_the_vpc_s_first(self) -> None:
        vpc = {"kind": "id", "id": VPC, "cidr": "10.0.0.0/16", "secondary": [{"cidr": "100.96.0.0/20"}]}
        error = refused({GET_VPC: existing_vpc(cidrs=["100.96.0.0/20", "10.0.0.0/16"])}, vpc=vpc)
        assert (error.path, "first range" in error.summary) == ("shop: vpc.secondary", True)

    def test_without_an_internet_gateway_there_are_no_public_subnets(self) -> None:
        answered = {GET_VPC: existing_vpc(cidrs=["10.0.0.0/16"], gateway=None)}
        assert "no internet gateway" in refused(answered).summary
        network(answered, subnets={"kind": "carved", "layout": [{"role": "private", "prefix": 20}]})

    def test_what_the_provider_refuses_is_said_of_the_network_s_own_field(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def invoke(*_: Any) -> Any:
            raise InvalidInputError("there is no VPC", path="select.id")

        monkeypatch.setattr("kubewire.network.parts.declarer.invoke", invoke)
        assert refused({}, quotas={"live": False}).path == "shop: vpc.id"


class TestSubnets:
    def found(self, *subnets: Wire, **changed: Any) -> Declarations:
        return network({GET_SUBNETS: {"subnets": list(subnets)}}, subnets=PRIVATE, **changed)

    def refused(self, *subnets: Wire, **changed: Any) -> InvalidInputError:
        return refused({GET_SUBNETS: {"subnets": list(subnets)}}, **{"subnets": PRIVATE, **changed})

    def test_none_is_made_and_nodes_are_in_theirs(self) -> None:
        found = network(subnets=BOTH)
        assert (found.of("Subnet"), found.of("RouteTable")) == ({}, {})
        interfaces = found.one("NetworkInterfaces")["interfaces"]
        assert {row["subnet"]["id"] for row in interfaces.values()} == {
            existing_subnet(number, zone)["id"] for number, zone in enumerate(ZONES)
        }

    def test_every_table_of_theirs_gets_the_pods_routes_once(self) -> None:
        rows = network(subnets=BOTH).of("Routes")
        tables = {existing_subnet(n, "", public=public)["routeTable"] for n in (0, 1) for public in (False, True)}
        assert {it["table"]["id"] for it in rows.values()} == tables
        assert all(set(it["routes"]) == {f"100.64.{n}.0/24" for n in range(3)} for it in rows.values())

    def test_without_routes_their_tables_are_left_alone(self) -> None:
        assert network(subnets=BOTH, pods={"kind": "vpc"}, nodes=declared()).of("Routes") == {}

    def test_one_in_a_zone_apart_is_refused(self) -> None:
        error = self.refused(existing_subnet(0, ZONES[0]), existing_subnet(1, "eu-west-1c"))
        assert (error.path, "is in eu-west-1c" in error.summary) == ("shop: subnets.private", True)

    def test_two_in_a_zone_are_refused(self) -> None:
        error = self.refused(existing_subnet(0, ZONES[0]), existing_subnet(1, ZONES[0]))
        assert error.summary == "two private subnets in eu-west-1a"
        assert all(existing_subnet(number, "")["id"] in error.detail for number in (0, 1))

    def test_a_zone_without_one_is_refused(self) -> None:
        assert self.refused(existing_subnet(0, ZONES[0])).summary == "no private subnet in eu-west-1b"

    def test_public_ones_that_lead_nowhere_are_refused(self) -> None:
        subnets = [existing_subnet(number, zone) for number, zone in enumerate(ZONES)]
        error = self.refused(*subnets, subnets=BOTH)
        assert (error.path, "is not public" in error.summary) == ("shop: subnets.public", True)

    def test_without_ipv6_they_are_none_for_a_network_that_has_it(self) -> None:
        vpc = {"kind": "id", "id": VPC, "ipv6_cidr": "2600:1f18::/56"}
        subnets = [{k: v for k, v in existing_subnet(n, z).items() if k != "ipv6Cidr"} for n, z in enumerate(ZONES)]
        assert "has no IPv6" in self.refused(*subnets, vpc=vpc).summary


class TestFound:
    """What was found is a part of the plan: a proof needs it."""

    TABLE = "rtb-0123456789abcd000"

    def found(self, routes: Wire, **vpc: Any) -> Wire:
        row = existing_subnet(0, ZONES[0]), existing_subnet(1, ZONES[1])
        answer = {
            "subnets": list(row),
            "routeTables": [{"id": self.TABLE, "name": "theirs", "routes": routes}],
            "networkAcls": [{"id": "acl-0123456789abcdef0", "name": "", "entries": {}}],
        }
        made = network(
            {GET_VPC: existing_vpc(cidrs=["10.0.0.0/16", "10.1.0.0/16"]), GET_SUBNETS: answer},
            vpc={"kind": "id", "id": VPC, **vpc},
            subnets=PRIVATE,
        )
        return made.one("ExistingNetwork")

    def test_ranges_subnets_tables_and_acls_are_registered(self) -> None:
        out = {"name": "nat-1", "id": "nat-1", "via": "nat-gateway"}
        found = self.found({"0.0.0.0/0": out})
        assert found["vpc"] == {"id": VPC, "name": "theirs", "cidrs": ["10.0.0.0/16", "10.1.0.0/16"]}
        first = found["subnets"]["subnet-0123456789abcd000"]
        assert (first["cidr"], first["routeTable"]) == ("10.0.0.0/24", self.TABLE)
        assert found["routeTables"] == {self.TABLE: {"name": "theirs", "routes": {"0.0.0.0/0": out}}}
        assert found["networkAcls"] == {"acl-0123456789abcdef0": {"name": "acl-0123456789abcdef0", "entries": {}}}

    def test_routes_of_ours_are_no_finding(self) -> None:
        """Else the second run would have another plan than the first."""
        own = {"name": "eni-1", "id": "eni-1", "via": "network-interface"}
        assert self.found({"100.64.0.0/24": own})["routeTables"][self.TABLE]["routes"] == {}

    def test_ranges_of_ours_are_no_finding(self) -> None:
        found = self.found({}, cidr="10.0.0.0/20", secondary=[{"cidr": "10.1.0.0/16"}])
        assert found["vpc"]["cidrs"] == ["10.0.0.0/16"]

    def test_of_a_vpc_of_its_own_there_is_none(self) -> None:
        assert declare(lambda: ClusterNetwork(network_args())).of("ExistingNetwork") == {}
