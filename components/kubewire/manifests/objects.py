"""What there is in a file: Services, Namespaces, and others, which are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kubewire.errors import InvalidInputError
from kubewire.manifests.documents import Document, documents

TO_BE_BUILT = "kustomize.config.k8s.io/"
SUFFIXES = (".yaml", ".yml", ".json")


@dataclass
class Sorted:
    """The objects of some files.

    Attributes:
        services: in the files' order.
        namespaces: names of the Namespaces that the files would make, in their order.
        others: kinds that are passed over, to how many there are.
        mistakes: documents that are no objects.
    """

    services: list[Document] = field(default_factory=list)
    namespaces: list[str] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    mistakes: list[InvalidInputError] = field(default_factory=list)

    def add(self, document: Document) -> None:
        """Sort an object, or each one in a list of them."""
        value = document.value
        kind = value.get("kind") if isinstance(value, Mapping) else None
        if not isinstance(kind, str):
            detail = "Every document is an object of Kubernetes', with its `apiVersion` and `kind`."
            self._refuse(document, "this is no object of Kubernetes'", detail)
        elif kind.endswith("List") and isinstance(items := value.get("items"), list):
            for index, item in enumerate(items):
                self.add(document.item("items", index) if _has_kind(item) else _of_list(document, index, kind))
        elif str(value.get("apiVersion")).startswith(TO_BE_BUILT):
            detail = "Build it first: `kustomize build FOLDER > shop.yaml`."
            self._refuse(document, "this says what manifests are made of", detail)
        elif kind in ("Service", "Namespace") and not value.get("apiVersion"):
            # Passed over, it would be missing without a word. Knative has Services of another version.
            self._refuse(document, f"this {kind} has no `apiVersion`", "Write `v1`.")
        elif kind == "Service" and value.get("apiVersion") == "v1":
            self.services.append(document)
        elif kind == "Namespace" and value.get("apiVersion") == "v1":
            metadata = value.get("metadata")
            name = metadata.get("name") if isinstance(metadata, Mapping) else None
            if isinstance(name, str):
                self.namespaces.append(name)
            else:
                self._refuse(document, "this Namespace has no name", "Write `metadata.name`.")
        else:
            self.others[kind] += 1

    def _refuse(self, document: Document, summary: str, detail: str) -> None:
        self.mistakes.append(InvalidInputError(summary, detail=detail, path=document.place()))


def _has_kind(item: Any) -> bool:
    return not isinstance(item, Mapping) or "kind" in item


def _of_list(document: Document, index: int, kind: str) -> Document:
    """Give an item of a list whose kind says that of its items: the API server's own lists don't repeat it."""
    item = document.item("items", index)
    own = {"apiVersion": document.value.get("apiVersion"), "kind": kind.removesuffix("List"), **item.value}
    return Document(item.file, item.number, own, item.lines, item.top)


def files_of(paths: Iterable[str | Path]) -> Iterator[Path]:
    """Give the files that paths name: a folder is those in it, as for `kubectl apply -f`.

    Raises:
        InvalidInputError: there is nothing there.
    """
    for path in map(Path, paths):
        if not path.is_dir():
            yield path
            continue
        inside = sorted(item for item in path.iterdir() if item.suffix in SUFFIXES and item.is_file())
        if not inside:
            detail = f"A folder's files end in {', '.join(SUFFIXES)}. Folders in it are not looked into."
            raise InvalidInputError("there is no manifest in this folder", detail=detail, path=str(path))
        yield from inside


def sorted_objects(files: Sequence[Path]) -> Sorted:
    """Read files and sort what is in them; what is wrong with one is no reason not to read the others."""
    found = Sorted()
    for file in files:
        try:
            text = file.read_text(encoding="utf-8-sig")
            for document in documents(text, str(file)):
                found.add(document)
        except UnicodeDecodeError:
            found.mistakes.append(InvalidInputError("it is no text", path=str(file)))
        except OSError as error:
            found.mistakes.append(InvalidInputError(f"it can't be read: {error.strerror}", path=str(file)))
        except InvalidInputError as error:
            found.mistakes.append(error)
    return found
