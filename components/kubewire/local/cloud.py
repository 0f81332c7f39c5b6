"""The embedded cloud as a whole.

Tests and other programs use it like this:

    cloud = Cloud.up(tmp_path / "home")         # or Cloud.running(home); None if it isn't
    subprocess.run(["pulumi", "up", "--yes"], env=cloud.environment())
    boto3.client("ec2", endpoint_url=cloud.aws_endpoint, ...)
    lightkube.Client(KubeConfig.from_file(cloud.kubeconfig).get())
    cloud.down()

or as a context manager, `with Cloud.up(home) as cloud:`, which ends it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from kubewire.local.environment import Endpoints, Exports, exports, without_clouds
from kubewire.local.home import Home
from kubewire.local.locks import locked
from kubewire.local.progress import Progress
from kubewire.local.record import CloudRecord, ClusterSettings, Part
from kubewire.local.showing import show_progress
from kubewire.local.supervisor import Supervisor

_BUSY = "Waiting for another kubewire that starts or stops this cloud"


@dataclass(frozen=True)
class Cloud:
    """An embedded cloud that was running when this was made.

    Attributes:
        home: its directory.
        record: what is known of it.
        was_running: whether it ran before it was asked for.
    """

    home: Home
    record: CloudRecord
    was_running: bool = True

    @classmethod
    def up(
        cls,
        home: Home | Path | None = None,
        *,
        settings: ClusterSettings | None = None,
        progress: Progress | None = None,
    ) -> Cloud:
        """Start the cloud, or what of it has died, and return when all of it serves.

        Everything that it takes is made first: engine and Kubernetes are found, downloaded or built.

        Args:
            home: where it keeps everything; the user's own if not given.
            settings: what its cluster is started with; the running one's, or the defaults, if not given.
            progress: where it is shown; stderr if not given.

        Raises:
            EnvironmentNotReadyError: a part can't be made or started. Nothing that was started here is left running.
        """
        place = _home(home)
        show = progress or show_progress()
        place.prepare()
        with locked(place.lock, _BUSY, show):
            record = CloudRecord.load(place.record)
            if record is not None and all(record.alive(part) for part in Part):
                record.require(settings)
                return cls(place, record)
            from kubewire.local.start import start  # noqa: PLC0415 - a cloud that runs needs none of it

            return cls(place, start(place, record, settings, show), was_running=False)

    @classmethod
    def running(cls, home: Home | Path | None = None) -> Cloud | None:
        """The cloud of this home if all of its parts run."""
        place = _home(home)
        record = CloudRecord.load(place.record)
        return cls(place, record) if record and all(record.alive(part) for part in Part) else None

    @staticmethod
    def stop(home: Home | Path | None = None, *, progress: Progress | None = None) -> bool:
        """Stop the cloud of this home, whatever of it runs, and remove what was its own. State and plugins stay.

        Args:
            home: its directory; the user's own if not given.
            progress: where it is shown; stderr if not given.

        Returns:
            Whether there was one.
        """
        place = _home(home)
        if not place.root.is_dir():
            return False
        show = progress or show_progress()
        with locked(place.lock, _BUSY, show):
            record = CloudRecord.load(place.record)
            if record is None:
                return False
            with show.step("Stopping the embedded cloud"):
                Supervisor(place, record).stop()
                place.forget_cloud()
            return True

    def down(self) -> None:
        """Stop this cloud; nothing happens if it has been stopped."""
        self.stop(self.home)

    @property
    def aws_endpoint(self) -> str:
        """The AWS emulator's address, as for AWS_ENDPOINT_URL."""
        return self.record.aws_endpoint

    @property
    def kubernetes_endpoint(self) -> str:
        """The API server's address."""
        return self.record.kubernetes_endpoint

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig."""
        return self.home.kubeconfig

    @property
    def instance(self) -> str:
        """Which life of the cloud this is: another one after anything of it was forgotten."""
        return self.record.instance

    def exports(self, base: Mapping[str, str], region: str | None = None) -> Exports:
        """What changes in an environment to use this cloud; the user's backend, passphrase and region in it win.

        Args:
            base: the environment.
            region: AWS's, for a person's shell; stacks say their own.
        """
        programs = self.record.programs
        return exports(Endpoints(home=self.home, aws=self.aws_endpoint, programs=programs, region=region), base)

    def environment(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """A whole environment in which `pulumi`, boto3 and kubectl use this cloud.

        Args:
            base: an environment whose own settings are respected, such as `os.environ`. If not given, this process's
                without any setting for Pulumi, AWS or Kubernetes, so that the result depends on this cloud alone.
        """
        chosen = without_clouds(os.environ) if base is None else base
        return self.exports(chosen).applied_to(chosen)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()


def _home(home: Home | Path | None) -> Home:
    if home is None:
        return Home.locate()
    return home if isinstance(home, Home) else Home(home.resolve())
