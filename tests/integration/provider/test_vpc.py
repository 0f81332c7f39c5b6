"""One resource through all verbs, over the wire, as an engine takes it through its life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.provider.engine import STATE, UNKNOWN, Engine, messages, urn_of

URN = urn_of("main")
WANTED = {"name": "shop", "cidr": "10.0.0.0/16", "tags": {"team": "web"}}
Kinds: Any = messages.PropertyDiff.Kind


@pytest.fixture
def engine(run: Callable[..., Engine]) -> Engine:
    return run()


@pytest.fixture
def vpc(engine: Engine) -> tuple[str, dict[str, Any]]:
    """A VPC, as the state holds it."""
    inputs, failures = engine.check(URN, WANTED)
    assert not failures
    return engine.create(URN, inputs)


def tags_of(ec2: Any, object_id: str) -> dict[str, str]:
    found = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [object_id]}])["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


class TestCheck:
    def test_gives_defaults(self, engine: Engine) -> None:
        inputs, failures = engine.check(URN, WANTED)
        assert inputs == {**WANTED, "dnsHostnames": True, "dnsSupport": True}
        assert failures == {}

    @pytest.mark.parametrize(
        ("news", "path", "said"),
        [
            ({"name": "shop"}, "cidr", "cidr: required, but not given"),
            ({**WANTED, "cidr": "10.0.0.1/16"}, "cidr", "Write 10.0.0.0/16 for the range"),
            ({**WANTED, "cidr": UNKNOWN}, "cidr", "must be known before the apply"),
            ({**WANTED, "tags": UNKNOWN}, "tags", "must be known before the apply"),
            ({**WANTED, "nmae": "x"}, "nmae", "unknown key"),
            ({**WANTED, "dnsSupport": "perhaps"}, "dnsSupport", "valid boolean"),
        ],
    )
    def test_names_the_field_the_fault_and_the_way_out(
        self, engine: Engine, news: dict[str, Any], path: str, said: str
    ) -> None:
        _, failures = engine.check(URN, news)
        assert list(failures) == [path]
        assert said in failures[path]
        assert "Traceback" not in failures[path]

    def test_adds_the_provider_s_default_tags(self, run: Callable[..., Engine]) -> None:
        engine = run(defaultTags={"team": "platform", "cost": "42"})
        assert engine.check(URN, WANTED)[0]["tags"] == {"team": "web", "cost": "42"}


class TestPreview:
    def test_of_a_create_knows_the_inputs_alone(self, engine: Engine, ec2: Any) -> None:
        object_id, state = engine.create(URN, engine.check(URN, WANTED)[0], preview=True)
        assert object_id == ""
        assert (state["name"], state["mainRouteTable"], state["defaultSecurityGroup"]) == ("shop", UNKNOWN, UNKNOWN)
        assert not ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["shop"]}])["Vpcs"]

    def test_of_no_change_is_no_change(self, engine: Engine, vpc: tuple[str, dict[str, Any]]) -> None:
        answer = engine.diff(URN, *vpc, engine.check(URN, WANTED)[0])
        assert answer.changes == messages.DiffResponse.DIFF_NONE
        assert not answer.detailedDiff

    def test_of_a_change_names_its_path(self, engine: Engine, vpc: tuple[str, dict[str, Any]]) -> None:
        news, _ = engine.check(URN, {**WANTED, "tags": {"team": "web", "a.b/c": "1"}, "dnsHostnames": False})
        answer = engine.diff(URN, *vpc, news)
        kinds = {path: Kinds.Name(change.kind) for path, change in answer.detailedDiff.items()}
        assert kinds == {'tags["a.b/c"]': "ADD", "dnsHostnames": "UPDATE"}
        assert list(answer.diffs) == ["dnsHostnames", "tags"]
        assert not answer.replaces

    def test_of_another_range_replaces(self, engine: Engine, vpc: tuple[str, dict[str, Any]]) -> None:
        answer = engine.diff(URN, *vpc, engine.check(URN, {**WANTED, "cidr": "10.1.0.0/16"})[0])
        assert list(answer.replaces) == ["cidr"]
        assert Kinds.Name(answer.detailedDiff["cidr"].kind) == "UPDATE_REPLACE"


class TestCreate:
    def test_makes_what_is_wanted(self, vpc: tuple[str, dict[str, Any]], ec2: Any) -> None:
        object_id, state = vpc
        (found,) = ec2.describe_vpcs(VpcIds=[object_id])["Vpcs"]
        assert found["CidrBlock"] == state["cidr"] == "10.0.0.0/16"
        assert ec2.describe_vpc_attribute(VpcId=object_id, Attribute="enableDnsHostnames")["EnableDnsHostnames"][
            "Value"
        ]
        assert state["mainRouteTable"].startswith("rtb-")
        assert state["defaultSecurityGroup"].startswith("sg-")

    def test_tags_it_with_its_name_and_owner(self, vpc: tuple[str, dict[str, Any]], ec2: Any) -> None:
        assert tags_of(ec2, vpc[0]) == {
            "Name": "shop",
            "team": "web",
            "kubewire:stack": "shop/dev",
            "kubewire:resource": "kubewire:index:Vpc/main",
            "kubewire:state": STATE,
        }


class TestRead:
    def test_shows_a_change_made_outside(self, engine: Engine, vpc: tuple[str, dict[str, Any]], ec2: Any) -> None:
        object_id, state = vpc
        ec2.modify_vpc_attribute(VpcId=object_id, EnableDnsHostnames={"Value": False})
        ec2.create_tags(Resources=[object_id], Tags=[{"Key": "stray", "Value": "1"}])
        _, seen, inputs = engine.read(URN, object_id, state, WANTED)
        assert seen == {**state, "dnsHostnames": False, "tags": {"team": "web", "stray": "1"}}
        answer = engine.diff(URN, object_id, seen, engine.check(URN, WANTED, inputs)[0])
        assert set(answer.detailedDiff) == {"dnsHostnames", "tags.stray"}

    def test_of_an_import_gives_inputs_that_change_nothing(
        self, engine: Engine, vpc: tuple[str, dict[str, Any]]
    ) -> None:
        object_id, state, inputs = engine.read(urn_of("imported"), vpc[0], {}, {})
        assert object_id == vpc[0]
        checked, failures = engine.check(urn_of("imported"), inputs, inputs)
        assert failures == {}
        assert engine.diff(urn_of("imported"), object_id, state, checked).changes == messages.DiffResponse.DIFF_NONE

    def test_of_what_is_gone_is_empty(self, engine: Engine, vpc: tuple[str, dict[str, Any]], ec2: Any) -> None:
        ec2.delete_vpc(VpcId=vpc[0])
        assert engine.read(URN, *vpc, WANTED) == ("", {}, {})


class TestUpdate:
    def test_changes_what_can_be_changed(self, engine: Engine, vpc: tuple[str, dict[str, Any]], ec2: Any) -> None:
        news, _ = engine.check(URN, {"name": "renamed", "cidr": "10.0.0.0/16", "dnsHostnames": False})
        state = engine.update(URN, *vpc, news)
        assert engine.diff(URN, vpc[0], state, news).changes == messages.DiffResponse.DIFF_NONE
        assert tags_of(ec2, vpc[0])["Name"] == "renamed"
        assert "team" not in tags_of(ec2, vpc[0])


class TestDelete:
    def test_removes(self, run: Callable[..., Engine], vpc: tuple[str, dict[str, Any]], ec2: Any) -> None:
        run().delete(URN, *vpc)
        assert vpc[0] not in [found["VpcId"] for found in ec2.describe_vpcs()["Vpcs"]]

    def test_of_what_is_gone_is_fine(
        self, run: Callable[..., Engine], vpc: tuple[str, dict[str, Any]], ec2: Any
    ) -> None:
        ec2.delete_vpc(VpcId=vpc[0])
        run().delete(URN, *vpc)
