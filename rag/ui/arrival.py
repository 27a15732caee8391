"""What a page is opened with: whose it is, which conversation, and a question in its address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import streamlit as st

from rag.assistant import Assistant
from rag.conversations.conversation import Summary
from rag.conversations.store import ConversationStore
from rag.errors import RagError
from rag.models.shelf import LazyChat
from rag.ui import visitors
from rag.ui.dialogue import Dialogue
from rag.ui.gate import Gate
from rag.ui.record import Drawer, Record
from rag.ui.session import KEY, Session
from rag.ui.startup import Shared

CONVERSATION: Final = "c"
QUESTION: Final = "q"

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever looks at the page, and what all visitors share."""

    shared: Shared
    drawer: Drawer | None
    """Where the visitor's conversations are; `None` for a browser without cookies."""

    key: str
    """Whom questions are counted for: the owner, or the network address where there is none."""

    @property
    def assistant(self) -> Assistant:
        """What answers."""
        return self.shared.assistant

    def new_dialogue(self, id_: str | None = None) -> Dialogue:
        """An empty conversation, or the one of that id before it is filled."""
        return Dialogue(
            Record(self.drawer, id_), self.shared.jobs, Gate(self.shared.limits, self.key)
        )

    def reopen(self, id_: str) -> Dialogue | None:
        """A conversation of the visitor; `None` for an unknown one and for anybody else's."""
        kept = self._ask(lambda store, owner: store.load(owner, id_))
        if kept is None:
            return None
        dialogue = self.new_dialogue(id_)
        dialogue.resume(self.assistant, kept, self._model)
        return dialogue

    def start_over(self, session: Session) -> None:
        """An empty conversation; what is being written of the other goes on."""
        session.enter(self.new_dialogue())

    def enter(self, session: Session, id_: str) -> None:
        """Open a conversation of the visitor; where there is none any more, nothing happens."""
        if dialogue := self.reopen(id_):
            session.enter(dialogue)

    def recent(self, limit: int) -> tuple[Summary, ...]:
        """The conversations that were used last."""
        return self._ask(lambda store, owner: store.recent(owner, limit)) or ()

    def search(self, query: str, limit: int) -> tuple[Summary, ...]:
        """Those that hold every word of the query."""
        return self._ask(lambda store, owner: store.search(owner, query, limit)) or ()

    def delete(self, session: Session, id_: str) -> None:
        """Delete a conversation with its receipts and feedback."""
        self._ask(lambda store, owner: store.delete(owner, id_))
        if session.dialogue.record.id == id_:
            session.enter(self.new_dialogue())

    def delete_all(self, session: Session) -> None:
        """Delete every conversation of the visitor."""
        self._ask(lambda store, owner: store.delete_all(owner))
        session.enter(self.new_dialogue())

    def _ask(self, step: Callable[[ConversationStore, str], _Result]) -> _Result | None:
        """What the store says of this visitor; nothing where it fails or nobody is known."""
        return self.drawer.attempt(step)[0] if self.drawer else None

    def _model(self, name: str | None) -> LazyChat | None:
        """The model of that name, or none where the operator has taken it away."""
        try:
            return self.shared.shelf.find(name) if name else None
        except RagError:
            return None


def arrive(shared: Shared) -> Visitor:
    """The visitor whose script runs; the first time, what the address asks for is done."""
    owner = visitors.owner()
    drawer = Drawer(shared.store, owner) if owner else None
    visitor = Visitor(shared, drawer, owner or st.context.ip_address or "unknown")
    if KEY not in st.session_state:
        st.session_state[KEY] = Session(visitor.new_dialogue(), model=shared.shelf.find())
        _follow(visitor, st.session_state[KEY])
    return visitor


def _follow(visitor: Visitor, session: Session) -> None:
    session.named = st.query_params.get(CONVERSATION)
    if dialogue := visitor.reopen(session.named or ""):
        session.enter(dialogue)
    # Taken out first: whatever becomes of it, a reload does not ask again.
    if question := st.query_params.pop(QUESTION, ""):
        session.ask(visitor.assistant, question, None)


def name_in_address(session: Session) -> None:
    """Keep the conversation in the page's address, so that a reload opens it again.

    Told whenever it changes: the address that a click brings along may be older than the one that
    the browser was told last.
    """
    id_ = session.dialogue.record.id
    is_told = id_ == session.named
    session.named = id_
    if id_ is None:
        if not is_told:
            st.query_params.setdefault(CONVERSATION, "")
        st.query_params.pop(CONVERSATION, None)
    elif not is_told or st.query_params.get(CONVERSATION) != id_:
        st.query_params[CONVERSATION] = id_
