"""Manifests to typed arguments: all that is wrong with them is said at once, before anything is asked of anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from kubewire.errors import InvalidInputError
from kubewire.faults import faults
from kubewire.manifests.annotations.reading import Surroundings, read_annotations
from kubewire.manifests.documents import Document
from kubewire.manifests.draft import Draft
from kubewire.manifests.objects import Sorted, files_of, sorted_objects
from kubewire.manifests.overrides import Overrides, ServiceOverride, fields_of, port_fields_of
from kubewire.manifests.shapes import SERVICE, faults_of
from kubewire.manifests.specs import EXTERNAL_NAME, LOAD_BALANCER, read_spec
from kubewire.network.args import ClusterNetworkArgs
from kubewire.services.cluster_ip import ClusterIPServiceArgs
from kubewire.services.common import SelectingArgs
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.node_port import NodePortServiceArgs
from kubewire.services.ports import NodeServicePort, ServicePort
from kubewire.services.together import ServiceDescription

SEVERAL = "the manifests"
ARGS: Mapping[str, type[SelectingArgs]] = {
    "ClusterIP": ClusterIPServiceArgs,
    "NodePort": NodePortServiceArgs,
    "LoadBalancer": LoadBalancerServiceArgs,
}
_ADAPTER: TypeAdapter[ServiceDescription] = TypeAdapter(ServiceDescription)


@dataclass(frozen=True)
class Manifests:
    """What there is in manifests.

    Attributes:
        services: in the order of the files.
        sources: where each of them comes from.
        warnings: what they say and nothing here does.
        namespaces: of which there is a Namespace in the files, in their order.
        others: kinds of the objects that are passed over, to how many there are.
        left_out: Services that an override leaves to others.
    """

    services: tuple[ServiceDescription, ...]
    sources: tuple[Draft, ...]
    warnings: tuple[str, ...]
    namespaces: tuple[str, ...]
    others: Mapping[str, int]
    left_out: tuple[str, ...]

    def said(self) -> str:
        """Say in a line what there was."""
        said = [f"{len(self.services)} Services"]
        if self.left_out:
            said.append(f"left to others: {', '.join(self.left_out)}")
        if self.namespaces:
            said.append(f"Namespaces: {', '.join(self.namespaces)}")
        if self.others:
            counted = ", ".join(f"{kind} {number}" for kind, number in sorted(self.others.items()))
            said.append(f"passed over: {counted}")
        return "; ".join(said)


def read_manifests(
    *paths: str | Path,
    overrides: Overrides | None = None,
    network: ClusterNetworkArgs | None = None,
    adopt: bool = False,
) -> Manifests:
    """Read the Services of manifests.

    Args:
        *paths: files, or folders of them, of YAML or JSON, rendered: what `kubectl apply -f` takes.
        overrides: what the manifests don't say, or what is otherwise.
        network: of the cluster. Lists of a load balancer's addresses have one for each of its zones, in their order;
            its domain has a zone for names.
        adopt: whether these are objects of a cluster whose Services are taken over as they are. Then their
            addresses and node ports stay, and external-dns goes on to read its annotations.

    Raises:
        InvalidInputError: all that is wrong with them.
    """
    files = list(files_of(paths))
    where = str(files[0]) if len(files) == 1 else SEVERAL
    return read_objects(sorted_objects(files), overrides or Overrides(), where, network=network, adopt=adopt)


def read_objects(
    objects: Sorted, overrides: Overrides, where: str, *, network: ClusterNetworkArgs | None = None, adopt: bool = False
) -> Manifests:
    """Read the Services among objects; see `read_manifests`.

    Args:
        objects: they.
        overrides: what they don't say.
        where: where they are from, in errors.
        network: of the cluster.
        adopt: whether they are taken over as they are.
    """
    mistakes = list(objects.mistakes)
    reader = _Reader(overrides, network, adopt=adopt)
    found: dict[str, Draft] = {}
    services: list[ServiceDescription] = []
    left_out = []
    for document in objects.services:
        draft = reader.describe(document)
        first = found.setdefault(draft.label, draft)
        override = overrides.services.get(draft.label, ServiceOverride())
        if first is not draft:
            detail = f"It is in {first.document.place()} too. Remove one, or put it into another namespace."
            draft.refuse((), "there are two Services of this name", detail)
        elif override.leave_out:
            del found[draft.label]
            left_out.append(draft.label)
            continue
        elif not draft.mistakes:
            # Of one with values of wrong kinds nothing more can be said.
            args = reader.validated(draft, override)
            if args is not None:
                services.append(args)
        mistakes += draft.mistakes
    for label in sorted(overrides.services.keys() - found.keys() - set(left_out)):
        detail = f"There are {', '.join(sorted(found)) or 'none at all'}."
        path = f'overrides.services["{label}"]'
        mistakes.append(InvalidInputError("there is no such Service in the manifests", detail=detail, path=path))
    if mistakes:
        raise InvalidInputError.joined(mistakes, where)
    sources = tuple(found.values())
    warnings = tuple(warning for item in sources for warning in item.warnings)
    namespaces = tuple(dict.fromkeys(objects.namespaces))
    return Manifests(tuple(services), sources, warnings, namespaces, Counter(objects.others), tuple(left_out))


class _Reader:
    def __init__(self, overrides: Overrides, network: ClusterNetworkArgs | None, *, adopt: bool) -> None:
        self._overrides = overrides
        self._network = network
        self._adopt = adopt

    def describe(self, document: Document) -> Draft:
        """Name a Service, and check the kinds of its values."""
        metadata = document.value.get("metadata")
        metadata = metadata if isinstance(metadata, Mapping) else {}
        name, namespace = metadata.get("name"), metadata.get("namespace") or self._overrides.namespace
        found = Draft(document, f"{namespace}/{name}" if name else str(namespace))
        found.wire["namespace"] = namespace
        wrong = list(faults_of(document.value, SERVICE))
        for path, fault in wrong:
            found.refuse(path, fault.summary, fault.detail)
        if not name and not wrong:
            detail = "A name that the server makes up is another one each time." if metadata.get("generateName") else ""
            found.refuse(("metadata", "name"), "required, but not given", detail)
        return found

    def validated(self, found: Draft, override: ServiceOverride) -> ServiceDescription | None:
        """Give a Service's arguments; None if there is a mistake in it, which is noted."""
        read_spec(found, keep_addresses=self._adopt)
        said = fields_of(override)
        place = f'overrides.services["{found.label}"]'
        for field in ("type", "loadBalancerClass"):
            # What the annotations mean depends on these.
            if field in said:
                found.say(field, said[field], place)
        scheme = override.scheme or self._overrides.scheme
        without = {*self._overrides.without, *override.without}
        read_annotations(found, Surroundings(scheme, self._network, self._overrides.zones, without, self._adopt))
        for field, value in said.items():
            found.say(field, value, place)
        _override_ports(found, override, place)
        self._default_sources(found)
        if "type" in said:
            _drop_what_it_has_not(found)
        missing = dict(self._missing(found))
        found.mistakes += missing.values()
        try:
            args = _ADAPTER.validate_python(found.wire)
        except ValidationError as error:
            wrong = [fault for fault in faults(error, found.wire) if fault.path not in missing]
            found.mistakes += [found.explained(fault) for fault in wrong]
            return None
        return None if found.mistakes else args

    def _default_sources(self, found: Draft) -> None:
        kind = found.wire["type"]
        default = {"NodePort": self._overrides.node_port_sources, LOAD_BALANCER: self._overrides.sources}.get(kind)
        if default is not None and "sources" not in found.wire:
            field = "sources" if kind == LOAD_BALANCER else "nodePortSources"
            found.say("sources", default, f"overrides.{field}")

    def _missing(self, found: Draft) -> Iterator[tuple[str, InvalidInputError]]:
        """Give the fields of which nobody has said anything."""
        kind = found.wire["type"]
        one = f'overrides.services["{found.label}"]'
        place = found.at(("spec", "type"))
        if kind == LOAD_BALANCER and "scheme" not in found.wire:
            detail = (
                "The AWS Load Balancer Controller would make an internal one, cloud-provider-aws a public one, "
                f"and it isn't clear whose it is. Write `scheme` in {one} or in `overrides`, "
                "or the annotation service.beta.kubernetes.io/aws-load-balancer-scheme."
            )
            yield "scheme", InvalidInputError("it isn't said who reaches the load balancer", detail=detail, path=place)
        if kind in ("NodePort", LOAD_BALANCER) and "sources" not in found.wire:
            field, own = (
                ("sources", " or `spec.loadBalancerSourceRanges`")
                if kind == LOAD_BALANCER
                else ("node_port_sources", "")
            )
            detail = f"Nothing is open by default. Write `sources` in {one}, or `{field}` in `overrides`{own}."
            yield "sources", InvalidInputError("it isn't said who may connect", detail=detail, path=place)


def _override_ports(found: Draft, override: ServiceOverride, place: str) -> None:
    ports: list[dict[str, Any]] = found.wire.get("ports", [])
    known = {str(port[key]): port for port in ports for key in ("port", "name") if key in port}
    for name, changed in override.ports.items():
        if name in known:
            known[name].update(port_fields_of(changed))
        else:
            detail = f"It has {', '.join(known) or 'none'}."
            path = f'{place}.ports["{name}"]'
            found.mistakes.append(InvalidInputError(f"{found.label} has no such port", detail=detail, path=path))


def _drop_what_it_has_not(found: Draft) -> None:
    """Leave out what a Service of another type than its manifest's has no field for."""
    kind = found.wire["type"]
    if kind == EXTERNAL_NAME:
        return
    args = ARGS[kind]
    fields = {field.alias or name for name, field in args.model_fields.items()}
    found.wire = {key: value for key, value in found.wire.items() if key in fields}
    port: type[ServicePort] = ServicePort if args is ClusterIPServiceArgs else NodeServicePort
    inside = {field.alias or name for name, field in port.model_fields.items()}
    found.wire["ports"] = [{key: value for key, value in item.items() if key in inside} for item in found.wire["ports"]]


def place_of(manifests: Manifests, fault: InvalidInputError) -> InvalidInputError:
    """Say of a mistake of several Services together, `services[3].ports[0].nodePort`, where the files have it."""
    head, _, rest = fault.path.partition("]")
    index = head.removeprefix("services[")
    if not index.isdecimal() or int(index) >= len(manifests.sources):
        return fault
    source = manifests.sources[int(index)]
    return source.explained(InvalidInputError(fault.summary, detail=fault.detail, path=rest.removeprefix(".")))
