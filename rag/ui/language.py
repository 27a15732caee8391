"""The language of the pages: the browser's at first, then what the visitor chooses."""

import streamlit as st

from rag.domain import LANGUAGES
from rag.ui.words import KEY, NAMES, of_browser, say, speak, spoken

CHOICE = "language"


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


def _choose() -> None:
    """The whole page follows: this runs before any of it is drawn."""
    speak(st.session_state[CHOICE])
