"""How long we try again: told by the clock that verbs wait with, so that a test's clock rules both."""

from __future__ import annotations

from collections.abc import Callable

from tenacity import RetryCallState, Retrying, retry_if_exception, wait_exponential_jitter

from kubewire.resources.base import Clock

LONGEST_WAIT = 15.0


def trying_again(
    clock: Clock,
    again: Callable[[BaseException], bool],
    *,
    seconds: float,
    first_wait: float,
    enough: Callable[[BaseException, int], bool] = lambda _error, _tries: False,
) -> Retrying:
    """Give what calls a function until it succeeds, fails for good, or has been tried long enough.

    The last error is raised as it is.

    Args:
        clock: what to wait with.
        again: whether an error may pass.
        seconds: for how long to try; what waits within a try counts too.
        first_wait: seconds before the second try; the following waits double.
        enough: whether to stop earlier, by the last error and the number of tries.
    """
    deadline = clock.time() + seconds

    def stop(state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        return clock.time() >= deadline or (error is not None and enough(error, state.attempt_number))

    return Retrying(
        retry=retry_if_exception(again),
        wait=wait_exponential_jitter(multiplier=first_wait, max=LONGEST_WAIT, jitter=first_wait),
        stop=stop,
        sleep=clock.sleep,
        reraise=True,
    )
