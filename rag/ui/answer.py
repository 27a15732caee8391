"""One answer: how it was understood, its text, what was checked, and the way into the document."""

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Answer, Document, Turn
from rag.ui import absence, actions, chips, notices, sources, written
from rag.ui.dialogue import Exchange
from rag.ui.markup import literal, with_badges
from rag.ui.session import Session
from rag.ui.words import count, say


def draw(assistant: Assistant, session: Session, exchange: Exchange, position: int) -> None:
    """The answer in the form of its status; `position` keeps the keys of its buttons apart."""
    document, turn = assistant.document, exchange.turn
    answer = turn.answer
    if answer.understood_as:
        _understood(assistant, session, turn, position)
    if answer.fallback and answer.status != "error":
        notices.fallback(assistant, session, answer.fallback, position)
    match answer.status:
        case "answered":
            _answered(document, session, answer, position)
        case "not_in_document":
            absence.draw(document, session, answer, position)
        case "rejected":
            _failure(answer, position, ":material/edit_note:", say("rejected.title"))
        case "error":
            _error(assistant, session, answer, position)
    if answer.status in {"answered", "not_in_document"}:
        notices.rejected(document, answer, position)
        notices.warnings(answer)
        notices.byline(session, answer)
        actions.draw(assistant, session, exchange, position)


def _understood(assistant: Assistant, session: Session, turn: Turn, position: int) -> None:
    """What the question was taken for, and the way to have only its own words."""
    question = turn.question
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key=f"understood-{position}"
    ):
        understood = literal(turn.answer.understood_as or "")
        st.caption(say("answer.understood", question=understood), width="content")
        st.button(
            say("answer.alone"),
            key=f"alone-{position}",
            type="tertiary",
            icon=":material/undo:",
            help=say("answer.alone_help"),
            on_click=session.ask_alone,
            args=(assistant, question.text, question.programme),
            kwargs={"language": question.language},
        )


def _answered(document: Document, session: Session, answer: Answer, position: int) -> None:
    """The text, what was checked of it, and what it rests on."""
    is_written = answer.provenance.mode == "model"
    text = written.whole(document, answer) if is_written else with_badges(document, answer.text)
    st.markdown(text)
    _checked(answer)
    if is_written:
        sources.draw(document, session, answer, position)
    elif answer.citations:
        chips.sources(document, session, answer.citations, position)


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
    if backing := written.summary(answer):
        is_whole = all(sentence.is_backed for sentence in answer.sentences)
        colour, text = "green" if is_whole else "red", literal(backing.rstrip(".。"))
        lines.append(f":{colour}[:material/fact_check: {text}]")
    if answer.citations:
        lines.append(f":gray[{say('answer.sources')}]")
    if lines:
        st.markdown(f":small[{' · '.join(lines)}]")


def _error(assistant: Assistant, session: Session, answer: Answer, position: int) -> None:
    _failure(answer, position, ":material/error:", say("error.title"))
    if answer.fallback and answer.fallback.text:
        notices.unverified(answer.fallback.text)
    if position == len(session.dialogue.exchanges) - 1:
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
