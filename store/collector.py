"""Python's garbage collector held back where very many objects come to life and none of them dies."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_back(*, is_worth_it: bool) -> Iterator[None]:
    """No collection meanwhile: it would walk what has just been decoded again and again, and find nothing.

    Threads may overlap: only who found it running sets it going again, so it is never left off.
    """
    was_running = is_worth_it and gc.isenabled()
    if was_running:
        gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()
