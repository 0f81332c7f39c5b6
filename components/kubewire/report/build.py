"""Start here: a review of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kubewire.prover.difference.delta import Turn
from kubewire.prover.difference.difference import Difference, compared, networks
from kubewire.prover.difference.flows import Flow
from kubewire.prover.difference.naming import members, traffic
from kubewire.prover.facts.facts import Facts
from kubewire.prover.properties import PROPERTIES
from kubewire.prover.prove import Proof, prove
from kubewire.prover.verdict import Broken, NotProven
from kubewire.report.changes import Change, Verb, changes
from kubewire.report.exposures import Exposure, exposures, unused
from kubewire.report.forecast import forecast
from kubewire.report.policy import Allow, Policy
from kubewire.report.review import (
    ClusterReview,
    Conclusion,
    ExposureLine,
    ExposureState,
    Line,
    Review,
)


@dataclass(frozen=True)
class Asked:
    """What a review is made of.

    Attributes:
        plan: the text that the engine printed.
        before: the network as it is; None for nothing.
        after: as it will be.
        stack: its name, empty where it isn't known.
        policy: what is allowed; None where nobody wrote it down.
        policy_file: where that is written.
        today: entries that expired before count for nothing.
        strict: whether what is not proven fails as well.
    """

    plan: str
    before: Facts | None
    after: Facts
    stack: str
    policy: Policy | None
    policy_file: str
    today: date
    strict: bool


@dataclass(frozen=True)
class Reviewed:
    """A review, and what it is about: the map of the network is drawn from that.

    Attributes:
        review: what is said.
        differences: what changes, cluster by cluster.
    """

    review: Review
    differences: tuple[Difference, ...]


def review(asked: Asked) -> Reviewed:
    """Prove both networks, compare them, and judge."""
    found = compared(networks(asked.before) if asked.before else {}, networks(asked.after))
    policy = asked.policy or Policy()
    judged = {one.cluster: exposures(one, policy, asked.today) for one in found}
    proofs = prove(asked.after)
    was = _broken_before(asked.before, proofs)
    clusters = tuple(_cluster(one, judged[one.cluster], proofs, was, asked) for one in found)
    resources = changes(asked.plan)
    reasons = tuple(_reasons(clusters, strict=asked.strict))
    extra = [exposure for several in judged.values() for exposure in several]
    whole = Review(
        stack=asked.stack,
        day=asked.today,
        conclusion=Conclusion.REFUSED if reasons else Conclusion.FINE,
        reasons=reasons,
        headline=_headline(clusters, resources, refused=bool(reasons)),
        strict=asked.strict,
        clusters=clusters,
        counts=_counts(resources),
        changes=tuple(resources),
        forecast=forecast(asked.plan),
        policy=asked.policy_file if asked.policy else "",
        unused=tuple(str(entry) for entry in unused(extra, policy)),
    )
    return Reviewed(whole, tuple(found))


def _broken_before(before: Facts | None, proofs: Sequence[Proof]) -> dict[str, set[int]]:
    """Give what was broken before of what is now, by cluster."""
    numbers = {proof.number for proof in proofs if isinstance(proof.verdict, Broken)}
    if before is None or not numbers:
        return {}
    return _broken(prove(before, [one for one in PROPERTIES if one.number in numbers]))


def _broken(proofs: Sequence[Proof]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for proof in proofs:
        if isinstance(proof.verdict, Broken):
            found.setdefault(proof.cluster, set()).add(proof.number)
    return found


def _cluster(
    found: Difference, judged: Sequence[Exposure], proofs: Sequence[Proof], was: Mapping[str, set[int]], asked: Asked
) -> ClusterReview:
    own = tuple(proof for proof in proofs if proof.cluster == found.cluster)
    now = _broken(own).get(found.cluster, set())
    return ClusterReview(
        name=found.cluster,
        new=found.new,
        gone=found.gone,
        properties=own,
        newly_broken=tuple(sorted(now - was.get(found.cluster, set()))),
        lines=tuple(_line(found, flow) for flow in found.flows),
        caveats=found.caveats,
        exposures=tuple(_exposure(found, one, asked) for one in judged),
    )


def _line(found: Difference, flow: Flow) -> Line:
    text = found.words.line(flow.source, flow.destination, flow.kinds)
    return Line(
        turn=flow.turn,
        text=text,
        source=members(flow.source),
        destination=members(flow.destination),
        traffic=traffic(flow.kinds),
        unknowns=tuple(sorted(flow.unknowns)),
        witness=flow.witness().model_copy(update={"summary": text}),
    )


def _exposure(found: Difference, one: Exposure, asked: Asked) -> ExposureLine:
    def said(flow: Flow) -> str:
        return found.words.line(flow.source, flow.destination, flow.kinds)

    state, sentence = _judgement(one, asked)
    left = tuple(said(part) for part in one.left)
    return ExposureLine(
        state=state,
        text=said(one.flow),
        left=left if state is not ExposureState.NO_POLICY else (),
        sentence=sentence,
        not_known=one.flow.turn is Turn.UNSURE,
    )


def _judgement(one: Exposure, asked: Asked) -> tuple[ExposureState, str]:
    if asked.policy is None:
        return ExposureState.NO_POLICY, "no policy says whether this is wanted"
    if not one.left:
        return ExposureState.ALLOWED, "; ".join(_because(entry) for entry in one.allowed_by)
    if one.expired:
        entry = one.expired[0]
        return ExposureState.EXPIRED, f"the entry for {entry} ({entry.reason}) expired on {entry.expires}"
    return ExposureState.DENIED, f"no entry of {asked.policy_file} allows it"


def _because(entry: Allow) -> str:
    return f"{entry.reason} (until {entry.expires})"


def _reasons(clusters: Sequence[ClusterReview], *, strict: bool) -> Iterator[str]:
    for cluster in clusters:
        for proof in cluster.properties:
            if isinstance(proof.verdict, Broken) or (strict and isinstance(proof.verdict, NotProven)):
                yield f"{cluster.name}: property {proof.number} is {proof.verdict.verdict}: {proof.title}"
        for one in cluster.exposures:
            if one.state in (ExposureState.DENIED, ExposureState.EXPIRED):
                kind = "may be newly exposed" if one.not_known else "is newly exposed"
                yield f"{cluster.name}: {one.text} {kind}, and {one.sentence}"


def _headline(clusters: Sequence[ClusterReview], resources: Sequence[Change], *, refused: bool) -> str:
    said = Counter(proof.verdict.verdict for cluster in clusters for proof in cluster.properties)
    turns = Counter(line.turn for cluster in clusters for line in cluster.lines)
    denied = sum(
        one.state in (ExposureState.DENIED, ExposureState.EXPIRED) for cluster in clusters for one in cluster.exposures
    )
    parts = [
        f"{said['broken']} broken" if said["broken"] else "nothing is broken",
        *([_many(denied, "exposure that nobody allowed", "exposures that nobody allowed")] if denied else []),
        *([f"{said['not proven']} not proven"] if said["not proven"] else []),
        f"{said['holds']} hold",
        *(f"{turns[turn]} {turn}" for turn in Turn if turns[turn]),
        *([] if turns else ["reachability stays as it is"]),
        _many(len(resources), "resource changes", "resources change"),
    ]
    return f"{'Refused' if refused else 'Fine'}: {', '.join(parts)}"


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _counts(resources: Sequence[Change]) -> dict[Verb, int]:
    found = Counter(change.verb for change in resources)
    return {verb: found[verb] for verb in Verb if found[verb]}
