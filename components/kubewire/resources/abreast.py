"""Calls for many members of a set, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, CancelledError, ThreadPoolExecutor, wait
from threading import Event
from typing import TypeVar

from kubewire.errors import KubewireError
from kubewire.resources.base import Clock

T = TypeVar("T")

MOST_ABREAST = 8
"""boto3's clients may be used by many threads at once; EC2 takes some calls a second of each kind, and not many more:
https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html"""


def abreast(clock: Clock, rows: str, steps: Mapping[str, Callable[[], T]]) -> dict[str, T]:
    """Take a step for each member, and give what each gave.

    When one fails, no others are begun, those that were are waited for, and the first failure is raised under the
    path of its member.

    Args:
        clock: tells when the engine asks to stop; then no others are begun either.
        rows: the field of the inputs that has the members, `interfaces`.
        steps: member to what is to be done.

    Raises:
        InterruptedError: the engine asked to stop.
    """
    failed = Event()

    def begun(name: str, step: Callable[[], T]) -> T:
        if failed.is_set():
            raise CancelledError
        # Steps that wait for nothing would never hear that the run is to end.
        clock.sleep(0)
        try:
            return step()
        except BaseException as error:
            failed.set()
            if isinstance(error, KubewireError):
                error.path = error.path or f'{rows}["{name}"]'
            raise

    if not steps:
        return {}
    pool = ThreadPoolExecutor(min(MOST_ABREAST, len(steps)), thread_name_prefix=rows)
    try:
        under_way = {name: pool.submit(begun, name, step) for name, step in steps.items()}
        wait(under_way.values(), return_when=FIRST_EXCEPTION)
    finally:
        pool.shutdown(cancel_futures=True)
    # One that was not begun for another's failure may stand before it, and end before it, too.
    failures = [one.exception() for one in under_way.values() if not one.cancelled()]
    for failure in failures:
        if failure and not isinstance(failure, CancelledError):
            raise failure
    return {name: one.result() for name, one in under_way.items()}
