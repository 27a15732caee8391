"""The visitor's conversations: the last ones in the sidebar, all of them in a dialog."""

from typing import Final, Literal

import streamlit as st

from rag.conversations.conversation import Summary
from rag.ui import searchfield
from rag.ui.arrival import Visitor
from rag.ui.markup import literal
from rag.ui.session import Session
from rag.ui.words import count, say

RECENT: Final = 5
"""How many are named in the sidebar."""

PIXELS: Final = 320
UNSCROLLED: Final = 6
"""The list of more than these is that high, and scrolls."""

LISTED: Final = 50
"""How many the dialog shows; a search finds the others."""


def draw(visitor: Visitor, session: Session) -> None:
    """A new one, the last ones, and the way to all of them."""
    st.button(
        say("app.new_chat"),
        key="new-chat",
        icon=":material/add:",
        width="stretch",
        disabled=not session.dialogue.length,
        on_click=visitor.start_over,
        args=(session,),
    )
    if recent := visitor.recent(RECENT):
        st.markdown(f"**{say('conversations.title')}**")
        with st.container(gap=None, key="conversations"):
            for summary in recent:
                _entry(visitor, session, summary)
            is_wanted = len(recent) > 1 and _all()
        if is_wanted:
            _dialog(visitor, session)


def _all() -> bool:
    """The way to all of them; whether it is taken."""
    return st.button(
        say("conversations.all"),
        key="all-conversations",
        icon=":material/search:",
        type="tertiary",
        width="stretch",
    )


def _entry(visitor: Visitor, session: Session, summary: Summary) -> None:
    is_open = summary.id == session.dialogue.record.id
    title = literal(summary.title)
    st.button(
        f"**{title}**" if is_open else title,
        key=f"recent-{summary.id}",
        type="tertiary",
        width="stretch",
        wrap=True,
        on_click=visitor.enter,
        args=(session, summary.id),
    )


def _dialog(visitor: Visitor, session: Session) -> None:
    """Titled in the language of the page, so that it is made when it is opened."""
    st.dialog(say("conversations.title"), width="medium")(_list)(visitor, session)


def _list(visitor: Visitor, session: Session) -> None:
    sought = searchfield.draw(say("conversations.search"), "search-conversations")
    found = visitor.search(sought, LISTED)
    st.caption(count("conversations.found", len(found)))
    height: Literal["content"] | int = PIXELS if len(found) > UNSCROLLED else "content"
    with st.container(gap=None, key="found-conversations", height=height):
        chosen = [summary for summary in found if _found(session, summary)]
    if chosen:
        visitor.enter(session, chosen[0].id)
        st.rerun()
    _delete_all(visitor, session)


def _delete_all(visitor: Visitor, session: Session) -> None:
    with st.popover(say("conversations.delete_all"), icon=":material/delete:", type="tertiary"):
        st.markdown(say("conversations.delete_all_text"))
        if st.button(say("menu.delete_sure"), key="delete-all", type="primary"):
            visitor.delete_all(session)
            st.rerun()


def _found(session: Session, summary: Summary) -> bool:
    """One line of the dialog; whether it was chosen."""
    is_open = summary.id == session.dialogue.record.id
    title = literal(summary.title)
    questions = count("conversations.questions", summary.turns)
    facts = f":small[:gray[{questions} · {summary.used:%d/%m/%Y}]]"
    label = f"{f'**{title}**' if is_open else title}  \n{facts}"
    return st.button(label, key=f"found-{summary.id}", type="tertiary", width="stretch", wrap=True)
