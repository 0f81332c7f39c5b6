"""Names for ids: AWS answers ids alone, and the names that people gave them are in the last inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kubewire.model import Ref


def named(object_id: str, *known: Ref | None) -> Ref:
    """Give a reference its known name, or its id for one."""
    name = next((ref.name for ref in known if ref and ref.id == object_id), object_id)
    return Ref(name=name, id=object_id)


def named_set(object_ids: Iterable[str], known: Mapping[str, str] | None) -> dict[str, str]:
    """Give a set of ids as names to ids."""
    names = {object_id: name for name, object_id in (known or {}).items()}
    return {names.get(object_id, object_id): object_id for object_id in object_ids}
