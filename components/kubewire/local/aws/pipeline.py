"""The way of a call: through the layers, from the outside in, to the rules of its operation and to moto."""

from __future__ import annotations

from functools import partial
from typing import Final

from kubewire.local.aws import engine, rules
from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.layers import credentials, dry_run, filters, paging, parameters, throttling, tokens
from kubewire.local.aws.rules import Layer

# The order is AWS's: who asks, how often, is it well formed, may they, was it done before, and only then what is asked.
LAYERS: Final[tuple[Layer, ...]] = (
    credentials.checked,
    throttling.throttled,
    parameters.checked,
    dry_run.answered,
    tokens.repeated,
    filters.checked,
    paging.paged,
    rules.applied,
)


def answer(call: Call) -> Answer:
    """Answer a call.

    Raises:
        Refusal: what AWS answers instead.
    """
    return _through(LAYERS, call)


def _through(layers: tuple[Layer, ...], call: Call) -> Answer:
    if not layers:
        return engine.run(call)
    return layers[0](call, partial(_through, layers[1:]))
