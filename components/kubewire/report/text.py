"""A review in plain lines, for a pipe."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.prover.verdict import Broken
from kubewire.report.escaping import plain
from kubewire.report.markdown import TITLES
from kubewire.report.rendering import counts, fields, resources, route
from kubewire.report.review import ClusterReview, ExposureState, Review


def text(review: Review) -> str:
    """Write it, verdict first."""
    return "\n".join(plain(line) for line in _lines(review)) + "\n"


def _lines(review: Review) -> Iterator[str]:
    yield review.headline
    yield from (f"  {reason}" for reason in review.reasons)
    for cluster in review.clusters:
        yield from ("", f"Network {cluster.name}: {counts(cluster) or 'it goes'}")
        yield from _reach(cluster)
        yield from _broken(cluster)
    yield from ("", f"Resources: {resources(review)}")
    for change in review.changes:
        yield f"  {change.verb:8} {change}" + (f": {fields(change)}" if change.fields else "")
    if review.forecast.sentence:
        yield from ("", review.forecast.sentence)
    if review.forecast.quotas:
        yield from ("", "Quotas")
        yield from (f"  {one.what}: {one.used} of {one.most} ({one.origin})" for one in review.forecast.quotas)
    if review.unused:
        yield from ("", f"Entries of {review.policy} that allow nothing of this change")
        yield from (f"  {entry}" for entry in review.unused)


def _reach(cluster: ClusterReview) -> Iterator[str]:
    for turn, title in TITLES.items():
        lines = [line for line in cluster.lines if line.turn is turn]
        if lines:
            yield f"  {title}"
            yield from (f"    {line.text}" for line in lines)
    if not cluster.lines:
        yield "  Nothing becomes reachable or unreachable"
    if cluster.caveats:
        yield "  There may be more, by what isn't known"
        yield from (f"    {caveat}" for caveat in cluster.caveats)
    if cluster.exposures:
        yield "  New exposures"
    for one in cluster.exposures:
        state = one.state if one.state is not ExposureState.NO_POLICY else "no policy"
        yield f"    {state:9}  {one.text}: {one.sentence}"


def _broken(cluster: ClusterReview) -> Iterator[str]:
    for proof in cluster.properties:
        if isinstance(proof.verdict, Broken):
            yield f"  {proof.number}. {proof.title}: broken. What users see: {proof.otherwise}"
            for witness in proof.verdict.witnesses:
                yield f"    {witness.summary}"
                yield from (f"      {line}" for line in route(witness))
