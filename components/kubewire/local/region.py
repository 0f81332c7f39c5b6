"""The region that a person means who asks about the embedded cloud without saying one."""

from __future__ import annotations

from pathlib import Path

DEFAULT = "eu-west-1"
"""The dev stack's as it is written in kubewire's checkout. The emulator has every region."""
KEY = "kubewire:region"


def region_of(checkout: Path, stack: str = "dev") -> str:
    """Give a stack's region, the default where its file isn't there or says none.

    Args:
        checkout: the project's folder, with Pulumi.yaml.
        stack: which one; `make up` deploys `dev`.
    """
    folder = _read(checkout / "Pulumi.yaml").get("stackConfigDir") or "."
    config = _read(checkout / str(folder) / f"Pulumi.{stack}.yaml").get("config")
    region = config.get(KEY) if isinstance(config, dict) else None
    return region if isinstance(region, str) and region else DEFAULT


def _read(file: Path) -> dict[str, object]:
    import yaml  # noqa: PLC0415 - only where it is used

    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return content if isinstance(content, dict) else {}
