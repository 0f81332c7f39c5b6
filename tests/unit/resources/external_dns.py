"""How external-dns names and reads marks, as its own code does: registry/mapper and endpoint/labels of v0.22.

https://github.com/kubernetes-sigs/external-dns/blob/master/registry/mapper/mapper.go
https://github.com/kubernetes-sigs/external-dns/blob/master/endpoint/labels.go
"""

from __future__ import annotations

from dataclasses import dataclass

TEMPLATE = "%{record_type}"
SUPPORTED = ("A", "AAAA", "CNAME", "NS", "MX", "PTR", "SRV", "NAPTR", "TXT", "DNAME")


@dataclass(frozen=True)
class Mapper:
    """`AffixNameMapper` with a prefix, as `--txt-prefix` and `--txt-wildcard-replacement` make it."""

    prefix: str = ""
    wildcard: str = ""

    def txt_name(self, name: str, kind: str) -> str:
        """Give the name of a record's mark: `ToTXTName`."""
        first, *rest = name.split(".", 1)
        kind = kind.lower()
        if self.wildcard and first == "*":
            first = self.wildcard
        if TEMPLATE not in self.prefix:
            first = f"{kind}-{first}"
        return ".".join([self.prefix.replace(TEMPLATE, kind) + first, *rest])

    def endpoint(self, name: str) -> tuple[str, str]:
        """Give the name and type of the record that a mark is about: `ToEndpointName`."""
        prefix = self.prefix
        if TEMPLATE in prefix:
            for kind in SUPPORTED:
                typed = prefix.replace(TEMPLATE, kind.lower())
                if name.startswith(typed):
                    return name.removeprefix(typed), kind
            prefix = prefix.replace(TEMPLATE, "")
        if not name.startswith(prefix):
            return "", ""
        rest = name.removeprefix(prefix)
        first = rest.split("-")[0]
        found = next((kind for kind in SUPPORTED if kind.lower() == first), "")
        return (rest.removeprefix(f"{first}-") if found else rest), found


def labels(text: str) -> dict[str, str] | None:
    """Read a mark's text, None if it is none: `NewLabelsFromStringPlain`."""
    pairs = dict(token.split("=", 1) for token in text.strip('"').split(",") if "=" in token)
    if pairs.pop("heritage", None) != "external-dns":
        return None
    return {key.removeprefix("external-dns/"): value for key, value in pairs.items() if key.startswith("external-dns")}
