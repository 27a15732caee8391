"""The page on which people ask."""

from collections.abc import Iterable

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Document
from rag.ui import (
    answer,
    arrival,
    asked,
    composer,
    conversations,
    menu,
    outline,
    panel,
    shell,
    stream,
    suggestions,
)
from rag.ui.arrival import Visitor
from rag.ui.job import Job
from rag.ui.session import Session, current
from rag.ui.shell import Show
from rag.ui.words import say, starters


def draw(visitor: Visitor, whole: st.Page) -> None:
    """Conversation, composer, outline, and the reader where something is open."""
    session, assistant = current(), visitor.assistant
    arrival.name_in_address(session)
    _sidebar(visitor, session)
    # First, since what is chosen there holds for whatever asks above it.
    with st.bottom, st.container(key="composer", gap="xsmall"):
        composer.draw(assistant, visitor.shared.shelf, session)
    with st.container(key="conversation"):
        if session.dialogue.length:
            menu.draw(visitor, session)
            _history(assistant, session)
        else:
            _welcome(assistant, session)
    read = None
    if session.opened:
        read = panel.draw(assistant.document, session, session.opened, whole)
    shell.bring_into_view([*_asked(session), *([Show("panel", read, read)] if read else [])])


def _asked(session: Session) -> Iterable[Show]:
    """The turn in focus: shown when it is new, and when the panel has moved the lines."""
    if length := session.dialogue.length:
        occasion = f"{session.dialogue.record.id} {length} {session.opened is not None}"
        yield Show("conversation", f"turn-{session.focus}", occasion)


def _sidebar(visitor: Visitor, session: Session) -> None:
    with st.sidebar:
        shell.masthead()
        conversations.draw(visitor, session)
        outline.draw(visitor.assistant.document, session)


def _welcome(assistant: Assistant, session: Session) -> None:
    with st.container(key="welcome"):
        st.markdown(f"# {say('welcome.title')}", anchors=False)
        st.markdown(say("welcome.text"))
        st.caption(say("welcome.starters"))
        with st.container(key="starters"), st.grid(2, min_column_width=260):
            for order, starter in enumerate(starters()):
                st.button(
                    f"**{starter.kind}**  \n{starter.question}",
                    key=f"starter-{order}",
                    icon=starter.icon,
                    width="stretch",
                    wrap=True,
                    on_click=session.ask,
                    args=(assistant, starter.question, session.programme),
                )


def _history(assistant: Assistant, session: Session) -> None:
    """The last turns; drawing costs time on every rerun, so earlier ones wait for a click."""
    dialogue = session.dialogue
    hidden = max(0, len(dialogue.exchanges) - session.drawn)
    if hidden:
        st.button(
            say("answer.earlier", count=hidden),
            key="earlier",
            type="tertiary",
            icon=":material/expand_less:",
            on_click=session.draw_more,
        )
    for position in range(hidden, len(dialogue.exchanges)):
        with st.container(key=f"turn-{position}"):
            _turn(assistant, session, position)
    if dialogue.pending:
        _pending(assistant.document, dialogue.pending, len(dialogue.exchanges))
    for begun in dialogue.waiting:
        asked.draw(assistant.document, begun.asked.question, note=say("stream.queued"))


def _turn(assistant: Assistant, session: Session, position: int) -> None:
    """A question with its answer; the last question can be changed, and leads on to others."""
    dialogue = session.dialogue
    exchange = dialogue.exchanges[position]
    is_last = position == len(dialogue.exchanges) - 1 and not dialogue.is_busy
    question = exchange.asked.question
    if is_last:
        asked.draw_last(assistant, session, question, position)
    else:
        asked.draw(assistant.document, question)
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        answer.draw(assistant, session, exchange, position)
        if is_last:
            suggestions.draw(assistant, session)


def _pending(document: Document, job: Job, position: int) -> None:
    """The question whose answer is being written."""
    with st.container(key=f"turn-{position}"):
        asked.draw(document, job.question)
        with st.chat_message("assistant", avatar=":material/menu_book:"):
            stream.draw(document, job)
