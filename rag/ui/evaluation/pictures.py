"""The pictures of a run, each with the table that says the same."""

from collections.abc import Iterable
from typing import Final

import streamlit as st

from eval.board import Judged
from eval.metrics.intervals import Figure
from eval.metrics.summary import NO_PROGRAMME
from rag.domain import Document, Section
from rag.ui import language
from rag.ui.evaluation import charts, names, tables
from rag.ui.markup import literal
from rag.ui.words import decimal, say

BY: Final = "evaluation-by"
DIMENSIONS: Final = ("lang", "kind", "programme", "lang_group")
STEPS = (0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
"""Coverages that the table of the curve names."""


def programmes(document: Document, chosen: Judged) -> None:
    """Where the first citation stands, for every programme that questions are about."""
    matrix = chosen.report.summary.confusion
    short = {name: _short(name) for name in (*matrix.rows, *matrix.columns)}
    axes = (say("evaluation.asked_about"), say("evaluation.cited"))
    st.caption(say("evaluation.programmes_text"))
    charts.draw(
        charts.confusion(matrix, short, axes), say("evaluation.chart_programmes"), "programmes"
    )
    st.caption(" · ".join(literal(names.programme(document, name)) for name in matrix.rows[1:]))
    tables.beneath(
        (axes[0], *(short[column] for column in matrix.columns)),
        [
            (literal(names.programme(document, row)), *map(str, counts))
            for row, counts in zip(matrix.rows, matrix.counts, strict=True)
        ],
        "programmes",
    )


def _short(name: str) -> str:
    """A programme's number, or what stands for none."""
    if name.isdigit():
        return name
    is_front = name == NO_PROGRAMME
    return say("evaluation.front") if is_front else say("evaluation.nothing_cited")


def sections(document: Document, chosen: Judged) -> None:
    """How often the first citation stands in the section that a question is about."""
    found = chosen.report.summary.sections
    places = [section for section in document.sections if section.id in found]
    st.caption(say("evaluation.sections_text"))
    charts.draw(
        charts.sections(
            [_tile(document, section, found[section.id]) for section in places],
            (say("evaluation.ordinal"), say("evaluation.programme")),
            [say("evaluation.front"), *(str(p.number) for p in document.programmes)],
        ),
        say("evaluation.chart_sections"),
        "sections",
    )
    _table(
        say("evaluation.section"),
        ((literal(document.label(section)), found[section.id]) for section in places),
        "sections",
    )


def _tile(document: Document, section: Section, figure: Figure) -> dict[str, object]:
    value = figure.value or 0.0
    label = f"{100 * value:.0f}"
    if section.programme is None:
        name = section.id if section.id.isupper() else say("evaluation.foreword")
        label = f"{name} {label}"
    front = [one.id for one in document.sections if one.programme is None]
    return {
        "column": str(section.programme or say("evaluation.front")),
        "row": str(section.number or front.index(section.id) + 1),
        "label": label,
        "title": f"{document.label(section)}: {names.percent(value)} (n {figure.n})",
        "share": 1 - value,
    }


def groups(document: Document, chosen: Judged) -> None:
    """How often answers are right, group by group."""
    by = st.pills(
        say("evaluation.by"),
        DIMENSIONS,
        default=DIMENSIONS[0],
        format_func=lambda dimension: say(f"evaluation.by_{dimension}"),
        required=True,
        key=language.follows(BY),
        persist_state="session",
    )
    members = chosen.report.summary.slices.get(by, {})
    bars = [(names.group(document, name), figures["right"]) for name, figures in members.items()]
    st.caption(say("evaluation.groups_text"))
    charts.draw(charts.intervals(bars), say("evaluation.chart_groups"), f"groups-{by}")
    _table(say("evaluation.group"), ((literal(name), one) for name, one in bars), "groups")


def confidence(chosen: Judged) -> None:
    """Whether answers that are given with less confidence are wrong more often."""
    told = chosen.report.summary.confidence
    if not told.curve:
        st.caption(say("evaluation.no_confidence"))
        return
    axes = (say("evaluation.coverage"), say("evaluation.risk"))
    st.caption(say("evaluation.confidence_text"))
    charts.draw(
        charts.risk_coverage(told.curve, axes), say("evaluation.chart_confidence"), "confidence"
    )
    auroc, aurc = map(_plain, (told.auroc, told.aurc))
    st.caption(say("evaluation.confidence_figures", auroc=auroc, aurc=aurc))
    nearest = [min(told.curve, key=lambda point: abs(point[0] - step)) for step in STEPS]
    tables.beneath(
        axes,
        [(names.percent(coverage), names.percent(risk)) for coverage, risk in nearest],
        "confidence",
    )


def _plain(value: float | None) -> str:
    return "–" if value is None else decimal(value, 3)


def _table(what: str, rows: Iterable[tuple[str, Figure]], key: str) -> None:
    tables.beneath(
        (
            what,
            say("evaluation.right"),
            say("evaluation.interval"),
            say("evaluation.turns"),
        ),
        [
            (name, names.percent(figure.value), names.bounds(figure), str(figure.n))
            for name, figure in rows
        ],
        key,
    )
