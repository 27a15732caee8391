"""The page with the whole document."""

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Document, Programme, Section
from rag.ui import outline, panel, shell
from rag.ui.markup import PROGRAMME_COLOURS, literal
from rag.ui.session import Opened, current
from rag.ui.shell import Show
from rag.ui.words import say


def draw(assistant: Assistant) -> None:
    """The document from the first line to the last, opened where the reader was."""
    session, document = current(), assistant.document
    with st.sidebar:
        st.markdown(f"## {say('app.name')}", anchors=False)
        outline.draw(document, session)
    target = None
    with st.container(key="reader"):
        st.markdown(f"# {say('app.document')}", anchors=False)
        st.caption(f"{say('app.date')}  \n{say('reader.intro')}")
        for section in document.sections:
            target = _section(document, section, session.opened) or target
    shell.bring_into_view([Show("document", target, target)] if target else [])


def _section(document: Document, section: Section, opened: Opened | None) -> str | None:
    """Draw one section; the key of what should be in view, if it is in this one."""
    programme = document.programme_of(section)
    if programme and programme.sections[0] == section.id:
        _programme(programme)
    is_opened = opened is not None and opened.section == section.id
    citation = opened.citation if opened and is_opened else None
    key = f"section-{section.id}".replace(".", "-")
    with st.container(key=key, gap="small"):
        mark = f" :gray-badge[{outline.RESTORED} {say('reader.restored')}]"
        title = literal(document.label(section))
        st.markdown(f"#### {title}{mark if section.restored else ''}", anchors=False)
        cited = panel.prose(section, citation)
    if not is_opened:
        return None
    return cited or key


def _programme(programme: Programme) -> None:
    colour = PROGRAMME_COLOURS.get(programme.number, "gray")
    mark = f" :gray-badge[{outline.RESTORED} {say('reader.programme_restored')}]"
    title = f":{colour}[{programme.number}\\. {literal(programme.title)}]"
    st.markdown(f"## {title}{mark if programme.restored else ''}", anchors=False)
