"""GitLab, from the variables that a pipeline's jobs have.

https://docs.gitlab.com/ci/variables/predefined_variables/, https://docs.gitlab.com/api/notes/#merge-requests
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kubewire.comments.forge import Api, Comment
from kubewire.comments.variables import needed

TOKEN = "KUBEWIRE_GITLAB_TOKEN"  # noqa: S105 - the name of a variable
"""A project's access token, with the scope `api` and the role Reporter: a job's own token writes no comments.
https://docs.gitlab.com/ci/jobs/ci_job_token/"""


class GitLab:
    """The merge request that a pipeline runs for.

    Args:
        environment: the variables.
        number: the merge request's, within its project; by default the pipeline's.
    """

    longest = 1_000_000

    def __init__(self, environment: Mapping[str, str], number: int | None = None) -> None:
        headers = {"PRIVATE-TOKEN": needed(environment, TOKEN)}
        self._api = Api(needed(environment, "CI_API_V4_URL"), headers)
        request = str(number) if number is not None else needed(environment, "CI_MERGE_REQUEST_IID")
        self._notes = f"/projects/{needed(environment, 'CI_PROJECT_ID')}/merge_requests/{request}/notes"
        self.run = environment.get("CI_JOB_URL", "")

    def own_name(self) -> str:
        """Ask who the token's bearer is."""
        return str(self._api.get("/user")["username"])

    def comments(self) -> Iterator[Comment]:
        """Give the comments, without those that GitLab itself writes."""
        for row in self._api.pages(self._notes):
            if not row.get("system"):
                yield Comment(int(row["id"]), (row.get("author") or {}).get("username", ""), row.get("body") or "")

    def create(self, text: str) -> None:
        """Write a new one."""
        self._api.send("POST", self._notes, text)

    def change(self, comment: Comment, text: str) -> None:
        """Write one anew."""
        self._api.send("PUT", f"{self._notes}/{comment.id}", text)
