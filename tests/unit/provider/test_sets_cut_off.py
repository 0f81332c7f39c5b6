"""A run that is cut off between two members of a set: what is left to do is seen, whatever the program says next."""

from __future__ import annotations

import pytest

from tests.unit.provider.test_sets_killed_anywhere import SetsKilledAnywhere

NODES = dict.fromkeys("abc", ("subnet-1", "old", False))
MORE = {**NODES, "d": ("subnet-1", "old", False)}


@pytest.mark.parametrize("team", ["web", "shop", None])
@pytest.mark.parametrize("group", ["sg-1", "sg-2"])
@pytest.mark.parametrize("is_taken_back", [False, True])
def test_members_that_a_cut_run_left_behind_follow(team: str | None, group: str, is_taken_back: bool) -> None:  # noqa: FBT001 - pytest's
    """A refresh shows one value for all of them: without `differing`, one that the program has by now was no change."""
    for cut in range(12):
        steps = SetsKilledAnywhere()
        steps.edit(NODES, "shop", "sg-1")
        steps.up()
        steps.edit(MORE, team, group)
        steps.killed_up(cut)
        if is_taken_back:
            steps.edit(NODES, "shop", "sg-1")
        steps.up_twice_changes_nothing()


def test_a_refresh_names_the_members_that_differ() -> None:
    """One lost a tag, one got another group."""
    steps = SetsKilledAnywhere()
    steps.edit(NODES, "shop", "sg-1")
    steps.up()
    first, second, _ = steps.memory.interfaces.values()
    first["TagSet"] = [tag for tag in first["TagSet"] if tag["Key"] != "team"]
    second["Groups"] = [{"GroupId": "sg-2"}]
    steps.interfaces.refresh()
    shown = steps.interfaces.state[0].outputs
    assert (shown["tags"], shown["securityGroups"], shown["differing"]) == (
        {"team": "shop"},
        {"sg-2": "sg-2"},
        ["a", "b"],
    )
    steps.up_twice_changes_nothing()
    assert "differing" not in steps.interfaces.state[0].outputs
