"""A review as JUnit's XML, one test case a property: https://github.com/testmoapp/junitxml."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from kubewire.prover.verdict import Broken, NotProven
from kubewire.report.escaping import plain
from kubewire.report.rendering import few, route
from kubewire.report.review import ClusterReview, ExposureState, Review


def junit(review: Review) -> str:
    """Write it: what is broken fails, what isn't proven is skipped, or fails where the review is strict."""
    root = ET.Element("testsuites", name="kubewire")
    for cluster in review.clusters:
        suite = ET.SubElement(root, "testsuite", name=f"kubewire {plain(cluster.name)}")
        _properties(suite, cluster, strict=review.strict)
        _exposures(suite, cluster)
        _count(suite)
    _count(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _properties(suite: ET.Element, cluster: ClusterReview, *, strict: bool) -> None:
    for proof in cluster.properties:
        case = ET.SubElement(suite, "testcase", classname=suite.get("name", ""), name=f"{proof.number}. {proof.title}")
        match proof.verdict:
            case Broken(witnesses=witnesses, count=count):
                failure = ET.SubElement(case, "failure", message=plain(witnesses[0].summary), type="broken")
                lines = [line for witness in witnesses for line in (witness.summary, *route(witness))]
                more = [f"and {count - len(witnesses)} more like these"] if count > len(witnesses) else []
                failure.text = plain("\n".join([f"What users see: {proof.otherwise}.", *lines, *more]))
            case NotProven(unknowns=unknowns):
                said = plain(f"not proven: it depends on {few(unknowns)}")
                if strict:
                    ET.SubElement(case, "failure", message=said, type="not proven")
                else:
                    ET.SubElement(case, "skipped", message=said)


def _exposures(suite: ET.Element, cluster: ClusterReview) -> None:
    for one in cluster.exposures:
        case = ET.SubElement(suite, "testcase", classname=suite.get("name", ""), name=plain(f"exposure: {one.text}"))
        if one.state in (ExposureState.DENIED, ExposureState.EXPIRED):
            ET.SubElement(case, "failure", message=plain(one.sentence), type=one.state)
        elif one.state is ExposureState.NO_POLICY:
            ET.SubElement(case, "skipped", message=plain(one.sentence))


def _count(element: ET.Element) -> None:
    for name, path in (("tests", ".//testcase"), ("failures", ".//failure"), ("skipped", ".//skipped")):
        element.set(name, str(len(element.findall(path))))
