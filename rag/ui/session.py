"""What one visitor has asked and opened."""

from dataclasses import dataclass, field

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Citation, Question, Turn
from rag.search.normalisation import clean

KEY = "cinco"

WINDOW = 20
"""Turns that are drawn unless more are asked for: every rerun draws them again."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the reader shows."""

    section: str
    citation: Citation | None = None


@dataclass
class Session:
    """The state of one visitor; lives as long as the page."""

    turns: list[Turn] = field(default_factory=list)
    opened: Opened | None = None
    programme: int | None = None
    """Only ask this programme."""
    focus: int = 0
    """The turn that is being looked at."""
    drawn: int = WINDOW

    def ask(self, assistant: Assistant, text: str, programme: int | None) -> None:
        """Append the answered question, cleaned first since the page shows it."""
        question = Question(clean(text), language=None, programme=programme)
        history = tuple(turn.question for turn in self.turns)
        self.turns.append(Turn(question, assistant.ask(question, history)))
        self.focus = len(self.turns) - 1

    def ask_again(self, assistant: Assistant) -> None:
        """Replace the last turn by a new attempt."""
        last = self.turns.pop().question
        self.ask(assistant, last.text, last.programme)

    def open(self, section: str) -> None:
        """Show a section in the reader."""
        self.opened = Opened(section)

    def open_from(self, turn: int, section: str, citation: Citation | None = None) -> None:
        """Show what a turn points to, with what it cites there."""
        self.opened = Opened(section, citation)
        self.focus = turn

    def close(self) -> None:
        """Close the reader."""
        self.opened = None

    def start_over(self) -> None:
        """An empty conversation; the filter stays."""
        self.turns.clear()
        self.opened = None
        self.drawn = WINDOW
        self.focus = 0

    def draw_more(self) -> None:
        """Draw earlier turns as well."""
        self.drawn += WINDOW


def current() -> Session:
    """The session of the visitor whose script runs."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Session()
    session: Session = st.session_state[KEY]
    return session
