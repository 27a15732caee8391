"""Limits for public use: questions per visitor, answers at once, model calls of a day.

One `Limits` serves a whole process and all its threads.
"""

import json
import logging
import math
import os
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Literal

from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from rag.settings import Settings

log = logging.getLogger(__name__)

WINDOW_SECONDS = 60.0

AT_ONCE_SECONDS = 5
"""When to ask again while earlier answers are being written; nobody knows how long they take."""

Kind = Literal["minute", "at_once", "budget"]
"""Too many questions in a minute; too many answers being written; no model calls left today."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a visitor has to wait, and for how long."""

    kind: Kind
    retry_seconds: int
    """At least 1."""


class Limits:
    """What each visitor may do now, and what all of them may cost in a day."""

    def __init__(
        self,
        questions_per_minute: int,
        answers_at_once: int,
        budget: "Budget | None" = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the limits; without a budget model calls are not counted."""
        self._questions_per_minute = questions_per_minute
        self._answers_at_once = answers_at_once
        self._budget = budget
        self._clock = clock
        self._lock = Lock()
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._running: Counter[str] = Counter()

    @property
    def known_visitors(self) -> int:
        """How many visitors are remembered."""
        with self._lock:
            self._forget(self._clock())
            return len(self._asked.keys() | self._running.keys())

    def admit(self, visitor: str) -> Refusal | None:
        """Count a question, or say why it must wait; refused ones are not counted."""
        with self._lock:
            now = self._clock()
            self._forget(now)
            times = self._asked.get(visitor, deque())
            while times and times[0] <= now - WINDOW_SECONDS:
                times.popleft()
            if len(times) >= self._questions_per_minute:
                return Refusal("minute", _whole(times[0] + WINDOW_SECONDS - now))
            times.append(now)
            self._asked[visitor] = times
            self._asked.move_to_end(visitor)
            return None

    def enter(self, visitor: str) -> Refusal | None:
        """Begin an answer by a model and book its first call, or say why not.

        Each `enter` that was not refused is followed by one `leave`.
        """
        with self._lock:
            if self._running[visitor] >= self._answers_at_once:
                return Refusal("at_once", AT_ONCE_SECONDS)
            if self._budget and not self._budget.spend():
                return Refusal("budget", self._budget.seconds_left)
            self._running[visitor] += 1
            return None

    def leave(self, visitor: str) -> None:
        """End an answer by a model."""
        with self._lock:
            self._running[visitor] -= 1
            if self._running[visitor] <= 0:
                del self._running[visitor]

    @property
    def has_calls_left(self) -> bool:
        """Whether a model may be called again today."""
        return self._budget is None or not self._budget.is_spent

    def book(self) -> None:
        """Book a further call of what was let in, which is never broken off for it."""
        if self._budget:
            self._budget.book()

    def _forget(self, now: float) -> None:
        """Drop the visitors whose last question is older than the window; oldest come first."""
        while self._asked:
            visitor, times = next(iter(self._asked.items()))
            if times[-1] > now - WINDOW_SECONDS:
                return
            del self._asked[visitor]


class _Count(BaseModel):
    """The counter file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    day: date
    calls: NonNegativeInt


class Budget:
    """Model calls of one UTC day, counted in a file so that a restart does not forget them."""

    def __init__(
        self,
        calls_per_day: int,
        file: Path,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take the limit and what an earlier process counted; `now` tells the time in UTC."""
        self._calls_per_day = calls_per_day
        self._file = file
        self._now = now
        self._lock = Lock()
        self._count = _read(file) or _Count(day=now().date(), calls=0)

    @property
    def seconds_left(self) -> int:
        """Until the next UTC day."""
        now = self._now()
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        return _whole((midnight - now).total_seconds())

    @property
    def is_spent(self) -> bool:
        """Whether no call is left today."""
        return self._calls_today() >= self._calls_per_day

    def spend(self) -> bool:
        """Book a call if one is left."""
        with self._lock:
            if self.is_spent:
                return False
            self._add()
            return True

    def book(self) -> None:
        """Book a call whether or not one is left."""
        with self._lock:
            self._add()

    def _calls_today(self) -> int:
        return self._count.calls if self._count.day == self._now().date() else 0

    def _add(self) -> None:
        self._count = _Count(day=self._now().date(), calls=self._calls_today() + 1)
        _write(self._file, self._count)


def of(settings: Settings) -> Limits:
    """The limits that the operator set."""
    calls = settings.model_calls_per_day
    budget = None if calls is None else Budget(calls, settings.data_dir / "model-calls.json")
    return Limits(settings.questions_per_minute, settings.answers_at_once, budget)


def _whole(seconds: float) -> int:
    return max(1, math.ceil(seconds))


def _read(file: Path) -> _Count | None:
    """What the file says; nothing where there is none or it cannot be used."""
    try:
        return _Count.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        log.warning("model calls are counted from zero: %s (%s)", file, type(error).__name__)
        return None


def _write(file: Path, count: _Count) -> None:
    """Replace the file at one stroke; where that fails the count is kept in memory only."""
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(json.dumps(count.model_dump(mode="json")), encoding="utf-8")
        unfinished.replace(file)
    except OSError as error:
        log.warning("model calls cannot be written to %s (%s)", file, type(error).__name__)
