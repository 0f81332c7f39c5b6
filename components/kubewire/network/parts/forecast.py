"""What an apply will ask of AWS, in the preview's output."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pulumi

from kubewire.forecast.sentence import Usage, calls_sentence, quotas_sentence
from kubewire.functions.get_forecast import GetForecast, GetForecastArgs, GetForecastResult

ResourceT = TypeVar("ResourceT", bound=pulumi.Resource)


class Forecast:
    """Says it for all that is declared for a network, once the engine has previewed that: nobody need ask.

    A program declares everything before its outputs are there, so that is one line as a rule. Where it asks a function
    in the meantime, outputs may come earlier; what it declares after that is in another line, with all before it.

    Args:
        network: who says it.
        usages: gives how much of AWS's quotas the network uses by then.
    """

    def __init__(self, network: pulumi.Resource, usages: Callable[[], Iterable[Usage]]) -> None:
        self._network = network
        self._usages = usages
        self._watched: list[pulumi.Resource] = []
        self._waiting = False

    def watch(self, declared: ResourceT) -> ResourceT:
        """Count a resource in; give it back."""
        self._watched.append(declared)
        if pulumi.runtime.is_dry_run() and not self._waiting:
            self._waiting = True
            self._wait()
        return declared

    def _wait(self) -> pulumi.Output[None]:
        # A URN is there once the provider has answered.
        return pulumi.Output.all(*(one.urn for one in self._watched)).apply(self._previewed)

    def _previewed(self, urns: list[str]) -> pulumi.Output[None] | None:
        if len(urns) < len(self._watched):
            return self._wait()
        self._waiting = False
        args = GetForecastArgs(resources=tuple(urns))
        asked = pulumi.InvokeOptions(parent=self._network)
        return pulumi.runtime.invoke_output(GetForecast.token(), args.to_wire(), asked).apply(self._say)

    def _say(self, answer: Any) -> None:
        forecast = GetForecastResult.model_validate(answer)
        if forecast.calls:
            pulumi.log.info(f"{calls_sentence(forecast)} {quotas_sentence(self._usages())}", self._network)
