"""What can be done with an answer: copy, keep its receipt, rate, ask again, look behind it."""

import streamlit as st

from rag.answer.frames import unescape
from rag.assistant import Assistant
from rag.domain import Answer, Document
from rag.ui import inspector, rating, receipt, shell
from rag.ui.dialogue import Exchange
from rag.ui.session import Session
from rag.ui.words import say


def draw(assistant: Assistant, session: Session, exchange: Exchange, position: int) -> None:
    """A row of small buttons, and the inspector."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xxsmall", key=f"tools-{position}"
    ):
        key = f"copy-{position}"
        st.button(say("tools.copy"), key=key, icon=":material/content_copy:", type="tertiary")
        shell.copy(key, plain(assistant.document, exchange.turn.answer))
        _row(assistant, session, exchange, position)
    _why(assistant, session, exchange, position)


@st.fragment
def _row(assistant: Assistant, session: Session, exchange: Exchange, position: int) -> None:
    """What is opened here leaves the page alone."""
    dialogue = session.dialogue
    with st.container(horizontal=True, gap="xxsmall", key=f"tools-more-{position}"):
        receipt.draw(assistant.document, exchange.turn, exchange.asked.asked_at, position)
        rating.draw(session, position)
        if position == len(dialogue.exchanges) - 1 and not dialogue.is_busy:
            _again(assistant, session, position)


@st.fragment
def _why(assistant: Assistant, session: Session, exchange: Exchange, position: int) -> None:
    history = session.dialogue.history(position)
    inspector.draw(assistant, exchange.turn, history, position)


def plain(document: Document, answer: Answer) -> str:
    """The answer as it is pasted elsewhere: its words, and where each citation stands."""
    places = [
        f"[{citation.sentence}] {document.breadcrumb(document.section_of(citation.sentence))}"
        for citation in answer.citations
    ]
    source = f"{say('app.document')} ({say('app.published')})"
    text = unescape(answer.text.replace("**", ""))
    return "\n".join([text, "", *places, source]) if places else text


def _again(assistant: Assistant, session: Session, position: int) -> None:
    is_asked = st.button(
        say("tools.again"),
        key=f"again-{position}",
        icon=":material/refresh:",
        type="tertiary",
    )
    if is_asked:
        session.ask_again(assistant)
        st.rerun()
