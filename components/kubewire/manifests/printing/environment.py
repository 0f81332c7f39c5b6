"""Services as an environment file has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from kubewire.manifests.printing.terse import terse
from kubewire.services.together import ServiceDescription

HEAD = """\
# Under `config` of an environment file. They are taken over as they are: nothing in the cluster changes.
"""
OTHERS = """\
# Their load balancers are other controllers'. To move one: `kubewire adopt` imports it, or delete it in the cluster,
# and put it up there, without `cluster:adopt`.
"""


LINE_BREAKS = "\x85\u2028\u2029"
"""Those that YAML 1.1 knows beside carriage return and line feed."""


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, as the environment files do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's
        """See PyYAML."""
        super().increase_indent(flow, indentless=False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    # Unquoted, these would be line breaks to YAML, and read as blanks.
    style = '"' if any(sign in value for sign in LINE_BREAKS) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


_Dumper.add_representer(str, _text)
_Dumper.add_multi_representer(object, lambda dumper, value: dumper.represent_str(str(value)))


def environment(services: Sequence[ServiceDescription], others: Sequence[ServiceDescription] = ()) -> str:
    """Write the configuration that declares Services which are in a cluster; see `python.module`."""
    text = HEAD + _dumped({"cluster:adopt": "true", "cluster:services": [terse(item) for item in services]})
    if others:
        listed = _dumped([terse(item) for item in others])
        text += OTHERS + "".join(f"#   {line}\n" for line in listed.splitlines())
    return text


def entries(services: Sequence[ServiceDescription]) -> str:
    """Write Services as the configuration has them, and nothing else of it."""
    return _dumped({"cluster:services": [terse(item) for item in services]})


def _dumped(value: Any) -> str:
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=118))
