"""What every page shares: title, logo, the style sheets and the one script of our own."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from rag.ui.words import say, spoken

DATA = Path(__file__).parent / "data"
KEY: Final = "cinco-shell"


def dress() -> None:
    """Page title, logo and layout."""
    logo = str(DATA / "logo.svg")
    st.set_page_config(
        page_title=say("app.name"), page_icon=logo, layout="wide", initial_sidebar_state="auto"
    )
    st.logo(logo, size="large")
    st.session_state[KEY] = Handed()


@dataclass(frozen=True, slots=True)
class Show:
    """Something that should be in view."""

    place: str
    """The part of the page that scrolls."""
    key: str
    """Of the element."""
    occasion: str
    """It is scrolled to once for each: the reader's own scrolling is left alone otherwise."""


@dataclass(slots=True)
class Handed:
    """What a run of the page, or of a fragment, hands to the script: key of element → text."""

    labels: dict[str, str] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)


def label(key: str, text: str) -> None:
    """Name the button (link, expander) in the element, for those who do not see around it."""
    _handed().labels[key] = text


def copy(key: str, text: str) -> None:
    """Let a click on the button in the element copy the text; Python never hears of the click."""
    _handed().copies[key] = text


def bring_into_view(shows: Iterable[Show]) -> None:
    """Load the style sheets, scroll what is new into view, hand over names and copies.

    Once, at the end of every page.
    """
    data = {"language": spoken(), "shows": [asdict(show) for show in shows]}
    with st.container(key="shell"):
        _component()(key="shell-script", data=data | _data(_handed()))
    st.session_state[KEY] = Handed()


@contextmanager
def fragment(name: str) -> Iterator[None]:
    """What is labelled and copied within is handed over at its end, by a script of its own.

    Wraps the whole body of a fragment that uses them: when it runs alone, the page's end never
    comes. The name is unique on the page.
    """
    outer, own = _handed(), Handed()
    st.session_state[KEY] = own
    try:
        yield
    finally:
        st.session_state[KEY] = outer
    with st.container(key=f"shell-{name}"):
        _bare_component()(key=f"shell-script-{name}", data=_data(own))


def _handed() -> Handed:
    if KEY not in st.session_state:
        st.session_state[KEY] = Handed()
    handed: Handed = st.session_state[KEY]
    return handed


def _data(handed: Handed) -> dict[str, Any]:
    return asdict(handed) | {"copied": say("shell.copied"), "failed": say("shell.failed")}


@cache
def _component() -> Callable[..., Any]:
    """Static files of ours only: nothing that anyone typed or wrote becomes code."""
    return st.components.v2.component(
        "cinco_shell",
        css="\n".join(
            sheet.read_text(encoding="utf-8") for sheet in sorted((DATA / "styles").glob("*.css"))
        ),
        js=_script(),
        isolate_styles=False,
    )


@cache
def _bare_component() -> Callable[..., Any]:
    """The same script; the style sheets are there already."""
    return st.components.v2.component("cinco_fragment", js=_script(), isolate_styles=False)


def _script() -> str:
    return (DATA / "app.js").read_text(encoding="utf-8")
