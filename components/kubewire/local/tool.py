"""The programs that are built from Go modules, pinned in `tools/`, and what identifies a build of them."""

from __future__ import annotations

import hashlib
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from kubewire.errors import EnvironmentNotReadyError

PULUMI_VERSION = "3.259.0"
KUBERNETES_VERSION = "1.36.3"

_STRIPPED = ("-s", "-w")


@dataclass(frozen=True)
class GoProgram:
    """A main package of a pinned module.

    Attributes:
        module: the folder in `tools/` whose go.mod and go.sum pin it.
        package: what to build.
        binary: what to call it.
        stamps: variables set by the linker, such as the version; `go install` of a release would set them too.
    """

    module: str
    package: str
    binary: str
    stamps: tuple[tuple[str, str], ...] = ()

    @property
    def linker_flags(self) -> str:
        """For `go build -ldflags`."""
        return " ".join((*_STRIPPED, *(f"-X {name}={value}" for name, value in self.stamps)))


@dataclass(frozen=True)
class GoFile:
    """A file that some pinned module carries and a program wants beside itself.

    Attributes:
        module: the folder in `tools/` that pins the module.
        carrier: the module that has the file.
        path: the file in it.
    """

    module: str
    carrier: str
    path: str


@dataclass(frozen=True)
class Tool:
    """What is built together and lies in one directory.

    Attributes:
        name: names the directory in the cache.
        title: names it to the user.
        programs: what is built.
        files: what is copied beside them, executable.
    """

    name: str
    title: str
    programs: tuple[GoProgram, ...]
    files: tuple[GoFile, ...] = ()

    def key(self, tools: Path) -> str:
        """What identifies a build: every input of it, and the platform.

        The version of Go is not among them: a program must not depend on it, and a Go that was updated would otherwise
        cost every user a rebuild.
        """
        digest = hashlib.sha256(f"{self!r} {sys.platform} {platform.machine()}".encode())
        for module in sorted({program.module for program in self.programs} | {file.module for file in self.files}):
            for path in sorted((tools / module).iterdir()):
                if path.suffix in {".go", ".mod", ".sum"}:
                    content = hashlib.sha256(path.read_bytes()).hexdigest()
                    digest.update(f"\n{module}/{path.name} {content}".encode())
        return digest.hexdigest()[:16]


ENGINE = Tool(
    name="pulumi",
    title="the Pulumi engine",
    programs=(
        GoProgram(
            module="engine",
            package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
            binary="pulumi",
            stamps=(("github.com/pulumi/pulumi/sdk/v3/go/common/version.Version", PULUMI_VERSION),),
        ),
        # The engine's own language host is a module that registries don't serve; this is the last one of the SDK's.
        GoProgram(
            module="language-python",
            package="github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
            binary="pulumi-language-python",
        ),
    ),
    # The script that runs a program must fit the SDK of today, so it is the newer module's.
    files=(
        GoFile(
            module="engine",
            carrier="github.com/pulumi/pulumi/sdk/v3",
            path="python/cmd/pulumi-language-python-exec",
        ),
    ),
)

_MAJOR, _MINOR, _PATCH = KUBERNETES_VERSION.split(".")

KUBERNETES = Tool(
    name="kubernetes",
    title="the Kubernetes API server",
    programs=(
        GoProgram(
            module="kubelab",
            package=".",
            binary="kubelab",
            # Unstamped, it calls itself v0.0.0-master+$Format:%H$, which clients can't parse.
            stamps=(
                ("k8s.io/component-base/version.gitVersion", f"v{KUBERNETES_VERSION}"),
                ("k8s.io/component-base/version.gitMajor", _MAJOR),
                ("k8s.io/component-base/version.gitMinor", _MINOR),
                ("k8s.io/client-go/pkg/version.gitVersion", f"v{KUBERNETES_VERSION}"),
            ),
        ),
    ),
)


def tools_directory() -> Path:
    """The checkout's `tools/`.

    Raises:
        EnvironmentNotReadyError: kubewire was not installed from a checkout.
    """
    directory = Path(__file__).resolve().parents[3] / "tools"
    if not directory.is_dir():
        raise EnvironmentNotReadyError(
            "the embedded cloud needs a checkout of kubewire",
            detail=f"its pinned Go modules are not at {directory}. Clone the repository and run `make up` there.",
        )
    return directory
