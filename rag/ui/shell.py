"""What every page shares: title, logo, the style sheets and the one script of our own."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from rag.ui.words import say, spoken

DATA = Path(__file__).parent / "data"


def dress() -> None:
    """Page title, logo and layout."""
    logo = str(DATA / "logo.svg")
    st.set_page_config(
        page_title=say("app.name"), page_icon=logo, layout="wide", initial_sidebar_state="auto"
    )
    st.logo(logo, size="large")


@dataclass(frozen=True, slots=True)
class Show:
    """Something that should be in view."""

    place: str
    """The part of the page that scrolls."""
    key: str
    """Of the element."""
    occasion: str
    """It is scrolled to once for each: the reader's own scrolling is left alone otherwise."""


def bring_into_view(shows: Iterable[Show]) -> None:
    """Load the style sheets, and scroll what is new into view."""
    data = {"language": spoken(), "shows": [asdict(show) for show in shows]}
    with st.container(key="shell"):
        _component()(key="shell-script", data=data)


@cache
def _component() -> Callable[..., Any]:
    """Static files of ours only: nothing that anyone typed or wrote becomes code."""
    return st.components.v2.component(
        "cinco_shell",
        css="\n".join(
            sheet.read_text(encoding="utf-8") for sheet in sorted((DATA / "styles").glob("*.css"))
        ),
        js=(DATA / "app.js").read_text(encoding="utf-8"),
        isolate_styles=False,
    )
