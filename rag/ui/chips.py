"""Chips: the buttons that lead from an answer into the document."""

from collections.abc import Iterable, Sequence

import streamlit as st

from rag.domain import Citation, Document, Section
from rag.ui import shell
from rag.ui.markup import badge, literal
from rag.ui.outline import RESTORED
from rag.ui.session import Session
from rag.ui.words import say

SHOWN = 6
"""Citations whose chips are shown until all are asked for."""


def sources(
    document: Document, session: Session, citations: Sequence[Citation], position: int
) -> None:
    """One chip per citation; of many, the first ones and a way to the rest."""
    is_long = len(citations) > SHOWN + 1
    is_folded = is_long and position not in session.unfolded
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key=f"sources-{position}"
    ):
        for order, citation in enumerate(citations[: SHOWN if is_folded else None]):
            chip(document, session, citation, (position, order))
        if is_long:
            fold(session, len(citations), position, is_folded=is_folded)


def chip(
    document: Document,
    session: Session,
    citation: Citation,
    place: tuple[int, int],
    *,
    is_whole: bool = False,
) -> None:
    """The button that opens what is cited; `place` is its turn and its number there.

    The whole label names the programme too, and what was restored.
    """
    position, order = place
    section = document.section_of(citation.sentence)
    label = _breadcrumb(document, section) if is_whole else literal(section.title)
    shell.label(f"chip-{position}-{order}", spoken_label(document, section, citation.sentence))
    st.button(
        f"{badge(section, citation.sentence)} {label}",
        key=f"chip-{position}-{order}",
        wrap=is_whole,
        on_click=session.open_from,
        args=(position, section.id, citation),
    )


def spoken_label(document: Document, section: Section, where: str) -> str:
    """The chip for those who hear it: what it shows, then its programme and number in words."""
    programme = document.programme_of(section)
    if programme is None:
        return f"{where} {section.title}"
    place = say("chips.place", programme=programme.title, number=section.number)
    return f"{where} {section.title}. {place}"


def _breadcrumb(document: Document, section: Section) -> str:
    programme = document.programme_of(section)
    is_restored = section.restored or (programme is not None and programme.restored)
    return f"{literal(document.breadcrumb(section))}{f' {RESTORED}' if is_restored else ''}"


def fold(session: Session, number: int, position: int, *, is_folded: bool) -> None:
    """The button that shows all of a turn's citations, or the first of them again."""
    st.button(
        say("answer.all", count=number) if is_folded else say("answer.fewer"),
        key=f"all-{position}",
        type="tertiary",
        icon=":material/expand_more:" if is_folded else ":material/expand_less:",
        on_click=session.fold,
        args=(position,),
    )


def nearest(document: Document, session: Session, ids: Iterable[str], position: int) -> None:
    """One chip per section that comes near."""
    with st.container(horizontal=True, gap="xsmall", key=f"nearest-{position}"):
        for id_ in ids:
            section = document.section_by_id[id_]
            shell.label(f"near-{position}-{id_}", spoken_label(document, section, id_))
            st.button(
                f"{badge(section, id_)} {literal(section.title)}",
                key=f"near-{position}-{id_}",
                on_click=session.open_from,
                args=(position, id_),
            )
