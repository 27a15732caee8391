"""What one visitor has asked and opened."""

from dataclasses import dataclass, field

import streamlit as st

from rag.answer.writing import ChatModel
from rag.assistant import Assistant
from rag.domain import Citation, Language, Question
from rag.limits import Refusal
from rag.search.normalisation import clean
from rag.ui.dialogue import Dialogue
from rag.ui.job import Jobs
from rag.ui.record import Record

KEY = "cinco"

WINDOW = 10
"""Turns that are drawn unless more are asked for: every rerun draws them again."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the reader shows."""

    section: str
    citation: Citation | None = None
    entry: str | None = None
    """The entry of the analytical index that led here; nothing was claimed, so no verdict."""
    is_picked: bool = False
    """Whether a permalink or the reader's own hand led here; no verdict either."""


def _unkept() -> Dialogue:
    return Dialogue(Record(None), Jobs())


@dataclass
class Session:
    """The state of one visitor; lives as long as the page."""

    dialogue: Dialogue = field(default_factory=_unkept)
    opened: Opened | None = None
    programme: int | None = None
    """Only ask this programme."""
    model: ChatModel | None = None
    """What writes the next answer; `None` is the extractive mode."""
    focus: int = 0
    """The turn that is being looked at."""
    drawn: int = WINDOW
    unfolded: set[int] = field(default_factory=set)
    """Turns whose citations are all shown."""
    is_editing: bool = False
    """Whether the last question is being written anew."""
    refusal: Refusal | None = None
    """Why the last question was not let through, if so."""
    leaves_turned: int = 0
    """In the analytical index."""
    named: str | None = None
    """The conversation that the page's address was last told."""

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
        self._ask(assistant, question, is_alone=is_alone)

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

    def ask_again(self, assistant: Assistant, text: str | None = None) -> None:
        """Replace the last turn by a new attempt, by the model that is chosen now.

        With a text that is asked in place of what was asked.
        """
        if self.dialogue.is_busy or not self.dialogue.exchanges:
            return
        last = self.dialogue.exchanges[-1].asked
        question = last.question
        if text is not None:
            question = Question(clean(text), programme=question.programme)
        self._ask(assistant, question, is_alone=last.is_alone, is_again=True)

    def _ask(
        self,
        assistant: Assistant,
        question: Question,
        *,
        is_alone: bool = False,
        is_again: bool = False,
    ) -> None:
        gate = self.dialogue.gate
        self.refusal = gate.admit() if gate else None
        if self.refusal:
            return
        self.is_editing = False
        self.dialogue.ask(assistant, question, self.model, is_alone=is_alone, is_again=is_again)
        self.focus = self.dialogue.length - 1

    def advance(self, assistant: Assistant) -> None:
        """Take in what a model has finished, and begin what waits for it."""
        before = self.dialogue.length
        self.dialogue.advance(assistant)
        if self.dialogue.length > before:
            self.focus = self.dialogue.length - 1

    def edit(self, *, begins: bool) -> None:
        """Write the last question anew, or leave it as it is."""
        self.is_editing = begins

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

    def enter(self, dialogue: Dialogue) -> None:
        """Another conversation; filter and model stay."""
        self.dialogue.leave()
        self.dialogue = dialogue
        self.unfolded.clear()
        self.opened = None
        self.is_editing = False
        self.drawn = WINDOW
        self.focus = max(0, dialogue.length - 1)

    def draw_more(self) -> None:
        """Draw earlier turns as well."""
        self.drawn += WINDOW


def current() -> Session:
    """The session of the visitor whose script runs."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Session()
    session: Session = st.session_state[KEY]
    return session
