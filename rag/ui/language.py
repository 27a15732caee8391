"""The language of the pages: the browser's at first, then what the visitor chooses."""

import streamlit as st

from rag.domain import LANGUAGES
from rag.ui.words import KEY, NAMES, of_browser, say, speak, spoken

CHOICE = "language"
FOLLOWERS = "translated-choices"
"""Keys of choices whose options are translated."""


def begin() -> None:
    """Speak the browser's language until another one is chosen; before anything is drawn."""
    if KEY not in st.session_state:
        speak(of_browser(st.context.locale))


def draw() -> None:
    """The control, on top of the sidebar of every page."""
    with st.sidebar:
        st.menu_button(
            NAMES[spoken()],
            [language for language in LANGUAGES if language != spoken()],
            format_func=lambda language: NAMES[language],
            key=CHOICE,
            icon=":material/language:",
            help=say("app.language"),
            on_click=_choose,
            type="tertiary",
        )


def follows(key: str) -> str:
    """The key of a choice whose options are translated, so that a new language reaches it.

    A browser names what is chosen by its label, and keeps the old one unless it is told.
    """
    st.session_state.setdefault(FOLLOWERS, set()).add(key)
    return key


def _choose() -> None:
    """The whole page follows: this runs before any of it is drawn."""
    for key in st.session_state.get(FOLLOWERS, ()):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
    speak(st.session_state[CHOICE])
