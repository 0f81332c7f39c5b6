"""The workflow for pull requests: its steps are run here, on the embedded cloud, and the comment is looked at."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.projects import CHECKOUT, Project, Projects
from tests.forge import Comments, forge

WORKFLOW = CHECKOUT / ".github" / "workflows" / "kubewire-preview.yml"
TEMPLATE = CHECKOUT / "ci" / "gitlab" / "kubewire-preview.yml"
TOKEN = "a-token-that-nobody-may-see"  # noqa: S105 - of no forge
EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
PINNED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}")
Job = dict[str, Any]


@pytest.fixture(scope="module")
def project(projects: Projects) -> Project:
    made = projects.small("pulled")
    (made.folder / "requirements.txt").write_text("")
    return made


@pytest.fixture
def comments() -> Iterator[Comments]:
    with forge(("Authorization", f"Bearer {TOKEN}")) as found:
        for number in range(120):
            found.add("somebody", f"remark {number}")
        yield found


def workflow() -> Job:
    content: Job = yaml.safe_load(WORKFLOW.read_text())
    return content


class Runner:
    """Runs the `run` steps of jobs, one after the other, each job in a folder of its own.

    Attributes:
        log: all that they said.
        handed: where artifacts are.
    """

    def __init__(self, project: Project, comments: Comments, folder: Path) -> None:
        self.log = ""
        self.handed = folder / "artifact"
        self._folder = folder
        self._project = project
        self._outputs: dict[str, str] = {}
        event = folder / "event.json"
        event.write_text(json.dumps({"pull_request": {"number": 7}}))
        self._values = {
            "inputs.stack": project.name,
            "inputs.region": project.region,
            "inputs.requirements": "requirements.txt",
            "inputs.working-directory": ".",
            "inputs.backend-url": project.environment["PULUMI_BACKEND_URL"],
            "secrets.passphrase": project.environment["PULUMI_CONFIG_PASSPHRASE"],
            "secrets.kubeconfig": Path(project.environment["KUBECONFIG"]).read_text(),
            "github.token": TOKEN,
        }
        # What configure-aws-credentials exports is the cloud's own here; Pulumi's settings come from the workflow.
        own = {key: text for key, text in project.environment.items() if not key.startswith(("PULUMI_C", "KUBECONFIG"))}
        self._environment = {
            **own,
            "PATH": f"{Path(sys.executable).parent}:{own['PATH']}",
            "GITHUB_REPOSITORY": "team/shop",
            "GITHUB_API_URL": comments.address,
            "GITHUB_EVENT_PATH": str(event),
        }

    def job(self, job: Job) -> int:
        """Run a job; give the code of the step that failed, or 0."""
        temporary = self._folder / f"temporary-{len(list(self._folder.iterdir()))}"
        temporary.mkdir()
        if self.handed.exists():
            shutil.copytree(self.handed, temporary / "kubewire")
        outputs = temporary / "outputs"
        for step in job["steps"]:
            if "run" not in step:
                continue
            assert "${{" not in step["run"]
            given = {key: self._filled(text) for key, text in {**job["env"], **step.get("env", {})}.items()}
            places = {"RUNNER_TEMP": str(temporary), "GITHUB_OUTPUT": str(outputs)}
            ran = subprocess.run(  # noqa: S603 - the steps under test, as GitHub's runner runs them
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],  # noqa: S607 - the runner's own
                cwd=self._project.folder,
                env={**self._environment, **places, **given},
                capture_output=True,
                text=True,
                check=False,
            )
            self.log += ran.stdout + ran.stderr
            if ran.returncode:
                return ran.returncode
        if outputs.exists():
            self._values |= {
                f"needs.preview.outputs.{line.partition('=')[0]}": line.partition("=")[2]
                for line in outputs.read_text().splitlines()
            }
        if (temporary / "kubewire").exists():
            shutil.copytree(temporary / "kubewire", self.handed, dirs_exist_ok=True)
        return 0

    def _filled(self, text: str) -> str:
        return EXPRESSION.sub(lambda found: self._values[found[1]], text)

    @property
    def secrets(self) -> set[str]:
        """What nobody may read."""
        names = ("AWS_SECRET_ACCESS_KEY", "PULUMI_CONFIG_PASSPHRASE")
        keys = re.findall(r"(?:token|-data): (\S{20,})", self._values["secrets.kubeconfig"])
        return {TOKEN, *keys, *(self._project.environment[name] for name in names)}


def run(project: Project, comments: Comments, folder: Path) -> tuple[int, Runner]:
    """Run both jobs; give the code of the second."""
    folder.mkdir()
    runner, jobs = Runner(project, comments, folder), workflow()["jobs"]
    assert runner.job(jobs["preview"]) == 0, runner.log
    code = runner.job(jobs["comment"])
    for secret in runner.secrets:
        assert secret not in runner.log
        assert not any(secret in row["body"] for row in comments.rows)
    return code, runner


def test_a_change_gets_one_comment_that_later_runs_update(project: Project, comments: Comments, tmp_path: Path) -> None:
    code, runner = run(project, comments, tmp_path / "first")
    assert code == 0, runner.log
    own = comments.rows[-1]
    assert own["body"].startswith("<!-- kubewire: dev -->\n")
    assert "pulled" in own["body"]
    assert "comment for dev: created" in runner.log
    was, config = own["body"], project.config
    config["cluster:services"][1]["sources"] = ["10.8.0.0/16", "10.77.0.0/16"]
    project.configure(config)
    code, runner = run(project, comments, tmp_path / "second")
    assert "comment for dev: updated" in runner.log
    assert len(comments.rows) == 121
    assert own["body"] != was


def test_a_change_that_has_no_plan_fails_and_says_so(project: Project, comments: Comments, tmp_path: Path) -> None:
    config = project.config
    wrong = {**config, "cluster:network": {**config["cluster:network"], "serviceCidr": "10.50.0.0/24"}}
    project.configure(wrong)
    try:
        code, runner = run(project, comments, tmp_path / "wrong")
    finally:
        project.configure(config)
    assert code == 2, runner.log
    assert "could not judge" in comments.rows[-1]["body"]


class TestWorkflow:
    def test_no_job_has_both_credentials_and_the_right_to_write(self) -> None:
        content = workflow()
        assert content["permissions"] == {}
        rights = {name: job["permissions"] for name, job in content["jobs"].items()}
        assert rights == {
            "preview": {"contents": "read", "id-token": "write"},
            "comment": {"contents": "read", "pull-requests": "write"},
        }

    def test_it_is_called_for_pull_requests_of_the_repository_alone(self) -> None:
        content = workflow()
        # YAML 1.1 takes `on` for a boolean.
        triggers: Any = content[True]  # type: ignore[index]  # as it says
        assert set(triggers) == {"workflow_call"}
        assert "pull_request_target" not in WORKFLOW.read_text()
        assert content["jobs"]["preview"]["if"] == (
            "github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository"
        )

    def test_nothing_that_a_user_names_gets_into_a_script(self) -> None:
        scripts = [step["run"] for job in workflow()["jobs"].values() for step in job["steps"] if "run" in step]
        assert len(scripts) == 5
        assert not [script for script in scripts if "${{" in script]

    def test_actions_are_pinned_and_leave_no_token_behind(self) -> None:
        steps = [step for job in workflow()["jobs"].values() for step in job["steps"] if "uses" in step]
        assert not [step["uses"] for step in steps if not PINNED.fullmatch(step["uses"])]
        checkouts = [step for step in steps if step["uses"].startswith("actions/checkout@")]
        assert [step["with"]["persist-credentials"] for step in checkouts] == [False, False]

    def test_the_job_that_writes_runs_nothing_of_the_change(self) -> None:
        first = workflow()["jobs"]["comment"]["steps"][0]
        assert first["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"

    def test_every_input_is_used_and_every_one_used_is_there(self) -> None:
        text = WORKFLOW.read_text()
        call = workflow()[True]["workflow_call"]  # type: ignore[index]  # `on`, for YAML 1.1
        for kind in ("inputs", "secrets"):
            assert set(re.findall(rf"{kind}\.([\w-]+)", text)) == set(call[kind])


class TestTemplate:
    @staticmethod
    def parts() -> tuple[Mapping[str, Any], Mapping[str, Job]]:
        head, body = yaml.safe_load_all(TEMPLATE.read_text())
        return head["spec"]["inputs"], body

    def test_every_input_is_used_and_every_one_used_is_there(self) -> None:
        assert set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", TEMPLATE.read_text())) == set(self.parts()[0])

    def test_nothing_that_a_user_names_gets_into_a_script(self) -> None:
        scripts = [line for job in self.parts()[1].values() for line in job.get("script", ())]
        assert len(scripts) == 11
        assert not [line for line in scripts if "$[[" in line]

    def test_it_runs_for_merge_requests_of_the_project_alone(self) -> None:
        base = self.parts()[1][".kubewire"]
        assert base["rules"] == [
            {
                "if": '$CI_PIPELINE_SOURCE == "merge_request_event" && '
                "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID"
            }
        ]

    def test_no_job_has_both_credentials_and_the_right_to_write(self) -> None:
        jobs = {name: job for name, job in self.parts()[1].items() if not name.startswith(".")}
        preview, comment = jobs.values()
        assert ("id_tokens" in preview, "environment" in preview) == (True, False)
        assert ("id_tokens" in comment, comment["environment"]["name"]) == (False, "kubewire-comment")

    def test_its_last_job_posts_what_the_first_wrote(self, tmp_path: Path) -> None:
        job = list(self.parts()[1].values())[-1]
        (tmp_path / ".kubewire-report").mkdir()
        (tmp_path / ".kubewire-report" / "report.md").write_text("Three routes more.")
        (tmp_path / ".kubewire-report" / "code").write_text("1\n")
        with forge(("PRIVATE-TOKEN", TOKEN)) as comments:
            given = {
                "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
                "STACK": "prod",
                "CI_PROJECT_DIR": str(tmp_path),
                "CI_API_V4_URL": comments.address,
                "CI_PROJECT_ID": "12",
                "CI_MERGE_REQUEST_IID": "7",
                "KUBEWIRE_GITLAB_TOKEN": TOKEN,
            }
            lines = [line for line in job["script"] if line.startswith(("kubewire", "exit"))]
            ran = subprocess.run(  # noqa: S603 - the steps under test
                ["bash", "-eo", "pipefail", "-c", "\n".join(lines)],  # noqa: S607 - a runner's own shell
                env=given,
                capture_output=True,
                text=True,
                check=False,
            )
            assert (ran.returncode, ran.stdout) == (1, "comment for prod: created\n"), ran.stderr
            assert "Three routes more." in comments.rows[0]["body"]
            assert TOKEN not in ran.stdout + ran.stderr


def test_what_is_installed_and_the_changes_program_can_ask_for_no_token() -> None:
    runs = [step["run"] for step in workflow()["jobs"]["preview"]["steps"] if "run" in step]
    assert len(runs) == 2
    for name in ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"):
        assert all(re.search(rf"(-u|unset)[^\n]* {name}\b", text) for text in runs)
