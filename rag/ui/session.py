"""What one visitor has asked and opened."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

import streamlit as st

from rag.answer.writing import ChatModel
from rag.assistant import Assistant
from rag.domain import Citation, Language, Question, Turn
from rag.search.normalisation import clean
from rag.ui.job import Job

KEY = "cinco"

WINDOW = 20
"""Turns that are drawn unless more are asked for: every rerun draws them again."""

QUICK_SECONDS = 0.3
"""What a model is not needed for is answered in this time, and drawn without a state between."""

STOP_SECONDS = 2.0
"""Within this time a stopped answer is checked, as a rule."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the reader shows."""

    section: str
    citation: Citation | None = None
    entry: str | None = None
    """The entry of the analytical index that led here; nothing was claimed, so no verdict."""
    is_picked: bool = False
    """Whether a permalink or the reader's own hand led here; no verdict either."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, who is to answer it, and whether it stands alone."""

    question: Question
    model: ChatModel | None
    is_alone: bool


@dataclass
class Session:
    """The state of one visitor; lives as long as the page."""

    turns: list[Turn] = field(default_factory=list)
    opened: Opened | None = None
    programme: int | None = None
    """Only ask this programme."""
    model: ChatModel | None = None
    """What writes the next answer; `None` is the extractive mode."""
    pending: Job | None = None
    """The answer that is being written; its place is after all turns."""
    waiting: deque[Asked] = field(default_factory=deque)
    """Asked while another answer was being written, in order."""
    moments: dict[int, datetime] = field(default_factory=dict)
    """When each turn was asked."""
    focus: int = 0
    """The turn that is being looked at."""
    drawn: int = WINDOW
    alone: set[int] = field(default_factory=set)
    """Turns that were asked without those before them."""
    unfolded: set[int] = field(default_factory=set)
    """Turns whose citations are all shown."""
    leaves_turned: int = 0
    """In the analytical index."""

    @property
    def length(self) -> int:
        """Turns, the one that is being answered among them."""
        return len(self.turns) + (self.pending is not None)

    def ask(
        self,
        assistant: Assistant,
        text: str,
        programme: int | None,
        *,
        language: Language | None = None,
        is_alone: bool = False,
    ) -> None:
        """Answer the question, cleaned first since the page shows it; a model takes its time."""
        question = Question(clean(text), language=language, programme=programme)
        self.waiting.append(Asked(question, self.model, is_alone))
        self.advance(assistant)

    def ask_alone(
        self,
        assistant: Assistant,
        text: str,
        programme: int | None,
        *,
        language: Language | None = None,
    ) -> None:
        """The same without what was asked before; what follows leans on this."""
        self.ask(assistant, text, programme, language=language, is_alone=True)

    def ask_again(self, assistant: Assistant) -> None:
        """Replace the last turn by a new attempt, by the model that is chosen now."""
        if self.pending is None:
            last = self.turns.pop().question
            self.ask(assistant, last.text, last.programme, language=last.language)

    def advance(self, assistant: Assistant) -> None:
        """Take in what a model has finished, and begin what waits for it."""
        while True:
            if self.pending:
                if (answer := self.pending.answer) is None:
                    return
                self.turns.append(Turn(self.pending.question, answer))
                self.pending = None
            if not self.waiting:
                return
            self._begin(assistant, self.waiting.popleft())

    def _begin(self, assistant: Assistant, asked: Asked) -> None:
        position = len(self.turns)
        self.moments[position] = datetime.now(UTC)
        self.focus = position
        if asked.is_alone:
            self.alone.add(position)
        history = self.history(position)
        if asked.model is None:
            self.turns.append(Turn(asked.question, assistant.ask(asked.question, history)))
            return
        self.pending = Job(assistant, asked.question, history, asked.model)
        self.pending.wait(QUICK_SECONDS)

    def stop(self) -> None:
        """End the answer that is being written; what came of it stays."""
        if self.pending:
            self.pending.stop()
            self.pending.wait(STOP_SECONDS)

    def history(self, position: int) -> tuple[Question, ...]:
        """The questions in whose light a turn is read, oldest first; greetings give no topic."""
        start = max((turn for turn in self.alone if turn <= position), default=0)
        earlier = self.turns[start:position]
        return tuple(turn.question for turn in earlier if turn.answer.reason != "greeting")

    def open(self, section: str) -> None:
        """Show a section in the reader."""
        self.opened = Opened(section)

    def open_from(self, turn: int, section: str, citation: Citation | None = None) -> None:
        """Show what a turn points to, with what it cites there."""
        self.opened = Opened(section, citation)
        self.focus = turn

    def open_entry(self, entry: str, section: str, place: Citation | None) -> None:
        """Show where an entry of the index leads, the sentence marked where it names one."""
        self.opened = Opened(section, place, entry)

    def pick(self, section: str, place: Citation | None) -> None:
        """Show what the reader pointed at, the sentence marked where it is one."""
        self.opened = Opened(section, place, is_picked=True)

    def close(self) -> None:
        """Close the reader."""
        self.opened = None

    def fold(self, turn: int) -> None:
        """Show all citations of a turn, or the first of them again."""
        self.unfolded ^= {turn}
        self.focus = turn

    def turn_leaf(self) -> None:
        """Another leaf of the index is to be read from its top."""
        self.leaves_turned += 1

    def start_over(self) -> None:
        """An empty conversation; filter and model stay."""
        if self.pending:
            self.pending.stop()
        self.pending = None
        self.waiting.clear()
        self.moments.clear()
        self.turns.clear()
        self.alone.clear()
        self.unfolded.clear()
        self.opened = None
        self.drawn = WINDOW
        self.focus = 0

    def draw_more(self) -> None:
        """Draw earlier turns as well."""
        self.drawn += WINDOW


def begin(model: ChatModel | None) -> Session:
    """The session of the visitor whose script runs; a new one asks the model."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Session(model=model)
    return current()


def current() -> Session:
    """The session of the visitor whose script runs."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Session()
    session: Session = st.session_state[KEY]
    return session
