"""A blocking stream, read so that it can be left at any time."""

import time
from collections.abc import Iterator
from itertools import count
from threading import Event

import pytest

from rag.models.pump import Overdue, pumped

LATER_SECONDS = 20.0


def never() -> bool:
    return False


def later() -> float:
    """A deadline that no test reaches."""
    return time.monotonic() + LATER_SECONDS


class Stuck:
    """Gives a few items, then blocks until it is released; knows whether it was closed."""

    def __init__(self, *items: int) -> None:
        self.items = items
        self.release = Event()
        self.closed = Event()

    def __call__(self) -> Iterator[int]:
        try:
            yield from self.items
            self.release.wait(LATER_SECONDS)
            yield -1
        finally:
            self.closed.set()


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    """A stream that has given 1 and 2, released in the end."""
    stream = Stuck(1, 2)
    yield stream
    stream.release.set()
    assert stream.closed.wait(LATER_SECONDS)


@pytest.mark.parametrize("items", [[], [1], list(range(500))], ids=len)
def test_every_item_comes_in_order(items: list[int]) -> None:
    assert list(pumped(lambda: iter(items), never, later())) == items


def test_an_item_comes_before_the_next_one_exists(stuck: Stuck) -> None:
    items = pumped(stuck, never, later())
    assert (next(items), next(items)) == (1, 2)
    items.close()  # type: ignore[attr-defined]


def test_what_breaks_the_stream_is_raised_after_what_came() -> None:
    def breaking() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    items = pumped(breaking, never, later())
    assert next(items) == 1
    with pytest.raises(ZeroDivisionError):
        next(items)


def test_what_keeps_the_stream_from_opening_is_raised() -> None:
    def failing() -> Iterator[int]:
        raise ConnectionRefusedError

    with pytest.raises(ConnectionRefusedError):
        list(pumped(failing, never, later()))


def test_a_stream_that_blocks_is_left_at_its_deadline(stuck: Stuck) -> None:
    started = time.monotonic()
    items = pumped(stuck, never, started + 0.1)
    with pytest.raises(Overdue):
        list(items)
    assert time.monotonic() - started < 1


def test_a_stream_that_never_pauses_is_left_at_its_deadline() -> None:
    with pytest.raises(Overdue):
        for _ in pumped(count, never, time.monotonic() + 0.1):
            pass


def test_a_stream_that_blocks_is_left_when_cancelled(stuck: Stuck) -> None:
    cancel = Event()
    taken = []
    for item in pumped(stuck, cancel.is_set, later()):
        taken.append(item)
        if item == 2:
            cancel.set()
    assert taken == [1, 2]


def test_nothing_is_taken_of_a_stream_that_was_cancelled_before() -> None:
    assert list(pumped(lambda: iter([1]), lambda: True, later())) == []


def test_a_stream_that_is_left_is_closed_at_its_next_item() -> None:
    closed = Event()

    def ticking() -> Iterator[int]:
        try:
            for tick in count():
                yield tick
                time.sleep(0.01)
        finally:
            closed.set()

    items = pumped(ticking, never, later())
    next(items)
    items.close()  # type: ignore[attr-defined]
    assert closed.wait(5)


def test_a_stream_that_ends_is_closed() -> None:
    stream = Stuck(1)
    stream.release.set()
    assert list(pumped(stream, never, later())) == [1, -1]
    assert stream.closed.is_set()
