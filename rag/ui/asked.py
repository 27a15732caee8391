"""What someone asked, and the form in which the last question is written anew."""

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Document, Question
from rag.search.understanding import MAX_QUESTION
from rag.ui.markup import PROGRAMME_COLOURS, literal
from rag.ui.session import Session
from rag.ui.words import say


def draw(document: Document, question: Question, note: str | None = None) -> None:
    """As plain text: nothing that someone typed is interpreted."""
    with st.chat_message("user", avatar=":material/person:"):
        _text(document, question)
        if note:
            st.caption(note)


def draw_last(assistant: Assistant, session: Session, question: Question, position: int) -> None:
    """The same with the way to change it, or the form that does."""
    with st.chat_message("user", avatar=":material/person:"):
        if session.is_editing:
            _form(assistant, session, question)
            return
        with st.container(horizontal=True, vertical_alignment="top", key=f"asked-{position}"):
            with st.container(width="stretch"):
                _text(assistant.document, question)
            st.button(
                say("asked.edit"),
                key="edit",
                icon=":material/edit:",
                type="tertiary",
                on_click=session.edit,
                kwargs={"begins": True},
            )


def _text(document: Document, question: Question) -> None:
    st.text(question.text, width="stretch")
    programme = document.programme_by_number.get(question.programme or 0)
    if programme:
        colour = PROGRAMME_COLOURS.get(programme.number, "gray")
        st.badge(say("answer.only", programme=literal(programme.title)), color=colour)


def _form(assistant: Assistant, session: Session, question: Question) -> None:
    with st.form("edit-form", border=False):
        text = st.text_area(
            say("asked.label"),
            question.text,
            max_chars=MAX_QUESTION,
            key="edited",
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, gap="xsmall"):
            is_sent = st.form_submit_button(say("asked.send"), type="primary")
            is_left = st.form_submit_button(say("asked.leave"), type="tertiary")
    if is_sent and (text or "").strip():
        session.ask_again(assistant, text)
        st.rerun()
    if is_left:
        session.edit(begins=False)
        st.rerun()
