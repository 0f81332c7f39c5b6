"""What stays to the end, made without the garbage collector: imports, and the facts of a proof."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector from what is made meanwhile.

    It would look through all of it over and over while it grows, and once more at the process's end, and find nothing:
    of imports half a second of each `pulumi preview`.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()
