"""«The document does not say», and what is said to those who greet or ask something else."""

from typing import Final

import streamlit as st

from rag.domain import Answer, Document, Reason
from rag.ui import chips
from rag.ui.markup import literal, reference, unlinked
from rag.ui.session import Session
from rag.ui.words import say

ASIDE: Final[dict[Reason | None, str]] = {
    "greeting": ":material/waving_hand:",
    "out_of_domain": ":material/explore_off:",
}
"""Reasons that are no finding about the document: a friendly line with an icon, no headline."""


def draw(document: Document, session: Session, answer: Answer, position: int) -> None:
    """The card; its first line is the answer's own, in the language of the question."""
    with st.container(border=True, key=f"absent-{position}", gap="small"):
        if answer.reason in ASIDE:
            st.markdown(f"{ASIDE[answer.reason]} {unlinked(answer.text)}")
        else:
            _finding(document, answer)
            _near(document, session, answer, position)


def _finding(document: Document, answer: Answer) -> None:
    frames = (sentence.text for sentence in answer.sentences if sentence.verdict == "frame")
    title = unlinked(next(frames, say("absent.title"))).rstrip(".。")
    st.markdown(f"##### :material/search_off: {title}", anchors=False)
    by_model = answer.provenance.mode == "model"
    key = "absent.text_model" if by_model else "absent.text"
    st.markdown(say(key, sections=len(document.sections)))
    if answer.checked_terms:
        words = " ".join(f":gray-badge[{literal(word)}]" for word in answer.checked_terms)
        st.markdown(f"{say('absent.terms')} {words}")


def _near(document: Document, session: Session, answer: Answer, position: int) -> None:
    """The closest passage in full, then the sections around it."""
    if answer.citations:
        is_premise = answer.reason == "false_premise"
        st.caption(say("absent.premise") if is_premise else say("absent.passage"))
        quotes = (
            f"> «{literal(citation.quote)}» {reference(document, citation.sentence)}"
            for citation in answer.citations
        )
        st.markdown("\n\n".join(quotes))
        chips.sources(document, session, answer.citations, position)
    cited = {document.sentence_by_id[citation.sentence].section for citation in answer.citations}
    others = [id_ for id_ in answer.nearest if id_ not in cited]
    if others:
        st.caption(say("absent.also") if cited else say("absent.nearest"))
        chips.nearest(document, session, others, position)
