"""The page on which people ask."""

from collections.abc import Iterable

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Document, Question
from rag.models.shelf import ModelShelf
from rag.ui import answer, composer, outline, panel, shell, stream
from rag.ui.job import Job
from rag.ui.markup import PROGRAMME_COLOURS, literal
from rag.ui.session import Session, current
from rag.ui.shell import Show
from rag.ui.words import say, starters


def draw(assistant: Assistant, shelf: ModelShelf, whole: st.Page) -> None:
    """Conversation, composer, outline, and the reader where something is open."""
    session = current()
    _sidebar(assistant.document, session)
    # First, since what is chosen there holds for whatever asks above it.
    with st.bottom, st.container(key="composer", gap="xsmall"):
        composer.draw(assistant, shelf, session)
    with st.container(key="conversation"):
        if session.length:
            _history(assistant, session)
        else:
            _welcome(assistant, session)
    read = None
    if session.opened:
        read = panel.draw(assistant.document, session, session.opened, whole)
    shell.bring_into_view([*_asked(session), *([Show("panel", read, read)] if read else [])])


def _asked(session: Session) -> Iterable[Show]:
    """The turn in focus: shown when it is new, and when the panel has moved the lines."""
    if session.length:
        occasion = f"{session.length} {session.opened is not None}"
        yield Show("conversation", f"turn-{session.focus}", occasion)


def _sidebar(document: Document, session: Session) -> None:
    with st.sidebar:
        st.markdown(f"## {say('app.name')}", anchors=False)
        st.caption(f"{say('app.document')}  \n{say('app.date')}")
        st.button(
            say("app.new_chat"),
            key="new-chat",
            icon=":material/add:",
            width="stretch",
            disabled=not session.length,
            on_click=session.start_over,
        )
        outline.draw(document, session)


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
    hidden = max(0, len(session.turns) - session.drawn)
    if hidden:
        st.button(
            say("answer.earlier", count=hidden),
            key="earlier",
            type="tertiary",
            icon=":material/expand_less:",
            on_click=session.draw_more,
        )
    for position, turn in enumerate(session.turns[hidden:], start=hidden):
        with st.container(key=f"turn-{position}"):
            _question(assistant.document, turn.question)
            with st.chat_message("assistant", avatar=":material/menu_book:"):
                answer.draw(assistant, session, turn, position)
    if session.pending:
        _pending(assistant.document, session.pending, len(session.turns))
    for asked in session.waiting:
        _question(assistant.document, asked.question, note=say("stream.queued"))


def _pending(document: Document, job: Job, position: int) -> None:
    """The question whose answer is being written."""
    with st.container(key=f"turn-{position}"):
        _question(document, job.question)
        with st.chat_message("assistant", avatar=":material/menu_book:"):
            stream.draw(document, job)


def _question(document: Document, question: Question, note: str | None = None) -> None:
    """As plain text: nothing that someone typed is interpreted."""
    with st.chat_message("user", avatar=":material/person:"):
        st.text(question.text, width="stretch")
        programme = document.programme_by_number.get(question.programme or 0)
        if programme:
            colour = PROGRAMME_COLOURS.get(programme.number, "gray")
            st.badge(say("answer.only", programme=literal(programme.title)), color=colour)
        if note:
            st.caption(note)
