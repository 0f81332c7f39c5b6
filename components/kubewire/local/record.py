"""cloud.json: what runs, where, and which life of the cloud it is."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.home import write_private
from kubewire.local.ports import LOOPBACK, Ports
from kubewire.local.process import ProcessIdentity


class Part(StrEnum):
    """One process of the embedded cloud, in the order in which they are stopped: users before what they use.

    An API server that outlives its etcd hangs in its own shutdown.
    """

    CONTROLLERS = "kube-controller-manager"
    KUBERNETES = "kube-apiserver"
    ETCD = "etcd"
    AWS = "moto"


class ClusterSettings(BaseModel):
    """What a cluster is started with and can't change later.

    Attributes:
        service_range: addresses of Services.
        service_range6: their IPv6 addresses; with them, the cluster has both families.
        first_node_port: lowest node port.
        last_node_port: highest node port, itself included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    service_range: IPv4Network = IPv4Network("10.96.0.0/16")
    service_range6: IPv6Network | None = None
    first_node_port: int = 30000
    last_node_port: int = 32767


class CloudRecord(BaseModel):
    """What is written down of a cloud.

    Attributes:
        instance: changes whenever a memory was lost, so that a deployment can tell that its cloud has forgotten it.
        programs: directories of the Pulumi engine that it was started with.
        settings: what the cluster was started with.
        ports: where the parts listen.
        parts: the processes, as far as they have been started.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    instance: str
    programs: tuple[Path, ...]
    settings: ClusterSettings
    ports: Ports
    parts: dict[Part, ProcessIdentity] = {}

    @classmethod
    def load(cls, path: Path) -> CloudRecord | None:
        """The record on disk; None where there is none that can be read."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def save(self, path: Path) -> None:
        """Write it, whole or not at all."""
        write_private(path, self.model_dump_json(indent=2).encode())

    def with_part(self, part: Part, identity: ProcessIdentity) -> CloudRecord:
        """The same cloud with one more process, or another in its place."""
        return self.model_copy(update={"parts": {**self.parts, part: identity}})

    def alive(self, part: Part) -> bool:
        """Whether that part's process runs."""
        return part in self.parts and self.parts[part].alive

    def require(self, settings: ClusterSettings | None) -> None:
        """Make sure that the cluster which runs is the one wanted.

        Raises:
            EnvironmentNotReadyError: it was started with other settings, which it can't change.
        """
        if settings is not None and settings != self.settings:
            raise EnvironmentNotReadyError(
                "the embedded cluster runs with other settings",
                detail=f"it has {self.settings}; wanted is {settings}. `kubewire local down` ends it.",
            )

    @property
    def aws_endpoint(self) -> str:
        """Where the AWS emulator answers."""
        return f"http://{LOOPBACK}:{self.ports.aws}"

    @property
    def kubernetes_endpoint(self) -> str:
        """Where the API server answers."""
        return f"https://{LOOPBACK}:{self.ports.kubernetes}"
