"""What one visitor has asked and opened."""

from dataclasses import dataclass, field

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Citation, Language, Question, Turn
from rag.search.normalisation import clean

KEY = "cinco"

WINDOW = 20
"""Turns that are drawn unless more are asked for: every rerun draws them again."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the reader shows."""

    section: str
    citation: Citation | None = None
    entry: str | None = None
    """The entry of the analytical index that led here; nothing was claimed, so no verdict."""


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
    alone: set[int] = field(default_factory=set)
    """Turns that were asked without those before them."""
    unfolded: set[int] = field(default_factory=set)
    """Turns whose citations are all shown."""
    leaves_turned: int = 0
    """In the analytical index."""

    def ask(
        self,
        assistant: Assistant,
        text: str,
        programme: int | None,
        *,
        language: Language | None = None,
    ) -> None:
        """Append the answered question, cleaned first since the page shows it."""
        question = Question(clean(text), language=language, programme=programme)
        history = self.history(len(self.turns))
        self.turns.append(Turn(question, assistant.ask(question, history)))
        self.focus = len(self.turns) - 1

    def ask_alone(
        self,
        assistant: Assistant,
        text: str,
        programme: int | None,
        *,
        language: Language | None = None,
    ) -> None:
        """The same without what was asked before; what follows leans on this."""
        self.alone.add(len(self.turns))
        self.ask(assistant, text, programme, language=language)

    def ask_again(self, assistant: Assistant) -> None:
        """Replace the last turn by a new attempt."""
        last = self.turns.pop().question
        self.ask(assistant, last.text, last.programme, language=last.language)

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
        """An empty conversation; the filter stays."""
        self.turns.clear()
        self.alone.clear()
        self.unfolded.clear()
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
