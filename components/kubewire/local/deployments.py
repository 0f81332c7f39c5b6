"""Which life of the embedded cloud each stack was last deployed on."""

from __future__ import annotations

from pathlib import Path

from pydantic import RootModel, ValidationError

from kubewire.local.home import write_private


class Deployments(RootModel[dict[str, str]]):
    """Instances by stack. A stack whose instance is not the running one has a state that describes nothing."""

    @classmethod
    def load(cls, path: Path) -> Deployments:
        """What is written down; nothing where that can't be read, which costs a refresh at most."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return cls({})

    def remember(self, stack: str, instance: str, path: Path) -> None:
        """Write down where a stack is deployed now."""
        write_private(path, Deployments({**self.root, stack: instance}).model_dump_json(indent=2).encode())

    def forget(self, stack: str, path: Path) -> None:
        """Write down that a stack is deployed nowhere."""
        rest = {name: instance for name, instance in self.root.items() if name != stack}
        write_private(path, Deployments(rest).model_dump_json(indent=2).encode())

    def of(self, stack: str) -> str | None:
        """The instance that a stack was last deployed on."""
        return self.root.get(stack)

    def stale(self, instance: str) -> list[str]:
        """The stacks that were deployed on a cloud that is gone."""
        return sorted(stack for stack, deployed in self.root.items() if deployed != instance)
