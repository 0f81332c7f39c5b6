"""One comment for each environment, found again by its mark and its author."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kubewire.cli import app
from kubewire.comments.body import NOTHING, body, mark
from kubewire.comments.forge import Api, Forge
from kubewire.comments.github import GitHub
from kubewire.comments.gitlab import GitLab
from kubewire.comments.post import Posted, post
from kubewire.errors import EnvironmentNotReadyError, InvalidInputError, RefusedError
from tests.forge import Comments, forge

TOKEN = "a-token-of-the-tests"  # noqa: S105 - of no forge
ME = {"github": "github-actions[bot]", "gitlab": "kubewire-bot"}


@pytest.fixture(params=["github", "gitlab"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def comments(provider: str) -> Iterator[Comments]:
    header = ("Authorization", f"Bearer {TOKEN}") if provider == "github" else ("PRIVATE-TOKEN", TOKEN)
    with forge(header) as found:
        yield found


@pytest.fixture
def variables(provider: str, comments: Comments, tmp_path: Path) -> dict[str, str]:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7}}))
    if provider == "github":
        return {
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_API_URL": comments.address,
            "GITHUB_REPOSITORY": "team/shop",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": "42",
        }
    return {
        "KUBEWIRE_GITLAB_TOKEN": TOKEN,
        "CI_API_V4_URL": comments.address,
        "CI_PROJECT_ID": "12",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_JOB_URL": "https://gitlab.com/team/shop/-/jobs/42",
    }


@pytest.fixture
def there(provider: str, variables: dict[str, str]) -> Forge:
    return GitHub(variables) if provider == "github" else GitLab(variables)


def test_the_first_report_is_a_comment_and_the_next_one_changes_it(there: Forge, comments: Comments) -> None:
    assert post(there, "prod", "Two routes more.") is Posted.CREATED
    assert post(there, "prod", "Two routes more.") is Posted.UNCHANGED
    assert post(there, "prod", "Three routes more.") is Posted.UPDATED
    (row,) = comments.rows
    assert row["body"].startswith("<!-- kubewire: prod -->\nThree routes more.")
    assert "/42)" in row["body"]
    assert all("7" in call.split("/") or "comments" in call or call == "GET /user" for call in comments.calls)


def test_each_environment_has_its_own(there: Forge, comments: Comments) -> None:
    post(there, "prod", "a")
    post(there, "prod-eu", "b")
    assert post(there, "prod", "c") is Posted.UPDATED
    assert [row["body"].splitlines()[1] for row in comments.rows] == ["c", "b"]


def test_it_is_found_on_a_later_page(there: Forge, comments: Comments, provider: str) -> None:
    for number in range(230):
        comments.add("somebody", f"remark {number}")
    own = comments.add(ME[provider], mark("prod") + "\nold")
    comments.add("somebody", "and another")
    assert post(there, "prod", "new") is Posted.UPDATED
    assert own["body"].splitlines()[1] == "new"


def test_nobody_can_put_theirs_in_its_place(there: Forge, comments: Comments) -> None:
    trap = comments.add("mallory", mark("prod") + "\nNothing to see here.")
    assert post(there, "prod", "All is broken.") is Posted.CREATED
    assert "Nothing to see" in trap["body"]


def test_a_comment_that_quotes_the_mark_is_another_one(there: Forge, comments: Comments, provider: str) -> None:
    comments.add(ME[provider], f"Somebody asked what {mark('prod')} is.")
    assert post(there, "prod", "x") is Posted.CREATED


def test_a_wrong_token_is_refused_without_showing_it(variables: dict[str, str], provider: str) -> None:
    name = "GITHUB_TOKEN" if provider == "github" else "KUBEWIRE_GITLAB_TOKEN"
    wrong = {**variables, name: "another-token"}
    with pytest.raises(RefusedError, match="401") as caught:
        post(GitHub(wrong) if provider == "github" else GitLab(wrong), "prod", "x")
    assert "another-token" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.usefixtures("comments")
def test_a_missing_variable_is_named(variables: dict[str, str], provider: str) -> None:
    for name in ("GITHUB_TOKEN", "GITHUB_REPOSITORY") if provider == "github" else ("CI_API_V4_URL", "CI_PROJECT_ID"):
        left = {key: value for key, value in variables.items() if key != name}
        with pytest.raises(EnvironmentNotReadyError, match=name):
            _ = GitHub(left) if provider == "github" else GitLab(left)


def test_the_command_posts_a_file_and_says_what_became_of_it(
    variables: dict[str, str], provider: str, comments: Comments, tmp_path: Path
) -> None:
    report = tmp_path / "report.md"
    report.write_text("## prod\n")
    arguments = ["comment", "--provider", provider, "--marker", "prod", "--file", str(report)]
    ran = CliRunner().invoke(app, arguments, env=variables)
    assert (ran.exit_code, ran.output) == (0, "comment for prod: created\n")
    report.unlink()
    assert CliRunner().invoke(app, arguments, env=variables).output == "comment for prod: updated\n"
    assert NOTHING in comments.rows[0]["body"]
    refused = CliRunner().invoke(app, arguments, env={**variables, "GITHUB_API_URL": "", "CI_API_V4_URL": "http://x.y"})
    assert refused.exit_code == 2


def test_a_report_that_is_a_link_is_not_read(
    variables: dict[str, str], comments: Comments, provider: str, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("of another job")
    (tmp_path / "report.md").symlink_to(tmp_path / "token")
    arguments = ["comment", "--provider", provider, "--marker", "prod", "--file", str(tmp_path / "report.md")]
    ran = CliRunner().invoke(app, arguments, env=variables)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "is a link" in ran.stderr
    assert not comments.rows


def test_no_token_travels_in_the_open() -> None:
    with pytest.raises(InvalidInputError, match="not HTTPS"):
        Api("http://forge.example.com", {})


@pytest.mark.parametrize("marker", ["", "a b", "a-->", "a--b", "-a", "a\nb", "é", "x" * 101])
def test_a_marker_cannot_end_its_mark(marker: str) -> None:
    with pytest.raises(InvalidInputError, match="can't mark"):
        mark(marker)


def test_a_report_that_is_too_long_is_cut_at_a_line_and_closed() -> None:
    report = "<details>\n\n```text\n" + "\n".join(f"line {number}" for number in range(10_000)) + "\n```\n</details>"
    text = body("prod", report, "https://run", 5_000)
    assert len(text) <= 5_000
    assert text.count("```") == 2
    assert text.count("<details>") == text.count("</details>") == 1
    assert text.index("</details>") < text.index("too long") < text.index("https://run")


def test_without_a_pull_request_it_is_said(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text("{}")
    given = {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "a/b", "GITHUB_EVENT_PATH": str(event)}
    with pytest.raises(InvalidInputError, match="no pull request"):
        GitHub(given)
    assert GitHub(given, 3).comments() is not None
