"""Reads a blocking stream in a thread of its own, so that it can be left at any time."""

import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")

POLL_SECONDS = 0.02
"""How long a stop or the deadline may go unnoticed."""


class Overdue(Exception):
    """The deadline passed before the stream ended."""


class _End(Generic[Item]):
    """The stream is over; `error` says why, if it broke."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def pumped(
    open_stream: Callable[[], Iterator[Item]], cancelled: Callable[[], bool], deadline: float
) -> Iterator[Item]:
    """The items of the stream as they come; ends early when cancelled.

    What was left behind is closed by its thread at the next item, or when the client gives up.

    Raises:
        Overdue: `deadline`, on the monotonic clock, passed.
        BaseException: whatever the stream raises.
    """
    if cancelled():
        return
    box: SimpleQueue[Item | _End[Item]] = SimpleQueue()
    left = Event()
    Thread(target=_pump, args=(open_stream, box, left), daemon=True).start()
    try:
        while not cancelled():
            if time.monotonic() > deadline:
                raise Overdue
            try:
                item = box.get(timeout=POLL_SECONDS)
            except Empty:
                continue
            if isinstance(item, _End):
                if item.error:
                    raise item.error
                return
            yield item
    finally:
        left.set()


def _pump(
    open_stream: Callable[[], Iterator[Item]], box: "SimpleQueue[Item | _End[Item]]", left: Event
) -> None:
    try:
        stream = open_stream()
        try:
            for item in stream:
                if left.is_set():
                    return
                box.put(item)
        finally:
            close = getattr(stream, "close", None)
            if close is not None:
                close()
    # The thread must not die with it: it is raised where the items are taken.
    except Exception as error:  # noqa: BLE001
        box.put(_End(error))
    else:
        box.put(_End())
