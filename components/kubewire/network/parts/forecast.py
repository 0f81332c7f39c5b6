"""What an apply will ask of AWS, in the preview's output."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import pulumi

from kubewire.forecast.sentence import Usage, calls_sentence, quotas_sentence
from kubewire.functions.get_forecast import GetForecast, GetForecastArgs, GetForecastResult
from kubewire.network.parts.registered import Registered

ResourceT = TypeVar("ResourceT", bound=pulumi.Resource)


class Forecast:
    """Says it for all that is declared for a network, once the engine has previewed that: nobody need ask.

    Args:
        network: who says it.
        usages: gives how much of AWS's quotas the network uses by then.
        registered: counts what is declared.
    """

    def __init__(
        self, network: pulumi.Resource, usages: Callable[[], Iterable[Usage]], registered: Registered | None = None
    ) -> None:
        self._network = network
        self._usages = usages
        self._registered = registered or Registered()
        if pulumi.runtime.is_dry_run():
            self._registered.tell(self._ask)

    def watch(self, declared: ResourceT) -> ResourceT:
        """Count a resource in; give it back."""
        self._registered.add(declared)
        return declared

    def _ask(self, answered: Mapping[str, pulumi.Resource]) -> pulumi.Output[None]:
        args = GetForecastArgs(resources=tuple(answered))
        asked = pulumi.InvokeOptions(parent=self._network)
        return pulumi.runtime.invoke_output(GetForecast.token(), args.to_wire(), asked).apply(self._say)

    def _say(self, answer: Any) -> None:
        forecast = GetForecastResult.model_validate(answer)
        if forecast.calls:
            pulumi.log.info(f"{calls_sentence(forecast)} {quotas_sentence(self._usages())}", self._network)
