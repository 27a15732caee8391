"""What a run got wrong, case by case, each one click from the document."""

from collections.abc import Iterable, Sequence
from typing import Final

import streamlit as st

from eval.board import Judged
from eval.items import Turn
from eval.metrics.answers import GivenAnswer
from eval.metrics.grading import Graded
from eval.metrics.wording import plain
from eval.report.visible import visible
from rag.domain import Citation, Document
from rag.ui import language
from rag.ui.evaluation import names
from rag.ui.markup import badge, literal
from rag.ui.session import Opened, current
from rag.ui.words import count, say

KIND: Final = "evaluation-only"
LEAF: Final = "evaluation-leaf"
SHOWN = 8
CHIPS = 6
MAX_TEXT = 400
MAX_ANSWER = 4000

Place = tuple[str, Citation | None]
"""A section, and what is to be highlighted in it."""


def draw(document: Document, chosen: Judged, whole: st.Page) -> None:
    """One leaf of the failing cases; those of the test part are only counted."""
    _hidden(chosen)
    cases = _filtered(chosen.failing)
    if not cases:
        st.caption(say("evaluation.failing_none"))
        return
    st.caption(f"{count('evaluation.failing', len(cases))}. {say('evaluation.failing_text')}")
    pages = -(-len(cases) // SHOWN)
    key = f"{LEAF}-{chosen.record.id}"
    leaf = min(st.session_state.get(key, 1), pages)
    opened = None
    for order, one in enumerate(cases[(leaf - 1) * SHOWN : leaf * SHOWN]):
        opened = _case(document, one, order) or opened
    if pages > 1:
        st.pagination(pages, key=key, persist_state="session")
    if opened:
        current().opened = Opened(*opened)
        st.switch_page(whole)


def _hidden(chosen: Judged) -> None:
    hidden = chosen.report.hidden
    if hidden:
        run = literal(chosen.record.id)
        st.info(count("evaluation.hidden", hidden, run=run), icon=":material/lock:")


def _filtered(cases: Sequence[Graded]) -> list[Graded]:
    kinds = list(dict.fromkeys(one.asked.item.kind for one in cases))
    if len(kinds) < 2:
        return list(cases)
    only = st.pills(
        say("evaluation.only_kinds"),
        kinds,
        selection_mode="multi",
        format_func=names.kind,
        key=language.follows(KIND),
        persist_state="session",
    )
    return [one for one in cases if not only or one.asked.item.kind in only]


def _case(document: Document, one: Graded, order: int) -> Place | None:
    """Draw it; where the reader should open, if a section of it was clicked."""
    asked = one.asked
    with st.container(border=True, key=f"case-{order}", gap="xsmall"):
        st.caption(
            f"{literal(asked.key)} · {names.language(asked.item.lang)} · "
            f"{literal(names.kind(asked.item.kind))}"
        )
        history = asked.item.history(asked.turn_index)
        if history:
            before = literal(" → ".join(map(_shown, history)))
            st.caption(say("evaluation.earlier", questions=before))
        st.markdown(f"**{literal(_shown(asked.turn.asked))}**")
        with st.grid(2, min_column_width=260):
            with st.container(gap="xsmall"):
                wanted = _expected(document, asked.turn, order)
            with st.container(gap="xsmall"):
                found = _given(document, asked.answer, order)
        _answer(asked.answer, order)
    return wanted or found


def _expected(document: Document, turn: Turn, order: int) -> Place | None:
    allowed = ", ".join(say(f"evaluation.status_{status}") for status in turn.allowed)
    key = f"evaluation.expected_{turn.status or 'attack'}"
    st.markdown(f":small[:gray[{say('evaluation.expected')}]]  \n{say(key, allowed=allowed)}")
    opened = None
    for what, sections in (
        ("", turn.sections),
        (say("evaluation.acceptable"), turn.acceptable),
        (say("evaluation.nearest"), turn.nearest),
    ):
        places = [(id_, _evidence(document, id_, turn.evidence)) for id_ in sections]
        opened = _chips(document, places, f"{order}-expected", what) or opened
    for key, strings in (("evaluation.must", turn.must), ("evaluation.must_not", turn.must_not)):
        if strings:
            st.caption(say(key, strings=literal("; ".join(map(_shown, strings)))))
    return opened


def _given(document: Document, answer: GivenAnswer, order: int) -> Place | None:
    problem = literal(_shown(answer.error.problem)) if answer.error else ""
    key = f"evaluation.given_{answer.status}"
    st.markdown(f":small[:gray[{say('evaluation.given')}]]  \n{say(key, problem=problem)}")
    places: dict[str, Citation | None] = {}
    for given in answer.citations:
        is_true = document.source[given.start : given.end] == given.quote
        exact = Citation(given.sentence, given.quote, given.start, given.end, "verified")
        places.setdefault(given.section, exact if is_true else None)
    opened = _chips(document, list(places.items()), f"{order}-given")
    near = [(id_, None) for id_ in answer.nearest if id_ not in places]
    return _chips(document, near, f"{order}-near", say("evaluation.nearest")) or opened


def _chips(document: Document, places: Sequence[Place], key: str, what: str = "") -> Place | None:
    """One chip per section; the place of the one that was clicked."""
    known = [place for place in places if place[0] in document.section_by_id]
    if not known:
        return None
    clicked = None
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if what:
            st.caption(what, width="content")
        for place in known[:CHIPS]:
            section = document.section_by_id[place[0]]
            label = f"{badge(section, section.id)} {literal(section.title)}"
            if st.button(label, key=f"chip-{key}-{what}-{section.id}"):
                clicked = place
        if len(known) > CHIPS:
            st.caption(say("evaluation.more", count=len(known) - CHIPS), width="content")
    return clicked


def _evidence(document: Document, section_id: str, spans: Iterable[str]) -> Citation | None:
    """The first gold span that stands in the section."""
    section = document.section_by_id.get(section_id)
    if section is None:
        return None
    sentences = (*([section.heading] if section.heading else []), *section.sentences)
    for span in spans:
        start = document.source.find(span, section.start, section.end)
        within = next((one for one in sentences if one.start <= start < one.end), None)
        if within:
            return Citation(within.id, span, start, start + len(span), "verified")
    return None


def _answer(answer: GivenAnswer, order: int) -> None:
    text = plain(answer.answer)
    if text.strip():
        with st.expander(say("evaluation.answer"), key=f"answer-{order}", type="compact"):
            st.text(_shown(text, MAX_ANSWER), width="stretch")


def _shown(text: str, max_length: int = MAX_TEXT) -> str:
    """The text with unseen characters written out, and cut where it is very long."""
    return visible(text[:max_length]) + ("…" if len(text) > max_length else "")
