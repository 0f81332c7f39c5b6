from __future__ import annotations

from kubewire.model import Ref
from kubewire.resources.references import named, named_set


def test_an_id_gets_the_name_that_it_is_known_by() -> None:
    known = (Ref(name="main", id="vpc-1"), None, Ref(name="other", id="vpc-2"))
    assert named("vpc-2", *known).name == "other"


def test_an_unknown_id_is_its_own_name() -> None:
    assert named("vpc-3", Ref(name="main", id="vpc-1")) == Ref(name="vpc-3", id="vpc-3")
    assert named("vpc-3", None).name == "vpc-3"


def test_of_a_set_known_members_keep_their_names() -> None:
    assert named_set(["subnet-1", "subnet-9"], {"a": "subnet-1", "b": "subnet-2"}) == {
        "a": "subnet-1",
        "subnet-9": "subnet-9",
    }
    assert named_set(["subnet-1"], None) == {"subnet-1": "subnet-1"}
