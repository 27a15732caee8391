"""One conversation on the page: what was answered, what is being answered, what waits."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rag.answer.writing import ChatModel
from rag.assistant import Assistant
from rag.conversations.conversation import Asked, Conversation, Feedback, StoredTurn
from rag.domain import Answer, Failure, Question, Turn
from rag.limits import Refusal
from rag.ui.gate import Gate
from rag.ui.job import Job, Jobs, Task, broken_off
from rag.ui.record import Record
from rag.ui.words import say

QUICK_SECONDS = 0.3
"""What a model is not needed for is answered in this time, and drawn without a state between."""

STOP_SECONDS = 2.0
"""Within this time a stopped answer is checked, as a rule."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer."""

    turn: Turn
    asked: Asked
    ordinal: int | None = None
    """In the store; `None` where nothing is kept."""
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A question that has no answer yet, and who is to answer it."""

    asked: Asked
    model: ChatModel | None
    ordinal: int | None = None


class Dialogue:
    """A conversation that goes on, and is kept as it goes."""

    def __init__(self, record: Record, jobs: Jobs, gate: Gate | None = None) -> None:
        """Nothing has been asked; without a gate nothing is limited."""
        self.record = record
        self.gate = gate
        self.exchanges: list[Exchange] = []
        self.pending: Job | None = None
        """The answer that is being written; its place is after all exchanges."""
        self.waiting: deque[Begun] = deque()
        """Asked while another answer was being written, in order."""
        self.title: str | None = None
        """As its owner named it, or as it was called when it was opened."""
        self._begun: Begun | None = None
        self._jobs = jobs

    @property
    def length(self) -> int:
        """Turns, the one that is being answered among them."""
        return len(self.exchanges) + (self.pending is not None)

    @property
    def name(self) -> str:
        """What it is called: by its owner, else by its first question."""
        first = self.exchanges[0].asked if self.exchanges else self._begun and self._begun.asked
        return self.title or (first.question.text if first else "")

    @property
    def is_busy(self) -> bool:
        """Whether something has no answer yet."""
        return self.pending is not None or bool(self.waiting)

    def ask(
        self,
        assistant: Assistant,
        question: Question,
        model: ChatModel | None,
        *,
        is_alone: bool = False,
        is_again: bool = False,
    ) -> None:
        """Have it answered, after what waits; `is_again`: in place of the last exchange."""
        replaced = self.exchanges.pop() if is_again else None
        name = model.traits.name if model else None
        asked = Asked(question, datetime.now(UTC), is_alone, name)
        ordinal = self.record.begin_turn(asked, replacing=replaced.ordinal if replaced else None)
        self.waiting.append(Begun(asked, model, ordinal))
        self.advance(assistant)

    def advance(self, assistant: Assistant) -> None:
        """Take in what a model has finished, and begin what waits for it."""
        while True:
            if self.pending and self._begun:
                if (answer := self.pending.answer) is None:
                    return
                self._take_in(self._begun, answer)
                self.pending = self._begun = None
            if not self.waiting:
                return
            self._begin(assistant, self.waiting.popleft())

    def resume(
        self,
        assistant: Assistant,
        kept: Conversation,
        model_named: Callable[[str | None], ChatModel | None],
    ) -> None:
        """Go on with a conversation that was kept, and with what is being written of it."""
        self.title = kept.title
        for turn in kept.turns:
            asked = Asked(turn.question, turn.asked_at, turn.is_alone, turn.model)
            begun = Begun(asked, model_named(turn.model), turn.ordinal)
            job = self._jobs.find(kept.id, turn.ordinal)
            if turn.answer:
                self._take_in(begun, turn.answer, turn.feedback)
            elif job and not self.pending:
                self.pending, self._begun = job, begun
            elif self.pending:
                self.waiting.append(begun)
            else:
                self._take_in(begun, _interrupted(assistant, turn))
        self.advance(assistant)

    def _begin(self, assistant: Assistant, begun: Begun) -> None:
        question = begun.asked.question
        history = self.history(len(self.exchanges), is_alone=begun.asked.is_alone)
        record = self.record.writer(begun.ordinal)
        refusal = self.gate.enter() if begun.model and self.gate else None
        if begun.model is None or refusal:
            answer = _noted(assistant.ask(question, history), refusal)
            if record:
                record.finish(answer)
            self._take_in(begun, answer)
            return
        self._begun = begun
        leave = self.gate.leave if self.gate else lambda: None
        model = self.gate.metered(begun.model) if self.gate else begun.model
        task = Task(question, history, model)
        self.pending = Job(assistant, task, record=record, when_done=leave)
        if record:
            self._jobs.add(record, self.pending)
        self.pending.wait(QUICK_SECONDS)

    def _take_in(self, begun: Begun, answer: Answer, feedback: Feedback | None = None) -> None:
        turn = Turn(begun.asked.question, answer)
        self.exchanges.append(Exchange(turn, begun.asked, begun.ordinal, feedback))

    def stop(self) -> None:
        """End the answer that is being written; what came of it stays."""
        if self.pending:
            self.pending.stop()
            self.pending.wait(STOP_SECONDS)

    def leave(self) -> None:
        """Nobody looks at it any more: what is kept goes on, what is not ends."""
        if self.pending and self._begun and self._begun.ordinal is None:
            self.pending.stop()

    def history(self, position: int, *, is_alone: bool = False) -> tuple[Question, ...]:
        """The questions in whose light a turn is read, oldest first; greetings give no topic."""
        if is_alone:
            return ()
        earlier = self.exchanges[:position]
        here = self.exchanges[position : position + 1]
        alone = [at for at, other in enumerate([*earlier, *here]) if other.asked.is_alone]
        kept = earlier[alone[-1] if alone else 0 :]
        return tuple(e.turn.question for e in kept if e.turn.answer.reason != "greeting")

    def rate(self, position: int, given: Feedback | None) -> None:
        """Keep what the reader thinks of an answer."""
        exchange = self.exchanges[position]
        self.exchanges[position] = replace(exchange, feedback=given)
        if exchange.ordinal is not None:
            self.record.rate(exchange.ordinal, given)

    def rename(self, title: str) -> None:
        """Call it something else."""
        self.record.rename(title)
        self.title = title.strip() or self.title

    def conversation(self) -> Conversation:
        """What was asked and answered so far, to take away."""
        now = datetime.now(UTC)
        turns = tuple(map(_stored, range(1, len(self.exchanges) + 1), self.exchanges))
        begun = turns[0].asked_at if turns else now
        return Conversation(self.record.id or "", self.name, begun, now, turns)


def _noted(answer: Answer, refusal: Refusal | None) -> Answer:
    """The answer, with a word on why no model wrote it."""
    if refusal is None:
        return answer
    return replace(answer, warnings=(*answer.warnings, say(f"limits.{refusal.kind}_model")))


def _stored(number: int, exchange: Exchange) -> StoredTurn:
    asked = exchange.asked
    return StoredTurn(
        exchange.ordinal or number,
        asked.question,
        exchange.turn.answer,
        "",
        asked.asked_at,
        asked.is_alone,
        asked.model,
        exchange.feedback,
    )


def _interrupted(assistant: Assistant, turn: StoredTurn) -> Answer:
    """What there is of an answer that was broken off for good."""
    failure = Failure(say("error.interrupted"), say("error.interrupted_remedy"))
    return broken_off(assistant, turn.question, turn.model or "", failure, turn.partial)
