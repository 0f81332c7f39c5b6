"""What Services are called and marked with."""

from __future__ import annotations

from tests.integration.services.reasons import FORGOTTEN, OLDER_SERVERS
from tests.integration.services.rows import Row, about, selecting

NAMES: dict[str, Row] = {
    "name": about(name="frontend"),
    "name of one letter": about(name="a"),
    "name with digits and hyphens": about(name="a-1--b2"),
    "name of 63": about(name="a" * 63),
    "name of 64": about(name="a" * 64),
    "name with a digit first": about(name="1web", stricter=OLDER_SERVERS),
    "name of a digit": about(name="9", stricter=OLDER_SERVERS),
    "name with a dot": about(name="web.a"),
    "name with an underscore": about(name="web_a"),
    "name in upper case": about(name="Web"),
    "name with a hyphen first": about(name="-a"),
    "name with a hyphen last": about(name="a-"),
}

LABELS: dict[str, Row] = {
    "label": about(labels={"app": "web", "App_2": "A.b_c-1", "empty": ""}),
    "label with a domain": about(labels={"app.kubernetes.io/name": "web"}),
    "label, value of 63": about(labels={"a": "x" * 63}),
    "label, value of 64": about(labels={"a": "x" * 64}),
    "label, value with a space": about(labels={"a": "two words"}),
    "label, value that is a hyphen": about(labels={"a": "-"}),
    "label, value that ends in a dot": about(labels={"a": "x."}),
    "label, key of 63": about(labels={"a" * 63: ""}),
    "label, key of 64": about(labels={"a" * 64: ""}),
    "label, key with a hyphen first": about(labels={"-a": ""}),
    "label, key without a name": about(labels={"a/": ""}),
    "label, key without its domain": about(labels={"/b": ""}),
    "label, key with two slashes": about(labels={"a/b/c": ""}),
    "label, key with an upper-case domain": about(labels={"A.b/c": "x"}),
    "label, key with a domain of 253 in one label": about(labels={"a" * 253 + "/b": ""}),
    "label, key with a domain of 254": about(labels={"a" * 254 + "/b": ""}),
    "label, empty key": about(labels={"": "x"}),
    "annotation": about(annotations={"example.com/team": "any thing, at all\n"}),
    "annotation with an upper-case domain": about(annotations={"A.B/c": "x"}),
    "annotation, key with a hyphen first": about(annotations={"-a": ""}),
    "annotation, key without a name": about(annotations={"a/": ""}),
    "annotation, key of 64": about(annotations={"a" * 64: ""}),
    "annotations of 256 KiB": about(annotations={"a": "x" * (256 * 1024 - 40)}),
    "annotations above 256 KiB": about(annotations={"a": "x" * (256 * 1024)}),
    "selector": selecting({"app.kubernetes.io/name": "web", "tier": ""}),
    "selector, key that is none": selecting({"-app": "x"}),
    "selector, value that is none": selecting({"app": "two words"}),
    "selector that is empty": selecting({}, stricter=FORGOTTEN),
}
