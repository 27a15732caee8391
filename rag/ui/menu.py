"""The open conversation: its name, and what can be done with it as a whole."""

import streamlit as st

from rag.conversations.conversation import MAX_TITLE
from rag.ui import takeaway
from rag.ui.arrival import Visitor
from rag.ui.markup import literal
from rag.ui.session import Session
from rag.ui.words import say


def draw(visitor: Visitor, session: Session) -> None:
    """A line above the conversation."""
    dialogue = session.dialogue
    with st.container(horizontal=True, vertical_alignment="center", key="menu"):
        st.caption(literal(dialogue.name), width="stretch")
        box = st.popover(
            say("menu.title"),
            icon=":material/more_horiz:",
            type="tertiary",
            key="menu-box",
            on_change="rerun",
        )
        if box.open:
            with box:
                _actions(visitor, session)
    if problem := dialogue.record.problem:
        st.warning(f"{say('menu.unkept')} {literal(problem.problem)} **{literal(problem.remedy)}**")


def _actions(visitor: Visitor, session: Session) -> None:
    dialogue = session.dialogue
    takeaway.draw(visitor.assistant.document, dialogue)
    if dialogue.record.id is None:
        st.caption(say("menu.no_cookie"))
        return
    name = st.text_input(
        say("menu.name"), dialogue.name, max_chars=MAX_TITLE, key=f"name-{dialogue.record.id}"
    )
    if name and name != dialogue.name:
        dialogue.rename(name)
        st.rerun()
    with st.popover(say("menu.delete"), icon=":material/delete:", type="tertiary"):
        st.markdown(say("menu.delete_text"))
        st.button(
            say("menu.delete_sure"),
            key="delete-conversation",
            type="primary",
            on_click=visitor.delete,
            args=(session, dialogue.record.id),
        )
