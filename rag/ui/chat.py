"""The page on which people ask."""

from collections.abc import Iterable

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Document, Turn
from rag.ui import answer, outline, panel, shell
from rag.ui.markup import PROGRAMME_COLOURS, literal
from rag.ui.session import Session, current
from rag.ui.shell import Show
from rag.ui.words import say, starters

COMPOSER = "question"
FILTER = "programme"
EVERYTHING = 0
"""The filter's entry for no filter."""


def draw(assistant: Assistant, whole: st.Page) -> None:
    """Conversation, composer, outline, and the reader where something is open."""
    session = current()
    _sidebar(assistant.document, session)
    with st.container(key="conversation"):
        if session.turns:
            _history(assistant, session)
        else:
            _welcome(assistant, session)
    with st.bottom, st.container(key="composer", gap="xsmall"):
        _composer(assistant, session)
    read = None
    if session.opened:
        read = panel.draw(assistant.document, session, session.opened, whole)
    shell.bring_into_view([*_asked(session), *([Show("panel", read, read)] if read else [])])


def _asked(session: Session) -> Iterable[Show]:
    """The turn in focus: shown when it is new, and when the panel has moved the lines."""
    if session.turns:
        occasion = f"{len(session.turns)} {session.opened is not None}"
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
            disabled=not session.turns,
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
            with st.chat_message("user", avatar=":material/person:"):
                _question(assistant.document, turn)
            with st.chat_message("assistant", avatar=":material/menu_book:"):
                answer.draw(assistant, session, turn, position)


def _question(document: Document, turn: Turn) -> None:
    """As plain text: nothing that someone typed is interpreted."""
    st.text(turn.question.text, width="stretch")
    programme = document.programme_by_number.get(turn.question.programme or 0)
    if programme:
        colour = PROGRAMME_COLOURS.get(programme.number, "gray")
        st.badge(say("answer.only", programme=literal(programme.title)), color=colour)


def _composer(assistant: Assistant, session: Session) -> None:
    st.chat_input(
        say("composer.placeholder"),
        key=COMPOSER,
        on_submit=lambda: session.ask(
            assistant, st.session_state[COMPOSER] or "", session.programme
        ),
    )
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        _filter(assistant.document, session)
        st.caption(say("composer.extractive"), width="content")


def _filter(document: Document, session: Session) -> None:
    def name(number: int) -> str:
        programme = document.programme_by_number.get(number)
        return programme.title if programme else say("composer.everything")

    chosen = st.selectbox(
        say("composer.filter"),
        [EVERYTHING, *document.programme_by_number],
        format_func=name,
        key=FILTER,
        required=True,
        label_visibility="collapsed",
        width=225,
    )
    session.programme = chosen or None
