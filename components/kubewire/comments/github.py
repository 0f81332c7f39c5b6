"""GitHub, from the variables that a workflow's steps have.

https://docs.github.com/en/actions/reference/workflows-and-actions/variables, https://docs.github.com/en/rest/issues/comments
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from kubewire.comments.forge import Api, Comment
from kubewire.comments.variables import needed
from kubewire.errors import InvalidInputError

ACTIONS = "github-actions[bot]"
"""Whoever a workflow's own token writes as."""


class GitHub:
    """The pull request that a workflow runs for.

    Args:
        environment: the variables.
        number: the pull request's; by default that of the event.
    """

    longest = 65_536

    def __init__(self, environment: Mapping[str, str], number: int | None = None) -> None:
        repository = needed(environment, "GITHUB_REPOSITORY")
        headers = {
            "Authorization": f"Bearer {needed(environment, 'GITHUB_TOKEN')}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._api = Api(environment.get("GITHUB_API_URL") or "https://api.github.com", headers)
        self._name = environment.get("KUBEWIRE_COMMENT_AUTHOR") or ACTIONS
        self._issue = f"/repos/{repository}/issues"
        self._number = number if number is not None else _number(environment)
        server, run = environment.get("GITHUB_SERVER_URL"), environment.get("GITHUB_RUN_ID")
        self.run = f"{server}/{repository}/actions/runs/{run}" if server and run else ""

    def own_name(self) -> str:
        """Give the name that a workflow's token writes under: it can't be asked for."""
        return self._name

    def comments(self) -> Iterator[Comment]:
        """Give the comments, the oldest first."""
        for row in self._api.pages(f"{self._issue}/{self._number}/comments"):
            author = (row.get("user") or {}).get("login", "")
            yield Comment(int(row["id"]), author, row.get("body") or "")

    def create(self, text: str) -> None:
        """Write a new one."""
        self._api.send("POST", f"{self._issue}/{self._number}/comments", text)

    def change(self, comment: Comment, text: str) -> None:
        """Write one anew."""
        self._api.send("PATCH", f"{self._issue}/comments/{comment.id}", text)


def _number(environment: Mapping[str, str]) -> int:
    try:
        event = json.loads(Path(needed(environment, "GITHUB_EVENT_PATH")).read_text(encoding="utf-8"))
        return int(event["pull_request"]["number"])
    except (OSError, ValueError, KeyError, TypeError):
        detail = "Run it for the event `pull_request`, or give --number."
        raise InvalidInputError("there is no pull request to comment on", detail=detail) from None
