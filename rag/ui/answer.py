"""One answer: its text, what was checked, and the way into the document."""

from collections.abc import Iterable

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Answer, Citation, Document, Turn
from rag.ui.markup import badge, literal, with_badges
from rag.ui.session import Session
from rag.ui.words import count, say


def draw(assistant: Assistant, session: Session, turn: Turn, position: int) -> None:
    """The answer in the form of its status; `position` keeps the keys of its buttons apart."""
    match turn.answer.status:
        case "answered":
            _answered(assistant.document, session, turn.answer, position)
        case "not_in_document":
            _absent(assistant.document, session, turn.answer, position)
        case "rejected":
            _failure(turn.answer, position, ":material/edit_note:", say("rejected.title"))
        case "error":
            _error(assistant, session, turn.answer, position)


def _answered(document: Document, session: Session, answer: Answer, position: int) -> None:
    if answer.understood_as:
        st.caption(say("answer.understood", question=literal(answer.understood_as)))
    st.markdown(with_badges(document, answer.text))
    if answer.fallback:
        reason = literal(answer.fallback.reason)
        st.caption(say("answer.fallback", model=literal(answer.fallback.model), reason=reason))
    _checked(answer)
    _sources(document, session, answer.citations, position)


def _checked(answer: Answer) -> None:
    """Claims no more than was checked: what is not simply verified is counted apart."""
    verified = sum(citation.verdict == "verified" for citation in answer.citations)
    others = len(answer.citations) - verified
    lines = []
    if verified:
        lines.append(f":green[:material/verified: {count('answer.verified', verified)}]")
    if others:
        lines.append(f":orange[:material/rule: {count('answer.located', others)}]")
    if answer.rejected_citations:
        rejected = count("answer.rejected", len(answer.rejected_citations))
        lines.append(f":red[:material/block: {rejected}]")
    if answer.citations:
        lines.append(f":gray[{say('answer.sources')}]")
    if lines:
        st.markdown(f":small[{' · '.join(lines)}]")


def _sources(
    document: Document, session: Session, citations: Iterable[Citation], position: int
) -> None:
    with st.container(horizontal=True, gap="xsmall", key=f"sources-{position}"):
        for order, citation in enumerate(citations):
            section = document.section_by_id[document.sentence_by_id[citation.sentence].section]
            st.button(
                f"{badge(section, citation.sentence)} {literal(section.title)}",
                key=f"chip-{position}-{order}",
                on_click=session.open_from,
                args=(position, section.id, citation),
            )


def _absent(document: Document, session: Session, answer: Answer, position: int) -> None:
    with st.container(border=True, key=f"absent-{position}", gap="small"):
        st.markdown(f"##### :material/search_off: {say('absent.title')}", anchors=False)
        st.markdown(say("absent.text", sections=len(document.sections)))
        if answer.checked_terms:
            words = " ".join(f":gray-badge[{literal(word)}]" for word in answer.checked_terms)
            st.markdown(f"{say('absent.terms')} {words}")
        if answer.citations:
            st.caption(say("absent.passage"))
            _sources(document, session, answer.citations, position)
        if answer.nearest:
            st.caption(say("absent.nearest"))
            _nearest(document, session, answer.nearest, position)


def _nearest(document: Document, session: Session, nearest: Iterable[str], position: int) -> None:
    with st.container(horizontal=True, gap="xsmall", key=f"nearest-{position}"):
        for id_ in nearest:
            section = document.section_by_id[id_]
            st.button(
                f"{badge(section, id_)} {literal(section.title)}",
                key=f"near-{position}-{id_}",
                on_click=session.open_from,
                args=(position, id_),
            )


def _error(assistant: Assistant, session: Session, answer: Answer, position: int) -> None:
    _failure(answer, position, ":material/error:", say("error.title"))
    if position == len(session.turns) - 1:
        st.button(
            say("error.retry"),
            key=f"retry-{position}",
            icon=":material/refresh:",
            on_click=session.ask_again,
            args=(assistant,),
        )


def _failure(answer: Answer, position: int, icon: str, title: str) -> None:
    with st.container(border=True, key=f"failed-{position}", gap="small"):
        st.markdown(f"##### {icon} {title}", anchors=False)
        if answer.error:
            st.markdown(f"{literal(answer.error.problem)} **{literal(answer.error.remedy)}**")
