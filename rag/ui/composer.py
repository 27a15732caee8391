"""Where people ask: the question, what is searched, who answers, and the line that names it."""

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Document
from rag.models.registry import EXTRACTIVE, servers
from rag.models.shelf import ModelShelf
from rag.ui import language
from rag.ui.markup import literal
from rag.ui.session import Session
from rag.ui.words import count, say

COMPOSER = "question"
FILTER = "programme"
MODEL = "model"
EVERYTHING = 0
"""The filter's entry for no filter."""


def draw(assistant: Assistant, shelf: ModelShelf, session: Session) -> None:
    """The bar at the bottom of the conversation."""
    st.chat_input(
        say("composer.placeholder"),
        key=COMPOSER,
        on_submit=_submit,
        args=(assistant, shelf, session),
    )
    if session.dialogue.pending:
        _stop(session)
    if session.refusal:
        wait = count("limits.minute", session.refusal.retry_seconds)
        st.warning(wait, icon=":material/hourglass_top:")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="choices"):
        _filter(assistant.document)
        _model(shelf)
        _take(shelf, session)
        st.caption(_mode(shelf, _name(shelf)))


def _submit(assistant: Assistant, shelf: ModelShelf, session: Session) -> None:
    """What was chosen a moment ago counts, though the page was not drawn since."""
    _take(shelf, session)
    session.ask(assistant, st.session_state[COMPOSER] or "", session.programme)


def _take(shelf: ModelShelf, session: Session) -> None:
    """The choices as they stand now."""
    session.programme = st.session_state.get(FILTER) or None
    session.model = shelf.find(_name(shelf))


def _name(shelf: ModelShelf) -> str:
    """Of the model that is chosen, if it is still configured."""
    chosen = st.session_state.get(MODEL)
    return chosen if chosen in shelf.names else shelf.registry.default


def _filter(document: Document) -> None:
    names = {EVERYTHING: say("composer.everything")}
    names |= {number: programme.title for number, programme in document.programme_by_number.items()}
    st.selectbox(
        say("composer.filter"),
        list(names),
        format_func=names.__getitem__,
        key=language.follows(FILTER),
        persist_state="session",
        required=True,
        label_visibility="collapsed",
        width=225,
    )


def _model(shelf: ModelShelf) -> None:
    """Choose among what the operator configured."""
    if len(shelf.names) > 1:
        st.session_state.setdefault(MODEL, shelf.registry.default)
        without = say("composer.none")
        st.selectbox(
            say("composer.model"),
            shelf.names,
            format_func=lambda name: without if name == EXTRACTIVE else name,
            key=language.follows(MODEL),
            persist_state="session",
            required=True,
            label_visibility="collapsed",
            icon=":material/edit_note:",
            width=165,
        )


def _mode(shelf: ModelShelf, name: str) -> str:
    """Who answers, and what is checked of it."""
    entry = shelf.registry.chat.get(name)
    if entry is None:
        return say("composer.extractive")
    preset = servers().get(entry.server or "")
    what = f"{entry.model}, {preset.title}" if preset else entry.model
    return say("composer.modelled", name=literal(entry.name), what=literal(what))


def _stop(session: Session) -> None:
    # Not `submit_mode="stop"`: it ends the script and tells nobody, and this goes on without it.
    st.button(
        say("composer.stop"),
        key="stop",
        icon=":material/stop_circle:",
        type="primary",
        on_click=session.dialogue.stop,
    )
