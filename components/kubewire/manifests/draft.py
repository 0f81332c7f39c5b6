"""One Service on its way from an object of Kubernetes' to typed arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kubewire.errors import InvalidInputError
from kubewire.manifests.documents import Document, Path

ANNOTATIONS = ("metadata", "annotations")
_METADATA = ("name", "namespace", "labels", "annotations")
_SPEC = (
    "type",
    "selector",
    "ports",
    "clusterIP",
    "ipFamilies",
    "ipFamilyPolicy",
    "sessionAffinity",
    "internalTrafficPolicy",
    "externalTrafficPolicy",
    "trafficDistribution",
    "publishNotReadyAddresses",
    "externalName",
    "loadBalancerClass",
    "allocateLoadBalancerNodePorts",
    "healthCheckNodePort",
)


def written(path: Path) -> str:
    """Write a path as Kubernetes does: `spec.ports[0].port`, `metadata.annotations["example.com/team"]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif "/" in part or "." in part:
            text += f'["{part}"]'
        else:
            text += f".{part}" if text else part
    return text


def texts(given: Mapping[str, str | None] | None) -> dict[str, str]:
    """Give a mapping of texts as the API server reads it: a null in it is an empty text."""
    return {key: value or "" for key, value in (given or {}).items()}


@dataclass
class Draft:
    """A Service, as far as it is understood.

    Attributes:
        document: its object.
        label: `namespace/name`, as its errors say.
        wire: its description, in wire form; a value may be a typed one.
        origins: where a field of the description comes from, if not from the field of the same name: a path in the
            object, or words.
        mistakes: all that is wrong with it.
        warnings: all that it says and that nothing here does.
    """

    document: Document
    label: str
    wire: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Path | str] = field(default_factory=dict)
    mistakes: list[InvalidInputError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def metadata(self) -> Mapping[str, Any]:
        """Give its object's metadata."""
        return self._section("metadata")

    @property
    def spec(self) -> Mapping[str, Any]:
        """Give its object's spec."""
        return self._section("spec")

    @property
    def annotations(self) -> Mapping[str, str]:
        """Give its object's annotations."""
        return texts(self.metadata.get("annotations"))

    def say(self, field: str, value: Any, origin: Path | str) -> None:
        """Give a field of the description its value.

        Args:
            field: its wire name.
            value: what it is.
            origin: where that comes from.
        """
        self.wire[field] = value
        self.origins[field] = origin

    def part(self, field: str, key: str, value: Any, origin: Path | str) -> None:
        """Give one key of a field that is a mapping its value."""
        self.say(field, {**self.wire.get(field, {}), key: value}, origin)

    def refuse(self, path: Path, summary: str, detail: str = "") -> None:
        """Note a mistake at a path of the object."""
        self.mistakes.append(InvalidInputError(summary, detail=detail, path=self.at(path)))

    def warn(self, path: Path, text: str) -> None:
        """Note what nothing here does of what stands at a path of the object."""
        self.warnings.append(f"{self.at(path)}: {text}")

    def at(self, path: Path) -> str:
        """Name a place in the object: `shop.yaml:12: shop/web: spec.ports[0].port`."""
        return ": ".join(part for part in (self.document.place(path), self.label, written(path)) if part)

    def explained(self, fault: InvalidInputError) -> InvalidInputError:
        """Say of a mistake in the description where the file has it."""
        head = fault.path.partition(".")[0].partition("[")[0]
        origin = self.origins.get(head)
        if isinstance(origin, str):
            place = f"{self.document.place()}: {self.label}: {origin}: {fault.path}"
        elif origin is not None:
            place = self.at(origin)
        else:
            section = ("metadata",) if head in _METADATA else ("spec",) if head in _SPEC else ()
            prefix = f"{section[0]}." if section else ""
            line = self.document.place((*section, *_parts(fault.path)))
            place = f"{line}: {self.label}: {prefix}{fault.path}"
        return InvalidInputError(fault.summary, detail=fault.detail, path=place)

    def _section(self, name: str) -> Mapping[str, Any]:
        found = self.document.value.get(name)
        return found if isinstance(found, Mapping) else {}


def _parts(path: str) -> Path:
    """Take a path of names and indices apart; what is in quotes ends it, the line of what is around is near enough."""
    items = path.partition('["')[0].replace("[", ".").replace("]", "").split(".")
    return tuple(int(item) if item.isdecimal() else item for item in items if item)
