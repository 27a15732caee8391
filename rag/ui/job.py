"""An answer that a model is writing: a thread fills a buffer, whoever draws looks into it."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Final

from rag.answer.writing import ChatModel, Writer
from rag.assistant import Assistant
from rag.domain import Answer, Failure, Fallback, Provenance, Question
from rag.ui.record import TurnRecord
from rag.ui.words import say

log = logging.getLogger(__name__)

KEEP_SECONDS: Final = 1.0
"""How much of an answer a crash may cost."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a model is asked."""

    question: Question
    history: tuple[Question, ...]
    """What it is read in the light of, oldest first."""
    model: ChatModel


class Job:
    """One question at work; it goes on whatever happens to the page that began it."""

    def __init__(
        self,
        assistant: Assistant,
        task: Task,
        *,
        record: TurnRecord | None = None,
        when_done: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin at once; the thread touches nothing of the page, and calls `when_done` last."""
        self.question = task.question
        self.model = task.model.traits.name
        self._assistant = assistant
        self._task = task
        self._record = record
        self._when_done = when_done
        self._kept_at = time.monotonic()
        self._text = ""
        self._answer: Answer | None = None
        # In the words of the page that asks: the thread has no page.
        self._failure = Failure(say("error.unexpected"), say("error.unexpected_remedy"))
        self._stopped = Event()
        self._done = Event()
        writer = Writer(task.model, self._hear, self._stopped.is_set)
        Thread(target=self._run, args=(writer,), daemon=True).start()

    @property
    def text(self) -> str:
        """Markdown of what has come so far, unchecked."""
        return self._text

    @property
    def answer(self) -> Answer | None:
        """The answer; `None` while it is being written."""
        return self._answer if self._done.is_set() else None

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to end early."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """End early: what has come is checked and becomes the answer."""
        self._stopped.set()

    def wait(self, seconds: float) -> None:
        """Give it that long to end."""
        self._done.wait(seconds)

    def _hear(self, text: str) -> None:
        self._text = text
        if self._record and time.monotonic() >= self._kept_at + KEEP_SECONDS:
            self._record.partial(text)
            self._kept_at = time.monotonic()

    def _run(self, writer: Writer) -> None:
        answer = None
        try:
            answer = self._assistant.ask(self.question, self._task.history, writer)
        # Expected failures are answers; any other must not take with it what came.
        except Exception:
            log.exception("the model %s: its thread failed", self.model)
        finally:
            self._answer = answer or broken_off(
                self._assistant, self.question, self.model, self._failure, self._text
            )
            if self._record:
                self._record.finish(self._answer)
            self._when_done()
            self._done.set()


def broken_off(
    assistant: Assistant, question: Question, model: str, failure: Failure, text: str
) -> Answer:
    """What there is of an answer that did not come to its end, with what had come of it."""
    return Answer(
        status="error",
        language=question.language or "es",
        text=failure.problem,
        provenance=Provenance(assistant.document.sha256, assistant.index_fingerprint),
        fallback=Fallback(model, failure.problem, text or None),
        error=failure,
    )


class Jobs:
    """What is being written for anybody, so that a page that comes later finds it."""

    def __init__(self) -> None:
        """Nothing is being written."""
        self._running: dict[tuple[str, int], Job] = {}
        self._lock = Lock()

    def add(self, record: TurnRecord, job: Job) -> None:
        """Remember it until it is done."""
        with self._lock:
            self._running = {k: j for k, j in self._running.items() if j.answer is None}
            self._running[record.key] = job

    def find(self, id_: str, ordinal: int) -> Job | None:
        """What is writing, or has just written, the answer of a turn."""
        return self._running.get((id_, ordinal))
