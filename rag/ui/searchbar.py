"""The search inside the document: what is found is highlighted in the text, hit after hit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from rag.domain import Document
from rag.ui import finding, searchfield, shell
from rag.ui.finding import Block, Found
from rag.ui.markup import PROGRAMME_COLOURS, colour, literal
from rag.ui.words import say

SOUGHT: Final = "reader-sought"
STEP: Final = "reader-step"
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Step:
    """The hit that is shown."""

    current: int = 0
    number: int = 0
    """How often one was asked for: each time, it is scrolled to."""

    def to(self, hit: int) -> "Step":
        """The next step, to a hit."""
        return Step(hit, self.number + 1)


@st.fragment
def draw(document: Document) -> None:
    """The field, the hits section by section, the ways to the next; redrawn without the text."""
    with shell.fragment("search"), st.container(key="search", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="seek"):
            sought = searchfield.draw(say("search.label"), SOUGHT, partial(_jump, 0))[:LONGEST]
            hits = finding.find(_blocks(document.sha256, document), sought)
            step: Step = st.session_state.get(STEP, Step())
            current = min(step.current, max(0, len(hits) - 1))
            if hits:
                _steps(len(hits), current)
        if hits:
            _places(document, hits, hits[current].place)
        elif len(sought) >= finding.SHORTEST:
            st.caption(say("search.none"))
        shell.highlight(
            shell.Finds(
                [(_key(hit.place), hit.ordinal, hit.start, hit.end) for hit in hits],
                current,
                sought,
                step.number,
            )
        )


@st.cache_resource(show_spinner=False)
def _blocks(_sha256: str, _document: Document) -> tuple[Block, ...]:
    """One per document, for all visitors."""
    return finding.blocks(_document)


def _jump(hit: int) -> None:
    st.session_state[STEP] = st.session_state.get(STEP, Step()).to(hit)


def _steps(total: int, current: int) -> None:
    """Where one is, and the ways to the hits around; after the last comes the first."""
    st.caption(say("search.count", current=current + 1, total=total), width="content")
    for key, label, icon, hit in (
        ("hit-previous", say("search.previous"), "keyboard_arrow_up", current - 1),
        ("hit-next", say("search.next"), "keyboard_arrow_down", current + 1),
    ):
        st.button(
            "",
            key=key,
            icon=f":material/{icon}:",
            type="tertiary",
            on_click=_jump,
            args=(hit % total,),
        )
        shell.label(key, label)


def _places(document: Document, hits: Sequence[Found], current: str) -> None:
    """How many hits each section has; a click leads to the first of them."""
    places = [hit.place for hit in hits]
    with st.container(horizontal=True, gap="xsmall", key="hits"):
        for place, number in finding.per_place(hits).items():
            name, hue = _named(document, place)
            key = f"hits-{place}"
            st.button(
                f":{hue}-badge[{literal(place)}] {number}",
                key=key,
                type="secondary" if place == current else "tertiary",
                on_click=_jump,
                args=(places.index(place),),
            )
            shell.label(key, say("search.section", id=place, count=number, place=name))


def _named(document: Document, place: str) -> tuple[str, str]:
    """A section's breadcrumb or a programme's title, as plain text, and its colour."""
    if section := document.section_by_id.get(place):
        return document.breadcrumb(section), colour(section)
    programme = document.programme_by_number[int(place)]
    return say("search.programme", programme=programme.title), PROGRAMME_COLOURS[programme.number]


def _key(place: str) -> str:
    return f"programme-{place}" if place.isdecimal() else f"section-{place}"
