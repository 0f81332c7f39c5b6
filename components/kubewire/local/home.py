"""The directory in which one embedded cloud keeps everything that is its own."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "KUBEWIRE_HOME"
_PRIVATE_FILE = 0o600
_PRIVATE_DIRECTORY = 0o700


def find_checkout(start: Path | None = None) -> Path:
    """The project whose cloud is meant: the nearest folder upwards that has a Pulumi.yaml, else the start itself."""
    here = (start or Path.cwd()).resolve()
    return next((folder for folder in (here, *here.parents) if (folder / "Pulumi.yaml").is_file()), here)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all.

    Created with its mode rather than changed afterwards: there is no moment at which others could open it.
    """
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    beside.replace(path)


@dataclass(frozen=True)
class Home:
    """Paths of one embedded cloud.

    Attributes:
        root: the directory itself; private to its owner, so that everything below it is.
    """

    root: Path

    @classmethod
    def locate(cls) -> Home:
        """The home that the user means: KUBEWIRE_HOME, else `.kubewire` in the checkout."""
        named = os.environ.get(HOME_VARIABLE)
        return cls(Path(named).expanduser().resolve() if named else find_checkout() / ".kubewire")

    @property
    def lock(self) -> Path:
        """Held while the cloud is being started or stopped."""
        return self.root / "lock"

    @property
    def record(self) -> Path:
        """What runs: endpoints and processes."""
        return self.root / "cloud.json"

    @property
    def ports(self) -> Path:
        """Ports of the last cloud, which the next one takes again if it can."""
        return self.root / "ports.json"

    @property
    def deployed(self) -> Path:
        """Which cloud each stack was last deployed on."""
        return self.root / "deployed.json"

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig."""
        return self.root / "kubeconfig"

    @property
    def runtime(self) -> Path:
        """What ends with the cloud: its certificates, its tokens and etcd's data."""
        return self.root / "runtime"

    @property
    def logs(self) -> Path:
        """Standard output and error of every part; kept until the next start."""
        return self.root / "logs"

    @property
    def pulumi_home(self) -> Path:
        """PULUMI_HOME: plugins and credentials of this environment, never the user's own."""
        return self.root / "pulumi-home"

    @property
    def state(self) -> Path:
        """The file backend; outlives the cloud, as any backend does."""
        return self.root / "state"

    @property
    def backend(self) -> str:
        """The file backend as Pulumi calls it.

        Without the file of metadata that gocloud would put beside each checkpoint: it isn't written in one piece, so an
        engine killed at the wrong moment would leave an empty one, and no run could read the checkpoint again.
        """
        return f"{self.state.resolve().as_uri()}?metadata=skip"

    def prepare(self) -> None:
        """Create the directories; private even where the root existed with a wider mode."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(_PRIVATE_DIRECTORY)
        for directory in (self.runtime, self.logs, self.pulumi_home, self.state):
            directory.mkdir(mode=_PRIVATE_DIRECTORY, exist_ok=True)

    def forget_cloud(self) -> None:
        """Remove all that described or belonged to a cloud that no longer runs."""
        shutil.rmtree(self.runtime, ignore_errors=True)
        self.kubeconfig.unlink(missing_ok=True)
        self.record.unlink(missing_ok=True)
