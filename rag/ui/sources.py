"""Below what a model wrote: the sentences of the document that it rests on, word by word."""

import streamlit as st

from rag.domain import Answer, Citation, Document
from rag.ui import chips, written
from rag.ui.markup import literal
from rag.ui.session import Session
from rag.ui.words import say

SHOWN = 3
"""Quotes that are shown until all are asked for."""


def draw(document: Document, session: Session, answer: Answer, position: int) -> None:
    """One card per citation: the way to its place, the quote, what is to be said of it."""
    citations = answer.citations
    is_long = len(citations) > SHOWN + 1
    is_folded = is_long and position not in session.unfolded
    aligned = written.aligned(answer)
    with st.container(key=f"sources-{position}", gap="small"):
        for order, citation in enumerate(citations[: SHOWN if is_folded else None]):
            with st.container(key=f"source-{position}-{order}", gap="xxsmall"):
                chips.chip(document, session, citation, (position, order), is_whole=True)
                st.markdown(f"> «{literal(citation.quote)}»")
                _notes(document, citation, is_aligned=citation.sentence in aligned)
        if is_long:
            chips.fold(session, len(citations), position, is_folded=is_folded)


def _notes(document: Document, citation: Citation, *, is_aligned: bool) -> None:
    notes = []
    if citation.verdict == "moved":
        notes.append(f":orange[:material/rule: {_moved(document, citation)}]")
    if citation.verdict == "stitched":
        notes.append(f":orange[:material/rule: {say('reader.verdict_stitched')}]")
    if is_aligned:
        notes.append(f":gray[:material/link: {say('written.aligned')}]")
    if notes:
        st.markdown(f":small[{' · '.join(notes)}]")


def _moved(document: Document, citation: Citation) -> str:
    """Both sections: the one that was claimed and the one where it stands."""
    claimed = document.section_by_id.get(citation.claimed_section or "")
    actual = document.section_of(citation.sentence)
    return say(
        "sources.moved",
        claimed=literal(
            document.breadcrumb(claimed) if claimed else citation.claimed_section or ""
        ),
        actual=literal(document.breadcrumb(actual)),
    )
