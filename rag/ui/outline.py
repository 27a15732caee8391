"""The outline of programmes and subsections, in the sidebar."""

from collections.abc import Iterable

import streamlit as st

from rag.domain import Document, Programme, Section
from rag.ui.markup import PROGRAMME_COLOURS, literal
from rag.ui.session import Session
from rag.ui.words import say

RESTORED = ":material/history:"


def draw(document: Document, session: Session) -> None:
    """The whole outline; the programme that is being read stands open."""
    opened = session.opened and document.section_by_id[session.opened.section]
    st.markdown(f"**{say('outline.title')}**")
    with st.container(gap="xxsmall", key="outline"):
        _front(document, session, is_open=bool(opened and opened.programme is None))
        for programme in document.programmes:
            is_open = bool(opened and opened.programme == programme.number)
            _programme(programme, document, session, is_open=is_open)
    st.caption(say("outline.legend"))


def _front(document: Document, session: Session, *, is_open: bool) -> None:
    label = f":gray-badge[·] {say('outline.front')} {RESTORED}"
    with st.expander(label, expanded=is_open, type="compact"):
        _sections((s for s in document.sections if s.programme is None), document, session)


def _programme(
    programme: Programme, document: Document, session: Session, *, is_open: bool
) -> None:
    colour = PROGRAMME_COLOURS.get(programme.number, "gray")
    mark = f" {RESTORED}" if programme.restored else ""
    label = f":{colour}-badge[{programme.number}] {literal(programme.title)}{mark}"
    with st.expander(label, expanded=is_open, type="compact"):
        _sections((document.section_by_id[id_] for id_ in programme.sections), document, session)


def _sections(sections: Iterable[Section], document: Document, session: Session) -> None:
    with st.container(gap=None):
        for section in sections:
            is_opened = session.opened is not None and session.opened.section == section.id
            label = literal(document.label(section))
            st.button(
                f"**{label}**" if is_opened else label,
                key=f"outline-{section.id}",
                icon=RESTORED if section.restored else None,
                type="tertiary",
                width="stretch",
                wrap=True,
                on_click=session.open,
                args=(section.id,),
            )
