"""Opens what all visitors share once; a failure becomes a page."""

import logging
from dataclasses import dataclass

import streamlit as st

from rag import limits, settings
from rag.assistant import Assistant, open_assistant
from rag.conversations.store import ConversationStore, open_store
from rag.errors import RagError
from rag.limits import Limits
from rag.models.shelf import ModelShelf
from rag.ui.job import Jobs
from rag.ui.markup import literal
from rag.ui.words import say

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shared:
    """What all visitors share; safe for several threads."""

    assistant: Assistant
    shelf: ModelShelf
    store: ConversationStore
    jobs: Jobs
    limits: Limits


def opened() -> Shared:
    """What all visitors share; where it cannot be opened, the page says so and the script ends."""
    try:
        return _shared(say("app.preparing"))
    except RagError as error:
        log.exception("the app cannot be opened")
        _failed(error)
        st.stop()


def _shared(progress: str) -> Shared:
    with st.spinner(progress):
        return Shared(_assistant(), _shelf(), _store(), _jobs(), _limits())


@st.cache_resource(show_spinner=False)
def _assistant() -> Assistant:
    """One for all sessions: it is safe for several threads and reads only."""
    return open_assistant(settings.load(), log.info)


@st.cache_resource(show_spinner=False)
def _shelf() -> ModelShelf:
    """What the operator configured; nobody else can add to it."""
    return ModelShelf(settings.load())


@st.cache_resource(show_spinner=False)
def _store() -> ConversationStore:
    """Every visitor's conversations, each for its owner only."""
    return open_store(settings.load())


@st.cache_resource(show_spinner=False)
def _jobs() -> Jobs:
    """What is being written for anybody."""
    return Jobs()


@st.cache_resource(show_spinner=False)
def _limits() -> Limits:
    """What each visitor may ask, and what all of them may cost."""
    return limits.of(settings.load())


def _failed(error: RagError) -> None:
    with st.container(border=True, key="failure"):
        st.markdown(f"### :material/error: {say('failure.title')}", anchors=False)
        st.markdown(literal(error.problem))
        st.markdown(f"**{literal(error.remedy)}**")
        st.button(say("failure.retry"), icon=":material/refresh:", type="primary")
