"""What every page shares: title, logo, the style sheets and the one script of our own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import streamlit as st

from rag.ui.words import say, spoken

DATA = Path(__file__).parent / "data"
KEY: Final = "cinco-shell"
SCRIPT: Final = "shell-script"


def dress() -> None:
    """Page title, logo and layout."""
    logo = str(DATA / "logo.svg")
    st.set_page_config(
        page_title=say("app.name"), page_icon=logo, layout="wide", initial_sidebar_state="auto"
    )
    st.logo(logo, size="large")
    st.session_state[KEY] = Handed()


def masthead(*, with_document: bool = True) -> None:
    """The name of the product on top of a sidebar, and what document it is about."""
    st.markdown(f"## {say('app.name')}", anchors=False)
    if with_document:
        st.caption(f"{say('app.document')}  \n{say('app.date')}")


@dataclass(frozen=True, slots=True)
class Show:
    """Something that should be in view."""

    place: str
    """The part of the page that scrolls."""
    key: str
    """Of the element."""
    occasion: str
    """It is scrolled to once for each: the reader's own scrolling is left alone otherwise."""


@dataclass(frozen=True, slots=True)
class Finds:
    """What was found in the text, to be highlighted where it stands."""

    hits: Sequence[tuple[str, int, int, int]]
    """Key of the part, its paragraph (0 is the heading), characters from and to."""
    current: int
    """The hit that is shown, among those."""
    sought: str
    number: int
    """How often a hit was asked for: it is scrolled to once for each."""


@dataclass(slots=True)
class Handed:
    """What a run of the page, or of a fragment, hands to the script: key of element → text."""

    labels: dict[str, str] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    finds: Finds | None = None
    on_sentence: Callable[[str], None] | None = None


def label(key: str, text: str) -> None:
    """Name the button (link, expander) in the element, for those who do not see around it."""
    _handed().labels[key] = text


def copy(key: str, text: str) -> None:
    """Let a click on the button in the element copy the text; Python never hears of the click."""
    _handed().copies[key] = text


def copy_link(key: str, address: str) -> None:
    """The same with a link, written as seen from a page of the app."""
    _handed().links[key] = address


def highlight(finds: Finds) -> None:
    """Highlight what was found, without drawing the text anew."""
    _handed().finds = finds


def hear_sentences(heard: Callable[[str], None]) -> None:
    """Have a click on the number of a sentence in the text call this with its id.

    For the page, not for a fragment. What is heard comes from the browser: anything, that is.
    """
    _handed().on_sentence = heard


def bring_into_view(shows: Iterable[Show]) -> None:
    """Load the style sheets, scroll what is new into view, hand over names and copies.

    Once, at the end of every page.
    """
    handed = _handed()
    data = {"language": spoken(), "shows": [asdict(show) for show in shows]} | _data(handed)
    with st.container(key="shell"):
        _component()(key=SCRIPT, data=data, on_sentence_change=partial(_heard, handed.on_sentence))
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
        _bare_component()(key=f"{SCRIPT}-{name}", data=_data(own))


def _handed() -> Handed:
    if KEY not in st.session_state:
        st.session_state[KEY] = Handed()
    handed: Handed = st.session_state[KEY]
    return handed


def _data(handed: Handed) -> dict[str, Any]:
    return {
        "labels": handed.labels,
        "copies": handed.copies,
        "links": handed.links,
        "finds": asdict(handed.finds) if handed.finds else None,
        "hears": handed.on_sentence is not None,
        "copied": say("shell.copied"),
        "failed": say("shell.failed"),
        "sentence": say("shell.sentence", n="{n}"),
    }


def _heard(on_sentence: Callable[[str], None] | None) -> None:
    said = st.session_state[SCRIPT].get("sentence")
    if on_sentence and isinstance(said, str):
        on_sentence(said)


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
