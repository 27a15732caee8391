"""What AppTest shows of the page, and the session behind it."""

from collections.abc import Iterable
from datetime import UTC, datetime

from streamlit.testing.v1 import AppTest

from rag.conversations.conversation import Asked
from rag.domain import Turn
from rag.ui.dialogue import Dialogue, Exchange
from rag.ui.job import Job, Jobs
from rag.ui.record import Record
from rag.ui.session import KEY, Session


def session_of(app: AppTest) -> Session:
    """The page's session."""
    kept: Session = app.session_state[KEY]
    return kept


def markdown(app: AppTest) -> str:
    """Every piece of Markdown, one to a line."""
    return "\n".join(element.value for element in app.markdown)


def captions(app: AppTest) -> list[str]:
    """Every caption."""
    return [element.value for element in app.caption]


def turns_of(app: AppTest) -> list[Turn]:
    """What was asked and answered."""
    return [exchange.turn for exchange in session_of(app).dialogue.exchanges]


def pending_of(app: AppTest) -> Job | None:
    """The answer that is being written."""
    return session_of(app).dialogue.pending


def holding(turns: Iterable[Turn], *, alone: frozenset[int] = frozenset()) -> Session:
    """A session in which this was asked and answered, nothing of it kept."""
    dialogue = Dialogue(Record(None), Jobs())
    for position, turn in enumerate(turns):
        asked = Asked(turn.question, datetime.now(UTC), is_alone=position in alone)
        dialogue.exchanges.append(Exchange(turn, asked))
    return Session(dialogue)
