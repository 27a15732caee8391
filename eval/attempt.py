"""A run in the background: a thread carries it out, whoever wants to know looks at it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread
from time import monotonic

from eval.evaluation import carry_out
from eval.items import load
from eval.journal import Line
from eval.orders import Order, baseline_of, place
from eval.runner import Meter
from eval.runs import Run, Stop
from eval.subject import Subject
from rag.errors import RagError
from rag.models.registry import EXTRACTIVE
from rag.settings import Settings

log = logging.getLogger(__name__)

OpenSubject = Callable[[str], Subject]
"""Opens what answers under the name of a model."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an attempt is."""

    model: str
    """What is being asked: the ordered model, then the extractive mode beside it."""
    done: int = 0
    total: int = 0
    """0 until the first question is put."""
    errors: int = 0
    fallbacks: int = 0
    """Answers that the extractive mode gave since the model failed."""
    seconds_left: float | None = None
    """By the pace so far; `None` before there is one."""


class Attempt:
    """An order at work; it goes on whatever happens to whoever gave it."""

    def __init__(
        self,
        order: Order,
        open_subject: OpenSubject,
        settings: Settings,
        may_ask: Callable[[str], bool] = lambda model: True,
    ) -> None:
        """Begin at once; the order names its model and its embedder.

        It ends early, as if told to, once it may not ask its model again.
        """
        self.order = order
        self._may_ask = may_ask
        self._open = open_subject
        self._settings = settings
        self._progress = Progress(order.model or EXTRACTIVE)
        self._run: Run | None = None
        self._stop: Stop | None = None
        self._failure: RagError | None = None
        self._has_broken = False
        self._asked_to_stop = Event()
        self._over = Event()
        Thread(target=self._work, daemon=True).start()

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._progress

    @property
    def run(self) -> Run | None:
        """The run; `None` before it is begun."""
        return self._run

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self._over.is_set()

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to end early."""
        return self._asked_to_stop.is_set()

    @property
    def is_stopped(self) -> bool:
        """Whether it ended before its last question."""
        return self._stop is not None

    @property
    def failure(self) -> RagError | None:
        """Why it failed, if it did as can be expected."""
        return self._failure

    @property
    def has_broken(self) -> bool:
        """Whether it failed by a fault of the program."""
        return self._has_broken

    def stop(self) -> None:
        """End after what is under way; the same order goes on from there."""
        self._asked_to_stop.set()

    def wait(self, seconds: float) -> None:
        """Give it that long to end."""
        self._over.wait(seconds)

    def _work(self) -> None:
        try:
            self._run = self._ask(self.order)
            if self._stop is None:
                self._set_beside(self._run)
        except RagError as error:
            self._failure = error
        # Whoever looks must learn that it is over.
        except Exception:
            log.exception("the evaluation of %s failed", self.order.model)
            self._has_broken = True
        finally:
            self._over.set()

    def _ask(self, order: Order) -> Run:
        model = order.model or EXTRACTIVE
        self._progress = Progress(model)
        subject = self._open(model)
        run = place(subject, order.selection.of(load()), order, self._settings, log.info)
        self._run = self._run or run
        self._stop = carry_out(
            run,
            subject,
            meter=Meter(order.budget, lambda: self.is_stopping or not self._may_ask(model)),
            workers=order.workers,
            on_result=_Counter(model, self._hear),
        )
        return run

    def _set_beside(self, run: Run) -> None:
        """Let the extractive mode answer the same questions, unless it has or is what was asked."""
        if run.record.conditions.model == EXTRACTIVE or baseline_of(run):
            return
        other = self._ask(replace(self.order, model=EXTRACTIVE, is_new=False))
        other.write(other.record.model_copy(update={"is_baseline": True}))

    def _hear(self, progress: Progress) -> None:
        self._progress = progress


class _Counter:
    """Takes results and says how far the run is."""

    def __init__(self, model: str, tell: Callable[[Progress], None]) -> None:
        self._model = model
        self._tell = tell
        self._started = monotonic()
        self._before: int | None = None
        self._errors = 0
        self._fallbacks = 0

    def __call__(self, done: int, total: int, line: Line | None) -> None:
        answer = line["answer"] if line else None
        if isinstance(answer, dict):
            self._errors += answer.get("status") == "error"
            self._fallbacks += answer.get("fallback") is not None
        if self._before is None:
            self._before = done
        here = done - self._before
        pace = (monotonic() - self._started) / here if here else None
        left = None if pace is None else pace * (total - done)
        self._tell(Progress(self._model, done, total, self._errors, self._fallbacks, left))


class Desk:
    """Where attempts are begun, one at a time; safe for several threads."""

    def __init__(self) -> None:
        """Nothing is at work."""
        self._lock = Lock()
        self._latest: Attempt | None = None

    @property
    def latest(self) -> Attempt | None:
        """The attempt that is at work, or the last one that was."""
        return self._latest

    @property
    def is_busy(self) -> bool:
        """Whether one is at work."""
        return self._latest is not None and not self._latest.is_over

    def begin(self, make: Callable[[], Attempt]) -> bool:
        """Begin what it makes, unless one is at work: whether it was begun."""
        with self._lock:
            if self.is_busy:
                return False
            self._latest = make()
            return True
