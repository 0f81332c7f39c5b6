"""A boto3 client whose calls answer whole, are retried where that is safe, and raise our errors alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from kubewire.cloud.patience import trying_again
from kubewire.cloud.refusals import NOT_CONNECTED, translate
from kubewire.errors import CloudError, OutcomeUnknownError, ThrottledError
from kubewire.resources.base import Clock

REPEATABLE = re.compile(
    r"^(describe|get|list|modify|delete|release|detach|deregister|register|set|terminate|change_tags)_"
    r"|^(create_tags|add_tags|remove_tags|replace_route)$"
)
"""Calls that do no more when made twice. After any other, a lost answer means: look before you ask again."""

PAGE_KEYS = {"NextToken", "Marker", "StartRecordName", "MaxResults", "PageSize", "MaxItems"}
PATIENCE_SECONDS = 300.0
FIRST_WAIT_SECONDS = 0.2
CONNECTION_TRIES = 5
"""An endpoint that can't be reached is a mistake more often than a hiccup."""


class Client:
    """Wraps every operation of one boto3 client, and tries each for so many seconds."""

    def __init__(self, client: BaseClient, clock: Clock, patience: float = PATIENCE_SECONDS) -> None:
        self._client = client
        self._clock = clock
        self._patience = patience
        self._service = client.meta.service_model.service_name

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        api_operation = self._client.meta.method_to_api_mapping.get(operation)
        if api_operation is None:
            raise AttributeError(f"{self._service} has no operation {operation}")
        method = getattr(self._client, operation)
        api_name = f"{self._service}:{api_operation}"
        repeatable = bool(REPEATABLE.match(operation))

        def call(**parameters: Any) -> Any:
            def attempt() -> Any:
                try:
                    if self._client.can_paginate(operation) and not PAGE_KEYS & parameters.keys():
                        return self._client.get_paginator(operation).paginate(**parameters).build_full_result()
                    return method(**parameters)
                except (ClientError, BotoCoreError, ResponseParserError) as error:
                    raise translate(error, api_name) from error

            return self._persist(attempt, repeatable=repeatable)

        # Found once, then an ordinary attribute.
        self.__dict__[operation] = call
        return call

    def _persist(self, attempt: Callable[[], Any], *, repeatable: bool) -> Any:
        tries = 0

        def counted() -> Any:
            nonlocal tries
            tries += 1
            return attempt()

        def may_pass(error: BaseException) -> bool:
            return isinstance(error, ThrottledError) or (repeatable and isinstance(error, OutcomeUnknownError))

        def unreachable(error: BaseException, made: int) -> bool:
            return isinstance(error, CloudError) and error.code == NOT_CONNECTED and made >= CONNECTION_TRIES

        try:
            return trying_again(
                self._clock, may_pass, seconds=self._patience, first_wait=FIRST_WAIT_SECONDS, enough=unreachable
            )(counted)
        except CloudError as error:
            if tries > 1:
                error.detail = f"{error.detail} Tried {tries} times.".strip()
            raise
