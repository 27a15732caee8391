"""What has to be said about how an answer came about."""

import re

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Answer, Citation, Document, Fallback
from rag.ui import written
from rag.ui.markup import literal
from rag.ui.session import Session
from rag.ui.words import say

_ID = re.compile(r"[\w.]+:\d+")


def fallback(assistant: Assistant, session: Session, given: Fallback, position: int) -> None:
    """That a model was asked in vain, why, what it wrote, and the way to ask again."""
    with st.container(key=f"fallback-{position}", border=True, gap="xsmall"):
        model, reason = literal(given.model), literal(given.reason)
        st.markdown(f":orange[:material/info: **{say('fallback.title')}**]")
        st.markdown(f":small[{say('fallback.reason', model=model, reason=reason)}]")
        if given.text:
            unverified(given.text)
        is_last = position == len(session.dialogue.exchanges) - 1 and not session.dialogue.is_busy
        if is_last and session.model:
            st.button(
                say("fallback.retry"),
                key=f"retry-{position}",
                type="tertiary",
                icon=":material/refresh:",
                on_click=session.ask_again,
                args=(assistant,),
            )


def unverified(text: str) -> None:
    """What a model wrote that is not the answer, one click away."""
    with st.expander(say("fallback.text"), type="compact", icon=":material/unpublished:"):
        st.caption(say("fallback.unverified"))
        st.markdown(written.plain(text))


def warnings(answer: Answer) -> None:
    """What the reader should know, each on a small line."""
    for warning in answer.warnings:
        st.caption(f":material/info: {literal(warning)}")


def byline(session: Session, answer: Answer) -> None:
    """Who wrote it; only said where there is a choice."""
    made = answer.provenance
    if made.mode == "model":
        declines = answer.status == "not_in_document"
        key = "answer.declined_by_model" if declines else "answer.by_model"
        st.caption(f":material/edit_note: {say(key, model=literal(made.model or ''))}")
    elif session.model and not answer.fallback:
        st.caption(f":material/format_quote: {say('answer.by_none')}")


def rejected(document: Document, answer: Answer, position: int) -> None:
    """The citations that do not stand in the document; none disappears in silence."""
    if not answer.rejected_citations:
        return
    with st.expander(
        say("discarded.title"),
        key=f"rejected-{position}",
        type="compact",
        icon=":material/block:",
    ):
        st.markdown("\n".join(f"- {_rejected(document, c)}" for c in answer.rejected_citations))


def _rejected(document: Document, citation: Citation) -> str:
    if _ID.fullmatch(citation.quote):
        return say("discarded.id", id=literal(citation.quote))
    claimed = document.section_by_id.get(citation.claimed_section or "")
    if claimed is None:
        return f"«{literal(citation.quote)}»"
    place = literal(document.breadcrumb(claimed))
    return say("discarded.quote", quote=literal(citation.quote), claimed=place)
