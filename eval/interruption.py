"""Ctrl-C and SIGTERM: the first asks a run to stop cleanly, the second ends it."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType


@contextmanager
def watched() -> Iterator[Callable[[], bool]]:
    """Whether someone asked to stop since; outside the main thread nobody can."""
    asked = False

    def handler(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        del frame
        if asked:
            sys.exit(128 + number)
        asked = True

    if current_thread() is not main_thread():
        yield lambda: False
        return
    watched_for = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, handler) for number in watched_for]
    try:
        yield lambda: asked
    finally:
        for number, previous in zip(watched_for, before, strict=True):
            signal.signal(number, previous)
