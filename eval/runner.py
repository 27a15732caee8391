"""Puts the questions to the assistant, several at a time, and hands on every result."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread

from eval.journal import Line
from eval.metrics.answers import read
from eval.runs import Stop
from eval.selection import Ask
from eval.subject import Subject
from rag.contract import answer_json

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Budget:
    """How much one attempt may cost; `None` is no limit."""

    max_seconds: float | None = None
    max_tokens: int | None = None


class Meter:
    """What an attempt has cost so far, and whether it must end."""

    def __init__(
        self, budget: Budget | None = None, interrupted: Callable[[], bool] = lambda: False
    ) -> None:
        self._budget = budget or Budget()
        self._interrupted = interrupted
        self._started = time.monotonic()
        self._tokens = 0

    @property
    def seconds(self) -> float:
        """Since the attempt began."""
        return time.monotonic() - self._started

    def count(self, line: Line) -> None:
        """Add the tokens of a result."""
        answer = line["answer"]
        self._tokens += (read(answer).token_count or 0) if isinstance(answer, dict) else 0

    def stop(self) -> Stop | None:
        """Why nothing more should be asked, if so."""
        budget = self._budget
        if self._interrupted():
            return "interrupted"
        if budget.max_seconds is not None and self.seconds >= budget.max_seconds:
            return "max_seconds"
        if budget.max_tokens is not None and self._tokens >= budget.max_tokens:
            return "max_tokens"
        return None


def answer_all(
    subject: Subject,
    asks: Iterable[Ask],
    record: Callable[[Line], None],
    *,
    workers: int,
    stop: Callable[[], Stop | None],
) -> Stop | None:
    """Ask everything and hand each result to `record`, in this thread and in order of arrival.

    When `stop` names a reason nothing more is asked; what is under way is waited for and recorded.
    The reason, if something was left unasked.
    """
    waiting, under_way = deque(asks), 0
    inbox: SimpleQueue[Ask] = SimpleQueue()
    outbox: SimpleQueue[Line] = SimpleQueue()
    for _ in range(min(workers, len(waiting))):
        # Daemons: a model that hangs does not keep a process alive that was told twice to stop.
        Thread(target=_work, args=(subject, inbox, outbox), daemon=True).start()
    reason: Stop | None = None
    while True:
        while waiting and under_way < workers and reason is None:
            reason = stop()
            if reason is None:
                inbox.put(waiting.popleft())
                under_way += 1
        if not under_way:
            return reason if waiting else None
        record(outbox.get())
        under_way -= 1


def _work(subject: Subject, inbox: SimpleQueue[Ask], outbox: SimpleQueue[Line]) -> None:
    while True:
        outbox.put(result(subject, inbox.get()))


def result(subject: Subject, ask: Ask) -> Line:
    """What is kept of one question: where it belongs, and the answer as contract JSON."""
    started = time.perf_counter()
    try:
        answer = subject.ask(ask.question, ask.history)
        line = answer_json(answer, subject.document, ask.item.id)
    # One question must not end a run: whatever it brings about is its result, a wrong answer.
    except Exception as error:  # noqa: BLE001
        log.warning("%s turn %d: %s", ask.item.id, ask.turn_index, type(error).__name__)
        milliseconds = 1000 * (time.perf_counter() - started)
        line = crashed(error, ask.item.id, milliseconds)
    return {
        "item": ask.item.id,
        "turn": ask.turn_index,
        "epoch": ask.epoch,
        "question": ask.question.text,
        "answer": line,
    }


def crashed(error: Exception, item: str, milliseconds: float) -> Line:
    """What stands for an answer that never came."""
    return {
        "id": item,
        "status": "error",
        "answer": "",
        "timings_ms": {"total": round(milliseconds, 2)},
        "error": {"problem": f"{type(error).__name__}: {error}", "remedy": ""},
    }
