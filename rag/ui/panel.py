"""The reader beside the chat: one section, what is cited in it highlighted."""

import streamlit as st

from rag.domain import Citation, Document, Section
from rag.ui import permalinks, shell
from rag.ui.markup import badge, literal, numbered
from rag.ui.outline import RESTORED
from rag.ui.session import Opened, Session
from rag.ui.words import say


def draw(document: Document, session: Session, opened: Opened, whole: st.Page) -> str:
    """Draw the panel; the key of what should be in view: what is cited, else the top."""
    section = document.section_by_id[opened.section]
    with st.container(key="panel", gap="small"):
        top = _bar(session, section, opened.citation, whole)
        place(document, section)
        title(document, section, opened.citation)
        if opened.entry:
            _indexed(opened.entry, opened.citation)
        elif opened.citation and not opened.is_picked:
            verdict(document, opened.citation)
        link(section, opened.citation)
        _evidence(document, section)
        cited = prose(section, opened.citation)
        _neighbours(document, session, section)
    shell.hear_sentences(lambda id_: pick(document, session, id_))
    return cited or top


def pick(document: Document, session: Session, sentence_id: str) -> None:
    """Mark the sentence whose number was clicked; a browser may name any."""
    if sentence := document.sentence_by_id.get(sentence_id):
        session.pick(sentence.section, permalinks.as_citation(sentence))


def _bar(session: Session, section: Section, citation: Citation | None, whole: st.Page) -> str:
    """What stays in view: the way to the whole document, and out."""
    key = f"top-{section.id}".replace(".", "-")
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key=key
    ):
        st.page_link(
            whole,
            label=say("reader.whole"),
            icon=":material/menu_book:",
            query_params=permalinks.query(section.id, ordinal(citation)),
        )
        st.button(
            say("reader.close"),
            key="close-panel",
            icon=":material/close:",
            type="tertiary",
            shortcut="Esc",
            on_click=session.close,
        )
    return key


def place(document: Document, section: Section) -> None:
    """The section's programme, and the marks of what was restored."""
    programme = document.programme_of(section)
    marks = [badge(section, programme.title if programme else say("reader.front"))]
    if programme and programme.restored:
        marks.append(f":gray-badge[{RESTORED} {say('reader.programme_restored')}]")
    if section.restored:
        marks.append(f":gray-badge[{RESTORED} {say('reader.restored')}]")
    st.markdown(" ".join(marks))


def title(document: Document, section: Section, citation: Citation | None, mark: str = "") -> None:
    """The section's heading; highlighted where the heading itself is cited."""
    label = literal(document.label(section))
    if citation and section.heading and citation.sentence == section.heading.id:
        label = f":yellow-background[{label}]"
    st.markdown(f"#### {label}{mark}", anchors=False)


def verdict(document: Document, citation: Citation) -> None:
    """What was checked of a citation, and where it stands."""
    claimed = document.section_by_id.get(citation.claimed_section or "")
    text = say(
        f"reader.verdict_{citation.verdict}",
        claimed=literal(document.label(claimed)) if claimed else "",
    )
    icon, colour = (
        (":material/verified:", "green")
        if citation.verdict == "verified"
        else (":material/rule:", "orange")
    )
    st.markdown(f":{colour}[{icon} **{text}**]")


def ordinal(citation: Citation | None) -> int | None:
    """The number of the sentence in its section; 0 is the heading."""
    return int(citation.sentence.rpartition(":")[2]) if citation else None


def link(section: Section, citation: Citation | None) -> None:
    """Where the citation stands, or the section as a whole, and a button that copies its address.

    Once on a page.
    """
    number = ordinal(citation)
    key, numbers = "reader.link_section", {"section": literal(section.id)}
    if citation:
        key = "reader.link_sentence" if number else "reader.link_heading"
        numbers |= {"start": str(citation.start), "end": str(citation.end), "sentence": str(number)}
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="permalink"):
        st.markdown(f":small[:gray[{say(key, **numbers)}]]", width="content")
        st.button(say("reader.copy_link"), key="copy-link", icon=":material/link:", type="tertiary")
    shell.copy_link("copy-link", permalinks.address(section.id, number))


def _indexed(entry: str, citation: Citation | None) -> None:
    """The entry of the analytical index that leads here."""
    text = say("reader.indexed", entry=literal(entry))
    sentence = citation.sentence.rpartition(":")[2] if citation else ""
    where = (
        say("reader.indexed_sentence", sentence=sentence)
        if citation
        else say("reader.indexed_whole")
    )
    st.markdown(f":gray[:material/toc: **{text}**]  \n:small[:gray[{where}]]")


def _evidence(document: Document, section: Section) -> None:
    programme = document.programme_of(section)
    lost = {
        "reader.evidence_programme": programme.evidence if programme else None,
        "reader.evidence_section": section.evidence,
    }
    if any(lost.values()):
        with st.expander(say("reader.why_restored"), type="compact", icon=":material/help:"):
            for key, evidence in lost.items():
                if evidence:
                    st.caption(say(key, evidence=literal(evidence)))


def prose(section: Section, citation: Citation | None) -> str | None:
    """Draw the section's text; its key where something in it is cited."""
    start, end = section.paragraphs[0].start, section.end
    cited = citation if citation and citation.start < end and start < citation.end else None
    # A key of its own per citation: the script scrolls to what is new.
    state = f"cited-{cited.start}" if cited else "plain"
    key = f"read-{section.id}-{state}".replace(".", "-")
    with st.container(key=key):
        st.markdown("\n\n".join(numbered(paragraph, cited) for paragraph in section.paragraphs))
    return key if cited else None


def _neighbours(document: Document, session: Session, section: Section) -> None:
    position = document.sections.index(section)
    previous = document.sections[position - 1] if position else None
    following = document.sections[position + 1 : position + 2]
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        _step(session, previous, say("reader.previous"), ":material/arrow_back:", "left")
        _step(
            session,
            following[0] if following else None,
            say("reader.next"),
            ":material/arrow_forward:",
            "right",
        )


def _step(session: Session, to: Section | None, label: str, icon: str, side: str) -> None:
    st.button(
        label,
        key=f"step-{side}",
        icon=icon,
        icon_position="right" if side == "right" else "left",
        type="tertiary",
        disabled=to is None,
        on_click=session.open,
        args=(to.id if to else "",),
    )
