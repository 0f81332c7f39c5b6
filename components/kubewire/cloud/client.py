"""A boto3 client whose calls answer whole, are retried where that is safe, and raise our errors alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_delay, wait_exponential_jitter

from kubewire.cloud.refusals import NOT_CONNECTED, translate
from kubewire.errors import CloudError, OutcomeUnknownError, ThrottledError
from kubewire.resources.base import Clock

REPEATABLE = re.compile(
    r"^(describe|get|list|modify|delete|release|detach|deregister|register|set|change_tags)_|^create_tags$"
)
"""Calls that do no more when made twice. After any other, a lost answer means: look before you ask again."""

PAGE_KEYS = {"NextToken", "Marker", "StartRecordName", "MaxResults", "PageSize", "MaxItems"}
PATIENCE_SECONDS = 300.0
CONNECTION_TRIES = 5
"""An endpoint that can't be reached is a mistake more often than a hiccup."""


class Client:
    """Wraps every operation of one boto3 client."""

    def __init__(self, client: BaseClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._service = client.meta.service_model.service_name

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        method = getattr(self._client, operation)
        api_name = f"{self._service}:{self._client.meta.method_to_api_mapping[operation]}"
        repeatable = bool(REPEATABLE.match(operation))

        def call(**parameters: Any) -> Any:
            def attempt() -> Any:
                try:
                    if self._client.can_paginate(operation) and not PAGE_KEYS & parameters.keys():
                        return self._client.get_paginator(operation).paginate(**parameters).build_full_result()
                    return method(**parameters)
                except (ClientError, BotoCoreError) as error:
                    raise translate(error, api_name) from error

            return self._retrying(repeatable=repeatable)(attempt)

        # Found once, then an ordinary attribute.
        self.__dict__[operation] = call
        return call

    def _retrying(self, *, repeatable: bool) -> Retrying:
        patience = stop_after_delay(PATIENCE_SECONDS)

        def again(error: BaseException) -> bool:
            return isinstance(error, ThrottledError) or (repeatable and isinstance(error, OutcomeUnknownError))

        def enough(state: RetryCallState) -> bool:
            error = state.outcome.exception() if state.outcome else None
            unreachable = isinstance(error, CloudError) and error.code == NOT_CONNECTED
            return (unreachable and state.attempt_number >= CONNECTION_TRIES) or patience(state)

        def give_up(state: RetryCallState) -> Any:
            error = state.outcome.exception() if state.outcome else None
            if isinstance(error, CloudError):
                error.detail += f" Tried {state.attempt_number} times."
            raise error or RuntimeError("nothing was tried")

        return Retrying(
            retry=retry_if_exception(again),
            wait=wait_exponential_jitter(initial=0.2, max=15.0),
            stop=enough,
            sleep=self._clock.sleep,
            retry_error_callback=give_up,
        )
