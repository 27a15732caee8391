"""Opens the assistant once for all visitors; a failure becomes a page."""

import logging

import streamlit as st

from rag import settings
from rag.assistant import Assistant, open_assistant
from rag.errors import RagError
from rag.ui.markup import literal
from rag.ui.words import say

log = logging.getLogger(__name__)


def assistant() -> Assistant:
    """The shared assistant; where it cannot be opened, the page says so and the script ends."""
    try:
        return _shared(say("app.preparing"))
    except RagError as error:
        log.exception("the assistant cannot be opened")
        _failed(error)
        st.stop()


def _shared(progress: str) -> Assistant:
    with st.spinner(progress):
        return _opened()


@st.cache_resource(show_spinner=False)
def _opened() -> Assistant:
    """One for all sessions: it is safe for several threads and reads only."""
    return open_assistant(settings.load(), log.info)


def _failed(error: RagError) -> None:
    with st.container(border=True, key="failure"):
        st.markdown(f"### :material/error: {say('failure.title')}", anchors=False)
        st.markdown(literal(error.problem))
        st.markdown(f"**{literal(error.remedy)}**")
        st.button(say("failure.retry"), icon=":material/refresh:", type="primary")
