"""The page with the whole document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Document, Programme, Section
from rag.ui import outline, panel, permalinks, searchbar, shell
from rag.ui.markup import PROGRAMME_COLOURS, literal
from rag.ui.session import Opened, Session, current
from rag.ui.shell import Show
from rag.ui.words import say

ARRIVAL: Final = "reader-arrival"

SHOWN = 40
"""Characters of a wrong address that are shown."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """The address of the page, and what it led to."""

    asked: dict[str, str]
    opened: Opened | None
    problem: permalinks.Problem | None = None


def draw(assistant: Assistant) -> None:
    """The document from the first line to the last, opened where the reader was."""
    session, document = current(), assistant.document
    arrival = _follow(document, session)
    opened = session.opened
    with st.sidebar:
        shell.masthead(with_document=False)
        outline.draw(document, session)
    target = None
    with st.container(key="reader"):
        st.markdown(f"# {say('app.document')}", anchors=False)
        st.caption(f"{say('app.date')}  \n{say('reader.intro')}")
        with st.container(key="reader-bar", gap="xsmall"):
            searchbar.draw(document)
            if arrival.problem:
                _notice(arrival)
            if opened:
                panel.link(document.section_by_id[opened.section], opened.citation)
        for section in document.sections:
            target = _section(document, section, opened) or target
    shell.hear_sentences(lambda id_: panel.pick(document, session, id_))
    shell.bring_into_view([Show("document", target, target)] if target else [])


def forwarded(page: st.Page, whole: st.Page) -> st.Page:
    """The page that runs; a permalink without the page's name leads to the document as well."""
    if not page.url_path and (asked := _asked()):
        st.switch_page(whole, query_params=asked)
    return page


def _asked() -> dict[str, str]:
    return {name: st.query_params[name] for name in permalinks.NAMES if name in st.query_params}


def _follow(document: Document, session: Session) -> Arrival:
    """Open what a new address asks for; else let the address follow what is open."""
    asked = _asked()
    arrival: Arrival | None = st.session_state.get(ARRIVAL)
    if asked and (arrival is None or asked != arrival.asked):
        problem = _open(document, session, asked)
        arrival = Arrival(asked, session.opened, problem)
    elif arrival is None or not asked or arrival.opened is not session.opened:
        arrival = Arrival(asked, session.opened)
    if arrival.problem is None:
        arrival = Arrival(_addressed(session.opened), session.opened)
        _write(arrival.asked)
    st.session_state[ARRIVAL] = arrival
    return arrival


def _open(
    document: Document, session: Session, asked: Mapping[str, str]
) -> permalinks.Problem | None:
    """What the address does not have; what is open already keeps how it was come by."""
    if asked == _addressed(session.opened):
        return None
    place = permalinks.resolve(document, asked)
    if place.section is None:
        session.close()
    else:
        citation = permalinks.as_citation(place.sentence) if place.sentence else None
        session.pick(place.section.id, citation)
    return place.problem


def _addressed(opened: Opened | None) -> dict[str, str]:
    return permalinks.query(opened.section, panel.ordinal(opened.citation)) if opened else {}


def _write(asked: dict[str, str]) -> None:
    """Into the address, where it is not there yet; whatever else stands in it stays."""
    written = st.query_params.to_dict()
    others = {name: text for name, text in written.items() if name not in permalinks.NAMES}
    wanted = others | dict(asked)
    if wanted != written:
        st.query_params.from_dict(wanted)


def _notice(arrival: Arrival) -> None:
    """What was asked for in vain, as plain text, and what is shown instead."""
    section, sentence = (literal(arrival.asked.get(name, "")[:SHOWN]) for name in permalinks.NAMES)
    is_sentence = arrival.problem == "sentence"
    key = "reader.no_sentence" if is_sentence else "reader.no_section"
    with st.container(key="reader-notice", border=True):
        st.markdown(f":material/link_off: {say(key, section=section, sentence=sentence)}")


def _section(document: Document, section: Section, opened: Opened | None) -> str | None:
    """Draw one section; the key of what should be in view, if it is in this one."""
    programme = document.programme_of(section)
    if programme and programme.sections[0] == section.id:
        _programme(programme)
    is_opened = opened is not None and opened.section == section.id
    citation = opened.citation if opened and is_opened else None
    key = f"section-{section.id}".replace(".", "-")
    mark = f" :gray-badge[{outline.RESTORED} {say('reader.restored')}]" if section.restored else ""
    with st.container(key=key, gap="small"):
        panel.title(document, section, citation, mark)
        cited = panel.prose(section, citation)
    if not is_opened:
        return None
    return cited or key


def _programme(programme: Programme) -> None:
    colour = PROGRAMME_COLOURS.get(programme.number, "gray")
    mark = f" :gray-badge[{outline.RESTORED} {say('reader.programme_restored')}]"
    title = f":{colour}[{programme.number}\\. {literal(programme.title)}]"
    with st.container(key=f"programme-{programme.number}"):
        st.markdown(f"## {title}{mark if programme.restored else ''}", anchors=False)
