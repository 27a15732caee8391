"""How long the steps of an answer take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Milliseconds per step."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._steps: dict[str, float] = dict.fromkeys(
            ("understand", "retrieve", "answer", "verify"), 0.0
        )

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What happens inside counts for the step."""
        started = time.perf_counter()
        yield
        self._steps[name] += 1000 * (time.perf_counter() - started)

    def timings(self) -> dict[str, float]:
        """Milliseconds of every step, and in total since the clock was made."""
        steps = self._steps | {"total": 1000 * (time.perf_counter() - self._started)}
        return {name: round(milliseconds, 2) for name, milliseconds in steps.items()}
