"""«Why this answer?»: the ranking and the decision behind it, worked out when someone looks."""

from collections.abc import Mapping, Sequence

import streamlit as st

from rag.assistant import Assistant
from rag.domain import Answer, Document, LegScore, Question, Turn
from rag.search.retrieval import Retrieval, Term
from rag.search.silence import SilenceDecision
from rag.ui.markup import badge, literal
from rag.ui.words import decimal, say, say_or

SECTIONS = 8
"""Sections of the ranking that are shown."""


def draw(assistant: Assistant, turn: Turn, history: Sequence[Question], position: int) -> None:
    """The expander under an answer; nothing is searched again while it is closed."""
    answer = turn.answer
    box = st.expander(
        say("inspector.title"),
        key=f"why-{position}",
        icon=":material/troubleshoot:",
        type="compact",
        on_change="rerun",
    )
    if not box.open:
        return
    with box, st.container(key=f"inspector-{position}", gap="small"):
        if answer.status == "answered" and answer.confidence is None:
            st.markdown(say("inspector.structural"))
        else:
            _search(assistant, turn, history)
        _made(answer)
        _timings(answer)


def _search(assistant: Assistant, turn: Turn, history: Sequence[Question]) -> None:
    retrieval = assistant.search(turn.question, history)
    decision = assistant.judge(turn.question, history)
    _terms(retrieval.terms)
    _ranking(assistant.document, retrieval, turn.answer)
    _decision(turn.answer, decision)


def _terms(terms: Sequence[Term]) -> None:
    """Each word that was looked for, and what it was matched with."""
    st.markdown(f"**{say('inspector.terms')}**")
    if terms:
        st.markdown(" ".join(map(_term, terms)))
    st.caption(say("inspector.terms_help") if terms else say("inspector.no_terms"))


def _term(term: Term) -> str:
    if term.match is None:
        return f":red-badge[{literal(term.word)} → ∅]"
    if term.match == term.word:
        return f":gray-badge[{literal(term.word)}]"
    return f":orange-badge[{literal(term.word)} → {literal(term.match)}]"


def _ranking(document: Document, retrieval: Retrieval, answer: Answer) -> None:
    """The best sections in their fused order, with rank and score of each leg."""
    ranked = [id_ for id_ in retrieval.sections if id_ in retrieval.section_legs][:SECTIONS]
    legs = list(dict.fromkeys(leg for id_ in ranked for leg in retrieval.section_legs[id_]))
    cited = {document.sentence_by_id[citation.sentence].section for citation in answer.citations}
    names = [literal(say_or(f"inspector.leg_{leg}", leg)) for leg in legs]
    lines = [
        _row(["", say("inspector.section"), *names]),
        _row(["--:", ":--", *["--:"] * len(legs)]),
    ]
    for rank, id_ in enumerate(ranked, start=1):
        section = document.section_by_id[id_]
        mark = " :material/format_quote:" if id_ in cited else ""
        place = f"{badge(section, id_)} {literal(section.title)}{mark}"
        scores = [_score(retrieval.section_legs[id_], leg) for leg in legs]
        lines.append(_row([str(rank), place, *scores]))
    st.markdown(f"**{say('inspector.ranking')}**")
    st.markdown("\n".join(lines))
    st.caption(say("inspector.ranking_help"))


def _score(legs: Mapping[str, LegScore], leg: str) -> str:
    if leg not in legs:
        return "–"
    return f"**{legs[leg].rank}** :small[:gray[({decimal(legs[leg].score)})]]"


def _decision(answer: Answer, decision: SilenceDecision) -> None:
    """How sure it was that the document answers, and from where on it would have said nothing."""
    confidence = decision.confidence if answer.confidence is None else answer.confidence
    key = "inspector.spoke" if answer.status == "answered" else "inspector.silent"
    if answer.provenance.mode == "model":
        key = "inspector.left_to_model"
    st.markdown(f"**{say('inspector.decision')}**")
    threshold = decimal(decision.threshold)
    st.progress(
        min(1.0, max(0.0, confidence)),
        say(key, confidence=decimal(confidence), threshold=threshold),
    )
    features = (
        f"{literal(say_or(f'inspector.feature_{name}', name))} {decimal(value)}"
        for name, value in decision.features.items()
    )
    st.caption(" · ".join(features))


def _made(answer: Answer) -> None:
    """Mode, model, version of the prompt, tokens."""
    made = answer.provenance
    facts = [say(f"inspector.mode_{made.mode}", model=literal(made.model or ""))]
    if answer.fallback:
        facts.append(say("inspector.asked_in_vain", model=literal(answer.fallback.model)))
    if made.prompt:
        facts.append(say("inspector.prompt", prompt=literal(made.prompt)))
    if made.tokens:
        tokens = made.tokens
        facts.append(say("inspector.tokens", prompt=tokens.prompt, answer=tokens.answer))
    st.markdown(f"**{say('inspector.made')}**")
    st.caption(" · ".join(facts))


def _timings(answer: Answer) -> None:
    timings = answer.provenance.timings_ms
    st.markdown(f"**{say('inspector.timings')}**")
    steps = (
        f"{literal(say_or(f'inspector.step_{step}', step))} {decimal(milliseconds, 1)} ms"
        for step, milliseconds in timings.items()
    )
    st.caption(" · ".join(steps))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
